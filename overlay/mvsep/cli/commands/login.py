"""`mvsep login` and `mvsep logout`: the token that this machine keeps."""

from __future__ import annotations

import os
import sys
from typing import Any, Final

import click

from mvsep.cli.errors import Interrupted
from mvsep.cli.input.arguments import Connect, base_url_option
from mvsep.cli.input.tokens import forget_token, keep_token, place_words
from mvsep.cli.output.streams import note, write
from mvsep.cli.output.text import printable
from mvsep.client.sync import MVSep
from mvsep.errors import MVSepError
from mvsep.settings.token import TOKEN_PAGE, TOKEN_VARIABLE, Token, check

_LONGEST: Final = 4096


@click.command(
    context_settings={"allow_extra_args": True},
    help=f"""Log in: get the account's API token, try it, and keep it on this machine.

    Asks for e-mail address and password, which are kept nowhere; or, with --with-token, for a
    token from {TOKEN_PAGE}. It goes into the system's key ring; where there is none, into a file
    that only you can read. It is used for this service alone. {TOKEN_VARIABLE} goes before it.

    \b
    Examples:
      mvsep login
      mvsep login --with-token
      mvsep login --with-token < token.txt
    """,
)
@click.option(
    "--with-token",
    is_flag=True,
    help="Ask for a token; from standard input if that is no terminal.",
)
@base_url_option
@click.pass_context
def login(context: click.Context, /, with_token: bool, base_url: str | None) -> None:
    """Keep a token that the service accepts."""
    if context.args:  # click would repeat it
        raise click.UsageError(
            "A token is never an argument: other users of the machine can read those. Run it "
            "without one, and you are asked."
        )
    if not with_token and not _at_terminal():
        raise click.UsageError("Not a terminal; pass a token to --with-token on standard input.")
    try:
        _log_in(context.obj, with_token, base_url)
    except (click.Abort, KeyboardInterrupt, EOFError):
        raise Interrupted("Interrupted. No token was kept.", charged=False) from None
    _mention_variable()


def _log_in(connect: Connect, with_token: bool, base_url: str | None) -> None:
    with connect(base_url=base_url, stored=False) as client:
        service = client.settings.service
        token = _pasted(service) if with_token else _of_password(client)
    try:
        with connect(base_url=base_url, token=token) as client:
            left = client.account().credits
    except MVSepError as error:
        error.add_note("The token was not kept.")
        raise
    place = keep_token(service, token, note)
    write(f"Logged in to {printable(service)}; credits left: {'unknown' if left is None else left}")
    write(f"The token is in {place_words(place)}.")


@click.command(
    help=f"""Log out: remove the token that `mvsep login` keeps on this machine.

    The service has no call that revokes a token: it stays valid there. See {TOKEN_PAGE}.

    \b
    Examples:
      mvsep logout
      mvsep logout --base-url http://127.0.0.1:8000
    """,
)
@base_url_option
@click.pass_obj
def logout(connect: Connect, /, base_url: str | None) -> None:
    """Remove the token."""
    with connect(base_url=base_url, stored=False) as client:
        service = client.settings.service
    place = forget_token(service)
    if place is None:
        write(f"No token for {printable(service)} is kept here.")
    else:
        write(f"Removed the token for {printable(service)} from {place_words(place)}.")
        write(f"The service still accepts it: the API can't revoke a token. See {TOKEN_PAGE}.")
    _mention_variable()


def _at_terminal() -> bool:
    return bool(sys.stdin and sys.stdin.isatty())


def _of_password(client: MVSep) -> Token:
    service = printable(client.settings.service)
    email = click.prompt(f"E-mail address at {service}", err=True)
    return client.login(email, _hidden("Password"))


def _pasted(service: str) -> Token:
    if _at_terminal():
        note(f"Get your token at {TOKEN_PAGE}.")
        return check(_hidden(f"Token for {printable(service)}").strip())
    try:
        text = sys.stdin.read(_LONGEST) if sys.stdin else ""
    except ValueError:  # it is no text
        text = "\0"
    return check(text.strip())


def _hidden(question: str) -> Any:
    return click.prompt(f"{question} (not shown)", hide_input=True, err=True)


def _mention_variable() -> None:
    if os.environ.get(TOKEN_VARIABLE):
        note(f"{TOKEN_VARIABLE} is set, and goes before a token that is kept. Unset it to use one.")
