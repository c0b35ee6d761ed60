"""From a job to its stems, as `resume` and `download` do it, and what `wait` shares with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from attrs import frozen

from mvsep.batch.plan import OnPlan
from mvsep.batch.queue import Outcome
from mvsep.cli.input.arguments import Connect
from mvsep.cli.input.job_names import find_job, job_of
from mvsep.cli.input.shared import SharedOptions, open_journal
from mvsep.cli.output.progress import choose_view
from mvsep.cli.output.songs import Songs
from mvsep.client.sync import MVSep
from mvsep.errors import MVSepError
from mvsep.files import names
from mvsep.jobs.base import Moved
from mvsep.journal import Journal
from mvsep.journal.entry import Entry


@frozen
class Followed:
    """The surroundings of a command that follows jobs.

    Args:
        client: The client.
        journal: The journal; None without one.
        songs: The songs, with their progress.
        options: The command's options.
        begin: Shows the progress from now on; of one job that is shown already.
    """

    client: MVSep
    journal: Journal | None
    songs: Songs
    options: SharedOptions
    begin: Callable[[], object]

    def finish(self, hash: str | None, submit: OnPlan | bool = False) -> list[Outcome]:
        """Go on with a job that the journal has, or with all unfinished ones.

        Args:
            hash: The job; None for all.
            submit: Whether songs without a job are paid for; see `MVSep.finish`.
        """
        if self.journal is None:
            return []
        return self.client.finish(
            self.journal,
            hash=hash,
            out=self.options.out,
            template=self.options.template,
            overwrite=self.options.overwrite or None,
            manifest=self.options.manifest,
            timeout=self.options.timeout,
            on_event=self.songs.on_event,
            submit=submit,
        )

    def fetch(self, name: str) -> list[Outcome]:
        """Fetch the stems of one job, which is waited for where need be."""
        hash, entry = find_job(self.journal, name)
        return self.finish(hash) or [self._fetch(hash, entry)]

    def _fetch(self, hash: str, entry: Entry | None) -> Outcome:
        """Follow a job that is not unfinished in the journal, or not there at all."""
        options, on_event = self.options, self.songs.on_event
        job = job_of(self.client, entry, hash, options.base_url)
        on_event(hash, job)
        known = entry.details if entry else {}
        if entry:
            job.about["sep_type"] = entry.sep_type
        try:
            job.wait(timeout=options.timeout, on_state=lambda state: on_event(hash, state))
            result = job.download(
                options.out or known.get("out") or Path(),
                template=options.template or known.get("template") or names.DEFAULT_TEMPLATE,
                overwrite=options.overwrite,
                manifest=options.manifest,
                on_file=lambda *moved: on_event(hash, Moved(*moved)),
            )
        except MVSepError as error:
            return Outcome(hash, error=error, job=job)
        return Outcome(hash, result=result, job=job)


@contextmanager
def following(
    connect: Connect,
    options: SharedOptions,
    *,
    journal: str | None,
    no_journal: bool,
    several: bool = False,
) -> Iterator[Followed]:
    """Yield what a command needs to follow one job, or several."""
    songs = Songs(options, kept=not no_journal, several=several)
    with songs.interruptible(), ExitStack() as stack:
        client = stack.enter_context(connect(base_url=options.base_url))
        kept = stack.enter_context(open_journal(journal, no_journal=no_journal))
        songs.address = client.settings.base_url

        def begin() -> None:
            view = choose_view(quiet=options.quiet, several=several)
            songs.view = stack.enter_context(view)

        if not several:  # before several there may be a question
            begin()
        yield Followed(client, kept, songs, options, begin)
