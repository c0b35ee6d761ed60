"""Options of the commands that have a journal, and of those that wait for jobs."""

from __future__ import annotations

import math
import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click
from attrs import frozen

from mvsep.cli.input.arguments import base_url_option, json_option, options_of, reader
from mvsep.cli.output.text import quoted
from mvsep.cli.output.verbose import verbose_option
from mvsep.core.values import DEFAULT, Default, Timeout
from mvsep.errors import JournalError
from mvsep.files import names
from mvsep.jobs.base import JobBase
from mvsep.journal import JOURNAL_VARIABLE, Journal, usual_place
from mvsep.settings.policies import PollPolicy

journal_options = options_of(
    click.option(
        "--journal",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="The file, or postgresql:// database, that keeps track of jobs until their stems "
        "are saved.  "
        f"[default: {JOURNAL_VARIABLE}, or a file in the user's data folder]",
    ),
    click.option(
        "--no-journal",
        is_flag=True,
        help="Keep no journal: nothing is resumed or recognised.",
    ),
)


def open_journal(
    journal: str | None, *, no_journal: bool
) -> Journal | AbstractContextManager[None]:
    """Open the journal, or a context without one.

    Raises:
        JournalError: When it can't be opened.
    """
    if no_journal:
        return nullcontext()
    try:
        return Journal(journal or usual_place(os.environ))
    except JournalError as error:
        error.add_note("To work without a journal, pass --no-journal.")
        raise


def read_timeout(value: str | Default) -> Timeout:
    """Read `--timeout`: seconds, or `none` for ever."""
    if isinstance(value, Default):
        return value
    if value.strip().lower() == "none":
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise click.BadParameter(f"{value!r} is neither a number of seconds nor 'none'.")
    return seconds


@frozen(kw_only=True)
class SharedOptions:
    """The values of `shared_options`, which `separate` and `resume` take; None for not given."""

    out: Path | None
    timeout: Timeout
    template: str | None
    overwrite: bool
    manifest: bool
    as_json: bool
    quiet: bool
    base_url: str | None

    def resume_command(self, job: JobBase, *, address: str) -> str:
        """Return the command that resumes a job with these options.

        Args:
            job: The job.
            address: The address that is used when none is given.
        """
        words = ["mvsep", "resume", job.hash]
        if self.out:  # without it the journal knows the folder
            words += ["--out", str(self.out)]
        if self.template not in (None, names.DEFAULT_TEMPLATE):
            words += ["--template", str(self.template)]
        if self.overwrite:
            words.append("--overwrite")
        if self.manifest:
            words.append("--manifest")
        # Results are kept in the region that has the job.
        if self.base_url or job.address != address:
            words += ["--base-url", job.address]
        return " ".join(map(quoted, words))


#: Each option is explained by its help; `SharedOptions` holds the values.
shared_options = options_of(
    click.option(
        "-o",
        "--out",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="The folder for the stems, created if missing.  [default: .]",
    ),
    click.option(
        "--timeout",
        type=read_timeout,
        default=DEFAULT,
        metavar="SECONDS|none",
        help="Seconds to wait for the job. Then the job goes on, and `mvsep resume` fetches "
        f"it.  [default: {PollPolicy().timeout:g}]",
    ),
    click.option(
        "--template",
        type=reader("template", names.check_template, as_text=True),
        metavar="TEXT",
        help="The names of the stems, of {input}, {stem}, {type}, {ext} and {n}, the number of the "
        "song in the list; with / also of folders, as in {input}/{stem}.{ext}.  "
        f"[default: {names.DEFAULT_TEMPLATE}]",
    ),
    click.option("--overwrite", is_flag=True, help="Replace existing files."),
    click.option(
        "--manifest",
        is_flag=True,
        help="Write a JSON file beside the stems that describes them.",
    ),
    json_option,
    click.option("--quiet", is_flag=True, help="Show only errors and the paths of the stems."),
    verbose_option,
    base_url_option,
)
