"""Tables in HTML; no text gets into a page as markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from mvsep.core.values import presentable


class Markup(str):
    """A text that is HTML already; every other one is escaped."""

    __slots__ = ()


def escaped(text: object) -> Markup:
    """Write a text of anybody's as HTML, on one line and without control characters."""
    return text if isinstance(text, Markup) else Markup(escape(presentable(str(text))))


def table_html(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[object]], notes: Iterable[str] = ()
) -> str:
    """Return a table in HTML.

    Args:
        title: The line above it.
        heads: The heads of the columns.
        rows: The cells of each row; what is not `Markup` is escaped.
        notes: Lines below it.
    """
    head = "".join(f"<th style='text-align:left'>{escaped(each)}</th>" for each in heads)
    lines = (
        "".join(f"<td style='text-align:left'>{escaped(cell)}</td>" for cell in row) for row in rows
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    below = "".join(f"<p>{escaped(note)}</p>" for note in notes)
    return (
        f"<div><p>{escaped(title)}</p><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{below}</div>"
    )
