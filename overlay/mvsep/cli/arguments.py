"""What the commands take: values read from text, and the options that several commands share."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from attrs import frozen

from mvsep.catalog import Catalog
from mvsep.catalog.cache import open_store
from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.sep_type import SepType
from mvsep.cli.words import quoted
from mvsep.client.sync import MVSep
from mvsep.core.values import DEFAULT, Default, Timeout, length
from mvsep.errors import InvalidInput, JournalError
from mvsep.files import names
from mvsep.jobs.job import Job
from mvsep.journal import JOURNAL_VARIABLE, Journal, usual_place
from mvsep.settings.client import BASE_URL_VARIABLE, find_settings
from mvsep.settings.policies import PollPolicy

#: What opens a client, given `base_url`: `MVSep`, or a test's stand-in for it.
Connect = Callable[..., MVSep]

_F = TypeVar("_F", bound=Callable[..., Any])
Decorator = Callable[[_F], _F]

_LONGEST_NUMBER = 100


def known_types() -> Catalog:
    """The newest list of types that this machine has; nothing is asked."""
    address = {BASE_URL_VARIABLE: os.environ.get(BASE_URL_VARIABLE, "")}
    session = find_settings(None, None, address)
    store = open_store(session.host, local=session.is_local, environment=os.environ)
    return store.at_hand()


def read_sep_type(text: str) -> SepType:
    """Read a `--type`: the name of a known type, or any number."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return known_types().by_name(text).sep_type
    if len(text) > _LONGEST_NUMBER:
        raise click.BadParameter("That is no number of a separation type.")
    return SepType(int(text))


def read_timeout(value: str | Default) -> Timeout:
    """Read a `--timeout`: seconds, or `none` for ever."""
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


def read_number(name: str, how: Callable[[str, str], object]) -> Callable[[str], str]:
    """What reads an option that is a number, and hands it on as it was written.

    Args:
        name: What to call it in the error.
        how: What refuses what can't be one, such as `mvsep.pricing.exact`.
    """

    def read(text: str) -> str:
        try:
            how(text, name)
        except InvalidInput as error:
            raise click.BadParameter(error.message) from None
        return text

    return read


def read_template(text: str) -> str:
    """Read a `--template`, and try it out before anything is paid for."""
    names.check_template(text)
    return text


def named(param: str, read: Callable[[str], object]) -> Callable[[str], object]:
    """Return a reader whose errors name the parameter."""

    def reading(text: str) -> object:
        try:
            return read(text)
        except InvalidInput as error:
            error.param = param
            raise

    return reading


def read_settings(
    ctx: click.Context, param: click.Parameter, pairs: tuple[str, ...]
) -> dict[str, str]:
    """Read each `--option NAME=VALUE`."""
    settings: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        key = key.strip()
        if not equals or not key:
            raise click.BadParameter(f"{pair!r} is not of the form NAME=VALUE.", ctx, param)
        if key in settings:
            raise click.BadParameter(f"{key} is set twice.", ctx, param)
        settings[key] = value
    return settings


def seconds_option(command: _F) -> _F:
    """`--seconds`."""
    return click.option(
        "--seconds",
        type=read_number("seconds", length),
        metavar="N",
        help="How long the mixture plays, where the file does not tell for sure.",
    )(command)


def sep_type_option(command: _F) -> _F:
    """`--type`."""
    return click.option(
        "--type",
        "sep_type",
        type=named("sep_type", read_sep_type),
        required=True,
        metavar="NAME|NUMBER",
        help="The separation type; `mvsep types` lists them. A number that is not listed is "
        "passed on as it is.",
    )(command)


def settings_option(command: _F) -> _F:
    """`--option`, also called `--set`, and `--unchecked`."""
    command = click.option(
        "--unchecked",
        is_flag=True,
        help="Send options and inputs as they are, also those that are not listed.",
    )(command)
    return click.option(
        "--option",
        "--set",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        callback=read_settings,
        help='An option of the type, such as "Overlap=87.5%" or add_opt2=8; may be given several '
        "times. `mvsep show TYPE` lists them.",
    )(command)


def refresh_option(command: _F) -> _F:
    """`--refresh`."""
    return click.option(
        "--refresh", is_flag=True, help="Ask the service for its list first, and keep it."
    )(command)


def json_option(command: _F) -> _F:
    """`--json`; `mvsep.cli.app.run` looks for it as well, for errors found while parsing."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        help="Write one JSON object to standard output, for errors too.",
    )(command)


def base_url_option(command: _F) -> _F:
    """`--base-url`."""
    return click.option(
        "--base-url",
        metavar="URL",
        help="Scheme and host of the service.  [default: MVSEP_BASE_URL, or https://mvsep.com]",
    )(command)


def format_option(command: _F) -> _F:
    """`--format`."""
    return click.option(
        "--format",
        "output_format",
        type=named("output_format", OutputFormat.from_name),
        metavar="|".join(str(each.cli_name) for each in OutputFormat),
        help="How the stems are encoded; wav32 and flac24 are for premium accounts.  "
        "[default: the service's own, mp3]",
    )(command)


@frozen(kw_only=True)
class Waiting:
    """What `separate` and `resume` take alike, as `waiting_options` reads it.

    Args:
        out: The folder for the stems, where it is given.
        timeout: Seconds of waiting.
        template: What the files are called, where it is given.
        overwrite: Whether files that are there may be replaced.
        manifest: Whether a manifest is written beside the stems.
        as_json: Whether the result is shown as JSON.
        quiet: Whether to show nothing on the way.
        base_url: The service's address, where it is given.
    """

    out: Path | None
    timeout: Timeout
    template: str | None
    overwrite: bool
    manifest: bool
    as_json: bool
    quiet: bool
    base_url: str | None

    @property
    def folder(self) -> Path:
        """The folder for the stems."""
        return self.out or Path()

    def way_back(self, job: Job, *, usual: str) -> str:
        """The command that comes back to a job and does what was asked for here.

        Args:
            job: The job.
            usual: The address that is talked to when none is given.
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
        if self.base_url or job.address != usual:
            words += ["--base-url", job.address]
        return " ".join(map(quoted, words))


@frozen(kw_only=True)
class Keeping:
    """Where jobs are kept, as `journal_options` reads it.

    Args:
        journal: The file, where it is given.
        no_journal: Whether nothing is kept.
    """

    journal: Path | None
    no_journal: bool

    def open(self) -> Journal | None:
        """The journal, or None where none is wanted.

        Raises:
            JournalError: When it can't be opened.
        """
        if self.no_journal:
            return None
        try:
            return Journal(self.journal or usual_place(os.environ))
        except JournalError as error:
            error.next_step = f"{error.next_step} Without one: --no-journal."
            raise


def journal_options(command: _F) -> _F:
    """`--journal` and `--no-journal`."""
    command = click.option(
        "--no-journal", is_flag=True, help="Keep no journal: nothing is resumed, nor recognised."
    )(command)
    return click.option(
        "--journal",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Where jobs are kept until their stems are there.  "
        f"[default: {JOURNAL_VARIABLE}, or a file in the user's folder for data]",
    )(command)


def waiting_options(command: _F) -> _F:
    """What `separate` and `resume` share: where the stems go, how long to wait, what to show."""
    options: tuple[Decorator[Any], ...] = (
        click.option(
            "--out",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help="The folder for the stems; made when it is not there.  [default: .]",
        ),
        click.option(
            "--timeout",
            type=read_timeout,
            default=DEFAULT,
            metavar="SECONDS|none",
            help="How long to wait; after that the job goes on, and `mvsep resume` fetches it.  "
            f"[default: {PollPolicy().timeout:g}]",
        ),
        click.option(
            "--template",
            type=named("template", read_template),
            metavar="TEXT",
            help=f"What the files are called.  [default: {names.DEFAULT_TEMPLATE}]",
        ),
        click.option("--overwrite", is_flag=True, help="Replace files that are there."),
        click.option(
            "--manifest",
            is_flag=True,
            help="Write a JSON file beside the stems that says what they were made of.",
        ),
        json_option,
        click.option(
            "--quiet",
            is_flag=True,
            help="Show nothing but errors, and at the end where the stems are.",
        ),
        base_url_option,
    )
    for option in reversed(options):
        command = option(command)
    return command
