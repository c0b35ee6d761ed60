"""What both clients are set up with, and prepare without asking anybody."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Unpack
from urllib.parse import parse_qs, urlsplit

from mvsep.catalog.cache import open_store
from mvsep.catalog.sep_type import SepType
from mvsep.core.steps import Steps
from mvsep.core.values import Number
from mvsep.errors import InvalidInput
from mvsep.files.sources import Source, is_link
from mvsep.jobs import create
from mvsep.jobs.create import Created
from mvsep.jobs.submission import Submission, Submitting
from mvsep.pricing import estimate as estimates
from mvsep.pricing.estimate import Estimate
from mvsep.settings.client import Settings, find_settings


class Prepared:
    """What both clients are set up with, and prepare, alike."""

    def __init__(self, token: str | None, base_url: str | None, settings: Settings) -> None:
        if unknown := settings.keys() - Settings.__annotations__.keys():
            raise TypeError(f"{type(self).__name__}() takes no {', '.join(sorted(unknown))}")
        self.session = session = find_settings(token, base_url, os.environ, **settings)
        self._catalogs = open_store(
            session.host, local=session.is_local, environment=os.environ, now=session.timing.wall
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.session.base_url!r})"

    def _creating(self, submission: Submission) -> Steps[create.Step, Created]:
        return Steps(create.create(submission, session=self.session))

    def _named(self, hash: str, host: str | None) -> tuple[str, str]:
        """Where a job is, and its hash, from either or from the service's link."""
        if isinstance(hash, str) and is_link(hash):
            if named := parse_qs(urlsplit(hash).query).get("hash"):
                return host or hash, named[0]
            raise InvalidInput(
                f"{hash!r:.80} names no job.",
                charged=False,
                next_step="The service's link of a job ends in ?hash= and its hash.",
            )
        return host or self.session.base_url, hash

    def prepare(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        **submitting: Unpack[Submitting],
    ) -> Submission:
        """Check what `submit` would send; nothing is sent. See `MVSep.create`."""
        catalog = self._catalogs.at_hand()
        return Submission(source, sep_type, self.session.timing, catalog, **submitting)

    def estimate(
        self,
        source: Source | Number | None,
        sep_type: SepType | int | str,
        *,
        options: Mapping[str, object] | None = None,
        seconds: Number | None = None,
        validate: bool = True,
    ) -> Estimate:
        """Estimate the price of a job; nothing is sent. See `mvsep.pricing.estimate.estimate`."""
        return estimates.estimate(
            source,
            sep_type,
            options=options,
            seconds=seconds,
            catalog=self._catalogs.at_hand(),
            validate=validate,
        )
