"""Errors on the command line: exit codes, options, next steps, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

import click

from mvsep.cli.input.tokens import token_step
from mvsep.cli.output.streams import Unwritable, note, show_json
from mvsep.cli.output.text import printable
from mvsep.core.defaults import BASE_URL_VARIABLE
from mvsep.core.text import close
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


class Interrupted(MVSepError):
    """Ctrl-C was pressed."""


#: The exit codes. The nearest base class of an error counts.
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

#: The part of `--help` about exit codes.
EXIT_CODES_HELP: Final = """\b
Exit codes:
  0  done                              5  the job failed, or does not exist
  1  any other error                   6  time ran out; the job goes on
  2  invalid input                     7  not known whether a job was created
  3  the token is missing or wrong   130  interrupted (Ctrl-C)
  4  the service refused
Of several songs the highest code counts.
"""

#: The options of the library's parameters.
OPTIONS: Final[Mapping[str, str]] = {
    "again": "--pay-again",
    "allow_unknown_price": "--allow-unknown-price",
    "at_once": "--jobs",
    "best_for": "--stem",
    "base_url": f"--base-url, or the variable {BASE_URL_VARIABLE}",
    "is_demo": "--publish",
    "journal": "--journal",
    "max_credits": "--max-credits",
    "max_price": "--max-price",
    "options": "--option",
    "out": "--out",
    "output_format": "--format",
    "overwrite": "--overwrite",
    "preset_id": "--preset",
    "reference": "--reference",
    "remote_type": "--remote-type",
    "seconds": "--seconds",
    "sep_type": "--type",
    "template": "--template",
    "timeout": "--timeout",
    "validate": "--no-validate",
    "wait_for_place": "--queue-timeout",
    "webhook_url": "--webhook",
}

_PAY_AGAIN: Final = "To pay for another job: mvsep separate --pay-again."
_UNCERTAIN: Final = {
    "again": f"Look at the account's history: the job may be there. {_PAY_AGAIN}",
    "journal": "Run the same command again: it looks for the job before it sends anything.",
    "source": "Look at the account's history before you send it again: the job may be there, and "
    "paid for.",
}
# Variables of the environment that errors are about, besides those of the token and the address.
_VARIABLES: Final = (
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
    *(f"{kind}_PROXY" for kind in ("HTTP", "HTTPS", "ALL", "NO")),
    *(f"{kind}_proxy" for kind in ("http", "https", "all", "no")),
)
#: The next steps that differ from the library's, by the kind of error and its parameter.
NEXT_STEPS: Final[Mapping[tuple[type, str | None], str]] = {
    (DownloadError, "overwrite"): "Nothing was replaced. Pass --overwrite to replace it, or "
    "another folder as --out.",
    (DurationUnknown, "seconds"): "Pass the length as --seconds.",
    (InvalidInput, "host"): "Pass the address of your own server as --base-url.",
    (InvalidInput, "overwrite"): "Pass --overwrite to replace it, another folder as --out, or a "
    "--template with {type}.",
    (InvalidInput, "validate"): "Pass --no-validate to send it as it is.",
    (JobError, "again"): _PAY_AGAIN,
    (JobFailed, "again"): "See `mvsep account` for credits that came back. Another type or format "
    f"may work. {_PAY_AGAIN}",
    (JobNotFound, "again"): f"Results are kept for about 72 hours. {_PAY_AGAIN}",
    (JobTimeout, "timeout"): "The job goes on at the service.",
    (NoResultFiles, "again"): f"They may still appear, within about 72 hours. {_PAY_AGAIN}",
    (PriceUnknown, "max_credits"): "If the length is not sure, pass --seconds. Pass "
    "--allow-unknown-price to submit it anyway.",
    (QueueFull, "wait_for_place"): "Wait for its place with --queue-timeout 600, or use a "
    "premium account.",
    **{
        (InvalidInput, name): "Correct it, unset it, or install what it needs."
        for name in _VARIABLES
    },
    **{(SubmitUncertain, param): step for param, step in _UNCERTAIN.items()},
    **{(Interrupted, param): step for param, step in _UNCERTAIN.items()},
}


def exit_code(error: Exception) -> int:
    """Return the exit code for an error."""
    return next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), 1)


def show_end(error: MVSepError | click.ClickException, *, as_json: bool) -> int:
    """Show the error that ends a command, and return the exit code."""
    if as_json and not isinstance(error, Unwritable):
        with suppress(Unwritable):
            show_json({"error": error_json(error)})
            return exit_code(error)
    if isinstance(error, click.ClickException):
        _show_usage(error)
    elif not (isinstance(error, Unwritable) and error.unread and not _notes(error)):
        # A program that has read enough, such as `head`, is told nothing.
        show_error(error)
    return exit_code(error)


def _show_usage(error: click.ClickException) -> None:
    context: click.Context | None = getattr(error, "ctx", None)
    if context:
        for line in context.get_usage().splitlines():
            note(line)
        note(f"Try '{context.command_path} --help' for help.")
        note()
    note(f"Error: {printable(_usage_message(error))}")


def _usage_message(error: click.ClickException) -> str:
    """Return the message of an error, the options that resemble a wrong one best first."""
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return error.format_message()
    params = error.ctx.command.get_params(error.ctx)
    names = [name for each in params if isinstance(each, click.Option) for name in each.opts]
    near = close(error.option_name, [name for name in names if name.startswith("--")], most=3)
    meant = f" Did you mean {', '.join(near)}?" if near else ""
    return f"{error.message}{meant}"


def show_error(error: MVSepError, *, about: str = "") -> None:
    """Write an error to standard error, for a person.

    Args:
        error: The error.
        about: The song, if there are several.
    """
    goes_on = about and isinstance(error, JobTimeout)
    alarm = "" if goes_on or isinstance(error, Interrupted) else "Error: "
    note(printable(f"{about}: {error.message}" if about else error.message), alarm=alarm)
    for line in _details(error):
        note(f"  {printable(line)}")


def _details(error: MVSepError) -> Iterator[str]:
    if error.server_text:
        yield f'The service said: "{error.server_text}"'
    if error.hash:
        yield f"Job: {error.hash}{f' on {error.host}' if error.host else ''}"
    if error.charged is not None:
        yield "Credits were spent." if error.charged else "Nothing was charged."
    elif isinstance(error, SubmitUncertain | Interrupted) and not error.hash:
        yield "It is not known whether credits were spent."
    own, option = _own_step(error), OPTIONS.get(error.param or "")
    if option and not own:  # our own sentence names the option itself
        yield f"Option: {option}"
    if step := own or error.next_step:
        yield step
    yield from _notes(error)


def error_json(error: MVSepError | click.ClickException) -> dict[str, Any]:
    """Return an error for JSON."""
    code, kind = exit_code(error), type(error).__name__
    if not isinstance(error, MVSepError):
        message = " ".join(_usage_message(error).split())
        error, kind = InvalidInput(message, next_step="See `mvsep --help`."), "UsageError"
    steps = (_own_step(error) or error.next_step, *_notes(error))
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
        "next_step": " ".join(filter(None, steps)) or None,
        "exit_code": code,
    }


def _own_step(error: MVSepError) -> str | None:
    if isinstance(error, InvalidToken) and error.param == "token":
        return token_step()
    kinds = ((kind, error.param) for kind in type(error).__mro__)
    return next((NEXT_STEPS[each] for each in kinds if each in NEXT_STEPS), None)


def _notes(error: MVSepError) -> tuple[str, ...]:
    """Return the notes of an error, such as the command that resumes its job."""
    return tuple(getattr(error, "__notes__", ()))
