"""Answers with lists of which some row can't be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import compress
from operator import not_
from typing import Any, Final

from attrs import fields, has

from mvsep.core.rows import ReadableRows
from mvsep_api.errors import UnreadableAnswer

# Rows that are read one by one; the longest list known has 121.
_MOST_ROWS: Final = 10_000
# Characters beside the lists of an answer, which are read again with each row.
_MOST_BESIDE: Final = 10_000


def without_odd_rows(content: bytes, read: Callable[[bytes], Any]) -> Any:
    """Read an answer without the rows that can't be read; None where that does not help.

    Rows are those of the answer itself, where it is a list, else of the lists that stand directly
    in it. A list further in is part of a value, which is read whole or not at all.

    Args:
        content: The answer.
        read: Reads an answer; raises UnreadableAnswer where it can't.
    """
    beside, lists = _lists(content)

    def attempt(rows: dict[str, list[Any]]) -> Any:
        try:
            return read(json.dumps(rows[""] if beside is None else {**beside, **rows}).encode())
        except UnreadableAnswer:
            return None

    empty = dict[str, list[Any]]((name, []) for name in lists)
    kept, odd = dict(empty), dict(empty)
    for name, rows in lists.items():
        fits = [attempt({**empty, name: [row]}) is not None for row in rows]
        kept[name], odd[name] = list(compress(rows, fits)), list(compress(rows, map(not_, fits)))
    answer = attempt(kept) if any(kept.values()) else None
    if isinstance(answer, list):
        return ReadableRows(answer, odd[""])
    model: Any = type(answer)
    for field in fields(model) if has(model) else ():
        if left_out := odd.get(field.name):
            setattr(answer, field.name, ReadableRows(getattr(answer, field.name), left_out))
    return answer


def _lists(content: bytes) -> tuple[dict[str, Any] | None, dict[str, list[Any]]]:
    """Return what stands beside the lists of an answer, None where it is one, and its lists."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}, {}
    if isinstance(body, list):
        return (None, {"": body}) if len(body) <= _MOST_ROWS else ({}, {})
    body = body if isinstance(body, dict) else {}
    lists = {name: rows for name, rows in body.items() if isinstance(rows, list)}
    beside = {name: value for name, value in body.items() if name not in lists}
    if len(json.dumps(beside)) > _MOST_BESIDE or sum(map(len, lists.values())) > _MOST_ROWS:
        return {}, {}
    return beside, lists
