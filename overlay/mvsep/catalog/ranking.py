"""Ranking of separation types for a stem, by the figures in the service's labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, overload

from attrs import field, frozen

from mvsep.catalog.search import gives, same_stem
from mvsep.catalog.types import SeparationType
from mvsep.core.objects import Brief
from mvsep.core.text import words

# "SDR vocals: 10.42", "SDR Vocals 10.44", "SDR: 9.30", "SDR 8.62", "Fullness: 20.46"
_IN_LABEL: Final = re.compile(
    r"\b(?:(sdr)(?: ?([a-z][a-z /-]{0,30}?))?(?: ?: ?| )(-?\d+\.\d+)"
    r"|(fullness|bleedless)(?: ?([a-z][a-z /-]{0,30}?))? ?: ?(-?\d+(?:\.\d+)?))",
    re.IGNORECASE,
)
_LONGEST_LABEL: Final = 200
# The rest that a two-stem model leaves; a figure that names no stem is about the other one.
_REST: Final = frozenset(map(same_stem, ("other", "instrumental", "music", "noise")))


@frozen(repr=False)
class Ranked(Brief):
    """One separation type's best figure for a stem.

    Args:
        entry: The separation type.
        options: The options to send for it, for `options=`.
        label: The label that has the figure.
        metric: The measure, such as "sdr".
        value: The figure; of SDR in decibels.
    """

    entry: SeparationType
    options: Mapping[str, str] = field(hash=False)
    label: str
    metric: str
    value: float

    @property
    def name(self) -> str:
        """The separation type's name."""
        return self.entry.name


@frozen(repr=False)
class Ranking(Brief):
    """Figures for a stem, best first. It is iterated, counted and indexed like a tuple.

    Args:
        rows: Each type's best figure.
        unplaced: Figures that may be about the stem: the type gives the stem or is named after
            it, but the label does not say which stem was measured. They can't be compared with
            the rows. Each type is there once, the highest figure first.
    """

    rows: tuple[Ranked, ...]
    unplaced: tuple[Ranked, ...] = ()

    def __iter__(self) -> Iterator[Ranked]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Ranked: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Ranked, ...]: ...
    def __getitem__(self, place: int | slice) -> Ranked | tuple[Ranked, ...]:
        return self.rows[place]


def by_labels(types: Iterable[SeparationType], stem: str, metric: str) -> Ranking:
    """Rank types by the figures in their choices' labels, best first; each type once."""
    wanted, rows, unplaced = same_stem(stem), [], []
    for entry in types:
        if entry.is_offered is False:
            continue
        figures = list(_figures(entry, metric))
        sure = [row for about, row in figures if about == wanted]
        open_figures = [row for about, row in figures if about is None]
        if sure:
            rows.append(max(sure, key=lambda row: row.value))
        elif open_figures and (gives(entry, stem) or wanted in map(same_stem, words(entry.name))):
            unplaced.append(max(open_figures, key=lambda row: row.value))
    return Ranking(_best_first(rows), _best_first(unplaced))


def figures_for(types: Iterable[SeparationType], stem: str, metric: str) -> list[Ranked]:
    """List all figures for a stem, also of types that are not offered."""
    wanted = same_stem(stem)
    return [row for entry in types for about, row in _figures(entry, metric) if about == wanted]


def _best_first(rows: Iterable[Ranked]) -> tuple[Ranked, ...]:
    return tuple(sorted(rows, key=lambda row: -row.value))


def _figures(entry: SeparationType, wanted: str) -> Iterator[tuple[str | None, Ranked]]:
    """Give a type's figures of a metric, each with the stem it is about, or None."""
    for option in entry.fields:
        for key, label in option.choices.items():
            for found in _IN_LABEL.finditer(" ".join(label[:_LONGEST_LABEL].split())):
                metric, named, value = found.groups()[:3] if found[1] else found.groups()[3:]
                if metric.casefold() != wanted.casefold():
                    continue
                about = same_stem(named) if named else _unnamed(entry, label[: found.start()])
                options = {option.key: key}
                yield about, Ranked(entry, options, label, metric.casefold(), float(value))


def _unnamed(entry: SeparationType, before: str) -> str | None:
    """Find the stem of a figure that names none, where the type leaves no doubt."""
    names = entry.stems if len(entry.stems) == 2 else entry.outputs
    stems = [same_stem(name) for name in names]
    wanted = [stem for stem in stems if stem not in _REST]
    if len(stems) != 2 or len(wanted) != 1:
        return None
    rest = next(stem for stem in stems if stem in _REST)
    words = [same_stem(word) for word in re.findall(r"[^\W\d_]+", before)]
    return rest if rest in words else wanted[0]
