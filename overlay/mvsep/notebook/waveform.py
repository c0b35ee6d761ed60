"""The loudness of a WAV file along its time, from a bounded number of its samples."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Final

from mvsep.errors import DurationUnknown
from mvsep.files.containers.bounded import BoundedFile, TooMuchToRead
from mvsep.files.containers.wav import Samples, samples_of

# Bytes that are read for a column, at most.
_A_COLUMN: Final = 4096
_FLOATS: Final = {4: "f", 8: "d"}


def peaks(path: Path, columns: int) -> list[float]:
    """Return the largest sample of the beginning of each column, from 0 to 1.

    A file that is no WAV file of plain samples, or can't be read, has none. Whatever its length, no
    more than `columns` times 4 kB are read besides the header.
    """
    try:
        with path.open("rb") as raw:
            file = BoundedFile(raw)
            samples = samples_of(file)
            if samples is None:
                return []
            frames = samples.size // samples.frame_bytes
            columns = min(columns, frames)
            starts = (
                samples.start + frames * each // columns * samples.frame_bytes
                for each in range(columns)
            )
            size = min(_A_COLUMN, frames // columns * samples.frame_bytes) if columns else 0
            return [_peak(file.at(start, size), samples) for start in starts]
    except (OSError, ValueError, DurationUnknown, TooMuchToRead, struct.error):
        return []


def _peak(content: bytes, samples: Samples) -> float:
    width = samples.width
    content = content[: len(content) // width * width]
    if not content:
        return 0.0
    if samples.is_float:
        values = struct.unpack(f"<{len(content) // width}{_FLOATS[width]}", content)
        return max(min(abs(each), 1.0) if math.isfinite(each) else 0.0 for each in values)
    # The highest byte tells enough for a picture: one of 256 steps.
    highest = content[width - 1 :: width]
    middle = 128 if width == 1 else 0  # samples of one byte have no sign
    return max(abs((each - middle + 128) % 256 - 128) for each in highest) / 128
