"""The length of an audio file in time; `audio` reads it."""

from __future__ import annotations

from fractions import Fraction
from typing import BinaryIO

from attrs import field, frozen

from mvsep.core.objects import Brief
from mvsep.core.values import SURE, Doubts
from mvsep.errors import DurationUnknown


@frozen(repr=False)
class Duration(Brief):
    """The time a file plays.

    Args:
        seconds: The length in seconds.
        how: The source of the number, such as "WAV header".
        doubts: Reasons why it may be wrong, such as a file that is cut short.
        least: The shortest length that another reader may find, such as one that leaves out the
            silence that an encoder puts first.
        most: The longest length that the file can have; None where nothing bounds it.
    """

    seconds: Fraction
    how: str
    doubts: Doubts = SURE
    least: Fraction = field()
    most: Fraction | None = field()

    @least.default
    def _exactly(self) -> Fraction:
        return self.seconds

    @most.default
    def _exactly_if_sure(self) -> Fraction | None:
        return None if self.doubts else self.seconds

    @property
    def sure(self) -> bool:
        """True where the file itself gives the length and is as long as it says."""
        return not self.doubts


def unknown(why: str) -> DurationUnknown:
    """Make the error for a file whose length can't be told."""
    return DurationUnknown(
        f"How long the file plays can't be told: {why}.",
        param="seconds",
        next_step="Hand over the length as seconds=.",
    )


def read(file: BinaryIO, size: int) -> bytes:
    """Read as many bytes as asked for, or fewer at the end of the file."""
    body = b""
    while len(body) < size:
        more = file.read(size - len(body))
        if not isinstance(more, bytes):  # None of a file that would block, text of a text file
            raise unknown("the file does not hand over bytes")
        if not more:
            break
        body += more
    return body
