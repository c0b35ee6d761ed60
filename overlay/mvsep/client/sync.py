"""The sync client."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, Unpack

import httpx

from mvsep.catalog.sep_type import SepType
from mvsep.client.account import Belongings
from mvsep.core.steps import Sleep, Steps
from mvsep.core.values import DEFAULT, Timeout
from mvsep.downloads.result import PARALLEL, Folder, OnFile, Result
from mvsep.errors import MVSepError, SubmitUncertain
from mvsep.files import names
from mvsep.files.sources import Source
from mvsep.jobs.base import OnState
from mvsep.jobs.create import Send
from mvsep.jobs.job import Job
from mvsep.jobs.reconcile import PAGE, LookAtQueue, Reconciled, search
from mvsep.jobs.submission import Submission, Submitting
from mvsep.journal.carry_out import Manner, carry_out
from mvsep.journal.separate import SongRequest
from mvsep.journal.store import Journal
from mvsep.settings.client import Settings
from mvsep.transport.connection import connect


class MVSep(Belongings):
    """The MVSEP service.

    Use it as a context manager, or call `close`. One client can be shared by threads.

    Args:
        token: The API token; else the environment variable MVSEP_API_TOKEN. Public calls work
            without one.
        base_url: Scheme and host of the service; else MVSEP_BASE_URL; else https://mvsep.com.
        http_client: An httpx client of your own, for proxies, certificates, time-outs or hooks.
            Its connections are used; it is not changed and not closed.
        sleep: What waits, in seconds; for tests.
        settings: How to wait and to send, by keyword: polling, retry, pace, regions, result_hosts,
            timing;
            see `mvsep.settings.client.Settings`.

    Attributes:
        api: Every operation of the service, typed: `api.app.news(lang="en")`.

    Raises:
        InvalidToken: When the token can't be one.
        InvalidInput: When the address can't be one.
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        http_client: httpx.Client | None = None,
        sleep: Callable[[float], object] = time.sleep,
        **settings: Unpack[Settings],
    ) -> None:
        super().__init__(token, base_url, settings)
        self._connection = connect(self.session, http_client, sleep)
        self.api = self._connection.api

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._connection.http.close()

    def submit(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        **submitting: Unpack[Submitting],
    ) -> Job:
        """Create a separation. This spends credits, and is never sent twice.

        What is None is not sent.

        Args:
            source: The mixture: a path, bytes, a binary file, an http(s) link that the service
                fetches itself, or None for types without a file.
            sep_type: The separation type, by number or name.
            submitting: What else there is to say, by keyword: reference, remote_type, options,
                validate, output_format, is_demo, webhook_url, preset_id, send_mail_on_error,
                wait_for_place, on_upload, max_credits, seconds,
                allow_unknown_price; see `mvsep.jobs.submission.Submitting`.

        Raises:
            InvalidInput: When the source or an option can't be used; nothing was sent. With
                `max_credits`: PriceUnknown when the price is not sure, TooExpensive when it is
                above.
            Refused: When the service said no: InvalidToken, PremiumRequired, QueueFull,
                QuotaExceeded, InsufficientCredits, FileTooLarge, RateLimited or InvalidRequest.
            ConnectionFailed: When the upload broke off before its end; no job was created.
            SubmitUncertain: When it is not known whether the job was created; its `reconcile`
                looks for it.
        """
        return self.create(self.prepare(source, sep_type, **submitting))

    def create(self, submission: Submission) -> Job:
        """Create the job of a submission; `submit` prepares one and hands it over."""
        steps = self._creating(submission)
        step = steps.next()
        while step is not None:
            answer: Any
            try:
                if isinstance(step, Send):
                    connection = self._connection.at(step.url)
                    with submission.form() as form:
                        answer = connection.api.separation.create(**form)
                elif isinstance(step, Sleep):
                    answer = self._connection.sleep(step.seconds)
                else:
                    answer = self._asked(step)
            except MVSepError as error:
                answer = error
            try:
                step = steps.next(answer)
            except SubmitUncertain as error:
                raise error.found_by(self.reconcile) from error.__cause__
        return Job(
            self._connection.at(steps.result.url),
            steps.result.hash,
            input_name=submission.input_name,
            about=submission.about,
            created=True,
            expected=submission.resolved.prediction,
            warnings=submission.resolved.warnings,
        )

    def reconcile(self, uncertain: SubmitUncertain) -> Reconciled[Job]:
        """Find out whether a job was created after all. Nothing is submitted again.

        The account's history and queue are searched for the marker in the upload's name: once
        when it is there, twice and a minute apart to say that it is not.

        Args:
            uncertain: The error that `submit` raised, in this process or another.

        Returns:
            What was found; its `job` is the job when it is there.
        """
        steps = Steps(search(uncertain.marker, submitted_at=uncertain.submitted_at))
        step = steps.next()
        while step is not None:
            answer: Any
            try:
                if isinstance(step, Sleep):
                    answer = self._connection.sleep(step.seconds)
                elif isinstance(step, LookAtQueue):
                    answer = self.api.app.user().to_dict()
                else:
                    history = self.api.app.separation_history
                    answer = history(start=step.start, limit=PAGE).to_dict()
            except MVSepError as error:
                answer = error
            step = steps.next(answer)
        found = steps.result
        job = None
        if found.hash:
            connection = self._connection.at(self.session.where(uncertain.host))
            job = Job(connection, found.hash, input_name=uncertain.file_name, created=True)
        return Reconciled(found.verdict, job, found.reason)

    def separate(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        *,
        out: Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = names.DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_state: OnState | None = None,
        on_file: OnFile | None = None,
        parallel: int = PARALLEL,
        manifest: bool = False,
        journal: Journal | None = None,
        again: bool = False,
        **submitting: Unpack[Submitting],
    ) -> Result:
        """Separate a song: submit it, wait for it, and fetch its stems.

        Args:
            source: The mixture, as for `submit`.
            sep_type: The separation type.
            out: The folder for the stems; made when it is not there.
            timeout: Seconds of waiting; None waits for ever. The job goes on when they are over.
            template: What the files are called, of {input}, {stem} and {ext}.
            overwrite: Whether files that are there may be replaced.
            on_state: Called with each change of the job's state. This and the other functions
                to be called are plain ones.
            on_file: Called while stems arrive, with the file, bytes so far, and bytes in all.
            parallel: How many stems are fetched at once.
            manifest: Whether a manifest is written beside the stems; see `mvsep.manifest`.
            journal: Where the job is kept, so that the same call goes on after a crash, and
                pays for no song twice; see `mvsep.journal.separate`.
            again: With a journal, whether to pay for stems that are there, or once more for a
                job that gave none.
            submitting: What `submit` takes besides.

        Raises:
            MVSepError: As `submit`, `Job.wait` and `Job.download`. Once the job exists, the error
                carries its hash.
        """
        errand = SongRequest(
            self.prepare(source, sep_type, **submitting),
            Path(out),
            template,
            overwrite,
            again,
        )
        manner = Manner(timeout, on_state, on_file, parallel, manifest)
        return carry_out(self, errand, journal, manner)

    def job(
        self,
        hash: str,
        *,
        host: str | None = None,
        input_name: str | None = None,
        known: bool = False,
    ) -> Job:
        """A job by its hash, from any process and at any time. Nothing is sent.

        Args:
            hash: The hash, or the link of it that the service gave.
            host: The address of the region that has the job, such as https://de.mvsep.com, where
                that is not the client's own.
            input_name: What the stems are called after; found from the hash when absent.
            known: Whether the job surely existed: then one "not found" is asked again.

        Raises:
            InvalidInput: When the hash can't be one, or the address is not the service's.
        """
        address, hash = self._named(hash, host)
        return Job(self._connection.at(address), hash, input_name=input_name, created=known)
