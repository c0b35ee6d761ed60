"""The sync client."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Self

import httpx

from mvsep.catalog.formats import OutputFormat, RemoteType
from mvsep.catalog.sep_type import SepType
from mvsep.client import lazy
from mvsep.client.base import ClientBase
from mvsep.client.lists import Lists
from mvsep.core.defaults import MAX_AGE, PARALLEL
from mvsep.core.flow import Managed, run
from mvsep.core.values import DEFAULT, Number, Timeout, from_arguments
from mvsep.errors import SubmitUncertain
from mvsep.files.names import DEFAULT_TEMPLATE
from mvsep.settings.token import Token, secretive


class MVSep(ClientBase["lazy.Job"], Lists):
    """The MVSEP service.

    Use it as a context manager, or call `close`. One client can be shared by threads.

    Args:
        token: The API token; else the environment variable MVSEP_API_TOKEN. Public calls work
            without one.
        base_url: Scheme and host of the service; else MVSEP_BASE_URL; else https://mvsep.com.
        http_client: An httpx client of your own, in place of `timeout`, `proxy` and `verify`, or
            for hooks. Its connections are used; it is not changed and not closed.
        sleep: The function that waits, in seconds; for tests.
        polling: When jobs are asked about.
        retry: How patiently a request is sent again; `mvsep.NO_RETRY` for never.
        max_retries: Times that a request is sent again, at most; 3 by default. It goes before the
            attempts of `retry`. Creating a job never is after it may have reached the service.
        timeout: Seconds to connect, and between two pieces of an answer, or an httpx.Timeout; by
            default 15 and 120. It does not bound the wait for a job.
        proxy: The address of a proxy, which may have user and password, or an httpx.Proxy; it goes
            before those of the environment.
        verify: False to check no certificate, or a file of those to trust, or an ssl.SSLContext.
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

    _port: lazy.SyncPort

    @secretive
    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        http_client: httpx.Client | None = None,
        sleep: Callable[[float], object] = time.sleep,
        polling: lazy.PollPolicy | None = None,
        retry: lazy.RetryPolicy | None = None,
        max_retries: int | None = None,
        timeout: lazy.Limit | None = None,
        proxy: lazy.Proxy | None = None,
        verify: lazy.Trust | None = None,
        pace: lazy.Pace | None = None,
        regions: Sequence[str] | None = None,
        result_hosts: Sequence[str] | None = None,
        timing: lazy.Clock | None = None,
        downloads: lazy.DownloadPolicy | None = None,
    ) -> None:
        settings = lazy.find_settings(
            token, base_url, os.environ, from_arguments(lazy.Choices, locals())
        )
        port = lazy.connect(settings, http_client, sleep)
        self._elsewhere = sleep, http_client is not None
        self._begin(port)

    def _begin(self, port: lazy.SyncPort) -> None:
        self.api = port.facade
        self._begin_with(port, lazy.Job, self.reconcile)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._port.close()

    def submit(
        self,
        source: lazy.Source | None,
        sep_type: SepType | int | str | None = None,
        *,
        best_for: str | lazy.Goal | None = None,
        reference: lazy.Source | None = None,
        remote_type: RemoteType | str | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        is_demo: bool | None = None,
        webhook_url: str | None = None,
        preset_id: int | None = None,
        send_mail_on_error: bool | None = None,
        wait_for_place: float | None = None,
        on_upload: lazy.Progress | None = None,
        max_credits: Number | None = None,
        seconds: Number | None = None,
        allow_unknown_price: bool = False,
        preflight: bool | None = None,
    ) -> lazy.Job:
        """Create a separation. This spends credits, and is never sent twice.

        Args:
            source: A path, bytes, a binary file, an http(s) link; None for types without a file.
            sep_type: The separation type, by number or name; or give a goal.
            best_for: A goal such as "vocals", which takes the type of `catalog().goal("vocals")`.
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
            InvalidInput: When an argument can't be used. With a limit PriceUnknown, TooExpensive.
            Refused: When the service said no, as QueueFull, QuotaExceeded, InsufficientCredits.
            ConnectionFailed: When the upload broke off before its end; no job was created.
            SubmitUncertain: When nobody knows whether there is a job; `reconcile` looks for it.
        """
        return run(self._submit(source, sep_type, locals()))

    def separate(  # noqa: D417  the others are those of submit
        self,
        source: lazy.Source | None,
        sep_type: SepType | int | str | None = None,
        *,
        best_for: str | lazy.Goal | None = None,
        out: lazy.Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_state: lazy.OnState | None = None,
        on_file: lazy.OnFile | None = None,
        parallel: int = PARALLEL,
        manifest: bool = False,
        journal: lazy.Journal | None = None,
        again: bool = False,
        reference: lazy.Source | None = None,
        remote_type: RemoteType | str | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        is_demo: bool | None = None,
        webhook_url: str | None = None,
        preset_id: int | None = None,
        send_mail_on_error: bool | None = None,
        wait_for_place: float | None = None,
        on_upload: lazy.Progress | None = None,
        max_credits: Number | None = None,
        seconds: Number | None = None,
        allow_unknown_price: bool = False,
        preflight: bool | None = None,
    ) -> lazy.Result:
        """Separate a song: submit it, wait for it, and fetch its stems.

        The parameters that are not listed are those of `submit`.

        Args:
            out: The folder for the stems; made when it is not there.
            timeout: Seconds of waiting, by default an hour; None waits for ever. The job goes on.
            template: The names of the files, of {input}, {stem}, {type} and {ext}.
            overwrite: Whether existing files may be replaced.
            on_state: Called with each change of the job's state; a plain function.
            on_file: Called while stems arrive, with the file, bytes so far, and bytes in all.
            parallel: The number of stems fetched at once.
            manifest: Whether a manifest is written beside the stems; see `mvsep.manifest`.
            journal: Keeps the job: the same call goes on after a crash, and pays only once.
            again: Whether to pay once more, for stems that the journal has or a job without any.

        Raises:
            MVSepError: As `submit`, `Job.wait` and `Job.download`; of a job that exists it carries
                the hash.
        """
        return run(self._separate(source, sep_type, journal, locals()))

    def separate_many(  # noqa: D417  the others are those of submit and separate
        self,
        sources: Iterable[lazy.Listed],
        sep_type: SepType | int | str | None = None,
        *,
        best_for: str | lazy.Goal | None = None,
        journal: lazy.Journal | None = None,
        out: lazy.Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        at_once: int | None = None,
        manifest: bool = False,
        again: bool = False,
        on_event: lazy.OnEvent | None = None,
        on_plan: lazy.OnPlan | None = None,
        executor: lazy.Executor | None = None,
        reference: lazy.Source | None = None,
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
    ) -> list[lazy.Outcome]:
        """Separate many songs, and return their outcomes. One that fails does not stop the others.

        The parameters that are not listed are those of `submit` and `separate`, for all songs.

        Args:
            sources: The songs, or a `mvsep.Song` for one with settings of its own. Of one name they
                are numbered: song_Vocals.wav, song_2_Vocals.wav. In `template` {n} is the number.
            sep_type: The separation type of all; None where each `Song` has its own.
            at_once: Jobs at once, at most. By default one for a free account; for premium 4, and
                more as long as the service accepts them, up to 64.
            on_event: Called with a song and an event: a plan, bytes, a job, a state, an outcome;
                by one thread at a time. Its errors end the batch; jobs go on.
            on_plan: Called with a `mvsep.Plan` before anything is sent; False ends it there.
            executor: Any of `concurrent.futures`, such as a process pool or a Dask cluster's. Its
                workers separate the songs; it takes a journal, and tells only outcomes.
            wait_for_place: Seconds to wait for a place in a full queue; an hour when absent.
            max_credits: The most that all songs may cost together.

        Raises:
            MVSepError: InvalidToken, or ConnectionFailed where the account can't be asked for.
            InvalidInput: When stems would have the same names, or they cost more than the limit.
        """
        return run(self._separate_many(sources, sep_type, journal, at_once, executor, locals()))

    def finish(
        self,
        journal: lazy.Journal,
        *,
        hash: str | None = None,
        out: lazy.Folder | None = None,
        template: str | None = None,
        overwrite: bool | None = None,
        timeout: Timeout = DEFAULT,
        manifest: bool = False,
        on_event: lazy.OnEvent | None = None,
        submit: bool | lazy.OnPlan = True,
    ) -> list[lazy.Outcome]:
        """Go on with all that a journal holds unfinished at this client's service.

        A job that may exist is looked for; a song without one is sent, if `submit` lets it.

        Args:
            journal: The journal.
            hash: The job to go on with; all when absent.
            out: The folder for the stems; as the journal has it when absent.
            template: The names of the files.
            overwrite: Whether existing files may be replaced.
            timeout: Seconds of waiting for each; None waits for ever.
            manifest: Whether a manifest is written beside the stems of each.
            on_event: As for `separate_many`; the source is the input's path or name.
            submit: Whether songs without a job are paid for, or a function of their `mvsep.Plan`.
        """
        chosen = {"out": out, "template": template, "overwrite": overwrite}
        more = {"timeout": timeout, "manifest": manifest}
        return run(lazy.finish(self._jobs, journal, hash, chosen, on_event, submit, **more))

    def reconcile(
        self, uncertain: SubmitUncertain | str, *, host: str | None = None
    ) -> lazy.Reconciled[lazy.Job]:
        """Find out whether a job was created after all. Nothing is submitted again.

        Args:
            uncertain: The error that `submit` raised, in any process, or the upload's marker.
            host: The region's address; by default the one of the error, or the client's own.
        """
        return run(self._jobs.reconcile(uncertain, host))

    def estimate(
        self,
        source: lazy.Source | Number | None,
        sep_type: SepType | int | str | None = None,
        *,
        best_for: str | lazy.Goal | None = None,
        options: Mapping[str, object] | None = None,
        seconds: Number | None = None,
        validate: bool = True,
    ) -> lazy.Estimate:
        """Estimate the price of a job from the song's header. Nothing is sent.

        The parameters are those of `submit`; the song may be a number of seconds, too.

        Raises:
            InvalidInput: When these can't be used; DurationUnknown when the length can't be read.
        """
        return run(self._estimate(source, sep_type, locals()))

    def preflight(
        self,
        source: lazy.Source | None,
        sep_type: SepType | int | str | None = None,
        *,
        best_for: str | lazy.Goal | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        seconds: Number | None = None,
    ) -> lazy.Preflight:
        """Ask whether the account may have a job, and pay for it. Nothing is uploaded.

        The parameters are those of `submit`, and so are the errors.
        """
        return run(self._preflight(source, sep_type, locals()))

    def catalog(self, *, refresh: bool = False, max_age: float = MAX_AGE) -> lazy.Catalog:
        """Return the service's separation types as they are now; no token is needed.

        When the service can't be asked, an older list is given, with a warning in its `warnings`.

        Args:
            refresh: Whether to ask even where the list on disk is fresh.
            max_age: Seconds for which a list counts as fresh.
        """
        return run(lazy.current(self._port, self._jobs.catalogs, refresh=refresh, max_age=max_age))

    @secretive
    def login(self, email: str, password: str) -> Token:
        """Get the account's API token for a new client; see `mvsep.account.profile`."""
        return run(lazy.login(self._port, email, password))

    def account(self) -> lazy.Account:
        """Return the account: credits left, and how its switches stand."""
        return run(lazy.account(self._port))

    def quota(self) -> lazy.Quota:
        """Return what the account's plan has left; without a token, that of a guest."""
        return run(lazy.quota(self._port))

    def premium(self, on: bool = True) -> AbstractContextManager[None]:
        """Let credits be spent, or not, for a block; see `mvsep.account.switches.turned`."""
        return Managed(lazy.turned(self._port, "premium", on))

    def long_filenames(self, on: bool = True) -> AbstractContextManager[None]:
        """Have new stems named at length, or not, for a block; otherwise as `premium`."""
        return Managed(lazy.turned(self._port, "long_filenames", on))
