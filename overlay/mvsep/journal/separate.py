"""Separating a song so that it is paid for once, whatever happens.

With a journal, each step is written down before it is taken, and the song is held while it goes
on. So another process finds what to do, whatever moment this one ends at.
"""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager, ExitStack, aclosing
from typing import Any, Final, Generic

from attrs import evolve, frozen

from mvsep.core.checks import check_is
from mvsep.core.flow import call_back, on_disk
from mvsep.downloads.part_file import forget
from mvsep.downloads.plan import Record, Result, check_place
from mvsep.errors import (
    AlreadyUnderWay,
    JobError,
    JobFailed,
    JobNotFound,
    JournalError,
    MVSepError,
    NoResultFiles,
    SubmitUncertain,
)
from mvsep.files.sources import is_link, name_of
from mvsep.jobs import base
from mvsep.jobs.jobs import J, Jobs
from mvsep.jobs.lookup import Lookup, named
from mvsep.jobs.reconcile import Reconciled, Sought, Verdict
from mvsep.jobs.submission import Submission
from mvsep.journal.entry import Entry, NextStep, State, next_step
from mvsep.journal.request import Callbacks, Planned, SongRequest, of_another_day
from mvsep.journal.store import Journal
from mvsep.settings.client import netloc
from mvsep.settings.policies import calling
from mvsep.settings.token import fingerprint
from mvsep.transport.port import Port

#: Seconds for which the service keeps results: about 72 hours.
KEPT: Final = 72 * 3600.0

# Seconds for one question while a job is looked for.
_LOOK_SECONDS: Final = 60.0
_AGAIN: Final = "To pay for another job, ask for it with again=True."
_SEE_HISTORY: Final = f"Look at the account's history: the job may be there. {_AGAIN}"
_RUN_AGAIN: Final = "Separating it once more with the same journal looks again first."

# Errors of a job that gives no stems.
_FRUITLESS: Final = (JobFailed, JobNotFound, NoResultFiles)


async def separate(
    jobs: Jobs[J], request: SongRequest, journal: Journal | None, callbacks: Callbacks
) -> Result:
    """Separate a song, or go on where an earlier process ended.

    Raises:
        AlreadyUnderWay: When another process works on the song.
        SubmitUncertain: When it is not known whether a job exists.
        JobError: When an earlier job gave no stems, and it was not said to pay for another.
        JournalError: When the journal can't be used; nothing is sent then.
        MVSepError: As `MVSep.submit`, `Job.wait` and `Job.download`.
    """
    disk, service = jobs.port.disk, jobs.port.settings.service
    check_is(Journal)("journal", journal)
    if journal is not None:
        return await _WithJournal(jobs, request, callbacks, journal).separate()
    callbacks.tell(Planned(NextStep.SUBMIT, None))
    job = await jobs.create(await disk(request.checked, service))
    with named(job):
        callbacks.tell(job)
        await request.turn.to_wait()
        await base.wait(job, request.delivery.timeout, callbacks.on_state)
        return await _stems(job, request, callbacks, None)


async def _stems(
    job: base.JobBase, request: SongRequest, callbacks: Callbacks, record: Record | None
) -> Result:
    delivery = request.delivery
    await request.turn.to_fetch()
    return await base.download(
        job,
        delivery.out,
        template=delivery.template,
        overwrite=delivery.overwrite,
        on_file=callbacks.on_file,
        parallel=delivery.parallel,
        manifest=delivery.manifest,
        record=record,
    )


@frozen
class _WithJournal(Generic[J]):
    """A song that is separated with a journal, which holds it."""

    jobs: Jobs[J]
    request: SongRequest
    callbacks: Callbacks
    journal: Journal

    @property
    def port(self) -> Port:
        return self.jobs.port

    def _named(self, entry: Entry | None) -> AbstractContextManager[None]:
        """Put the facts of an attempt that has a job, or may have one, on what leaves a block."""
        return named(_Attempt(self, entry))

    def _lookup(self, entry: Entry | None) -> Lookup | None:
        kept = {State.OFFERED, State.SUBMITTED}
        if not self.request.delivery.again:
            kept.add(State.SAVED)
        if entry is None or entry.state not in kept:
            return None
        settings = self.port.settings
        there = settings.at(settings.address_of_job(entry.host))
        return Lookup(there, entry.name, entry.hash, entry.marker)

    async def separate(self) -> Result:
        disk, journal = self.port.disk, self.journal
        key, known = await disk(self.request.latest, journal, self.port.settings.service)
        if known is not None and known.key != key:
            return await self._go_on_with(known)
        try:
            async with on_disk(self.port, journal.holding(key, self.request.name)):
                return await self._separate(key)
        except AlreadyUnderWay as error:
            with contextlib.suppress(JournalError):
                if lookup := self._lookup(await disk(journal.latest, key)):
                    lookup.put_on(error)
            raise

    async def _go_on_with(self, entry: Entry) -> Result:
        """Go on with what another day's list took for the goal, and tell so."""
        request = await self.port.disk(of_another_day, self.jobs, self.request, entry)
        result = await evolve(self, request=request).separate()
        told = (
            f"For the goal {entry.best_for!r} it was separated before, with type "
            f"{entry.sep_type}; the list of types takes another one now. Paying again takes that."
        )
        return evolve(result, warnings=(*result.warnings, told))

    async def _separate(self, key: str) -> Result:
        entry = await self.port.disk(self.journal.latest, key)
        with self._named(entry):
            step, entry = await self._next_step(entry)
        if entry is not None:
            await self.port.disk(self._end_unsent, key)
        match step, entry:
            case NextStep.NOTHING, Entry() as saved:
                return await self.port.disk(_already_there, saved)
            case NextStep.ASK, Entry() as over:
                raise JobError(
                    f"The job for {self.request.name} gave no stems: {over.reason}",
                    hash=over.hash,
                    host=netloc(over.host),
                    next_step=_AGAIN,
                    param="again",
                )
            case NextStep.RESUME, Entry() as submitted:
                return await self._resume(submitted)
        return await self._submit(key, entry)

    def _end_unsent(self, key: str) -> None:
        """End an attempt whose process is gone, and its upload with it."""
        if begun := self.journal.unsent(key):
            self.journal.over(begun, "It was broken off before the end of the upload.")

    async def _next_step(self, entry: Entry | None) -> tuple[NextStep, Entry | None]:
        """Return what to do, and the attempt to do it with; an uncertain job is looked for."""
        again = self.request.delivery.again
        step = await self.port.disk(next_step, entry, again=again)
        if self.request.entry and entry and entry.state is State.OVER:
            step = NextStep.ASK  # another process ended it since
        self.callbacks.tell(Planned(step, entry))
        if step is not NextStep.LOOK or entry is None:
            return step, entry
        found = await self._look_for(entry)
        if found is None:  # an earlier attempt may have a job
            found = await self.port.disk(self.journal.latest, entry.key)
        step = await self.port.disk(next_step, found, again=again)
        with self._named(found):
            self.callbacks.tell(Planned(step, found))
        return step, found

    async def _resume(self, entry: Entry) -> Result:
        """Go on with a job that exists; with `again` a job without stems is paid for anew."""
        request, delivery = self.request, self.request.delivery
        with self._named(entry):
            job = self.jobs.find(entry.hash or "", entry.host, request.input_name, known=True)
            source = entry.details["source"]
            if isinstance(source, str) and is_link(source):
                began = await self._began(entry)
                job.sought = Sought(None, name_of(source), entry.sep_type, began)
            job.about.update(request.submission.about if request.submission else {})
            job.about.setdefault("sep_type", entry.sep_type)
            if request.submission:
                job.plausible = await self.port.disk(request.submission.plausible_size)
            # Before the wait, which may be long: the stems would have no place.
            place = (delivery.out, delivery.template, delivery.parallel)
            await self.port.disk(check_place, *place)
            try:
                return await self._follow(entry, job)
            except _FRUITLESS as error:
                if not delivery.again:
                    raise
                gone = error
            self.callbacks.tell(Planned(NextStep.SUBMIT, entry))
        return await self._submit(entry.key, entry, gone.server_text or gone.message)

    async def _submit(self, key: str, before: Entry | None, gone: str | None = None) -> Result:
        """Create a job and follow it.

        Args:
            key: The song's key.
            before: The attempt before.
            gone: Why that one gives no stems, where it is to be ended now.
        """
        service = self.port.settings.service
        with self._named(before):
            submission = await self.port.disk(self.request.checked, service, key, before)
            if before and gone:
                await self.port.disk(self.journal.over, before, gone)
        await self.request.turn.to_send()
        with named(submission):
            entry, job = await self._create(key, submission)
        return await self._follow(entry, job)

    async def _create(self, key: str, submission: Submission) -> tuple[Entry, J]:
        journal, settings = self.journal, self.port.settings
        entry = await self.port.disk(
            journal.begin,
            key,
            name=submission.name,
            marker=submission.marker,
            sep_type=submission.form.sep_type,
            host=settings.base_url,
            account=fingerprint(settings.token),
            details=self.request.details,
        )
        submission.on_offer = lambda: journal.offered(entry)
        try:
            job = await self.jobs.create(submission)
        except SubmitUncertain as error:
            job = await self._find_after(entry, error)
            submission.lookup = job.lookup
        except MVSepError as error:
            with contextlib.suppress(JournalError):
                await self.port.disk(journal.over, entry, error.message)
            raise
        try:
            return await self.port.disk(self._submitted, entry, job), job
        except JournalError as error:
            error.next_step = "The job exists: come back to it by its hash."
            raise

    def _submitted(self, entry: Entry, job: J) -> Entry:
        submitted = self.journal.submitted(entry, job.hash, job.address)
        with contextlib.suppress(JournalError):  # the job is written down, and goes on
            taken = submitted.changed - submitted.began
            job.at_least = self.journal.least_seconds(entry.sep_type) - taken
        return submitted

    async def _find_after(self, entry: Entry, error: SubmitUncertain) -> J:
        """Return the job of a create call whose answer was lost.

        Raises:
            SubmitUncertain: When it is not found.
        """
        with contextlib.suppress(JournalError):
            # Only where the answer came before the end of the form was read.
            await self.port.disk(self.journal.offered, entry)
        self.callbacks.tell(Planned(NextStep.LOOK, entry))
        found = await self._look(error)
        if found.job is None:
            error.message = f"{error.message} {found.reason}"
            error.next_step = _RUN_AGAIN if entry.marker else _SEE_HISTORY
            error.param = "journal" if entry.marker else "again"
            raise error
        submission = self.request.to_send
        found.job.about.update(submission.about)
        found.job.plausible = await self.port.disk(submission.plausible_size)
        return found.job

    async def _look_for(self, entry: Entry) -> Entry | None:
        """Return the attempt with its job, or None where there is none and one may be created.

        The process that sent the upload is gone. "Not there" takes two looks a minute apart; it is
        inferred, and lets the song be submitted.
        """
        uncertain = SubmitUncertain(
            f"It is not known whether the last attempt at {entry.name} created a job.",
            file_name=entry.details["input"],
            marker=entry.marker,
            submitted_at=await self._began(entry),
            host=netloc(entry.host),
        )
        if entry.account != fingerprint(self.port.settings.token):
            reason = "It was sent with another token, so only that one's history tells."
            found: Reconciled[J] = Reconciled(Verdict.CANT_TELL, None, reason)
        else:
            found = await self._look(uncertain)
        if found.job is not None:
            return await self.port.disk(
                self.journal.submitted, entry, found.job.hash, found.job.address
            )
        if found.verdict is Verdict.CANT_TELL and not self.request.delivery.again:
            uncertain.message = f"{uncertain.message} {found.reason}"
            uncertain.next_step, uncertain.param = _SEE_HISTORY, "again"
            raise uncertain
        await self.port.disk(self.journal.over, entry, f"No job was found. {found.reason}")
        return None

    async def _began(self, entry: Entry) -> float:
        """Return when an attempt was begun, by this machine's clock; the journal's may differ."""
        return self.port.settings.timing.wall() - await self.port.disk(self.journal.age, entry)

    async def _look(self, uncertain: SubmitUncertain) -> Reconciled[J]:
        with calling(within=_LOOK_SECONDS):
            return await self.jobs.reconcile(uncertain)

    async def _follow(self, entry: Entry, job: J) -> Result:
        """Wait for a job, fetch its stems, and write down that they are there."""
        with named(job):
            self.callbacks.tell(job)
            record = Record(
                lambda files: self.journal.saved(entry, files),
                entry.files,
            )
            try:
                await self.request.turn.to_wait()
                await self._wait(entry, job)
                return await _stems(job, self.request, self.callbacks, record)
            except _FRUITLESS as error:
                # What is paid for is not given up for one wrong answer: only when its time is over.
                if isinstance(error, JobFailed) or self.journal.age(entry) > KEPT:
                    why = error.server_text or error.message
                    await self.port.disk(self.journal.over, entry, why)
                error.next_step = " ".join(filter(None, (error.next_step, _AGAIN)))
                error.param = "again"
                raise

    async def _wait(self, entry: Entry, job: J) -> None:
        """Wait for a job, and write down each hash that it gets, however the wait ends.

        A link's job has two hashes, and the service soon forgets the first.
        """
        kept = entry

        def keep() -> None:
            nonlocal kept
            if job.hash != kept.hash:
                kept = self.journal.submitted(kept, job.hash, job.address)

        at_the_end, timeout = ExitStack(), self.request.delivery.timeout
        at_the_end.callback(keep)
        states = base.states(job, timeout, cancel_on_timeout=False)
        async with on_disk(self.port, at_the_end), aclosing(states) as changes:
            async for state in changes:
                await self.port.disk(keep)
                if self.callbacks.on_state:
                    call_back(self.callbacks.on_state, state)


@frozen
class _Attempt:
    """An attempt that may have a job, by which `named` finds it."""

    song: _WithJournal[Any]
    entry: Entry | None

    @property
    def lookup(self) -> Lookup | None:
        return self.song._lookup(self.entry)


def _already_there(entry: Entry) -> Result:
    forget((file.path for file in entry.files), entry.hash or "")
    return Result(entry.hash or "", entry.files, already=True)
