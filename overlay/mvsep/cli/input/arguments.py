"""Values and options that several commands take."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

from mvsep.catalog import Catalog, SeparationType
from mvsep.catalog.cache import open_store
from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.sep_type import SepType
from mvsep.cli.output.text import quoted
from mvsep.core.defaults import BASE_URL_VARIABLE
from mvsep.core.values import length
from mvsep.errors import InvalidInput
from mvsep_api.operations import SERVERS

if TYPE_CHECKING:
    from mvsep.client.sync import MVSep

#: Opens a client, given `base_url`, and for a login `token` and `stored`: `mvsep.cli.app`'s own, or
#: a test's stand-in for it.
Connect = Callable[..., "MVSep"]

_F = TypeVar("_F", bound=Callable[..., Any])

_LONGEST_NUMBER = 100


def offered(words: str) -> Callable[..., list[Any]]:
    """Return a function that offers words to a shell, loaded when one asks.

    Args:
        words: The function of `mvsep.cli.commands.completion`.
    """

    def offer(*about: Any) -> list[Any]:
        found: list[Any] = getattr(import_module("mvsep.cli.commands.completion"), words)(*about)
        return found

    return offer


def options_of(*options: Callable[[Any], Any]) -> Callable[[_F], _F]:
    """Return a decorator that adds options to a command, in the order of its help."""

    def add(command: _F) -> _F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


# Values


def known_types() -> Catalog:
    """Return the newest list of types on this machine, without asking the service."""
    host, local = urlsplit(SERVERS[0]).netloc, False
    if own := os.environ.get(BASE_URL_VARIABLE):
        from mvsep.settings.client import find_settings  # with it comes httpx

        settings = find_settings(None, None, {BASE_URL_VARIABLE: own})
        host, local = settings.host, settings.is_local
    return open_store(host, local=local, environment=os.environ).at_hand()


def title(sep_type: SepType) -> str:
    """Return a type's name, or its number if it is not listed."""
    entry = known_types().get(sep_type)
    return entry.name if entry else f"Type {int(sep_type)}"


def read_sep_type(text: str) -> SepType:
    """Read `--type`: the name of a listed type, or any number."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return _type_named(text).sep_type
    if len(text) > _LONGEST_NUMBER:
        raise click.BadParameter("The number of a type is shorter.")
    return SepType(int(text))


def _type_named(text: str) -> SeparationType:
    catalog = known_types()
    try:
        return catalog.by_name(text)
    except InvalidInput as error:
        with suppress(InvalidInput):
            goal = catalog.goal(text)
            error.add_note(f"To take the best type for it, pass --stem {quoted(goal.name)}.")
        raise


def reader(
    param: str, read: Callable[[str], object], *, as_text: bool = False
) -> Callable[[str], object]:
    """Return a reader of an option whose errors name the parameter.

    Args:
        param: The name of the parameter in Python.
        read: Reads the text, and raises `InvalidInput` if it is no good.
        as_text: True to hand the text on as it is written.
    """

    def reading(text: str) -> object:
        try:
            value = read(text)
        except InvalidInput as error:
            error.param = param
            raise
        return text if as_text else value

    return reading


def read_options(
    ctx: click.Context, param: click.Parameter, pairs: tuple[str, ...]
) -> dict[str, str]:
    """Read each `--option NAME=VALUE`."""
    options: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        key = key.strip()
        if not equals or not key:
            raise click.BadParameter(f"{pair!r} is not of the form NAME=VALUE.", ctx, param)
        if key in options:
            raise click.BadParameter(f"{key} is set twice.", ctx, param)
        options[key] = value
    return options


# Options


seconds_option = click.option(
    "--seconds",
    type=reader("seconds", length, as_text=True),
    metavar="N",
    help="The length of the song, if its file does not tell for sure.",
)
refresh_option = click.option(
    "--refresh", is_flag=True, help="Get the service's list first, and keep it."
)
# `mvsep.cli.app.run` looks for it as well, for errors found while parsing.
json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Write one JSON object to standard output, for errors too.",
)
base_url_option = click.option(
    "--base-url",
    metavar="URL",
    help="Scheme and host of the service.  [default: MVSEP_BASE_URL, or https://mvsep.com]",
)
format_option = click.option(
    "-f",
    "--format",
    "output_format",
    type=reader("output_format", OutputFormat.from_name),
    shell_complete=offered("formats"),
    metavar="|".join(str(each.cli_name) for each in OutputFormat),
    help="The format of the stems; wav32 and flac24 are for premium accounts.  "
    "[default: the service's own, mp3]",
)


type_options = options_of(
    click.option(
        "--option",
        "--set",
        "options",
        multiple=True,
        metavar="NAME=VALUE",
        callback=read_options,
        shell_complete=offered("options"),
        help='An option of the type, such as "Overlap=87.5%" or add_opt2=8; may be given '
        "several times. `mvsep show TYPE` lists them.",
    ),
    click.option(
        "--no-validate",
        "validate",
        is_flag=True,
        callback=lambda ctx, param, given: not given,
        help="Send options and inputs as they are, also unlisted ones.",
    ),
)
