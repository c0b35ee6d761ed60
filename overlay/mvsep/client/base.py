"""The part that both clients share: settings, and flows over a port."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from typing import Any, Generic, Self, TypeVar

from mvsep.catalog.sep_type import SepType
from mvsep.client import lazy
from mvsep.core.values import Number, from_arguments
from mvsep.errors import SubmitUncertain
from mvsep.settings.token import secretive

J = TypeVar("J", bound="lazy.JobBase")


class ClientBase(Generic[J]):
    """Base of `MVSep` and `AsyncMVSep`.

    Attributes:
        settings: The checked settings.
    """

    # How a worker's client waits, and whether this one has an httpx client of the caller's own.
    _elsewhere: tuple[Callable[[float], object], bool]

    def _begin(self, port: Any) -> None:
        """Begin to use a port."""
        raise NotImplementedError

    def _begin_with(
        self, port: lazy.Port, kind: type[J], reconcile: Callable[[SubmitUncertain], object]
    ) -> None:
        self.settings: lazy.ClientSettings = port.settings
        catalogs = lazy.open_store(
            self.settings.host,
            local=self.settings.is_local,
            environment=os.environ,
            now=self.settings.timing.wall,
        )
        self._port = port
        self._jobs = lazy.Jobs(port, catalogs, kind, reconcile)

    def __repr__(self) -> str:
        from mvsep.core.objects import one_line  # with it come attrs

        return one_line(type(self), f"base_url={self.settings.base_url!r}")

    @secretive
    def with_options(
        self,
        *,
        token: str | None = None,
        polling: lazy.PollPolicy | None = None,
        retry: lazy.RetryPolicy | None = None,
        max_retries: int | None = None,
        timeout: lazy.Limit | None = None,
        pace: lazy.Pace | None = None,
        downloads: lazy.DownloadPolicy | None = None,
    ) -> Self:
        """Return a client with some settings of its own, over the connections of this one.

        The parameters are those of `MVSep`; None leaves a setting as it is. Address, regions, proxy
        and certificates belong to the connections and stay. To close the new client leaves the
        connections open; to close this one closes those of both.

        Raises:
            InvalidInput: When a setting can't be used; InvalidToken when the token can't.
        """
        chosen = from_arguments(lazy.Options, locals())
        twin = copy(self)
        twin._begin(self._port.with_settings(self.settings.with_options(token, chosen)))
        return twin

    def job(
        self,
        hash: str,
        *,
        host: str | None = None,
        input_name: str | None = None,
        known: bool = False,
    ) -> J:
        """Return a job by its hash, from any process and at any time. Nothing is sent.

        Args:
            hash: The hash, or the link of it that the service gave.
            host: The address of the region that has the job, such as https://de.mvsep.com, where
                that is not the client's own.
            input_name: The name that stems are called after; found from the hash when absent.
            known: Whether the job surely existed: then one "not found" is asked again.

        Raises:
            InvalidInput: When the hash can't be one, or the address is not the service's.
        """
        return self._jobs.find(hash, host, input_name, known=known)

    async def _choose(
        self, sep_type: SepType | int | str | None, given: Mapping[str, Any]
    ) -> tuple[SepType | int | str, lazy.JobOptions]:
        """Return the separation type and the choices of a job, from the arguments of a method."""
        asked = from_arguments(lazy.JobOptions, given)
        return await self._port.disk(lazy.with_type, self._jobs.catalogs, sep_type, asked)

    async def _submit(
        self,
        source: lazy.Source | None,
        sep_type: SepType | int | str | None,
        given: Mapping[str, Any],
    ) -> J:
        return await self._jobs.submit(source, *await self._choose(sep_type, given))

    async def _estimate(
        self,
        source: lazy.Source | Number | None,
        sep_type: SepType | int | str | None,
        given: Mapping[str, Any],
    ) -> lazy.Estimate:
        kind, asked = await self._choose(sep_type, given)
        return await self._port.disk(
            lambda: lazy.estimate(
                source,
                kind,
                options=asked.options,
                seconds=asked.seconds,
                catalog=self._jobs.catalogs.at_hand(),
                validate=asked.validate,
            )
        )

    async def _preflight(
        self,
        source: lazy.Source | None,
        sep_type: SepType | int | str | None,
        given: Mapping[str, Any],
    ) -> lazy.Preflight:
        jobs = self._jobs
        kind, asked = await self._choose(sep_type, given)
        quote = await jobs.port.disk(lambda: jobs.prepare(source, kind, asked).quote())
        return await lazy.ask(jobs.port, quote)

    async def _separate(
        self,
        source: lazy.Source | None,
        sep_type: SepType | int | str | None,
        journal: lazy.Journal | None,
        given: Mapping[str, Any],
    ) -> lazy.Result:
        jobs = self._jobs
        kind, asked = await self._choose(sep_type, given)
        delivery, callbacks = (
            from_arguments(lazy.Delivery, given),
            from_arguments(lazy.Callbacks, given),
        )
        if journal:
            asked = asked.checked_once()
        await jobs.checks.learn(kind, asked)
        submission = await jobs.port.disk(lambda: jobs.prepare(source, kind, asked))
        return await lazy.separate(jobs, lazy.SongRequest(submission, delivery), journal, callbacks)

    async def _separate_many(
        self,
        sources: Iterable[lazy.Listed],
        sep_type: SepType | int | str | None,
        journal: lazy.Journal | None,
        at_once: int | None,
        executor: lazy.Executor | None,
        given: Mapping[str, Any],
    ) -> list[lazy.Outcome]:
        kind, asked = sep_type, from_arguments(lazy.JobOptions, given)
        if asked.best_for is not None:
            kind, asked = await self._choose(sep_type, given)
        delivery = from_arguments(lazy.Delivery, given)
        workers, told = None, (given["on_event"], given["on_plan"])
        if executor is not None:
            workers = lazy.Workers(executor, self.settings, *self._elsewhere)
        return await lazy.separate_many(
            self._jobs, sources, kind, asked, delivery, journal, at_once, *told, workers
        )
