"""How a name that a person typed is compared with the service's: forgiving, never by its start."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Final, TypeVar

_T = TypeVar("_T")
_LONGEST_COMPARED: Final = 100
_WORDS: Final = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """A text's runs of letters and digits, in small letters."""
    return _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())


def letters(text: str) -> str:
    """A text's letters and digits; case, spaces and punctuation do not count."""
    return "".join(words(text))


def spaceless(text: str) -> str:
    """A text without its spaces, in small letters. Punctuation counts: 87.5% is not 875."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def head(text: str) -> str:
    """A text without its last parenthesis, and what stands within that; else as it is."""
    end = text.rstrip()
    if not end.endswith(")"):
        return text
    if end.count(")") == 1:  # as nearly always
        return end[: max(end.rfind("("), 0)].rstrip() or text
    depth = 0
    for place in range(len(end) - 1, -1, -1):
        depth += (end[place] == ")") - (end[place] == "(")
        if not depth:
            return end[:place].rstrip() or text
    return text


def hits(
    wanted: str, *stages: Iterable[tuple[str, _T]], same: Callable[[str], str] = spaceless
) -> list[_T]:
    """What a text names: the items of the first stage in which any has that name.

    Args:
        wanted: The text.
        stages: Names and what they stand for.
        same: What makes two names equal. Where several are, the one written alike counts.
    """
    target = same(wanted)
    for stage in stages:
        found = [(name, item) for name, item in stage if target and same(name) == target]
        if len(found) > 1:
            found = [pair for pair in found if pair[0] == wanted] or found
        if found:
            return [item for n, (_, item) in enumerate(found) if item not in _items(found[:n])]
    return []


def close(wanted: str, names: Iterable[str], most: int = 5) -> list[str]:
    """The names that resemble a text: written nearly alike, or holding it."""
    known = {letters(name): name for name in names}
    target = letters(wanted)[:_LONGEST_COMPARED]
    similar = get_close_matches(target, known, n=most, cutoff=0.6)
    inside = [name for name in known if len(target) > 2 and target in name]
    return [known[name] for name in dict.fromkeys((*similar, *inside))][:most]


def _items(pairs: Iterable[tuple[str, _T]]) -> list[_T]:
    return [item for _, item in pairs]
