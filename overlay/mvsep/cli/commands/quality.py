"""`mvsep leaderboard` and `mvsep quality`: the quality checker of the service."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from mvsep.cli.commands.service import List, text_of
from mvsep.cli.groups import Group
from mvsep.cli.input.arguments import Connect, base_url_option, json_option, options_of
from mvsep.cli.input.confirm import asking, confirm, is_terminal, yes_option
from mvsep.cli.output.listing import limit_options, limited
from mvsep.cli.output.streams import keeping, note, show_json, write
from mvsep.cli.output.text import printable
from mvsep.errors import InvalidInput
from mvsep.transport.responses import server_text
from mvsep_api.types import File

# What stands in a rating's place where there is none.
_MISSING: Final = (0, -1000, None)
_RATING: Final = "sdr_"


def _ratings(row: Mapping[str, Any]) -> str:
    known = {
        name.removeprefix(_RATING): value
        for name, value in row.items()
        if name.startswith(_RATING) and value not in _MISSING
    }
    return ", ".join(f"{stem} {value}" for stem, value in known.items()) or "-"


_ENTRIES: Final = List(
    "entries",
    ("id", "data set", "algorithm", "SDR"),
    lambda row: (
        text_of(row.get("id")),
        text_of(row.get("dataset_name")),
        text_of(row.get("algo_name")),
        _ratings(row),
    ),
    {"algorithm": 2, "SDR": 2},
)

_list_options = options_of(limit_options, json_option, base_url_option)


@click.command(
    help="""List the best entries of a data set of the quality checker. No token is needed.

    The data sets known are 0 Synth, 1 Multi, 2 Piano, 3 Lead/Back vocals, 4 Guitar; there are more.

    \b
    Examples:
      mvsep leaderboard --dataset 1 --sort sdr_vocals
      mvsep leaderboard --limit 5 --json
    """,
)
@click.option("--dataset", default="0", metavar="NUMBER", help="The data set.  [default: 0]")
@click.option("--sort", metavar="KEY", help="The rating to sort by, such as sdr_vocals.")
@_list_options
@click.pass_obj
def leaderboard(
    connect: Connect,
    /,
    dataset: str,
    sort: str | None,
    limit: int,
    everything: bool,
    as_json: bool,
    base_url: str | None,
) -> None:
    """List the best entries."""
    with connect(base_url=base_url) as client:
        most = limited(limit, everything=everything)
        rows = client.leaderboard(dataset_type=dataset, sort=sort, limit=most)
        _ENTRIES.show(rows, as_json=as_json)


@click.group(
    cls=Group,
    help="""Use the quality checker: it rates separated stems against a data set.

    \b
    Examples:
      mvsep quality list --limit 5
      mvsep quality entry 7720
    """,
)
def quality() -> None:
    """Use the quality checker."""


@quality.command(
    "list",
    help="""List the entries, the latest first. No token is needed.

    \b
    Examples:
      mvsep quality list
      mvsep quality list --limit 5 --json
    """,
)
@_list_options
@click.pass_obj
def list_entries(
    connect: Connect, limit: int, everything: bool, as_json: bool, base_url: str | None
) -> None:
    """List the entries."""
    with connect(base_url=base_url) as client:
        rows = client.quality_queue(limit=limited(limit, everything=everything))
        _ENTRIES.show(rows, as_json=as_json)


@quality.command(
    help="""Show the entry ID with its ratings. No token is needed.

    \b
    Examples:
      mvsep quality entry 7720
      mvsep quality entry 7720 --json
    """,
)
@click.argument("id", type=click.IntRange(0))
@json_option
@base_url_option
@click.pass_obj
def entry(connect: Connect, /, id: int, as_json: bool, base_url: str | None) -> None:
    """Show one entry."""
    with connect(base_url=base_url) as client:
        told = client.api.quality_checker.entry(id=id).to_dict().get("data")
    row: Mapping[str, Any] = told if isinstance(told, dict) else {}
    if as_json:
        show_json({"entry": dict(row)})
        return
    for name, value in row.items():
        if value not in _MISSING and value != "":
            for line in str(value).splitlines():
                write(f"{printable(name)}: {printable(line)}")


# Adding and deleting

_password_option = click.option(
    "--password-file",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="A file with the password of the entry; - for standard input. Asked for on a terminal.",
)


def _password(file: Path | None, *, new: bool = False) -> str:
    """Read the password of an entry, which is no argument: other users can read those.

    Raises:
        UsageError: When there is none.
    """
    if file is None:
        if not is_terminal():
            raise click.UsageError("Not a terminal; pass the password as --password-file.")
        with asking():
            typed: str = click.prompt(
                "Password", hide_input=True, err=True, confirmation_prompt=new
            )
        return typed
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, ValueError):
        raise InvalidInput(f"The password can't be read from {file}.") from None
    if not (password := text.rstrip("\r\n")):
        raise InvalidInput(f"There is no password in {file}.")
    return password


@quality.command(
    help="""Add an entry. ZIP has the stems that an algorithm separated of a data set.

    \b
    Examples:
      mvsep quality add stems.zip --name A --text One --password-file pw.txt
      mvsep quality add stems.zip --name B --text Two --password-file pw.txt
    """,
)
@click.argument("zipfile", metavar="ZIP", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--name", required=True, metavar="TEXT", help="The name of the algorithm.")
@click.option("--text", required=True, metavar="TEXT", help="Its description.")
@click.option("--dataset", default="0", metavar="NUMBER", help="The data set.  [default: 0]")
@click.option("--ensemble", is_flag=True, help="The algorithm is an ensemble of several.")
@_password_option
@json_option
@base_url_option
@click.pass_obj
def add(
    connect: Connect,
    /,
    zipfile: Path,
    name: str,
    text: str,
    dataset: str,
    ensemble: bool,
    password_file: Path | None,
    as_json: bool,
    base_url: str | None,
) -> None:
    """Add an entry."""
    try:
        file = zipfile.open("rb")
    except OSError as error:
        raise InvalidInput(f"{zipfile} can't be read: {error.strerror}.") from error
    with file, connect(base_url=base_url) as client:
        added = client.api.quality_checker.add(
            zipfile=File(file, zipfile.name, "application/zip"),
            algo_name=name,
            main_text=text,
            password=_password(password_file, new=True),
            dataset_type=dataset,
            ensemble=int(ensemble),
        ).to_dict()
    told = added.get("data") or {}
    with keeping(f"The entry {told.get('id')} was added."):
        if as_json:
            show_json({"id": told.get("id"), "link": told.get("link")})
            return
        write(f"Added entry {printable(told.get('id'))}.")
        note(f"See it with: mvsep quality entry {printable(told.get('id'))}")


@quality.command(
    help="""Delete the entry ID for good. Asks first, on a terminal. No token is needed.

    \b
    Examples:
      mvsep quality delete 7720 --yes --password-file pw.txt
      mvsep quality delete 7720 --yes --password-file pw.txt --json
    """,
)
@click.argument("id", type=click.IntRange(0))
@_password_option
@yes_option
@json_option
@base_url_option
@click.pass_obj
def delete(
    connect: Connect,
    /,
    id: int,
    password_file: Path | None,
    yes: bool,
    as_json: bool,
    base_url: str | None,
) -> None:
    """Delete an entry."""
    if not confirm(f"Delete the entry {id} of the quality checker for good?", yes=yes):
        note("Nothing was deleted.")
        return
    password = _password(password_file)
    with connect(base_url=base_url) as client:
        said = server_text(client.api.quality_checker.delete(id=id, password=password).to_dict())
    with keeping(f"The entry {id} was deleted."):
        if as_json:
            show_json({"id": id, "deleted": True, "server_text": said})
            return
        write(f"Deleted entry {id}.")
        if said:
            write(f'The service said: "{printable(said)}"')
