"""Search of separation types by words, and their orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Final, Literal, overload

from attrs import field, frozen

from mvsep.catalog.types import SeparationType
from mvsep.core.objects import Brief
from mvsep.core.text import head, letters, words
from mvsep.core.values import digits
from mvsep.errors import InvalidInput

SortKey = Literal["number", "name", "group", "price", "rating", "usage", "order"]

_MOST_WORDS: Final = 8
_MOST_MENDED: Final = 3
_LONGEST_WORD: Final = 40
_LIKE: Final = 0.7
# The weight of a word by its place: in the name, the stems, the group, a choice.
_NAME, _STEM, _GROUP, _CHOICE = 8.0, 5.0, 3.0, 1.0
_START, _INSIDE = 0.6, 0.3
_SAME_STEM: Final = {
    "instrum": "instrumental",
    "instrument": "instrumental",
    "accompaniment": "instrumental",
    "avg": "average",
    "hh": "hihat",
}


@frozen(repr=False)
class Found(Brief):
    """Separation types that a search found, best first; iterated, counted and indexed as a tuple.

    Args:
        types: The separation types.
        did_you_mean: The words that were searched for instead, where one as typed is found
            nowhere; None where all are.
    """

    types: tuple[SeparationType, ...]
    did_you_mean: str | None = None

    def __iter__(self) -> Iterator[SeparationType]:
        return iter(self.types)

    def __len__(self) -> int:
        return len(self.types)

    @overload
    def __getitem__(self, place: int) -> SeparationType: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[SeparationType, ...]: ...
    def __getitem__(self, place: int | slice) -> SeparationType | tuple[SeparationType, ...]:
        return self.types[place]


@frozen
class _Indexed:
    entry: SeparationType
    joined: str
    heads: frozenset[str]
    weights: Mapping[str, float] = field(hash=False)
    # Between spaces. They are most of all words, and few searches need them: no table of them.
    choices: str

    def weight(self, word: str) -> float:
        """Weigh a word; 0 where it does not occur."""
        if known := self.weights.get(word):
            return known
        if f" {word} " in self.choices:
            return _CHOICE
        starts = [weight for each, weight in self.weights.items() if each.startswith(word)]
        if starts:
            return _START * max(starts)
        if f" {word}" in self.choices:
            return _START * _CHOICE
        return _INSIDE * _NAME if len(word) > 2 and word in self.joined else 0.0


class Index:
    """The words of a catalogue's separation types."""

    def __init__(self, types: Iterable[SeparationType]) -> None:
        self._types = tuple(types)

    def find(self, text: str) -> Found:
        """Find the types in which all words of a text occur, typing errors forgiven."""
        typed = words(text[: 4 * _MOST_WORDS * _LONGEST_WORD])[:_MOST_WORDS]
        if len(typed) == 1:
            number = digits(typed[0])
            if same := tuple(entry for entry in self._types if entry.sep_type == number):
                return Found(same)
        mended = self._mended(typed)
        # A wrong guess finds nothing; the words that needed none may find more.
        rest = [word for word, meant in zip(typed, mended, strict=False) if word == meant]
        for meant in (mended, rest):
            if meant and (types := self._with(meant)):
                return Found(types, " ".join(meant) if meant != typed else None)
        return Found(())

    def _with(self, meant: list[str]) -> tuple[SeparationType, ...]:
        """Find the types in which all of these words occur, best first."""
        found: list[tuple[tuple[bool, float, bool, int, int], SeparationType]] = []
        for item in self._items:
            weights = [item.weight(word) for word in meant]
            if all(weights):
                entry = item.entry
                other = item.heads.isdisjoint({"".join(meant), "".join(sorted(meant))})
                rank = (
                    other,
                    -sum(weights),
                    entry.is_offered is False,
                    -(entry.usage or 0),
                    len(found),
                )
                found.append((rank, entry))
        return tuple(entry for _, entry in sorted(found, key=lambda one: one[0]))

    def _mended(self, typed: list[str]) -> list[str]:
        mended, lost = [], 0
        for word in typed:
            weight = max((item.weight(word) for item in self._items), default=0.0)
            if weight < _CHOICE:  # nowhere, or only within a word of a choice
                lost += 1
                like = get_close_matches(word[:_LONGEST_WORD], self._near(word), 1, _LIKE)
                if lost > _MOST_MENDED or not (like or weight):
                    return []
                mended.append(like[0] if like else word)
            else:
                mended.append(word)
        return mended

    def _near(self, word: str) -> list[str]:
        size = len(word)
        return [each for each in self._vocabulary if abs(len(each) - size) <= max(2, size // 3)]

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(word for item in self._items for word in item.weights if len(word) > 2)
        )

    @cached_property
    def _items(self) -> tuple[_Indexed, ...]:
        return tuple(map(_indexed, self._types))


def _indexed(entry: SeparationType) -> _Indexed:
    weights: dict[str, float] = {}
    for weight, texts in (  # the best place of a word comes last, and counts
        (_GROUP, (entry.group or "",)),
        (_STEM, (*entry.outputs, *entry.output_labels, *entry.stems)),
        (_NAME, (entry.name, entry.sep_type.name if entry.sep_type.known else "")),
    ):
        weights |= dict.fromkeys(words("\n".join(texts)), weight)
    labels = "\n".join(label for each in entry.fields for label in each.choices.values())
    short = words(head(entry.name))
    heads = frozenset({"".join(short), "".join(sorted(short))})
    return _Indexed(entry, letters(entry.name), heads, weights, f" {' '.join(words(labels))} ")


def same_stem(name: str) -> str:
    """Reduce a stem's name to what is compared: vocal is vocals, instrum is Instrumental."""
    single = (word if word.endswith("ss") else word.removesuffix("s") for word in words(name))
    return "".join(_SAME_STEM.get(word, word) for word in single)


def gives(entry: SeparationType, stem: str) -> bool:
    """Tell if a type gives a stem with its default options, by its outputs or by its name."""
    names = (*entry.outputs, *entry.output_labels, *entry.stems)
    return same_stem(stem) in map(same_stem, names)


_SORTS: Final[Mapping[str, Callable[[SeparationType], Any]]] = {
    "number": lambda entry: int(entry.sep_type),
    "name": lambda entry: entry.name.casefold(),
    "group": lambda entry: entry.group and entry.group.casefold(),
    "price": lambda entry: entry.price_coefficient,
    "rating": lambda entry: entry.rating and -entry.rating,
    "usage": lambda entry: None if entry.usage is None else -entry.usage,
    "order": lambda entry: entry.order,
}


def ordered(types: Iterable[SeparationType], by: SortKey) -> tuple[SeparationType, ...]:
    """Sort separation types; those whose value is not known come last."""
    if by not in _SORTS:
        raise InvalidInput(
            f"There is no order by {by!r:.40}.",
            param="by",
            next_step=f"Use one of {', '.join(_SORTS)}.",
        )
    key = _SORTS[by]
    pairs = [(key(entry), entry) for entry in types]
    known = sorted((pair for pair in pairs if pair[0] is not None), key=lambda pair: pair[0])
    return tuple(entry for _, entry in [*known, *(pair for pair in pairs if pair[0] is None)])
