"""`mvsep estimate`: the price and the stems of jobs, without the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from mvsep.batch.song import Song
from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.sep_type import SepType
from mvsep.cli.errors import error_json, exit_code, show_error
from mvsep.cli.input.arguments import (
    json_option,
    known_types,
    seconds_option,
    title,
    type_options,
)
from mvsep.cli.input.goals import goal_options, read_wanted
from mvsep.cli.input.inputs import INPUTS_HELP, completed, input_options, need_type, read_inputs
from mvsep.cli.output.streams import note, show_json, write
from mvsep.cli.output.text import number, plural, printable, quoted, song_name, source_json
from mvsep.errors import InvalidInput
from mvsep.pricing import estimate as estimates
from mvsep.pricing.estimate import Estimate


@click.command(
    help=f"""Estimate the price and the stems of jobs. Nothing is sent, and no token is needed.

    {INPUTS_HELP}

    The length of a file is read from its header. With --seconds no INPUT is needed. `mvsep check`
    also checks plan and balance.

    \b
    Examples:
      mvsep estimate song.wav --type "BS Roformer" --option "Overlap=87.5%"
      mvsep estimate album --type 40
      mvsep estimate --type "Demucs4 HT" --seconds 380
    """,
)
@input_options
@goal_options
@seconds_option
@type_options
@json_option
def estimate(
    inputs: tuple[str, ...],
    recursive: bool,
    as_json: bool,
    validate: bool,
    **given: Any,
) -> int:
    """Show the price and the stems."""
    read = read_inputs(inputs, recursive=recursive, validate=validate)
    listed = read.songs or (Song(source=None),)
    wanted = read_wanted(given, needed=need_type(listed))
    songs = completed(listed, {**given, **wanted.settings})
    found = [(song, _estimated(song, validate=validate)) for song in songs]
    errors = [each for _, each in found if isinstance(each, InvalidInput)]
    code = max(map(exit_code, errors), default=0)
    if as_json:
        show_json({**_json(found, code), "goal": wanted.why})
        return code
    for remark in filter(None, (*read.remarks, wanted.why)):
        note(printable(remark))
    if len(found) == 1:
        _show_one(*found[0])
        return code
    for song, each in found:
        _show(song, each)
    write(_sum([each for _, each in found if isinstance(each, Estimate)], len(errors)))
    return code


def _estimated(song: Song, *, validate: bool) -> Estimate | InvalidInput:
    assert song.sep_type is not None  # noqa: S101  it is complete
    try:
        return estimates.estimate(
            song.source,
            song.sep_type,
            options=song.options,
            seconds=song.seconds,
            catalog=known_types(),
            validate=validate,
        )
    except InvalidInput as error:
        return error


def _show_one(song: Song, found: Estimate | InvalidInput) -> None:
    if isinstance(found, InvalidInput):
        raise found
    write(printable(f"{title(found.sep_type)}: {found}"))
    for line in _lines(found):
        write(f"  {printable(line)}")


def _show(song: Song, found: Estimate | InvalidInput) -> None:
    name = song_name(song.source)
    if isinstance(found, InvalidInput):
        show_error(found, about=name)
        return
    write(printable(f"{name}: {title(found.sep_type)}, {found}"))
    for warning in found.warnings:
        write(f"  Warning: {printable(warning)}")


def _lines(estimate: Estimate) -> Iterator[str]:
    yield f"{float(estimate.seconds):g} s ({estimate.how})"
    yield from map(str, estimate.rules)
    if estimate.sure:
        yield "The price is sure."
    for doubt in estimate.doubts:
        yield f"The price is not sure. {doubt}"
    yield from (f"Warning: {warning}" for warning in estimate.warnings)
    if estimate.captured:
        yield f"By the service's list of {estimate.captured}."
    if not estimate.prediction.sure:
        yield f"The stems are not sure: {estimate.prediction.doubts.text}"


def _sum(found: list[Estimate], failed: int) -> str:
    total = total_json(found, failed)
    price = f"{'' if total['sure'] else 'about '}{plural(total['credits'], 'credit')}"
    return f"{plural(len(found), 'song')}: {price}.{f' {failed} failed.' if failed else ''}"


def total_json(found: list[Estimate], failed: int) -> dict[str, Any]:
    """Return the sum of several songs for JSON, of which some could not be estimated."""
    return {
        "songs": len(found) + failed,
        "failed": failed,
        "credits": sum(each.credits or 0 for each in found),
        "sure": not failed and all(each.sure for each in found),
    }


def separate_command(song: Song) -> str | None:
    """Return the command that separates a song as it was estimated; None without a source."""
    source = source_json(song.source)
    if source is None or song.sep_type is None:
        return None
    words = ["mvsep", "separate", source, "--type", str(int(SepType(int(song.sep_type))))]
    for name, value in (song.options or {}).items():
        words += ["--option", f"{name}={value}"]
    if song.output_format is not None:
        form = OutputFormat(int(song.output_format))
        words += ["--format", form.cli_name or str(int(form))]
    if song.seconds is not None:
        words += ["--seconds", str(song.seconds)]
    return " ".join(map(quoted, words))


def _json(found: list[tuple[Song, Estimate | InvalidInput]], code: int) -> dict[str, Any]:
    songs = []
    for song, each in found:
        failed = isinstance(each, InvalidInput)
        songs.append(
            {
                "source": source_json(song.source),
                "estimate": estimate_json(each) if isinstance(each, Estimate) else None,
                "error": error_json(each) if isinstance(each, InvalidInput) else None,
                "next": None if failed else separate_command(song),
            }
        )
    estimated = [each for _, each in found if isinstance(each, Estimate)]
    total = total_json(estimated, len(found) - len(estimated))
    return {"songs": songs, "total": total, "exit_code": code}


def estimate_json(estimate: Estimate) -> dict[str, Any]:
    """Return an estimate for JSON."""
    return {
        "sep_type": int(estimate.sep_type),
        "credits": estimate.credits,
        "most": estimate.most,
        "seconds": number(estimate.seconds),
        "how": estimate.how,
        "sure": estimate.sure,
        "rules": [
            {"option": rule.option, "choice": rule.choice, "factor": number(rule.factor)}
            for rule in estimate.rules
        ],
        "doubts": list(estimate.doubts),
        "captured": estimate.captured,
        "warnings": list(estimate.warnings),
        "stems": list(estimate.stems),
        "stems_sure": estimate.prediction.sure,
    }
