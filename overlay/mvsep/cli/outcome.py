"""How a run ends: the exit code, and what is told when it went wrong.

0 done · 1 other · 2 input · 3 token · 4 refused · 5 job failed · 6 time ran out · 7 uncertain ·
130 interrupted
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

import click

from mvsep.cli.words import printable, show_json, spoken
from mvsep.errors import (
    InvalidInput,
    InvalidToken,
    JobError,
    JobTimeout,
    MVSepError,
    Refused,
    SubmitUncertain,
)


class Interrupted(MVSepError):
    """Ctrl-C was pressed."""


#: The nearest base of an error that stands here gives its exit code.
EXIT_CODES: Final[Mapping[type[Exception], int]] = {
    MVSepError: 1,
    InvalidInput: 2,
    click.UsageError: 2,
    InvalidToken: 3,
    Refused: 4,
    JobError: 5,
    JobTimeout: 6,
    SubmitUncertain: 7,
    Interrupted: 130,
}

#: For `--help`.
EXIT_CODES_HELP: Final = """\b
Exit codes:
  0  done                              5  the job failed, or is not there
  1  anything else                     6  time ran out; the job goes on
  2  the input can't be used           7  uncertain whether there is a job
  3  the token is missing or wrong   130  interrupted (Ctrl-C)
  4  the service refused
Of several songs the highest counts.
"""


def exit_code(error: Exception) -> int:
    """The exit code for an error."""
    return next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), 1)


def tell(error: MVSepError | click.ClickException, *, as_json: bool) -> int:
    """Tell a person, or with `as_json` a program, what went wrong.

    Returns:
        The exit code.
    """
    code = exit_code(error)
    if as_json:
        show_json({"error": {**_known(error), "exit_code": code}})
    elif isinstance(error, MVSepError):
        show(error)
    else:
        error.show()
    return code


def told(error: MVSepError) -> dict[str, Any]:
    """An error as `--json` shows it."""
    return {**_known(error), "exit_code": exit_code(error)}


def show(error: MVSepError, *, about: str = "") -> None:
    """Tell a person what went wrong.

    Args:
        error: The error.
        about: The song, where there are several.
    """
    if not isinstance(error, Interrupted):
        plain = False if os.environ.get("NO_COLOR") else None
        click.secho("Error: ", fg="red", bold=True, nl=False, err=True, color=plain)
    what = f"{about}: {spoken(error.message)}" if about else spoken(error.message)
    click.echo(printable(what), err=True)
    for line in _details(error):
        click.echo(f"  {printable(line)}", err=True)


def _known(error: MVSepError | click.ClickException) -> dict[str, Any]:
    if not isinstance(error, MVSepError):
        message = " ".join(error.format_message().split())
        error = InvalidInput(message, charged=False, next_step="See `mvsep --help`.")
        kind = "UsageError"
    else:
        kind = type(error).__name__
    return {
        "type": kind,
        "message": spoken(error.message),
        "server_text": error.server_text,
        "status": error.status,
        "hash": error.hash,
        "host": error.host,
        "charged": error.charged,
        "retryable": error.retryable,
        "next_step": error.next_step and spoken(error.next_step),
    }


def _details(error: MVSepError) -> Iterator[str]:
    if error.server_text:
        yield f'The service said: "{error.server_text}"'
    if error.hash:
        yield f"Job: {error.hash}{f' on {error.host}' if error.host else ''}"
    if error.charged is not None:
        yield "Credits were spent." if error.charged else "Nothing was charged."
    elif isinstance(error, SubmitUncertain | Interrupted) and not error.hash:
        yield "It is not known whether credits were spent."
    if error.next_step:
        yield spoken(error.next_step)
