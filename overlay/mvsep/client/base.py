"""The part that both clients share: settings, and flows over a port."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic

from mvsep.batch import run as batch
from mvsep.batch.queue import OnEvent, Outcome
from mvsep.catalog.cache import open_store
from mvsep.catalog.sep_type import SepType
from mvsep.core.values import Number, from_arguments
from mvsep.downloads.plan import Result
from mvsep.errors import SubmitUncertain
from mvsep.files.sources import Source
from mvsep.jobs.form import JobOptions
from mvsep.jobs.jobs import J, Jobs
from mvsep.journal.request import Callbacks, Delivery, SongRequest
from mvsep.journal.separate import separate
from mvsep.journal.store import Journal
from mvsep.pricing import estimate as estimates
from mvsep.pricing import preflight
from mvsep.pricing.estimate import Estimate
from mvsep.pricing.preflight import Preflight
from mvsep.settings.client import ClientSettings
from mvsep.transport.port import Port


class ClientBase(Generic[J]):
    """Base of `MVSep` and `AsyncMVSep`.

    Attributes:
        settings: The checked settings.
    """

    def __init__(
        self, port: Port, kind: type[J], reconcile: Callable[[SubmitUncertain], object]
    ) -> None:
        self.settings: ClientSettings = port.settings
        catalogs = open_store(
            self.settings.host,
            local=self.settings.is_local,
            environment=os.environ,
            now=self.settings.timing.wall,
        )
        self._port = port
        self._jobs = Jobs(port, catalogs, kind, reconcile)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.settings.base_url!r})"

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

    async def _estimate(
        self, source: Source | Number | None, sep_type: SepType | int | str, asked: JobOptions
    ) -> Estimate:
        return await self._jobs.port.disk(
            lambda: estimates.estimate(
                source,
                sep_type,
                options=asked.options,
                seconds=asked.seconds,
                catalog=self._jobs.catalogs.at_hand(),
                validate=asked.validate,
            )
        )

    async def _preflight(
        self, source: Source | None, sep_type: SepType | int | str, asked: JobOptions
    ) -> Preflight:
        jobs = self._jobs
        quote = await jobs.port.disk(lambda: jobs.prepare(source, sep_type, asked).quote())
        return await preflight.ask(jobs.port, quote)

    async def _separate(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        journal: Journal | None,
        given: Mapping[str, Any],
    ) -> Result:
        jobs, asked = self._jobs, from_arguments(JobOptions, given)
        delivery, callbacks = from_arguments(Delivery, given), from_arguments(Callbacks, given)
        if journal:
            asked = asked.checked_once()
        await jobs.checks.learn(sep_type, asked)
        submission = await jobs.port.disk(lambda: jobs.prepare(source, sep_type, asked))
        return await separate(jobs, SongRequest(submission, delivery), journal, callbacks)

    async def _separate_many(
        self,
        sources: Iterable[Source | None],
        sep_type: SepType | int | str,
        journal: Journal | None,
        at_once: int | None,
        on_event: OnEvent | None,
        given: Mapping[str, Any],
    ) -> list[Outcome]:
        asked, delivery = from_arguments(JobOptions, given), from_arguments(Delivery, given)
        return await batch.separate_many(
            self._jobs, sources, sep_type, asked, delivery, journal, at_once, on_event
        )
