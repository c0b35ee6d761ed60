"""Names of jobs on the command line: a hash or the start of it, a number, or `last`."""

from __future__ import annotations

import click

from mvsep.cli.input.arguments import offered
from mvsep.cli.input.typed import typed_line
from mvsep.client.sync import MVSep
from mvsep.core.values import digits
from mvsep.errors import AlreadyUnderWay, InvalidInput
from mvsep.jobs.job import Job
from mvsep.journal import Journal
from mvsep.journal.entry import Entry, State
from mvsep.journal.find import LAST

#: The argument of the commands that take one job.
job_argument = click.argument("job", metavar="JOB", shell_complete=offered("jobs"))

#: The sentence of their help about it.
JOB_HELP = (
    "JOB is a hash or the start of one, the number that `mvsep jobs` shows, or `last`; "
    "a whole hash can come from anywhere."
)

# Digits that are a number of the journal; hashes that are digits alone are longer.
_NUMBER = 10


def find_job(journal: Journal | None, name: str) -> tuple[str, Entry | None]:
    """Return the hash of the job that a name means, and its entry in the journal.

    A name that the journal does not know is taken for a hash, which can come from anywhere.

    Raises:
        InvalidInput: When it means several jobs, none, or an attempt without a job.
    """
    entry = journal.find(name) if journal else None
    if entry is None:
        if name == LAST or (digits(name) is not None and len(name) < _NUMBER):
            raise InvalidInput(
                f"The journal has no job {name}." if journal else f"{name} needs a journal.",
                next_step="See `mvsep jobs --all`, or give the hash of the job.",
            )
        return name, None
    if entry.hash is None:
        step = "Go on with `mvsep resume`." if entry.state is not State.OVER else None
        reason = f" {entry.reason}" if entry.reason else ""
        raise InvalidInput(f"No job is known of {entry.name}.{reason}", next_step=step)
    return entry.hash, entry


def job_of(client: MVSep, entry: Entry | None, hash: str, base_url: str | None) -> Job:
    """Return a job by its hash, at the host in the journal unless another is given.

    Raises:
        InvalidInput: When it is a job of another server than the client's.
    """
    if entry is None or base_url:
        return client.job(hash)
    try:
        return client.job(hash, host=entry.host, input_name=entry.details["input"])
    except InvalidInput as error:
        if error.param != "host":
            raise
        raise InvalidInput(
            f"The job of {entry.name} belongs to another server, {entry.host}.",
            next_step=f"Run: {typed_line('--base-url', entry.host)}",
        ) from error


def keep_hash(journal: Journal | None, entry: Entry | None, job: Job) -> None:
    """Note the hash of a job that came of a link: the service soon forgets the first one."""
    if journal is None or entry is None or job.hash == entry.hash:
        return
    try:
        with journal.holding(entry.key, entry.name):
            latest = journal.by_hash(entry.hash or "")
            if latest and latest.state is State.SUBMITTED:
                journal.submitted(latest, job.hash, job.address)
    except AlreadyUnderWay:
        pass  # whoever works on the song notes it
