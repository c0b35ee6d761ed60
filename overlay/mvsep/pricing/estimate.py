"""The price of a job: exact arithmetic, no floats."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, frozen

from mvsep.catalog.catalog import Catalog
from mvsep.catalog.fields import PriceRule
from mvsep.catalog.options import Resolved, resolve
from mvsep.catalog.sep_type import SepType
from mvsep.catalog.stems import Prediction
from mvsep.core import values
from mvsep.core.values import SURE, Doubts, Number
from mvsep.errors import DurationUnknown, InvalidInput
from mvsep.files.duration import Duration
from mvsep.files.sources import Source, is_link, measure
from mvsep.pricing.formula import credits  # noqa: A004


@frozen
class Estimate:
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
    """

    credits: int | None
    seconds: Fraction
    how: str
    rules: tuple[PriceRule, ...]
    doubts: Doubts
    prediction: Prediction
    sep_type: SepType
    warnings: Doubts = SURE
    captured: str | None = None

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
    sep_type: SepType | int | str,
    *,
    options: Mapping[str, object] | None = None,
    seconds: Number | None = None,
    catalog: Catalog | None = None,
    validate: bool = True,
) -> Estimate:
    """Estimate the price of a job from its duration and what is known of its type.

    Args:
        source: The song, whose header is read, or its length in seconds. Nothing is sent.
        sep_type: The separation type, by number or name.
        options: The type's options, by name or form field; some change the price.
        seconds: The length of the song, for a file that does not tell it for sure. The header
            of a file that does counts before it.
        catalog: The types; those of this release if None.
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
    entry = resolved.entry
    price = None
    if entry and entry.price_coefficient is not None:
        price = credits(length.seconds, entry.price_coefficient, resolved.multipliers)
    return Estimate(
        price,
        length.seconds,
        length.how,
        resolved.price_rules,
        resolved.price_doubts | length.doubts,
        resolved.prediction,
        resolved.sep_type,
        resolved.warnings,
        resolved.catalog.captured,
    )


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
