"""Rows of a list: a table that fits the terminal, or lines between tabs for a program."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import click

from mvsep.cli.input.arguments import options_of
from mvsep.cli.output.streams import console, write
from mvsep.cli.output.text import printable

#: Rows of a long list that are shown unless said otherwise.
SHOWN = 20

# Of items in two lines.
_INDENT = 4
_SHORTEST = 8
_ONE_LINE: Any = {"no_wrap": True, "overflow": "ellipsis"}

limit_options = options_of(
    click.option(
        "--limit",
        type=click.IntRange(1),
        default=SHOWN,
        metavar="N",
        help=f"List at most N.  [default: {SHOWN}]",
    ),
    click.option("--all", "everything", is_flag=True, help="List all."),
)


def limited(limit: int, *, everything: bool) -> int | None:
    """Return how many rows to ask for, by the values of `limit_options`; None for all."""
    return None if everything else limit


def write_rows(
    heads: tuple[str, ...],
    rows: Iterable[Iterable[object]],
    *,
    wide: Mapping[str, int],
    cut: Collection[str] = (),
    blocks: bool = False,
) -> None:
    """Write rows as a table on a terminal, and between tabs for a program.

    Args:
        heads: The heads of the columns.
        rows: The cells of each row.
        wide: The columns that share the width of the terminal, each with its share.
        cut: Those of them that are cut where they are too long; others go on in a second line.
        blocks: True to write the last cell of each row, such as a hash to copy, in a line of its
            own, and no table.
    """
    lines = [tuple(map(printable, row)) for row in rows]
    if not sys.stdout.isatty():
        for line in lines:
            write("\t".join(line))
        return
    if blocks:
        for line in lines:
            write(title="  ".join(line[:-1]))
            write(f"  {line[-1]}")
        return
    _table(heads, lines, wide, cut)


def write_pairs(pairs: Iterable[tuple[Sequence[object], Sequence[object]]]) -> None:
    """Write items on a narrow terminal, in two lines each, neither wider than it.

    Args:
        pairs: The cells of both lines. The last of the first line, such as a name, is cut where
            it is too long, and so is the first of the second; a sentence goes on in a line more.
    """
    from rich.padding import Padding
    from rich.text import Text

    out = console()
    for first, second in pairs:
        out.print(Text("  ".join(map(printable, first)), style="bold"), **_ONE_LINE)
        name, *rest = (Text(printable(each)) for each in second)
        room = out.width - _INDENT - sum(2 + each.cell_len for each in rest)
        if room >= _SHORTEST:  # else the rest is a sentence, and goes on in the next line anyway
            name.truncate(room, overflow="ellipsis")
        out.print(Padding(Text("  ").join((name, *rest)), (0, 0, 0, _INDENT), expand=False))


def _table(
    heads: tuple[str, ...],
    lines: Iterable[tuple[str, ...]],
    wide: Mapping[str, int],
    cut: Collection[str],
) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    for head in heads:
        if head in wide:
            overflow: Any = "ellipsis" if head in cut else "fold"
            table.add_column(head, ratio=wide[head], no_wrap=head in cut, overflow=overflow)
        else:
            table.add_column(head, no_wrap=True)
    for line in lines:
        table.add_row(*map(Text, line))
    console().print(table)
