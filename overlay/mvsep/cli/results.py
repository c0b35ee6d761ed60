"""Results of `separate` and `resume`: paths, a summary, JSON, and the exit code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mvsep.batch.queue import Outcome
from mvsep.cli.errors import error_json, exit_code, show_error
from mvsep.cli.estimate import estimate_json
from mvsep.cli.shared import SharedOptions
from mvsep.cli.songs import Songs
from mvsep.cli.streams import keeping, note, show_json, warn, write_paths
from mvsep.cli.text import (
    files_json,
    folder_name,
    plural,
    printable,
    quoted,
    song_name,
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
    with keeping(*_saved(outcomes)):
        if options.as_json:
            show_json(_json(outcome, prices))
        elif outcome.result:
            _show_one(outcome.result, quiet=options.quiet)
    return 0


def _show_several(outcomes: list[Outcome], options: SharedOptions, prices: Prices | None) -> int:
    code = max((exit_code(each.error) for each in outcomes if each.error), default=0)
    with keeping(*_saved(outcomes)):
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
        write_paths(stem.path for each in outcomes if each.result for stem in each.result.files)
    if outcomes and not options.quiet:
        note(_summary(outcomes))
    return code


def _saved(outcomes: list[Outcome]) -> Iterator[str]:
    for result in [each.result for each in outcomes if each.result]:
        count, folder = plural(len(result.files), "stem"), folder_name(f.path for f in result.files)
        yield f"{count} of the job {result.hash} saved in {folder}."


def _show_one(result: Result, *, quiet: bool) -> None:
    warn(result.warnings)
    if not quiet:
        count = plural(len(result.files), "stem")
        folder = printable(folder_name(stem.path for stem in result.files))
        if result.already:
            command = f"mvsep resume {quoted(result.hash)} --out DIR"
            note(f"{count} already in {folder}.")
            note(f"  To fetch them elsewhere: {command}")
            note("  To pay for another job: mvsep separate --pay-again")
        else:
            note(f"{count} in {folder}:")
    write_paths(stem.path for stem in result.files)


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
