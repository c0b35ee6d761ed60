"""Gaps in a row of times at which pieces of audio begin."""

from __future__ import annotations

from collections import Counter


def missing(steps: Counter[int]) -> int:
    """Sum up what steps from one piece to the next have beyond the usual one."""
    # Half of the time passes in steps no longer than the usual one, as some codecs have short ones
    # too. A gap is rare.
    often = sorted(step for step, n in steps.items() if step > 0 and 50 * n > steps.total())
    left, usual = sum(step * steps[step] for step in often) / 2, 0
    for usual in often:
        left -= usual * steps[usual]
        if left <= 0:
            break
    return sum((step - usual) * n for step, n in steps.items() if 2 * step > 3 * usual)
