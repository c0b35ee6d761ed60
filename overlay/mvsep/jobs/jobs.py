"""The jobs of one client: prepare, create, find again, come back to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar
from urllib.parse import parse_qs, urlsplit

from attrs import field, frozen

from mvsep.catalog.cache import CatalogStore
from mvsep.catalog.sep_type import SepType
from mvsep.errors import InvalidInput, SubmitUncertain
from mvsep.files.names import is_marker
from mvsep.files.sources import Source, is_link, name_of
from mvsep.jobs.account_check import AccountCheck
from mvsep.jobs.base import JobBase
from mvsep.jobs.create import create
from mvsep.jobs.form import JobOptions
from mvsep.jobs.lookup import Lookup, named
from mvsep.jobs.reconcile import Reconciled, Sought, search
from mvsep.jobs.submission import Submission
from mvsep.transport.port import Port

J = TypeVar("J", bound=JobBase)


@frozen
class Jobs(Generic[J]):
    """The jobs of one client.

    Args:
        port: The service.
        catalogs: The known separation types.
        kind: The class of the jobs, `Job` or `AsyncJob`.
        look: The client's `reconcile`, which an uncertain submit offers to its caller.
    """

    port: Port
    catalogs: CatalogStore
    kind: type[J]
    look: Callable[[SubmitUncertain], object]
    checks: AccountCheck = field(init=False)

    @checks.default
    def _account_check(self) -> AccountCheck:
        return AccountCheck(self.port, self.catalogs)

    def prepare(
        self, source: Source | None, sep_type: SepType | int | str, asked: JobOptions
    ) -> Submission:
        """Check what `submit` would send; this reads the disk, and sends nothing."""
        clock = self.port.settings.timing
        return Submission(source, sep_type, asked, clock, self.catalogs.at_hand())

    async def submit(
        self, source: Source | None, sep_type: SepType | int | str, asked: JobOptions
    ) -> J:
        """Create a separation; see `MVSep.submit`."""
        await self.checks.learn(sep_type, asked)
        return await self.create(await self.port.disk(self.prepare, source, sep_type, asked))

    async def create(self, submission: Submission) -> J:
        """Create the job of a submission; see `mvsep.jobs.create`."""
        disk = self.port.disk
        plausible = await disk(submission.plausible_size)
        await disk(submission.check_inputs)
        await self.checks.check(submission)
        with named(submission):
            try:
                created = await create(self.port, submission)
            except SubmitUncertain as error:
                raise error.found_by(self.look) from error.__cause__
            assert created.hash  # noqa: S101  create gives no other
            return self.kind(
                self.port.at(created.settings.base_url),
                created.hash,
                input_name=submission.input_name,
                about=submission.about,
                created=True,
                expected=submission.resolved.prediction,
                warnings=submission.resolved.warnings,
                plausible=plausible,
                sought=submission.sought,
            )

    async def reconcile(
        self, uncertain: SubmitUncertain | str, host: str | None = None
    ) -> Reconciled[J]:
        """Find out whether a job was created after all; see `MVSep.reconcile`."""
        settings = self.port.settings
        if not isinstance(uncertain, SubmitUncertain):
            if not is_marker(uncertain):
                raise InvalidInput(
                    f"{uncertain!r:.60} is no marker.",
                    next_step="Hand over a SubmitUncertain, or the marker of an upload.",
                    param="uncertain",
                )
            uncertain = SubmitUncertain("", marker=uncertain)
        url = settings.address_of_region(uncertain.host) if host is None else host
        there = self.port.at(url)
        lookup = Lookup(there.settings, uncertain.file_name or "the song", None, uncertain.marker)
        name = uncertain.file_name
        # A type without a file has no link either.
        link_name = None if name == name_of(None) else name
        sought = Sought(uncertain.marker, link_name, submitted_at=uncertain.submitted_at)
        job = None
        with named(lookup):
            found = await search(self.port, sought)
            if found.hash:
                job = self.kind(there, found.hash, input_name=uncertain.file_name, created=True)
        return Reconciled(found.verdict, job, found.reason)

    def find(
        self,
        hash: str,
        host: str | None = None,
        input_name: str | None = None,
        *,
        known: bool = False,
    ) -> J:
        """Return a job by its hash, or by the service's link of it; see `MVSep.job`."""
        if isinstance(hash, str) and is_link(hash):
            named = parse_qs(urlsplit(hash).query).get("hash")
            if not named:
                raise InvalidInput(
                    f"{hash!r:.80} names no job.",
                    next_step="The service's link of a job ends in ?hash= and its hash.",
                )
            host, hash = host or hash, named[0]
        port = self.port.at(host or self.port.settings.base_url)
        return self.kind(port, hash, input_name=input_name, created=known)
