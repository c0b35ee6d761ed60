"""The question before something that can't be undone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from mvsep.cli.errors import Interrupted

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


def confirm(question: str, *, yes: bool) -> bool:
    """Ask a question at the terminal, and return the answer.

    Args:
        question: The question, harmless.
        yes: True to take it for answered.

    Raises:
        UsageError: When there is nobody to ask.
        Interrupted: When there is no answer.
    """
    if yes:
        return True
    if not is_terminal():
        raise click.UsageError("Not a terminal; pass --yes.")
    with asking():
        return click.confirm(question, err=True)


@contextmanager
def asking() -> Iterator[None]:
    """Raise an error that says that nothing was sent when a question is not answered.

    Raises:
        Interrupted: After Ctrl-C, and at the end of what is typed.
    """
    try:
        yield
    except click.Abort:
        raise Interrupted("Interrupted. Nothing was sent.", charged=False) from None


def is_terminal() -> bool:
    """Tell whether somebody can type."""
    return bool(sys.stdin and sys.stdin.isatty())
