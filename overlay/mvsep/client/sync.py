"""The sync client."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Self, Unpack

import httpx

from mvsep.account import profile, switches
from mvsep.account.profile import Account, Quota
from mvsep.batch import run as batch
from mvsep.batch.queue import OnEvent, Outcome
from mvsep.catalog import Catalog
from mvsep.catalog.cache import MAX_AGE, current
from mvsep.catalog.formats import OutputFormat, RemoteType
from mvsep.catalog.sep_type import SepType
from mvsep.client.base import ClientBase
from mvsep.core.flow import Managed, run
from mvsep.core.values import DEFAULT, Number, Timeout, from_arguments
from mvsep.downloads.plan import PARALLEL, Folder, OnFile, Result
from mvsep.errors import SubmitUncertain
from mvsep.files.names import DEFAULT_TEMPLATE
from mvsep.files.sources import Progress, Source
from mvsep.jobs.base import OnState
from mvsep.jobs.form import JobOptions
from mvsep.jobs.job import Job
from mvsep.jobs.reconcile import Reconciled
from mvsep.journal.store import Journal
from mvsep.paging import MOST_PURCHASES, Pager, Paging
from mvsep.pricing.estimate import Estimate
from mvsep.pricing.preflight import Preflight
from mvsep.settings.client import Choices, find_settings
from mvsep.settings.policies import Clock, DownloadPolicy, Pace, PollPolicy, RetryPolicy
from mvsep.settings.token import Token, secretive
from mvsep.transport.sync_port import SyncPort, connect
from mvsep_api.models.demo_item import DemoItem
from mvsep_api.models.history_item import HistoryItem
from mvsep_api.models.news_item import NewsItem
from mvsep_api.models.quality_entry import QualityEntry


class MVSep(ClientBase[Job]):
    """The MVSEP service.

    Use it as a context manager, or call `close`. One client can be shared by threads.

    Args:
        token: The API token; else the environment variable MVSEP_API_TOKEN. Public calls work
            without one.
        base_url: Scheme and host of the service; else MVSEP_BASE_URL; else https://mvsep.com.
        http_client: An httpx client of your own, for proxies, certificates, time-outs or hooks.
            Its connections are used; it is not changed and not closed.
        sleep: The function that waits, in seconds; for tests.
        polling: When jobs are asked about.
        retry: How patiently a request is sent again; `mvsep.NO_RETRY` for never.
        pace: Spreads the requests to keep the service's limit; clients of one token may share it.
        regions: The addresses at which a job may be created when the first can't be reached.
        result_hosts: Further hosts that stems may come from, such as `cdn.example.com`.
        timing: The clocks and the chance; for tests.
        downloads: The size and the speed that a stem has to keep to.

    Attributes:
        api: Every operation of the service, typed: `api.app.news(lang="en")`.

    Raises:
        InvalidInput: When the address can't be one; InvalidToken when the token can't.
    """

    _port: SyncPort

    @secretive
    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        http_client: httpx.Client | None = None,
        sleep: Callable[[float], object] = time.sleep,
        polling: PollPolicy | None = None,
        retry: RetryPolicy | None = None,
        pace: Pace | None = None,
        regions: Sequence[str] | None = None,
        result_hosts: Sequence[str] | None = None,
        timing: Clock | None = None,
        downloads: DownloadPolicy | None = None,
    ) -> None:
        settings = find_settings(token, base_url, os.environ, from_arguments(Choices, locals()))
        port = connect(settings, http_client, sleep)
        self.api = port.facade
        super().__init__(port, Job, self.reconcile)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._port.close()

    def submit(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        *,
        reference: Source | None = None,
        remote_type: RemoteType | str | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        is_demo: bool | None = None,
        webhook_url: str | None = None,
        preset_id: int | None = None,
        send_mail_on_error: bool | None = None,
        wait_for_place: float | None = None,
        on_upload: Progress | None = None,
        max_credits: Number | None = None,
        seconds: Number | None = None,
        allow_unknown_price: bool = False,
        preflight: bool | None = None,
    ) -> Job:
        """Create a separation. This spends credits, and is never sent twice.

        Args:
            source: The song: a path, bytes, a binary file, an http(s) link, or None for types
                without a file.
            sep_type: The separation type, by number or name.
            reference: The second file of a matchering type.
            remote_type: Where a link leads; found from the link when absent.
            options: The type's options by name: `{"Overlap": "87.5%"}`.
            validate: False to send options and inputs that do not fit the catalogue.
            output_format: The format of the stems, such as "flac"; the default is MP3.
            is_demo: Whether the result is published on the service's demo page.
            webhook_url: Where the service posts the job's state.
            preset_id: A preset saved on the service's site; its effect is not documented.
            send_mail_on_error: Whether the service mails when the job fails; not documented.
            wait_for_place: Seconds to wait for a place when the account's queue is full.
            on_upload: Called with the bytes sent so far and in all; a plain function.
            max_credits: The most it may cost; price, plan and balance are checked first.
            seconds: The length of the song, where the file does not tell for sure.
            allow_unknown_price: True to submit with `max_credits` though the price is not sure.
            preflight: Whether the account is asked first; by default with a journal and in batches.

        Raises:
            InvalidInput: When the source or an option can't be used; nothing was sent. With
                `max_credits`: PriceUnknown or TooExpensive.
            Refused: When the service said no, as QueueFull, QuotaExceeded, InsufficientCredits.
            ConnectionFailed: When the upload broke off before its end; no job was created.
            SubmitUncertain: When nobody knows whether there is a job; `reconcile` looks for it.
        """
        return run(self._jobs.submit(source, sep_type, from_arguments(JobOptions, locals())))

    def separate(  # noqa: D417  the others are those of submit
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        *,
        out: Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_state: OnState | None = None,
        on_file: OnFile | None = None,
        parallel: int = PARALLEL,
        manifest: bool = False,
        journal: Journal | None = None,
        again: bool = False,
        reference: Source | None = None,
        remote_type: RemoteType | str | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        is_demo: bool | None = None,
        webhook_url: str | None = None,
        preset_id: int | None = None,
        send_mail_on_error: bool | None = None,
        wait_for_place: float | None = None,
        on_upload: Progress | None = None,
        max_credits: Number | None = None,
        seconds: Number | None = None,
        allow_unknown_price: bool = False,
        preflight: bool | None = None,
    ) -> Result:
        """Separate a song: submit it, wait for it, and fetch its stems.

        The parameters that are not listed are those of `submit`.

        Args:
            source: The song, as for `submit`.
            sep_type: The separation type.
            out: The folder for the stems; made when it is not there.
            timeout: Seconds of waiting, by default an hour; None waits for ever. The job goes on.
            template: The names of the files, of {input}, {stem}, {type} and {ext}.
            overwrite: Whether existing files may be replaced.
            on_state: Called with each change of the job's state; a plain function.
            on_file: Called while stems arrive, with the file, bytes so far, and bytes in all.
            parallel: The number of stems fetched at once.
            manifest: Whether a manifest is written beside the stems; see `mvsep.manifest`.
            journal: Keeps the job: the same call goes on after a crash, and pays only once.
            again: With a journal, whether to pay once more for stems that exist, or after a job
                that gave none.

        Raises:
            MVSepError: As `submit`, `Job.wait` and `Job.download`; of a job that exists it carries
                the hash.
        """
        return run(self._separate(source, sep_type, journal, locals()))

    def separate_many(  # noqa: D417  the others are those of submit and separate
        self,
        sources: Iterable[Source | None],
        sep_type: SepType | int | str,
        *,
        journal: Journal | None = None,
        out: Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        at_once: int | None = None,
        manifest: bool = False,
        again: bool = False,
        on_event: OnEvent | None = None,
        remote_type: RemoteType | str | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        is_demo: bool | None = None,
        webhook_url: str | None = None,
        preset_id: int | None = None,
        send_mail_on_error: bool | None = None,
        wait_for_place: float | None = None,
        max_credits: Number | None = None,
        seconds: Number | None = None,
        allow_unknown_price: bool = False,
        preflight: bool | None = None,
    ) -> list[Outcome]:
        """Separate many songs, and return their outcomes. One that fails does not stop the others.

        The parameters that are not listed are those of `submit` and `separate`, for all songs.

        Args:
            sources: The songs. Of one name they are numbered: song_Vocals.wav, song_2_Vocals.wav.
            sep_type: The separation type of all.
            journal: As for `separate`.
            at_once: Jobs at once, at most. By default one for a free account; for premium 4, and
                more as long as the service accepts them, up to 64.
            on_event: Called with a song and an event: a plan, bytes, a job, a state, an outcome;
                by one thread at a time. Its errors end the batch; jobs go on.
            wait_for_place: Seconds to wait for a place in a full queue; an hour when absent.
            max_credits: The most that all songs may cost together.

        Raises:
            InvalidToken: When there is no token, or it is not accepted.
            InvalidInput: When stems would have the same names, or they cost more than the limit.
        """
        return run(self._separate_many(sources, sep_type, journal, at_once, on_event, locals()))

    def finish(
        self,
        journal: Journal,
        *,
        hash: str | None = None,
        out: Folder | None = None,
        template: str | None = None,
        overwrite: bool | None = None,
        timeout: Timeout = DEFAULT,
        manifest: bool = False,
        on_event: OnEvent | None = None,
    ) -> list[Outcome]:
        """Go on with all that a journal holds unfinished at this client's service.

        A job that may exist is looked for. A song that was not submitted is sent, where its file
        is still the same.

        Args:
            journal: The journal.
            hash: The job to go on with; all when absent.
            out: The folder for the stems; as the journal has it when absent.
            template: The names of the files.
            overwrite: Whether existing files may be replaced.
            timeout: Seconds of waiting for each; None waits for ever.
            manifest: Whether a manifest is written beside the stems of each.
            on_event: As for `separate_many`; the source is the input's path or name.
        """
        chosen = {"out": out, "template": template, "overwrite": overwrite}
        more = {"timeout": timeout, "manifest": manifest}
        return run(batch.finish(self._jobs, journal, hash, chosen, on_event, **more))

    def reconcile(
        self, uncertain: SubmitUncertain | str, *, host: str | None = None
    ) -> Reconciled[Job]:
        """Find out whether a job was created after all. Nothing is submitted again.

        Args:
            uncertain: The error that `submit` raised, in any process, or the upload's marker.
            host: The region's address; by default the one of the error, or the client's own.
        """
        return run(self._jobs.reconcile(uncertain, host))

    def estimate(
        self,
        source: Source | Number | None,
        sep_type: SepType | int | str,
        *,
        options: Mapping[str, object] | None = None,
        seconds: Number | None = None,
        validate: bool = True,
    ) -> Estimate:
        """Estimate the price of a job from the song's header. Nothing is sent.

        The parameters are those of `submit`; the song may be a number of seconds, too.

        Raises:
            InvalidInput: When these can't be used; DurationUnknown when the length can't be read.
        """
        return run(self._estimate(source, sep_type, from_arguments(JobOptions, locals())))

    def preflight(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        *,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        seconds: Number | None = None,
    ) -> Preflight:
        """Ask whether the account may have a job, and pay for it. Nothing is uploaded.

        The parameters are those of `submit`, and so are the errors.
        """
        return run(self._preflight(source, sep_type, from_arguments(JobOptions, locals())))

    def catalog(self, *, refresh: bool = False, max_age: float = MAX_AGE) -> Catalog:
        """Return the service's separation types as they are now; no token is needed.

        When the service can't be asked, an older list is given, with a warning in its `warnings`.

        Args:
            refresh: Whether to ask even where the list on disk is fresh.
            max_age: Seconds for which a list counts as fresh.
        """
        return run(current(self._port, self._jobs.catalogs, refresh=refresh, max_age=max_age))

    @secretive
    def login(self, email: str, password: str) -> Token:
        """Get the account's API token for a new client; see `mvsep.account.profile`."""
        return run(profile.login(self._port, email, password))

    def account(self) -> Account:
        """Return the account: credits left, and how its switches stand."""
        return run(profile.account(self._port))

    def quota(self) -> Quota:
        """Return what the account's plan has left; without a token, that of a guest."""
        return run(profile.quota(self._port))

    def premium(self, on: bool = True) -> AbstractContextManager[None]:
        """Let credits be spent, or not, for a block; see `mvsep.account.switches.turned`."""
        return Managed(switches.turned(self._port, "premium", on))

    def long_filenames(self, on: bool = True) -> AbstractContextManager[None]:
        """Have new stems named at length, or not, for a block; otherwise as `premium`."""
        return Managed(switches.turned(self._port, "long_filenames", on))

    def history(self, **paging: Unpack[Paging]) -> Pager[HistoryItem]:
        """Return the account's jobs, newest first, page by page; see `mvsep.paging.Pager`."""
        return Pager(self._port.api.app.separation_history, paging, self.settings.host)

    def news(self, *, lang: str | None = None, **paging: Unpack[Paging]) -> Pager[NewsItem]:
        """Return the service's news in one language (en, ru) or all; as `history`."""
        return Pager(self._port.api.app.news, paging, self.settings.host, lang=lang)

    def demo(self, *, algorithm_id: int | None = None, **paging: Unpack[Paging]) -> Pager[DemoItem]:
        """Return published separations, of one type by its `id` or all; as `history`."""
        ask = self._port.api.app.demo
        return Pager(ask, paging, self.settings.host, algorithm_id=algorithm_id)

    def quality_queue(self, **paging: Unpack[Paging]) -> Pager[QualityEntry]:
        """Return the quality checker's entries, newest first; as `history`."""
        return Pager(self._port.api.quality_checker.queue, paging, self.settings.host)

    def leaderboard(
        self, *, dataset_type: str | None = None, sort: str | None = None, **paging: Unpack[Paging]
    ) -> Pager[QualityEntry]:
        """Return the best entries of a data set by a column of its `sortables`; as `history`."""
        ask = self._port.api.quality_checker.leaderboard
        return Pager(ask, paging, self.settings.host, dataset_type=dataset_type, sort=sort)

    def purchases(
        self, *, status: str | None = None, **paging: Unpack[Paging]
    ) -> Pager[dict[str, object]]:
        """Return the account's purchases; the fields of a row are unknown; as `history`."""
        ask, host = self._port.api.account.purchases, self.settings.host
        return Pager(ask, paging, host, most=MOST_PURCHASES, start="offset", status=status)
