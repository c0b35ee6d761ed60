"""The clocks and the chance that a client decides by; tests hand over their own."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from attrs import frozen


@frozen
class Timing:
    """What tells the time, and what keeps many clients from acting at the same moment.

    Args:
        clock: Seconds from any fixed moment, never running backwards.
        wall: Seconds since 1970.
        chance: A random number from 0 to 1; 1 is never reached.
    """

    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random
