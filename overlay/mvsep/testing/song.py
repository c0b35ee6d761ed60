"""A short piece of music of our own, composed and rendered here: the sandbox's demo mixture.

Bass and lead stand in the middle, plucked chords to the sides, so that the sandbox's separation
(middle and side) is heard at once.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Iterator
from functools import cache

from mvsep.testing.audio import wav_header

RATE = 22_050
BEAT = 0.28  # seconds
_TABLE_SIZE = 1024

# Four bars of eight beats: A minor, F, C, G. MIDI note numbers.
_CHORDS = ((57, 60, 64), (53, 57, 60), (55, 60, 64), (55, 59, 62))
_ROOTS = (45, 41, 48, 43)
_LEAD = (  # (beat, length in beats, note)
    (0, 2, 76), (2, 1, 74), (3, 3, 72), (6, 2, 69),
    (8, 2, 72), (10, 1, 74), (11, 3, 77), (14, 2, 76),
    (16, 3, 79), (19, 1, 76), (20, 2, 72), (22, 2, 74),
    (24, 2, 74), (26, 1, 71), (27, 4, 74),
)  # fmt: skip
_PATTERN = (0, 1, 2, 1, 0, 2, 1, 2)


def _wave(harmonics: tuple[float, ...]) -> list[float]:
    return [
        sum(
            level * math.sin(2 * math.pi * (n + 1) * k / _TABLE_SIZE)
            for n, level in enumerate(harmonics)
        )
        for k in range(_TABLE_SIZE)
    ]


def _note(
    table: list[float], note: int, seconds: float, level: float, decay: float
) -> Iterator[float]:
    """Yield a note: a table read at its pitch, a short rise, an exponential fall, a release."""
    count = int(seconds * RATE)
    step = 440.0 * 2 ** ((note - 69) / 12) * _TABLE_SIZE / RATE
    fall = math.exp(-decay / RATE)
    rise, release = RATE // 100, RATE // 50
    phase = 0.0
    for n in range(count):
        edge = min(1.0, n / rise, (count - n) / release)
        yield table[int(phase) % _TABLE_SIZE] * level * edge
        phase += step
        level *= fall


def _mix(into: list[float], beat: float, notes: Iterator[float]) -> None:
    start = int(beat * BEAT * RATE)
    for n, value in enumerate(notes, start):
        into[n] += value


@cache
def render_song() -> bytes:
    """Render the demo song as WAV: ten seconds, stereo, 16 bit, 22.05 kHz, always the same."""
    frames = int((8 * len(_CHORDS) + 3) * BEAT * RATE)
    middle, left, right = [0.0] * frames, [0.0] * frames, [0.0] * frames
    bass = _wave((1.0, 0.35, 0.1))
    lead = _wave((1.0, 0.0, 0.3, 0.0, 0.12))
    pluck = _wave((1.0, 0.6, 0.4, 0.25, 0.15))
    for bar, (root, chord) in enumerate(zip(_ROOTS, _CHORDS, strict=True)):
        start = 8 * bar
        for beat in (0, 3, 4, 6):
            _mix(middle, start + beat, _note(bass, root, 2 * BEAT, 0.20, 2.0))
        for beat, tone in enumerate(_PATTERN):
            side = left if beat % 2 == 0 else right
            _mix(side, start + beat, _note(pluck, 12 + chord[tone], 3 * BEAT, 0.16, 6.0))
    for beat, length, note in _LEAD:
        _mix(middle, beat, _note(lead, note, length * BEAT, 0.22, 1.0))
    _mix(middle, 32, _note(lead, 69, 3 * BEAT, 0.22, 2.5))
    _mix(middle, 32, _note(bass, 45, 3 * BEAT, 0.22, 2.0))
    samples = array("h", bytes(4 * frames))
    samples[0::2] = array("h", [int(32_000 * (m + s)) for m, s in zip(middle, left, strict=True)])
    samples[1::2] = array("h", [int(32_000 * (m + s)) for m, s in zip(middle, right, strict=True)])
    if sys.byteorder == "big":
        samples.byteswap()
    return wav_header(2, 2, RATE, frames) + samples.tobytes()
