"""The question before something that can't be undone."""

from __future__ import annotations

import sys

import click

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


def confirm(question: str, *, yes: bool) -> bool:
    """Ask a question at the terminal, and return the answer.

    Args:
        question: The question, harmless.
        yes: True to take it for answered.

    Raises:
        UsageError: When there is nobody to ask.
    """
    if yes:
        return True
    if not is_terminal():
        raise click.UsageError("Not a terminal; pass --yes.")
    return click.confirm(question, err=True)


def is_terminal() -> bool:
    """Tell whether somebody can type."""
    return bool(sys.stdin and sys.stdin.isatty())
