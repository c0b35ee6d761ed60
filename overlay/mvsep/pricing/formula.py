"""The price formula of the service: exact arithmetic, no floats."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

from mvsep.core.values import Number, exact
from mvsep.errors import InvalidInput

MIRROR_CREDITS: Final = 1
"""Credits for reading a result through another mirror (`mirror=1`). Source: the API page."""


def credits(seconds: Number, coefficient: Number = 1, multipliers: Iterable[Number] = ()) -> int:
    """Return the credits of a job: max(1, floor(seconds * coefficient * multipliers / 60)).

    Source: the service's API page, `floor(<seconds> * price_coefficient / 60)?:1`. Measured: 119 s
    cost 1 and 121 s cost 2. The service's examples: 6:20 costs 25 at coefficient 4 and 6 at 1.
    That an option's multiplier is applied before rounding is inferred, not documented.

    Args:
        seconds: The length of the song in seconds. Zero gives 1, as the formula says; this does
            not check that the service refuses an empty file.
        coefficient: The separation type's `price_coefficient`.
        multipliers: The `price_rules` of the options chosen; none means no change.

    Raises:
        InvalidInput: When one of them is negative, not finite, or no number (a boolean is none).
    """
    if isinstance(multipliers, str | bytes | Mapping) or not isinstance(multipliers, Iterable):
        raise InvalidInput(
            f"The multipliers are a list of numbers, not {multipliers!r:.80}.", param="multipliers"
        )
    price = exact(seconds, "seconds") * exact(coefficient, "coefficient")
    for multiplier in multipliers:
        price *= exact(multiplier, "multiplier")
    return max(1, math.floor(price / 60))
