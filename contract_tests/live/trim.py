"""The short form of a large answer, and what tells the forms of answers apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from contract_tests.live.check import kind_of

LONG_LIST: Final = 10
KEPT_ITEMS: Final = 3
LONG_TEXT: Final = 300
KEPT_ENTRIES: Final = 5
_CUT: Final = " [...]"


def trimmed(value: Any) -> Any:
    """Return a copy in which long lists, texts and JSON inside of texts are short.

    A long list keeps the items that show the most forms; JSON in a text stays JSON.
    """
    if isinstance(value, dict):
        # The option that is the default stays among the options.
        default = value.get("default_key")
        return {
            key: _text(item, keep=default if key == "options" else None)
            if isinstance(item, str)
            else trimmed(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        items = value if len(value) <= LONG_LIST else _covering(value)
        return [trimmed(item) for item in items]
    return _text(value) if isinstance(value, str) else value


def form_of(body: Any) -> str:
    """Return the keys and types of an answer, and the word of its state, as a text to compare."""
    state = body.get("status") if isinstance(body, dict) else None
    return json.dumps([state if isinstance(state, str) else None, sorted(set(_traits(body)))])


def _traits(value: Any, place: str = "") -> Iterator[str]:
    """Each place of a value with its type; the items of a list share theirs."""
    yield f"{place}: {kind_of(value)}" + (" (empty)" if value in ([], {}) else "")
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _traits(item, f"{place}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _traits(item, f"{place}[]")


def _covering(items: list[Any]) -> list[Any]:
    """Return the few items that show the most traits, in their own order."""
    traits = [set(_traits(item)) for item in items]
    shown: set[str] = set()
    chosen: list[int] = []
    for _ in range(KEPT_ITEMS):
        left = (index for index in range(len(items)) if index not in chosen)
        best = max(left, key=lambda index: (len(traits[index] - shown), -index))
        chosen.append(best)
        shown |= traits[best]
    return [items[index] for index in sorted(chosen)]


def _text(text: str, keep: Any = None) -> str:
    if len(text) <= LONG_TEXT:
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text[:LONG_TEXT] + _CUT
    if isinstance(value, dict):
        names = [*list(value)[:KEPT_ENTRIES], *([keep] if keep in value else [])]
        value = {name: value[name] for name in value if name in names}
    elif not isinstance(value, list):
        return text[:LONG_TEXT] + _CUT
    return json.dumps(trimmed(value), ensure_ascii=False, separators=(",", ":"))
