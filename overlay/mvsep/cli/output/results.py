"""Results of `separate` and `resume`: paths, a summary, JSON, and the exit code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from attrs import define, field

from mvsep.batch.plan import Plan
from mvsep.batch.queue import OnEvent, Outcome
from mvsep.batch.song import Listed, Song, source_of
from mvsep.cli.commands.estimate import estimate_json
from mvsep.cli.errors import error_json, exit_code, show_error
from mvsep.cli.input.shared import SharedOptions
from mvsep.cli.output.lines import Lines
from mvsep.cli.output.songs import Songs
from mvsep.cli.output.streams import Unwritable, keeping, note, show_json, warn, write_paths
from mvsep.cli.output.text import (
    files_json,
    folder_name,
    near,
    plural,
    printable,
    quoted,
    song_name,
    source_json,
)
from mvsep.downloads.plan import Result
from mvsep.errors import AlreadyUnderWay, JobFailed, JobTimeout, MVSepError, SubmitUncertain
from mvsep.journal.entry import NextStep
from mvsep.pricing.estimate import Estimate

STATUSES = ("planned", "done", "already", "skipped", "running", "failed")


@define
class Report:
    """The way a command reports songs.

    Args:
        songs: The songs of the command, and what leads back to them.
        as_json: True for one JSON object at the end.
        as_lines: True for a JSON object for each event, too.
        prices: The prices that were shown, by the songs that were paid for.
        plan: The plan that was made of several songs.
        totals: True to sum up in JSON.
        goal: The type that was taken for a goal, and why; None where the type was given.
        more: What else JSON tells.
    """

    songs: Songs
    as_json: bool
    as_lines: bool = False
    prices: dict[Listed, Estimate | None] = field(factory=dict)
    plan: Plan | None = None
    totals: bool = False
    goal: str | None = None
    more: dict[str, Any] = field(factory=dict)

    @property
    def is_json(self) -> bool:
        """True where standard output is for JSON."""
        return self.as_json or self.as_lines

    def hearing(self, on_event: OnEvent, songs: Sequence[Listed]) -> OnEvent:
        """Return a function that hears the events of songs and writes those that are wanted."""
        if not self.as_lines:
            return on_event
        return Lines(songs, self.outcome_json).hearing(on_event)

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Write an error that ends the block as a line of `--json-lines`."""
        try:
            yield
        except (MVSepError, click.ClickException) as error:
            if not self.as_lines or isinstance(error, Unwritable):
                raise
            show_json({"error": error_json(error)}, compact=True)
            raise click.exceptions.Exit(exit_code(error)) from error

    def write(self, songs: list[dict[str, Any]], code: int, credits: int, *, sure: bool) -> None:
        """Write the object of `--json`."""
        told: dict[str, Any] = {"songs": songs, **self.more}
        if self.totals:
            counts = {name: sum(each["status"] == name for each in songs) for name in STATUSES}
            account = self.plan.account if self.plan else None
            balance = account.credits if account else None
            told["goal"] = self.goal
            told["total"] = {**counts, "credits": credits, "sure": sure, "balance": balance}
        show_json({**told, "exit_code": code}, compact=self.as_lines)

    def show_plan(self, plan: Plan, *, refused: bool) -> int:
        """Write a plan that is not carried out as JSON, and return the exit code."""
        self.plan = plan
        code = max((exit_code(song.error) for song in plan.songs if song.error), default=0)
        code = max(code, int(refused))
        if self.is_json:
            songs = []
            for song in plan.songs:
                done = song.next_step is NextStep.NOTHING and not song.pays
                status = "failed" if song.error else "already" if done else "planned"
                found = _json(song.source, status, song.error)
                found["hash"] = song.entry.hash if song.entry and not song.pays else None
                found["estimate"] = song.estimate and estimate_json(song.estimate)
                if done and song.entry:
                    found["files"] = files_json(song.entry.files)
                songs.append(found)
            self.write(songs, code, plan.credits, sure=plan.sure)
        elif refused:
            note("Nothing was sent.")
        return code

    def price_of(self, song: Listed) -> Estimate | None:
        """Return the price of a song that a job was to be created for."""
        planned = self.plan.songs if self.plan else ()
        of_plan = {each.source: each.estimate for each in planned if each.pays}
        return of_plan.get(song) or self.prices.get(song)

    def credits_of(self, song: Listed) -> int | None:
        """Return the credits of a song that a job was to be created for."""
        if self.plan and self.plan.free:
            return 0
        price = self.price_of(song)
        return price.credits if price else None

    def outcome_json(self, outcome: Outcome) -> dict[str, Any]:
        """Return an ended song for JSON."""
        error, result = outcome.error, outcome.result
        found = _json(outcome.source, _status(outcome), error)
        found["next"] = self.songs.way_back(outcome)
        if outcome.job:
            found["hash"], found["host"] = outcome.job.hash, outcome.job.host
        if result:
            found["hash"] = result.hash
            found["files"] = files_json(result.files)
            found["manifest"] = result.manifest and str(result.manifest.absolute())
            found["warnings"] = list(result.warnings)
        price = self.price_of(outcome.source)
        found["estimate"] = price and estimate_json(price)
        return found

    def spent(self, outcomes: Sequence[Outcome]) -> tuple[int, bool]:
        """Return the credits that songs took as far as known, and whether that is sure."""
        if self.plan and self.plan.free:
            return 0, True
        spent, sure = 0, self.plan is not None
        for outcome in outcomes:
            error = outcome.error
            # Whether the credits of a job that fails come back is not known here.
            sure = sure and not isinstance(error, JobFailed | SubmitUncertain)
            if not self.songs.created(outcome.source) or (error and error.charged is False):
                continue
            price = self.price_of(outcome.source)
            spent += (price.credits if price else None) or 0
            sure = sure and price is not None and price.sure
        return spent, sure


def show_results(
    outcomes: list[Outcome],
    options: SharedOptions,
    songs: Songs,
    *,
    single: bool,
    report: Report | None = None,
) -> int:
    """Show the outcomes of songs, and return the exit code.

    Args:
        outcomes: The outcomes.
        options: The command's options.
        songs: The songs.
        single: True for the one song that was asked for; its error is raised.
        report: The way to report them.

    Raises:
        MVSepError: The error of a single song, where it is not for JSON.
    """
    report = report or Report(songs, options.as_json)
    for outcome in outcomes:
        if outcome.error:
            songs.lead_back(outcome.error, outcome.job, outcome.source)
    code = max((exit_code(each.error) for each in outcomes if each.error), default=0)
    with keeping(*_saved(outcomes)):
        if report.is_json:
            spent, sure = report.spent(outcomes)
            report.write([report.outcome_json(each) for each in outcomes], code, spent, sure=sure)
        elif single:
            _show_one(outcomes[0], quiet=options.quiet)
        else:
            _show_several(outcomes)
    if not single and not report.is_json and outcomes and not options.quiet:
        note(_summary(outcomes, report, code))
        _note_elsewhere(outcomes, options)
    return code


def _note_elsewhere(outcomes: list[Outcome], options: SharedOptions) -> None:
    """Say how stems that are saved in another folder than the one asked for get there."""
    out = options.out and near(options.out)
    saved = [each.result for each in outcomes if each.result and each.result.already]
    others = [
        result.hash
        for result in saved
        if out and any(out not in near(stem.path).parents for stem in result.files)
    ]
    if others:
        job = quoted(others[0]) if len(others) == 1 else "JOB"
        note(f"{plural(len(others), 'song')} done before: the stems are in another folder.")
        note(f"  To fetch them elsewhere: mvsep resume {job} --out DIR")


def _show_several(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        name = song_name(source_of(outcome.source))
        if outcome.error:
            show_error(outcome.error, about=name)
        elif outcome.result:
            warn(outcome.result.warnings, about=name)
    write_paths(near(stem.path) for each in outcomes if each.result for stem in each.result.files)


def _saved(outcomes: list[Outcome]) -> Iterator[str]:
    for result in [each.result for each in outcomes if each.result]:
        count, folder = plural(len(result.files), "stem"), folder_name(f.path for f in result.files)
        yield f"{count} of the job {result.hash} saved in {folder}."


def _show_one(outcome: Outcome, *, quiet: bool) -> None:
    result = outcome.result
    if result is None:
        assert outcome.error  # noqa: S101  one of both
        raise outcome.error
    warn(result.warnings)
    if not quiet:
        _note_place(result)
    write_paths(near(stem.path) for stem in result.files)


def _note_place(result: Result) -> None:
    count = plural(len(result.files), "stem")
    folder = printable(folder_name(stem.path for stem in result.files))
    if result.already:
        command = f"mvsep resume {quoted(result.hash)} --out DIR"
        note(f"{count} already in {folder}.")
        note(f"  To fetch them elsewhere: {command}")
        note("  To pay for another job: mvsep separate --pay-again")
    else:
        note(f"{count} in {folder}:")


def _json(song: Listed, status: str, error: MVSepError | None) -> dict[str, Any]:
    return {
        "source": source_json(song.source) if isinstance(song, Song) else str(song),
        "status": status,
        "hash": None,
        "host": None,
        "files": [],
        "manifest": None,
        "warnings": [],
        "estimate": None,
        "error": error and error_json(error),
        "next": None,
    }


def _status(outcome: Outcome) -> str:
    if isinstance(outcome.error, AlreadyUnderWay):
        return "skipped"
    if isinstance(outcome.error, JobTimeout):
        return "running"
    if outcome.error:
        return "failed"
    return "already" if outcome.result and outcome.result.already else "done"


def _summary(outcomes: list[Outcome], report: Report, code: int) -> str:
    found = [_status(each) for each in outcomes]
    count = {name: found.count(name) for name in STATUSES}
    parts = [f"{count['done']} of {plural(len(outcomes), 'song')} separated"]
    parts += [f"{count['already']} done before"] * bool(count["already"])
    parts += [f"{count['skipped']} skipped, as another run has them"] * bool(count["skipped"])
    if running := count["running"]:
        way_back = ": mvsep resume" if report.songs.kept else ""
        parts.append(f"{running} {'goes' if running == 1 else 'go'} on at the service{way_back}")
    parts += [f"{count['failed']} failed"] * bool(count["failed"])
    if report.plan:
        spent, sure = report.spent(outcomes)
        parts.append(f"{'' if sure else 'about '}{plural(spent, 'credit')} spent")
    return f"{'; '.join(parts)}.{f' Exit code {code}.' if code else ''}"
