"""Results of `separate` and `resume`: paths, a summary, JSON, and the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from mvsep.batch.queue import Outcome
from mvsep.cli.arguments import SharedOptions
from mvsep.cli.errors import error_json, exit_code, show_error
from mvsep.cli.estimate import estimate_json
from mvsep.cli.songs import Songs
from mvsep.cli.text import (
    files_json,
    folder_name,
    path_line,
    plural,
    printable,
    show_json,
    song_name,
    warn,
)
from mvsep.downloads.plan import Result
from mvsep.files.sources import Source
from mvsep.pricing.estimate import Estimate

Prices = Mapping[Source | None, Estimate | None]


def show_results(
    outcomes: list[Outcome],
    options: SharedOptions,
    songs: Songs,
    *,
    single: bool,
    prices: Prices | None = None,
) -> int:
    """Show the outcomes of songs, and return the exit code.

    Args:
        outcomes: The outcomes.
        options: The command's options.
        songs: The songs.
        single: True for the one song that was asked for; its error is raised.
        prices: The prices that were shown before, for JSON.

    Raises:
        MVSepError: The error of a single song.
    """
    for outcome in outcomes:
        if outcome.error:
            songs.lead_back(outcome.error, outcome.job)
    if not single:
        return _show_several(outcomes, options, prices)
    (outcome,) = outcomes
    if outcome.error:
        raise outcome.error
    if options.as_json:
        show_json(_json(outcome, prices))
    elif outcome.result:
        _show_one(outcome.result, quiet=options.quiet)
    return 0


def _show_several(outcomes: list[Outcome], options: SharedOptions, prices: Prices | None) -> int:
    code = max((exit_code(each.error) for each in outcomes if each.error), default=0)
    if options.as_json:
        found = [{"source": str(each.source), **_json(each, prices)} for each in outcomes]
        show_json({"songs": found, "exit_code": code})
        return code
    for outcome in outcomes:
        name = song_name(outcome.source)
        if outcome.error:
            show_error(outcome.error, about=name)
        elif outcome.result:
            warn(outcome.result.warnings, about=name)
            _show_paths(outcome.result)
    if outcomes and not options.quiet:
        click.echo(_summary(outcomes), err=True)
    return code


def _show_one(result: Result, *, quiet: bool) -> None:
    warn(result.warnings)
    if not quiet:
        count = plural(len(result.files), "stem")
        folder = printable(folder_name(stem.path for stem in result.files))
        if result.already:
            command = f"mvsep resume {printable(result.hash)} --out DIR"
            click.echo(f"{count} already in {folder}.", err=True)
            click.echo(f"  To fetch them elsewhere: {command}", err=True)
            click.echo("  To pay for another job: mvsep separate --again", err=True)
        else:
            click.echo(f"{count} in {folder}:", err=True)
    _show_paths(result)


def _show_paths(result: Result) -> None:
    for stem in result.files:
        click.echo(path_line(stem.path))


def _json(outcome: Outcome, prices: Prices | None) -> dict[str, Any]:
    if outcome.error:
        return {"error": error_json(outcome.error)}
    result = outcome.result
    assert result is not None  # noqa: S101  one of both
    found: dict[str, Any] = {
        "hash": result.hash,
        "host": outcome.job.host if outcome.job else None,
        "files": files_json(result.files),
        "already": result.already,
        "manifest": result.manifest and str(result.manifest),
        "warnings": list(result.warnings),
    }
    if prices is not None:
        price = prices.get(outcome.source)
        found["estimate"] = price and estimate_json(price)
    return found


def _summary(outcomes: list[Outcome]) -> str:
    results = [each.result for each in outcomes if each.result]
    text = f"{len(results)} of {plural(len(outcomes), 'song')} separated"
    if already := sum(result.already for result in results):
        text += f", {already} of them before"
    if failed := len(outcomes) - len(results):
        text += f"; {failed} failed"
    return f"{text}."
