"""The price of a job, and the caller's own limit of it: exact arithmetic, no floats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from attrs import evolve, frozen

from mvsep.catalog.catalog import Catalog
from mvsep.catalog.fields import PriceRule
from mvsep.catalog.goals import Goal, choose
from mvsep.catalog.options import Resolved, resolve
from mvsep.catalog.sep_type import SepType
from mvsep.catalog.stems import Prediction
from mvsep.core import values
from mvsep.core.objects import Brief, Plain
from mvsep.core.values import SURE, Doubts, Number, exact
from mvsep.errors import DurationUnknown, InvalidInput, PriceUnknown, TooExpensive
from mvsep.files.duration import Duration
from mvsep.files.sources import Source, is_link, measure
from mvsep.pricing.formula import credits  # noqa: A004


@frozen(repr=False)
class Estimate(Plain):
    """The price and the stems of a job, told without asking the service.

    Only the service knows the account's plan and balance: `MVSep.preflight` asks, and its
    `Preflight` has the estimate besides.

    Args:
        credits: The price for an account that pays with credits; None where not known. Some
            plans have free jobs; see `Preflight`.
        seconds: The length of the song.
        how: The source of the duration.
        rules: The choices that changed the price, with their factors.
        doubts: Reasons why the price can't be relied on, in sentences.
        prediction: The stems to expect with these options.
        sep_type: The separation type.
        warnings: Doubts about the options, in sentences.
        captured: The day of the catalogue that has the price, YYYY-MM-DD; None where not known.
        most: The highest price that the job can have; None where nothing bounds it.
    """

    _keys = "credits most sure price seconds how sep_type stems rules doubts warnings captured"

    credits: int | None
    seconds: Fraction
    how: str
    rules: tuple[PriceRule, ...]
    doubts: Doubts
    prediction: Prediction
    sep_type: SepType
    warnings: Doubts = SURE
    captured: str | None = None
    most: int | None = None

    @property
    def sure(self) -> bool:
        """True where the duration and the type's price are known."""
        return not self.doubts

    @property
    def stems(self) -> tuple[str, ...]:
        """The labels to expect; empty where unknown."""
        return self.prediction.labels

    def __str__(self) -> str:
        price = self.price
        if not self.stems:
            return price
        count = f"{len(self.stems)} stem{'' if len(self.stems) == 1 else 's'}"
        return f"{price}, {count}: {', '.join(self.stems)}"

    @property
    def price(self) -> str:
        """The price in words, such as "about 4 credits"."""
        if self.credits is None:
            return "price unknown"
        price = f"{self.credits} credit{'' if self.credits == 1 else 's'}"
        return price if self.sure else f"about {price}"


def estimate(
    source: Source | Number | None,
    sep_type: SepType | int | str | None = None,
    *,
    best_for: str | Goal | None = None,
    options: Mapping[str, object] | None = None,
    seconds: Number | None = None,
    catalog: Catalog | None = None,
    validate: bool = True,
) -> Estimate:
    """Estimate the price of a job from its duration and what is known of its type.

    Args:
        source: The song, whose header is read, or its length in seconds. Nothing is sent.
        sep_type: The separation type, by number or name; or give a goal.
        best_for: A goal such as "vocals"; see `Catalog.goal`.
        options: The type's options, by name or form field; some change the price.
        seconds: The length of the song, for a file that does not tell it for sure. The header
            of a file that does counts before it.
        catalog: The types; those of this release if None.
        validate: False to take options that the catalogue does not know.

    Raises:
        DurationUnknown: When the duration can't be read and `seconds` is not given.
        InvalidInput: When the file, the options or `seconds` can't be used.
    """
    catalog = catalog or Catalog.bundled()
    if sep_type is None or best_for is not None:
        goal = choose(catalog, sep_type, best_for, options)
        sep_type, options = goal.sep_type, goal.options
    resolved = resolve(catalog, sep_type, options, validate=validate)
    return estimate_resolved(resolved, source, seconds)


def estimate_resolved(
    resolved: Resolved, source: Source | Number | None, seconds: Number | None = None
) -> Estimate:
    """Estimate the price of a job whose type and options are known already; see `estimate`."""
    length = _length(source, seconds)
    price = _price(resolved, length.seconds)
    most = _price(resolved, length.most)
    doubts = resolved.price_doubts | length.doubts
    if length.sure and _price(resolved, length.least) != most:
        doubts |= [_AT_AN_EDGE]
    return Estimate(
        price,
        length.seconds,
        length.how,
        resolved.price_rules,
        doubts,
        resolved.prediction,
        resolved.sep_type,
        resolved.warnings,
        resolved.catalog.captured,
        None if resolved.price_doubts else most,
    )


_AT_AN_EDGE: Final = (
    "The length is so near to the next credit that readers of this kind of file differ."
)


def _price(resolved: Resolved, seconds: Fraction | None) -> int | None:
    entry = resolved.entry
    if seconds is None or entry is None or entry.price_coefficient is None:
        return None
    return credits(seconds, entry.price_coefficient, resolved.multipliers)


def _length(source: Source | Number | None, seconds: Number | None) -> Duration:
    if isinstance(source, int | float | Decimal | Fraction):
        if seconds is not None:
            raise InvalidInput(
                "The length is given twice, as source and as seconds=.", param="seconds"
            )
        source, seconds = None, source
    given = None if seconds is None else Duration(values.length(seconds), "given")
    try:
        found = _measured(source)
    except DurationUnknown:
        if given is None:
            raise
        return given
    if given is None:
        return found
    if not found.sure:
        return given
    if found.seconds == given.seconds:
        return found
    # What is charged for is the file.
    return evolve(found, how=f"{found.how}, and not the {float(given.seconds):g} s given")


def _measured(source: Source | None) -> Duration:
    if source is None or is_link(source):
        raise DurationUnknown(
            "How long it plays can't be known before the service has it.",
            param="seconds",
            next_step="Pass seconds= to get a price.",
        )
    return measure(source)


_ALLOWED: Final = "Nothing was sent. allow_unknown_price=True submits it all the same."
_MENDED: Final = (
    "Nothing was sent. Where the length is not sure, seconds= makes it so; "
    "allow_unknown_price=True submits it all the same."
)


@frozen(repr=False)
class JobQuote(Brief):
    """A job, its price or the reason why it is not known, and the bytes to upload, if any."""

    resolved: Resolved
    estimate: Estimate | DurationUnknown
    size: int | None
    output_format: int | None


def check_limit(limit: object, wanted: JobQuote, *, allow_unknown: bool) -> None:
    """Hold a job to a spending limit, without asking the service.

    A price that is known and above the limit never passes. One that is not sure passes with
    `allow_unknown`, or where the highest that it can be is within the limit.
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
    bounded = estimate.most is not None and estimate.most <= most
    if estimate.doubts and not allow_unknown and not bounded:
        highest = "" if estimate.most is None else f" It costs {estimate.most} credits at most."
        raise PriceUnknown(
            f"A limit of {limit} credits needs a price that is sure. "
            f"{estimate.doubts.text}{highest}",
            param="max_credits",
            next_step=_MENDED if estimate.credits is not None else _ALLOWED,
        )


def check_limit_of_all(
    limit: object, songs: Iterable[tuple[str, JobQuote]], *, allow_unknown: bool
) -> None:
    """Hold several jobs, each with its song's name, to one spending limit.

    With `allow_unknown` an unknown price counts nothing.
    """
    prices = []
    for name, wanted in songs:
        try:
            check_limit(limit, wanted, allow_unknown=allow_unknown)
        except (PriceUnknown, TooExpensive) as error:
            error.message = f"{name}: {error.message}"
            raise
        if not isinstance(wanted.estimate, DurationUnknown):
            prices.append(wanted.estimate.most or wanted.estimate.credits or 0)
    if sum(prices) > exact(limit, "max_credits"):  # type: ignore[arg-type]
        raise TooExpensive(
            f"The {len(prices)} songs cost {sum(prices)} credits together, and the limit is "
            f"{limit}.",
            param="max_credits",
            next_step="Nothing was sent. Raise the limit, or choose fewer songs or a cheaper type.",
        )
