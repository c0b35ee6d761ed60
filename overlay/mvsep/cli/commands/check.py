"""`mvsep check`: check plan and balance before jobs are submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click
from attrs import evolve

from mvsep.batch.plan import Plan
from mvsep.batch.song import Song, source_of
from mvsep.catalog.sep_type import SepType
from mvsep.cli.commands.estimate import estimate_json, separate_command, total_json
from mvsep.cli.errors import EXIT_CODES, error_json, exit_code, show_error
from mvsep.cli.input.arguments import (
    Connect,
    base_url_option,
    format_option,
    json_option,
    seconds_option,
    title,
    type_options,
)
from mvsep.cli.input.goals import goal_options, read_wanted
from mvsep.cli.input.inputs import INPUTS_HELP, completed, input_options, need_type, read_inputs
from mvsep.cli.input.tokens import TOKEN_HELP, token_step
from mvsep.cli.output.streams import note, show_json, write
from mvsep.cli.output.text import printable, song_name, source_json
from mvsep.cli.output.verbose import verbose_option
from mvsep.client.sync import MVSep
from mvsep.errors import InvalidInput, MVSepError, Refused
from mvsep.pricing.preflight import Check, Preflight, judge

# The ways out that differ from the library's, by the check's name and verdict.
_WAYS_OUT: Final[Mapping[tuple[str, str], str]] = {
    ("place", "warning"): "Wait for it to end, or separate with --queue-timeout 600.",
    ("plan", "fail"): f"Register on the service's site. {token_step()}",
    ("price", "unknown"): "Pass the length as --seconds.",
    ("type", "warning"): "Get today's list: mvsep types --refresh.",
}

_Found = tuple[Song, Preflight | InvalidInput]


@click.command(
    help=f"""Check whether plan and balance allow jobs. Nothing is uploaded.

    {INPUTS_HELP}

    With --seconds no INPUT is needed. The exit code is 4 if the service would refuse a job.

    {TOKEN_HELP}

    \b
    Examples:
      mvsep check song.wav --type "BS Roformer" --format flac
      mvsep check album --type 40
    """,
)
@input_options
@goal_options
@type_options
@format_option
@seconds_option
@json_option
@verbose_option
@base_url_option
@click.pass_obj
def check(
    connect: Connect,
    /,
    inputs: tuple[str, ...],
    recursive: bool,
    as_json: bool,
    validate: bool,
    base_url: str | None,
    **given: Any,
) -> int:
    """Show each check that does not pass."""
    read = read_inputs(inputs, recursive=recursive, validate=validate)
    listed = read.songs or (Song(source=None),)
    wanted = read_wanted(given, needed=need_type(listed))
    songs = completed(listed, {**given, **wanted.settings})
    with connect(base_url=base_url) as client:
        checked = _all if len(songs) > 1 else _one
        found = checked(client, songs, validate=validate)
    code = max(map(_code, (each for _, each in found)))
    if as_json:
        show_json({**_json(found, code), "goal": wanted.why})
        return code
    for remark in filter(None, (*read.remarks, wanted.why)):
        note(printable(remark))
    for song, each in found:
        _show(song, each, single=len(found) == 1)
    if len(found) > 1:
        _show_sum([each for _, each in found])
    return code


def _one(client: MVSep, songs: Sequence[Song], *, validate: bool) -> list[_Found]:
    (song,) = songs
    asked = {name: getattr(song, name) for name in ("options", "output_format", "seconds")}
    assert song.sep_type is not None  # noqa: S101  it is complete
    try:
        found = client.preflight(song.source, song.sep_type, validate=validate, **asked)
    except InvalidInput as error:
        return [(song, error)]
    return [(song, _with_options(found))]


def _all(client: MVSep, songs: Sequence[Song], *, validate: bool) -> list[_Found]:
    """Check several songs against the account, which is asked once."""
    plans: list[Plan] = []

    def keep(plan: Plan) -> bool:
        plans.append(plan)
        return False

    client.separate_many(songs, None, on_plan=keep, validate=validate)
    (plan,) = plans
    try:
        quota = client.quota()
    except MVSepError:  # what could not be asked is not known
        quota = None
    found: list[_Found] = []
    for song, planned in zip(songs, plan.songs, strict=True):
        if planned.quote is None:
            found.append((song, planned.error or InvalidInput("It can't be checked.")))
        else:
            found.append((song, _with_options(judge(planned.quote, plan.account, quota))))
    return found


def _code(found: Preflight | InvalidInput) -> int:
    if isinstance(found, InvalidInput):
        return exit_code(found)
    return 0 if found.ok else EXIT_CODES[Refused]


def _show(song: Song, found: Preflight | InvalidInput, *, single: bool) -> None:
    name = song_name(source_of(song))
    if isinstance(found, InvalidInput):
        if single:
            raise found
        show_error(found, about=name)
        return
    assert song.sep_type is not None  # noqa: S101  it is complete
    kind = title(SepType(int(song.sep_type)))
    write(printable(kind if single else f"{name}: {kind}"))
    for line in str(found).splitlines():
        write(f"  {printable(line)}")


def _show_sum(found: list[Preflight | InvalidInput]) -> None:
    checked = [each for each in found if isinstance(each, Preflight)]
    total = _total(found)
    allowed = sum(each.ok for each in checked)
    price = f"{'' if total['sure'] else 'about '}{total['credits']}"
    balance = next((each.credits for each in checked if each.credits is not None), "unknown")
    write(f"{allowed} of {len(found)} songs can be submitted. Credits: {price} of {balance}.")


def _with_options(found: Preflight) -> Preflight:
    """Return checks whose ways out name options of the command line."""
    return evolve(found, checks=tuple(map(_with_option, found.checks)))


def _with_option(row: Check) -> Check:
    if row.way_out is None:
        return row
    return evolve(row, way_out=_WAYS_OUT.get((row.name, row.verdict), row.way_out))


def _total(found: list[Preflight | InvalidInput]) -> dict[str, Any]:
    checked = [each for each in found if isinstance(each, Preflight)]
    priced = [each.estimate for each in checked if each.estimate]
    return total_json(priced, len(found) - len(priced))


def _json(found: list[_Found], code: int) -> dict[str, Any]:
    each = [check for _, check in found]
    checked = [one for one in each if isinstance(one, Preflight)]
    first = checked[0] if checked else None
    return {
        "songs": [_song_json(*one) for one in found],
        "plan": None if first is None else first.plan,
        "credits": None if first is None else first.credits,
        "total": _total(each),
        "exit_code": code,
    }


def _song_json(song: Song, found: Preflight | InvalidInput) -> dict[str, Any]:
    told: dict[str, Any] = {"source": source_json(song.source), "error": None, "next": None}
    if isinstance(found, InvalidInput):
        return {**told, "ok": False, "estimate": None, "checks": [], "error": error_json(found)}
    rows = [
        {
            "name": row.name,
            "verdict": row.verdict,
            "reason": row.reason,
            "way_out": row.way_out,
        }
        for row in found.checks
    ]
    estimate = found.estimate and estimate_json(found.estimate)
    if found.ok:
        told["next"] = separate_command(song)
    return {**told, "ok": found.ok, "estimate": estimate, "checks": rows}
