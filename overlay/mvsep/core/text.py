"""Forgiving comparison of typed names with the service's; the start of a name is not enough."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from typing import Final, TypeVar

_T = TypeVar("_T")
_LONGEST_COMPARED: Final = 100
#: The likeness of a name that is written nearly alike.
LIKE: Final = 0.6
_WORDS: Final = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Split a text into its runs of letters and digits, in small letters."""
    return _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())


def letters(text: str) -> str:
    """Reduce a text to letters and digits; case, spaces and punctuation do not count."""
    return "".join(words(text))


def spaceless(text: str) -> str:
    """Reduce a text to small letters without spaces. Punctuation counts: 87.5% is not 875."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def head(text: str) -> str:
    """Cut off a text's last parenthesis; a text without one stays as it is."""
    end = text.rstrip()
    if not end.endswith(")"):
        return text
    depth = 0
    for place in range(len(end) - 1, -1, -1):
        depth += (end[place] == ")") - (end[place] == "(")
        if not depth:
            return end[:place].rstrip() or text
    return text


def hits(
    wanted: str, *stages: Iterable[tuple[str, _T]], same: Callable[[str], str] = spaceless
) -> list[_T]:
    """Find the items of the first stage of (name, item) in which any has the wanted name.

    `same` reduces a name to what is compared. Of several equal names the one written alike counts.
    """
    target = same(wanted)
    for stage in stages:
        found = [(name, item) for name, item in stage if target and same(name) == target]
        if len(found) > 1:
            found = [pair for pair in found if pair[0] == wanted] or found
        items: list[_T] = []
        for _, item in found:
            if item not in items:
                items.append(item)
        if items:
            return items
    return []


def close(wanted: str, names: Iterable[str], most: int = 5) -> list[str]:
    """Find the names that resemble a text, best first: written nearly alike, or holding it."""
    known = {letters(name): name for name in names}
    scores = {name: likeness(wanted, name) for name in known.values()}
    found = [name for name in scores if scores[name]]
    return sorted(found, key=lambda name: -scores[name])[:most]  # of equals the first


def likeness(wanted: str, name: str) -> float:
    """Rate how much a name resembles a text, up to 1; 0 for `LIKE` and less unless it holds it."""
    target, other = letters(wanted[: 4 * _LONGEST_COMPARED])[:_LONGEST_COMPARED], letters(name)
    match = SequenceMatcher(None, other, target)
    if len(target) > 2 and target in other:
        return match.ratio()
    # The first two are quick, and never less than the third.
    tests = (match.real_quick_ratio, match.quick_ratio, match.ratio)
    return match.ratio() if all(test() > LIKE for test in tests) else 0.0
