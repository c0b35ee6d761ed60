"""The price of a job: exact arithmetic, no floats."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, frozen

from mvsep.catalog.catalog import Catalog
from mvsep.catalog.options import Resolved, resolve
from mvsep.catalog.sep_type import SepType
from mvsep.catalog.stems import Prediction
from mvsep.catalog.types import PriceRule
from mvsep.core import values
from mvsep.core.values import Number
from mvsep.errors import DurationUnknown, InvalidInput
from mvsep.files import duration
from mvsep.files.duration import Duration
from mvsep.files.sources import Source, is_link
from mvsep.pricing.formula import credits  # noqa: A004


@frozen
class Estimate:
    """What a job would cost, and what it would give; nobody was asked.

    Whether the account's plan allows the job and its balance covers it only the service knows:
    `MVSep.preflight` asks, and its `Preflight` has the estimate besides.

    Args:
        credits: The price, where it is known: what is taken of an account that pays with
            credits. Whether a job without credits is free depends on the plan; see `Preflight`.
        seconds: How long the mixture plays.
        how: Where the duration comes from.
        rules: The choices that changed the price, and by what factor.
        doubts: Why the price can't be relied on, in sentences.
        prediction: The stems to expect with these options.
        sep_type: The separation type.
        warnings: What could not be checked of the options, in sentences.
        captured: The day of the catalogue that has the price, YYYY-MM-DD; None where not known.
    """

    credits: int | None
    seconds: Fraction
    how: str
    rules: tuple[PriceRule, ...]
    doubts: tuple[str, ...]
    prediction: Prediction
    sep_type: SepType
    warnings: tuple[str, ...] = ()
    captured: str | None = None

    @property
    def sure(self) -> bool:
        """Whether the price can be relied on: the duration and the type's price are known."""
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
    sep_type: SepType | int | str,
    *,
    options: Mapping[str, object] | None = None,
    seconds: Number | None = None,
    catalog: Catalog | None = None,
    validate: bool = True,
) -> Estimate:
    """Estimate the price of a job from its duration and what is known of its type.

    Args:
        source: The mixture, whose header is read, or how many seconds it plays. Nothing is sent.
        sep_type: The separation type, by number or name.
        options: The type's options, by name or form field; some change the price.
        seconds: How long the mixture plays, where the file does not tell for sure. A header that
            does counts before it.
        catalog: What is known of the types; what came with this release if None.
        validate: False to take options that the catalogue does not know.

    Raises:
        DurationUnknown: When the duration can't be read and `seconds` is not given.
        InvalidInput: When the file, the options or `seconds` can't be used.
    """
    resolved = resolve(catalog or Catalog.bundled(), sep_type, options, validate=validate)
    return of(resolved, source, seconds)


def of(
    resolved: Resolved, source: Source | Number | None, seconds: Number | None = None
) -> Estimate:
    """Estimate the price of a job whose type and options are known already; see `estimate`."""
    length = _length(source, seconds)
    doubts = list(resolved.price_doubts)
    if not length.sure:
        doubts.append(f"How long it plays is not sure: {length.how}.")
    entry, rules = resolved.entry, resolved.price_rules
    coefficient = entry.price_coefficient if entry else None
    price = None
    if coefficient is not None:
        price = credits(length.seconds, coefficient, [rule.factor for rule in rules])
    return Estimate(
        price,
        length.seconds,
        length.how,
        rules,
        tuple(doubts),
        resolved.prediction,
        resolved.sep_type,
        resolved.warnings,
        resolved.catalog.captured,
    )


def _length(source: Source | Number | None, seconds: Number | None) -> Duration:
    if isinstance(source, int | float | Decimal | Fraction):
        if seconds is not None:
            raise InvalidInput("How long it plays is said twice: in its place, and by seconds=.")
        source, seconds = None, source
    given = None if seconds is None else Duration(values.length(seconds), "given", sure=True)
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
            next_step="Pass seconds= to get a price.",
            param="seconds",
        )
    return duration.measure(source)
