"""Which separation type is best for a stem, by the figures that the service publishes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, overload

from attrs import field, frozen

from mvsep.catalog.search import gives, same_stem
from mvsep.core.text import head, hits, letters, words

if TYPE_CHECKING:
    from mvsep.catalog.types import SeparationType


# "SDR vocals: 10.42", "SDR Vocals 10.44", "SDR: 9.30", "SDR 8.62", "Fullness: 20.46"
_IN_LABEL: Final = re.compile(
    r"\b(?:(sdr)(?: ?([a-z][a-z /-]{0,30}?))?(?: ?: ?| )(-?\d+\.\d+)"
    r"|(fullness|bleedless)(?: ?([a-z][a-z /-]{0,30}?))? ?: ?(-?\d+(?:\.\d+)?))",
    re.IGNORECASE,
)
_LONGEST_LABEL: Final = 200
# "Metric sdr for vocals: 8.3232"
_IN_METRICS: Final = re.compile(
    r"^\s*metric (\w{1,40}) for ([\w -]{1,40}): *(-?\d+(?:\.\d+)?)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_NO_VALUE: Final = (0.0, -1000.0)  # what the service writes where a rating is missing
# What a two-stem model leaves over; a figure that names no stem is about the other one.
_REST: Final = frozenset(map(same_stem, ("other", "instrumental", "music", "noise")))


@frozen
class Ranked:
    """One separation type's best figure for a stem.

    Args:
        name: What was rated: the type's name, or the algorithm's in the leaderboard.
        entry: The separation type; None where the leaderboard names none of the catalogue's.
        options: What to send to get it, for `options=`; empty for a leaderboard's entry.
        label: The label or the algorithm that has the figure.
        metric: What was measured, such as "sdr".
        value: The figure; of SDR in decibels.
        source: "label" or "leaderboard".
    """

    name: str
    entry: SeparationType | None
    options: Mapping[str, str] = field(hash=False)
    label: str
    metric: str
    value: float
    source: str


@frozen
class Ranking:
    """Figures for a stem, best first. It is iterated, counted and indexed like a tuple.

    Args:
        rows: Each type's or algorithm's best figure.
        unplaced: Figures that may be about the stem: of types that give it or are named after it,
            with labels that do not say which of their stems was measured. They can't be compared
            with the rows; each type once, the highest first.
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
        if entry.is_active is False or entry.removed is not None:
            continue
        figures = [
            (about, row) for about, row in _figures(entry) if row.metric == metric.casefold()
        ]
        sure = [row for about, row in figures if about == wanted]
        open_figures = [row for about, row in figures if about is None]
        if sure:
            rows.append(max(sure, key=lambda row: row.value))
        elif open_figures and (gives(entry, stem) or wanted in map(same_stem, words(entry.name))):
            unplaced.append(max(open_figures, key=lambda row: row.value))
    return Ranking(_best_first(rows), _best_first(unplaced))


def _best_first(rows: Iterable[Ranked]) -> tuple[Ranked, ...]:
    return tuple(sorted(rows, key=lambda row: -row.value))


def _figures(entry: SeparationType) -> Iterator[tuple[str | None, Ranked]]:
    """The figures of a type's labels, each with the stem it is about, or None."""
    for option in entry.fields:
        for key, label in option.choices.items():
            for found in _IN_LABEL.finditer(" ".join(label[:_LONGEST_LABEL].split())):
                metric, named, value = found.groups()[:3] if found[1] else found.groups()[3:]
                about = same_stem(named) if named else _unnamed(entry, label[: found.start()])
                options = {option.key: key}
                yield (
                    about,
                    Ranked(
                        entry.name, entry, options, label, metric.casefold(), float(value), "label"
                    ),
                )


def _unnamed(entry: SeparationType, before: str) -> str | None:
    """The stem that a figure without a name is about, where the type leaves no doubt."""
    names = entry.stems if len(entry.stems) == 2 else entry.outputs
    stems = [same_stem(name) for name in names]
    wanted = [stem for stem in stems if stem not in _REST]
    if len(stems) != 2 or len(wanted) != 1:
        return None
    rest = next(stem for stem in stems if stem in _REST)
    words = [same_stem(word) for word in re.findall(r"[^\W\d_]+", before)]
    return rest if rest in words else wanted[0]


def by_leaderboard(
    types: Iterable[SeparationType], answer: object, stem: str, metric: str
) -> tuple[Ranked, ...]:
    """Rank the entries of a leaderboard's answer, best first; each algorithm once."""
    known = [(entry.name, entry) for entry in types]
    wanted, best = same_stem(stem), dict[str, Ranked]()
    for row in _rows(answer):
        name = row.get("algo_name")
        value = _value(row, wanted, metric.casefold())
        if not isinstance(name, str) or value is None:
            continue
        if name not in best or best[name].value < value:
            heads = ((head(each), entry) for each, entry in known)
            same = hits(name, known, heads, same=letters)
            entry = same[0] if len(same) == 1 else None
            best[name] = Ranked(name, entry, {}, name, metric.casefold(), value, "leaderboard")
    return _best_first(best.values())


def _rows(answer: object) -> Iterator[Mapping[str, Any]]:
    plain = answer.to_dict() if hasattr(answer, "to_dict") else answer
    if isinstance(plain, Mapping):
        plain = plain.get("data")
    if not isinstance(plain, Iterable) or isinstance(plain, str | bytes):
        return
    for row in plain:
        row = row.to_dict() if hasattr(row, "to_dict") else row
        if isinstance(row, Mapping):
            yield row


def _value(row: Mapping[str, Any], wanted: str, metric: str) -> float | None:
    metrics = row.get("metrics")
    for found in _IN_METRICS.finditer(metrics if isinstance(metrics, str) else ""):
        if found[1].casefold() == metric and same_stem(found[2]) == wanted:
            return float(found[3])
    for key, value in row.items():
        name, _, stem = key.rpartition(f"{metric}_")
        if name == "" and stem != key and same_stem(stem) == wanted:
            try:
                number = float(value)
            except (TypeError, ValueError, OverflowError):
                continue
            if math.isfinite(number) and number not in _NO_VALUE:
                return number
    return None
