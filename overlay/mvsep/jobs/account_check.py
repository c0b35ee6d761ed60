"""The check of a job against the account and the service's types, before its upload."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from attrs import define, field

from mvsep.account.profile import Account, account
from mvsep.catalog import Catalog
from mvsep.catalog.cache import CatalogStore, ask
from mvsep.catalog.options import resolve
from mvsep.catalog.sep_type import SepType
from mvsep.errors import InvalidInput, InvalidToken, MVSepError
from mvsep.jobs.form import JobOptions
from mvsep.jobs.submission import Submission
from mvsep.pricing import preflight
from mvsep.pricing.estimate import JobQuote, check_limit
from mvsep.pricing.preflight import Preflight, judge
from mvsep.transport.places import Places
from mvsep.transport.port import Port

# Seconds for which the service's list tells that it has no such type.
_RECENT: Final = 600.0


@define
class AccountCheck:
    """The check of one client's jobs.

    What was answered before lets a job pass. A refusal takes an answer of now, for the account
    may have changed; flows that ask at the same time share one. What can't be asked refuses
    nothing: the upload meets it by itself.
    """

    port: Port
    catalogs: CatalogStore
    _account: Account | None = field(default=None, init=False)
    _answers: int = field(default=0, init=False)
    _asking: Places = field(init=False)

    @_asking.default
    def _one_at_a_time(self) -> Places:
        return Places(self.port, 1)

    async def ask(self) -> Account:
        """Ask for the account, and keep the answer."""
        self._account = await account(self.port)
        self._answers += 1
        return self._account

    async def learn(self, sep_type: SepType | int | str, asked: JobOptions) -> None:
        """Ask for the service's list where the one at hand has no such type.

        To be called before a job is prepared, for its options go by its type.
        """
        if not (asked.is_checked and asked.validate):
            return
        with suppress(MVSepError):  # what is no type is refused when the job is prepared
            at_hand = await self.port.disk(self.catalogs.at_hand)
            if resolve(at_hand, sep_type).entry is None and not await self._recent():
                await ask(self.port, self.catalogs)

    async def check(self, submission: Submission) -> None:
        """Hold a job to its spending limit, and to what the account may have.

        Raises:
            MVSepError: InvalidInput when the service has no such type or the limit is too low;
                InvalidToken, PremiumRequired, QuotaExceeded or InsufficientCredits. With a limit
                also when the account can't be asked.
        """
        asked, disk = submission.asked, self.port.disk
        if not asked.is_checked:
            return
        limited = asked.max_credits is not None
        quote = await disk(submission.quote if limited else submission.quote_or_less)
        if limited:
            check_limit(asked.max_credits, quote, allow_unknown=asked.allow_unknown_price)
        if asked.validate and quote.resolved.entry is None and await self._recent():
            raise InvalidInput(
                f"The service lists no type {submission.form.sep_type}.",
                next_step="Nothing was sent. With validate=False it is sent as it is.",
                param="validate",
            )
        once = asked.once and not limited
        if once and submission.marker is None:
            return  # nothing is uploaded before the service refuses it by itself
        try:
            found = await (preflight.ask(self.port, quote) if limited else self._found(quote, once))
        except MVSepError as error:
            if not limited and not isinstance(error, InvalidToken):
                return
            error.charged = False
            raise
        found.check()

    async def _found(self, quote: JobQuote, once: bool) -> Preflight:
        if not once:
            return judge(quote, await self.ask(), None)
        answers = self._answers
        known = self._known(quote, answers)
        if known is None:
            await self._asking.acquire()
            try:
                known = self._known(quote, answers)
                known = judge(quote, await self.ask(), None) if known is None else known
            finally:
                self._asking.release()
        return known

    def _known(self, quote: JobQuote, before: int) -> Preflight | None:
        """Judge a job by the last answer; None where it was one of those before, and refuses."""
        if self._account is None:
            return None
        found = judge(quote, self._account, None)
        return found if found.ok or self._answers > before else None

    async def _recent(self) -> Catalog | None:
        return await self.port.disk(self.catalogs.fresh, refresh=False, max_age=_RECENT)
