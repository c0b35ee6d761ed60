"""Values and options that several commands take."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import click
from attrs import frozen

from mvsep.catalog import Catalog
from mvsep.catalog.cache import open_store
from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.sep_type import SepType
from mvsep.cli.text import quoted
from mvsep.client.sync import MVSep
from mvsep.core.values import DEFAULT, Default, Timeout, length
from mvsep.errors import InvalidInput, JournalError
from mvsep.files import names
from mvsep.jobs.base import JobBase
from mvsep.journal import JOURNAL_VARIABLE, Journal, usual_place
from mvsep.settings.client import BASE_URL_VARIABLE, find_settings
from mvsep.settings.policies import PollPolicy

#: Opens a client, given `base_url`: `MVSep`, or a test's stand-in for it.
Connect = Callable[..., MVSep]

_F = TypeVar("_F", bound=Callable[..., Any])

_LONGEST_NUMBER = 100


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
    address = {BASE_URL_VARIABLE: os.environ.get(BASE_URL_VARIABLE, "")}
    settings = find_settings(None, None, address)
    store = open_store(settings.host, local=settings.is_local, environment=os.environ)
    return store.at_hand()


def title(sep_type: SepType) -> str:
    """Return a type's name, or its number if it is not listed."""
    entry = known_types().get(sep_type)
    return entry.name if entry else f"Type {int(sep_type)}"


def read_sep_type(text: str) -> SepType:
    """Read `--type`: the name of a listed type, or any number."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return known_types().by_name(text).sep_type
    if len(text) > _LONGEST_NUMBER:
        raise click.BadParameter("The number of a type is shorter.")
    return SepType(int(text))


def read_timeout(value: str | Default) -> Timeout:
    """Read `--timeout`: seconds, or `none` for ever."""
    if isinstance(value, Default):
        return value
    if value.strip().lower() == "none":
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise click.BadParameter(f"{value!r} is neither a number of seconds nor 'none'.")
    return seconds


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
sep_type_option = click.option(
    "--type",
    "sep_type",
    type=reader("sep_type", read_sep_type),
    required=True,
    metavar="NAME|NUMBER",
    help="The separation type; see `mvsep types`. `separate` sends a number that the service does "
    "not list only with --unchecked.",
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
    "--format",
    "output_format",
    type=reader("output_format", OutputFormat.from_name),
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
        help='An option of the type, such as "Overlap=87.5%" or add_opt2=8; may be given '
        "several times. `mvsep show TYPE` lists them.",
    ),
    click.option(
        "--unchecked",
        "validate",
        is_flag=True,
        callback=lambda ctx, param, unchecked: not unchecked,
        help="Send options and inputs as they are, also unlisted ones.",
    ),
)


journal_options = options_of(
    click.option(
        "--journal",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="The file, or postgresql:// database, that keeps track of jobs until their stems "
        "are saved.  "
        f"[default: {JOURNAL_VARIABLE}, or a file in the user's data folder]",
    ),
    click.option(
        "--no-journal",
        is_flag=True,
        help="Keep no journal: nothing is resumed or recognised.",
    ),
)


def open_journal(
    journal: str | None, *, no_journal: bool
) -> Journal | AbstractContextManager[None]:
    """Open the journal, or a context without one.

    Raises:
        JournalError: When it can't be opened.
    """
    if no_journal:
        return nullcontext()
    try:
        return Journal(journal or usual_place(os.environ))
    except JournalError as error:
        error.add_note("To work without a journal, pass --no-journal.")
        raise


@frozen(kw_only=True)
class SharedOptions:
    """The values of `shared_options`, which `separate` and `resume` take; None for not given."""

    out: Path | None
    timeout: Timeout
    template: str | None
    overwrite: bool
    manifest: bool
    as_json: bool
    quiet: bool
    base_url: str | None

    def resume_command(self, job: JobBase, *, address: str) -> str:
        """Return the command that resumes a job with these options.

        Args:
            job: The job.
            address: The address that is used when none is given.
        """
        words = ["mvsep", "resume", job.hash]
        if self.out:  # without it the journal knows the folder
            words += ["--out", str(self.out)]
        if self.template not in (None, names.DEFAULT_TEMPLATE):
            words += ["--template", str(self.template)]
        if self.overwrite:
            words.append("--overwrite")
        if self.manifest:
            words.append("--manifest")
        # Results are kept in the region that has the job.
        if self.base_url or job.address != address:
            words += ["--base-url", job.address]
        return " ".join(map(quoted, words))


#: Each option is explained by its help; `SharedOptions` holds the values.
shared_options = options_of(
    click.option(
        "--out",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="The folder for the stems, created if missing.  [default: .]",
    ),
    click.option(
        "--timeout",
        type=read_timeout,
        default=DEFAULT,
        metavar="SECONDS|none",
        help="Seconds to wait for the job. Then the job goes on, and `mvsep resume` fetches "
        f"it.  [default: {PollPolicy().timeout:g}]",
    ),
    click.option(
        "--template",
        type=reader("template", names.check_template, as_text=True),
        metavar="TEXT",
        help="The names of the stems, of {input}, {stem}, {type} and {ext}.  "
        f"[default: {names.DEFAULT_TEMPLATE}]",
    ),
    click.option("--overwrite", is_flag=True, help="Replace existing files."),
    click.option(
        "--manifest",
        is_flag=True,
        help="Write a JSON file beside the stems that describes them.",
    ),
    json_option,
    click.option("--quiet", is_flag=True, help="Show only errors and the paths of the stems."),
    base_url_option,
)
