"""How a run ends: the exit code, and what is told when it went wrong.

0 done · 1 other · 2 input · 3 token · 4 refused · 5 job failed · 6 time ran out · 7 uncertain ·
130 interrupted
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

import click

from mvsep.cli.words import printable, show_json
from mvsep.errors import (
    DownloadError,
    DurationUnknown,
    InvalidInput,
    InvalidToken,
    JobError,
    JobFailed,
    JobNotFound,
    JobTimeout,
    MVSepError,
    NoResultFiles,
    PriceUnknown,
    QueueFull,
    Refused,
    SubmitUncertain,
)
from mvsep.settings.client import BASE_URL_VARIABLE
from mvsep.settings.token import TOKEN_VARIABLE


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

#: The option of each parameter of the library that an error can be about.
OPTIONS: Final[Mapping[str, str]] = {
    "again": "--again",
    "allow_unknown_price": "--allow-unknown-price",
    "at_once": "--at-once",
    "base_url": f"--base-url, or the variable {BASE_URL_VARIABLE}",
    "journal": "--journal",
    "max_credits": "--max-credits",
    "options": "--option",
    "out": "--out",
    "output_format": "--format",
    "overwrite": "--overwrite",
    "seconds": "--seconds",
    "sep_type": "--type",
    "template": "--template",
    "timeout": "--timeout",
    "validate": "--unchecked",
    "wait_for_place": "--wait-for-place",
}

#: The next steps that are other ones on the command line than in Python, by error and parameter.
NEXT_STEPS: Final[Mapping[tuple[type, str | None], str]] = {
    (DownloadError, "overwrite"): "Nothing was replaced. Pass --overwrite to replace it, or "
    "another folder as --out.",
    (DurationUnknown, "seconds"): "Pass the length as --seconds.",
    (InvalidInput, "host"): "Pass the address of your own server as --base-url.",
    (InvalidInput, "overwrite"): "Pass --overwrite to replace it, or another --template.",
    (InvalidInput, "validate"): "Pass --unchecked to send it as it is.",
    (InvalidToken, "token"): "Get your token at https://mvsep.com/user-api and put it into "
    f"{TOKEN_VARIABLE}.",
    (JobError, "again"): "To pay for another job: mvsep separate --again.",
    (JobFailed, "again"): "See `mvsep user` for credits that came back. Another type or format "
    "may work. To pay for another job: mvsep separate --again.",
    (JobNotFound, "again"): "Results are kept for about 72 hours. To pay for another job: "
    "mvsep separate --again.",
    (JobTimeout, "timeout"): "The job goes on at the service.",
    (NoResultFiles, "again"): "They may still appear, within about 72 hours. To pay for another "
    "job: mvsep separate --again.",
    (PriceUnknown, "allow_unknown_price"): "Pass --allow-unknown-price to submit it anyway.",
    (PriceUnknown, "seconds"): "If the length is not sure, pass --seconds. Pass "
    "--allow-unknown-price to submit it anyway.",
    (QueueFull, "wait_for_place"): "Wait for its place with --wait-for-place 600, or use a "
    "premium account.",
    (SubmitUncertain, "again"): "Look at the account's history: the job may be there. To pay for "
    "another job: mvsep separate --again.",
    (SubmitUncertain, "journal"): "Run the same command again: it looks for the job before it "
    "sends anything.",
    (SubmitUncertain, "source"): "Look at the account's history before you send it again: the "
    "job may be there, and paid for.",
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


def next_step(error: MVSepError) -> str | None:
    """Return what to do about an error, in the words of the command line."""
    kinds = ((kind, error.param) for kind in type(error).__mro__)
    return next((NEXT_STEPS[each] for each in kinds if each in NEXT_STEPS), error.next_step)


def ways_back(error: MVSepError) -> tuple[str, ...]:
    """Return what the commands noted on an error: how to come back to its job."""
    return tuple(getattr(error, "__notes__", ()))


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
    what = f"{about}: {error.message}" if about else error.message
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
        "message": error.message,
        "option": OPTIONS.get(error.param or ""),
        "server_text": error.server_text,
        "status": error.status,
        "hash": error.hash,
        "host": error.host,
        "charged": error.charged,
        "retryable": error.retryable,
        "next_step": " ".join(filter(None, (next_step(error), *ways_back(error)))) or None,
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
    step = next_step(error)
    if step == error.next_step and (
        option := OPTIONS.get(error.param or "")
    ):  # own sentences name it themselves
        yield f"Option: {option}"
    if step:
        yield step
    yield from ways_back(error)
