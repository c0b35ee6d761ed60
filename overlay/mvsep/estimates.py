"""What a job would cost, before anything is uploaded."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from mvsep import durations, pricing
from mvsep.catalog import Catalog
from mvsep.errors import DurationUnknown
from mvsep.options import resolve
from mvsep.pricing import Number
from mvsep.sep_types import SepType
from mvsep.transfer import Source, is_link


@frozen
class Estimate:
    """What a job would cost, and what it would give.

    Args:
        credits: The price, where it is known.
        seconds: How long the mixture plays.
        how: Where the duration comes from.
        sure: Whether the price can be relied on: the duration and the type's price are known.
        stems: The labels to expect with these options; empty where unknown.
        sep_type: The separation type.
    """

    credits: int | None
    seconds: Fraction
    how: str
    sure: bool
    stems: tuple[str, ...]
    sep_type: SepType

    def __str__(self) -> str:
        if self.credits is None:
            price = "price unknown"
        else:
            price = f"{self.credits} credit{'' if self.credits == 1 else 's'}"
            price = price if self.sure else f"about {price}"
        if not self.stems:
            return price
        count = f"{len(self.stems)} stem{'' if len(self.stems) == 1 else 's'}"
        return f"{price}, {count}: {', '.join(self.stems)}"


def estimate(
    source: Source | None,
    sep_type: SepType | int | str,
    *,
    options: Mapping[str, object] | None = None,
    seconds: Number | None = None,
    catalog: Catalog | None = None,
    validate: bool = True,
) -> Estimate:
    """Estimate the price of a job from its duration and what is known of its type.

    Args:
        source: The mixture; its header is read, nothing is sent.
        sep_type: The separation type, by number or name.
        options: The type's options, by name or form field; some change the price.
        seconds: How long the mixture plays, when the file does not tell.
        catalog: What is known of the types; what came with this release if None.
        validate: False to take options that the catalogue does not know.

    Raises:
        DurationUnknown: When the duration can't be read and `seconds` is not given.
        InvalidInput: When the file or the options can't be used.
    """
    resolved = resolve(catalog or Catalog.bundled(), sep_type, options, validate=validate)
    if seconds is not None:
        length = durations.Duration(pricing.exact(seconds, "seconds"), "given", sure=True)
    elif source is None or is_link(source):
        raise DurationUnknown(
            "How long it plays can't be known before the service has it.",
            next_step="Pass seconds= to get a price.",
        )
    else:
        length = durations.measure(source)
    stems = resolved.prediction.labels
    coefficient = resolved.entry.price_coefficient if resolved.entry else None
    if coefficient is None:
        return Estimate(None, length.seconds, length.how, False, stems, resolved.sep_type)
    price = pricing.credits(length.seconds, coefficient, resolved.multipliers)
    return Estimate(price, length.seconds, length.how, length.sure, stems, resolved.sep_type)
