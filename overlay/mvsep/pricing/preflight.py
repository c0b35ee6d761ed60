"""Checks of a job against the account and its balance, before anything is uploaded.

`ask` asks `app.user` and `app.queue` once each; everything else is known from the file's header
and the catalogue. `explained` judges a refusal after the fact by the same checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Final, Literal

from attrs import frozen

from mvsep.account import profile
from mvsep.account.profile import Account, Quota, under_way
from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.options import Resolved
from mvsep.core.objects import Brief, Plain
from mvsep.errors import (
    DurationUnknown,
    InsufficientCredits,
    InvalidRequest,
    InvalidToken,
    MVSepError,
    PremiumRequired,
    QuotaExceeded,
    UnexpectedResponse,
)
from mvsep.pricing.estimate import Estimate, JobQuote
from mvsep.settings.token import where_to_get_one
from mvsep.transport.port import Port

CheckResult = Literal["pass", "fail", "warning", "unknown"]

_PLANS: Final = ("unregistered", "registered", "premium")
_MEGABYTE: Final = 1_000_000  # whether the service counts in 1000 or 1024 is not known


# As several public clients have them; the service documents neither these nor what it answers
# beyond them, so exceeding one is a warning and never keeps a job back.
_LIMITS: Final = {
    "registered": {"minutes": 10, "megabytes": 100},
    "premium": {"minutes": 100, "megabytes": 1000},
}
_SMALLER: Final = {"minutes": "Cut it into shorter pieces", "megabytes": "Send it as flac or mp3"}


@frozen(repr=False)
class Check(Brief):
    """One check of a job.

    Args:
        name: Its subject: plan, type, options, format, minutes, megabytes, place, quota, price
            or balance.
        verdict: "fail" where the service is known to refuse the job, "warning" for a limit that
            is not documented or an option that could not be checked, "unknown" where nothing
            tells.
        reason: The reason, in a sentence.
        way_out: The next step, in a sentence; None where there is nothing to do.
        error: The error that a submit with a spending limit raises for a "fail".
    """

    name: str
    verdict: CheckResult
    reason: str
    way_out: str | None = None
    error: type[MVSepError] | None = None

    def __str__(self) -> str:
        return f"{self.verdict}: {self.name}. " + " ".join(
            filter(None, (self.reason, self.way_out))
        )


@frozen(repr=False)
class Preflight(Plain):
    """The checks of a job against the account, and its price.

    Args:
        plan: "unregistered", "registered", or "premium" (switched on, and credits left); None
            where the service did not say.
        estimate: The price and the stems; None where the length is not known.
        checks: All checks.
        credits: Credits left; None where not known.
    """

    _keys = "ok plan credits checks estimate"

    plan: str | None
    estimate: Estimate | None
    checks: tuple[Check, ...]
    credits: int | None

    @property
    def ok(self) -> bool:
        """True where no check failed."""
        return not self.failed

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.verdict == "fail")

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        price = str(self.estimate) if self.estimate else "price unknown"
        head = f"{'Can be submitted' if self.ok else 'Would be refused'}: {price}."
        lines = [str(check) for check in self.checks if check.verdict != "pass"]
        return "\n".join([head, f"Plan: {self.plan or 'unknown'}.", *lines])

    def check(self) -> None:
        """Raise the error of the first check that failed, if one did.

        Raises:
            MVSepError: InvalidToken, PremiumRequired, QuotaExceeded or InsufficientCredits.
        """
        for check in self.failed:
            kind = check.error or MVSepError
            raise kind(f"{check.reason} Nothing was sent.", charged=False, next_step=check.way_out)


async def ask(port: Port, quote: JobQuote) -> Preflight:
    """Ask for the account and its queue, once each, and check a job against them."""
    account: Account | None = None
    try:
        account = await profile.account(port)
    except InvalidToken as error:
        if error.status is not None:
            raise
        # There is none: a guest asks.
    quota: Quota | None = None
    # What is left of the day is not worth failing for.
    with suppress(UnexpectedResponse), profile.discreet():
        quota = await profile.quota(port)
    return judge(quote, account, quota)


def explained(
    refused: InvalidRequest, quote: JobQuote, account: Account | None, quota: Quota | None
) -> MVSepError:
    """Tell apart a refusal whose text nobody knows, by the first check that fails now."""
    plan = plan_of(account, quota) if account else _told_plan(quota)
    if plan is None and quota and quota.free_left == 0:
        plan = "registered"  # who has no free ones left is likely to need them
    for check in _judge(quote, plan, account, quota).failed:
        if check.error:
            return check.error(
                check.reason,
                server_text=refused.server_text,
                status=refused.status,
                host=refused.host,
                charged=False,
                next_step=check.way_out,
            )
    return refused


def plan_of(account: Account | None, quota: Quota | None) -> str | None:
    """Return the plan that a job would run on; None where the service did not say.

    Premium is switched on and has credits left: the API page's rule for types that need it.
    """
    if account is None:
        return "unregistered"
    if account.premium_enabled is False or account.credits == 0:
        return "registered"
    if account.premium_enabled and account.credits:
        return "premium" if account.credits > 0 else "registered"
    return _told_plan(quota)


def _told_plan(quota: Quota | None) -> str | None:
    return quota.plan if quota and quota.plan in _PLANS else None


def judge(wanted: JobQuote, account: Account | None, quota: Quota | None) -> Preflight:
    """Check a job against what the service told; without an account a guest asks."""
    return _judge(wanted, plan_of(account, quota), account, quota)


def _judge(
    wanted: JobQuote, plan: str | None, account: Account | None, quota: Quota | None
) -> Preflight:
    estimate = None if isinstance(wanted.estimate, DurationUnknown) else wanted.estimate
    checks = (
        _plan(plan),
        *_types(wanted.resolved, plan, account),
        *(Check("options", "warning", warning) for warning in wanted.resolved.warnings),
        _format(wanted.output_format, plan, account),
        *_sizes(wanted, plan),
        *_places(plan, account, quota),
        _price(wanted.estimate),
        _balance(estimate, plan, account),
    )
    return Preflight(plan, estimate, checks, account.credits if account else None)


def _plan(plan: str | None) -> Check:
    if plan is None:
        return Check("plan", "unknown", "The account's plan is not known.")
    if plan == "unregistered":
        return Check(
            "plan",
            "fail",
            "Without an account no job can be created.",
            f"Register on the service's site. {where_to_get_one()}",
            InvalidToken,
        )
    return Check("plan", "pass", f"The account is on the plan {plan!r}.")


def _types(resolved: Resolved, plan: str | None, account: Account | None) -> Iterator[Check]:
    entry = resolved.entry
    if entry is None:
        yield Check("type", "unknown", "The type is not in the catalogue.")
        return
    if entry.is_offered is False:
        yield Check(
            "type",
            "warning",
            f"The service listed {entry.name} as not on offer.",
            "Ask for its list again with catalog(refresh=True).",
        )
    if entry.orientation is None:
        yield Check("type", "unknown", f"Who may use {entry.name} is not known.")
    elif plan is None:
        yield Check("type", "unknown", "It depends on the plan.")
    else:
        try:
            resolved.check_plan(plan)
        except PremiumRequired as error:
            way_out = _to_premium(account) if entry.orientation > 1 else error.next_step
            yield Check("type", "fail", error.message, way_out, PremiumRequired)
        else:
            yield Check("type", "pass", f"{entry.name} may be used on this plan.")


def _format(output_format: int | None, plan: str | None, account: Account | None) -> Check:
    form = OutputFormat(0 if output_format is None else output_format)
    name = form.cli_name or str(int(form))
    if form.premium_only is None:
        return Check("format", "unknown", f"The format {name} is not known.")
    if not form.premium_only or plan == "premium":
        return Check("format", "pass", f"The format {name} is for this plan too.")
    if plan is None:
        return Check("format", "unknown", f"The format {name} is for premium accounts.")
    return Check(
        "format",
        "fail",
        f"The format {name} is for premium accounts; this one is {plan}.",
        f"Choose mp3, wav, flac or m4a. {_to_premium(account)}",
        PremiumRequired,
    )


def _sizes(wanted: JobQuote, plan: str | None) -> Iterator[Check]:
    estimate = wanted.estimate
    minutes = None if isinstance(estimate, DurationUnknown) else estimate.seconds / 60
    size = None if wanted.size is None else Fraction(wanted.size, _MEGABYTE)
    yield _measured("minutes", minutes, plan)
    yield _measured("megabytes", size, plan)


def _measured(name: str, found: Fraction | None, plan: str | None) -> Check:
    if found is None:
        return Check(name, "unknown", f"How many {name} it has is not known here.")
    if plan not in _LIMITS:
        return Check(name, "unknown", f"How many {name} the plan allows is not known.")
    most = _LIMITS[plan][name]
    told = f"It has {_rounded(found)} {name}; as clients of the service saw, {plan} allows {most}."
    if found <= most:
        return Check(name, "pass", told)
    more = "" if plan == "premium" else ", or use a premium account"
    return Check(name, "warning", f"{told} This is not documented.", f"{_SMALLER[name]}{more}.")


def _places(plan: str | None, account: Account | None, quota: Quota | None) -> Iterator[Check]:
    if plan != "registered":
        return
    if account and under_way(account.raw):
        yield Check(
            "place",
            "warning",
            "The account has a job under way, and its plan was seen to take one at a time.",
            "Wait for it to end, or submit with wait_for_place=600.",
        )
    left = quota.free_left if quota else None
    if left is None:
        yield Check("quota", "unknown", "How many separations are left today is not known.")
    elif left > 0:
        yield Check("quota", "pass", f"{left} separations are left today.")
    else:
        yield Check(
            "quota",
            "fail",
            "The plan's free separations for the day are used up.",
            f"Try again tomorrow. {_to_premium(account)}",
            QuotaExceeded,
        )


def _price(estimate: Estimate | DurationUnknown) -> Check:
    if isinstance(estimate, DurationUnknown):
        return Check("price", "unknown", estimate.message, estimate.next_step)
    if estimate.doubts:
        return Check("price", "unknown", estimate.doubts.text)
    return Check("price", "pass", f"It costs {estimate.price}.")


def _balance(estimate: Estimate | None, plan: str | None, account: Account | None) -> Check:
    credits = account.credits if account else None
    if plan in ("registered", "unregistered"):
        return Check("balance", "pass", "On this plan a job takes no credits.")
    unknown = Check("balance", "unknown", "Whether the balance covers it is not known.")
    if estimate is None or estimate.credits is None or credits is None or plan is None:
        return unknown
    if credits < estimate.credits:
        if not estimate.sure:
            return unknown
        return Check(
            "balance",
            "fail",
            f"The balance of {credits} credits does not cover {estimate.price}.",
            "Buy credits, or choose a cheaper separation type.",
            InsufficientCredits,
        )
    return Check("balance", "pass", f"The balance of {credits} credits covers it.")


def _to_premium(account: Account | None) -> str:
    if account and account.credits and account.premium_enabled is False:
        return f"Switch premium on: the account has {account.credits} credits."
    return "Premium needs credits, and premium switched on."


def _rounded(number: Fraction) -> str:
    # Rounded up, so that it never seems to keep a limit it exceeds.
    return f"{float(-(-number * 10 // 1) / 10):g}"
