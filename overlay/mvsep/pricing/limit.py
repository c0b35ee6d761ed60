"""The caller's own limit of what jobs may cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mvsep.core.values import exact
from mvsep.errors import DurationUnknown, PriceUnknown, TooExpensive
from mvsep.pricing.preflight import JobQuote

_ALLOWED: Final = "Nothing was sent. allow_unknown_price=True submits it all the same."
_MENDED: Final = (
    "Nothing was sent. Where the length is not sure, seconds= makes it so; "
    "allow_unknown_price=True submits it all the same."
)


def within(limit: object, wanted: JobQuote, *, allow_unknown: bool) -> None:
    """Hold a job to a spending limit, without asking the service.

    Args:
        limit: The most credits.
        wanted: The job.
        allow_unknown: True to let a price through that is not sure. A price that is known and
            above the limit never passes.

    Raises:
        InvalidInput: When the limit is no number.
        PriceUnknown: When the price is not sure.
        TooExpensive: When it is above the limit.
    """
    most = exact(limit, "max_credits")  # type: ignore[arg-type]
    estimate = wanted.estimate
    if isinstance(estimate, DurationUnknown):
        if allow_unknown:
            return
        raise PriceUnknown(
            f"A limit of {limit} credits needs a known price. {estimate.message}",
            param="max_credits",
            next_step=_MENDED,
        ) from estimate
    if estimate.credits is not None and estimate.credits > most:
        raise TooExpensive(
            f"It costs {estimate.price}, and the limit is {limit}.",
            param="max_credits",
            next_step="Nothing was sent. Raise the limit, or choose a cheaper type or cheaper "
            "options.",
        )
    if estimate.doubts and not allow_unknown:
        raise PriceUnknown(
            f"A limit of {limit} credits needs a price that is sure. {estimate.doubts.text}",
            param="max_credits",
            next_step=_MENDED if estimate.credits is not None else _ALLOWED,
        )


def together(limit: object, songs: Iterable[tuple[str, JobQuote]], *, allow_unknown: bool) -> None:
    """Hold several jobs to one spending limit, without asking the service.

    Args:
        limit: The most credits for all.
        songs: The name and the job of each song.
        allow_unknown: As for `within`; an unknown price counts nothing.

    Raises:
        InvalidInput: When the limit is no number.
        PriceUnknown: When a price is not sure.
        TooExpensive: When they come to more than the limit.
    """
    prices = []
    for name, wanted in songs:
        try:
            within(limit, wanted, allow_unknown=allow_unknown)
        except (PriceUnknown, TooExpensive) as error:
            error.message = f"{name}: {error.message}"
            raise
        if not isinstance(wanted.estimate, DurationUnknown):
            prices.append(wanted.estimate.credits or 0)
    if sum(prices) > exact(limit, "max_credits"):  # type: ignore[arg-type]
        raise TooExpensive(
            f"The {len(prices)} songs cost {sum(prices)} credits together, and the limit is "
            f"{limit}.",
            param="max_credits",
            next_step="Nothing was sent. Raise the limit, or choose fewer songs or a cheaper type.",
        )
