"""The table of a plan, and the one question before songs are paid for."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

import click
from attrs import define, field

from mvsep.batch.plan import Plan, PlannedSong
from mvsep.batch.song import source_of
from mvsep.cli.input.arguments import options_of, title
from mvsep.cli.input.confirm import confirm
from mvsep.cli.output.streams import note, write
from mvsep.cli.output.text import clock_time, folder_name, plural, printable, song_name
from mvsep.errors import InvalidInput
from mvsep.journal.entry import NextStep

# A table that is longer is cut before the question: it would scroll out of sight.
_SHOWN = 25
_LONGEST_NAME = 48
_STEPS = {
    NextStep.SUBMIT: "",
    NextStep.LOOK: "job may exist, looked for first",
    NextStep.RESUME: "job exists, goes on",
    NextStep.NOTHING: "done before",
    NextStep.ASK: "job gave no stems; --pay-again pays anew",
}

consent_options = options_of(
    click.option("-y", "--yes", is_flag=True, help="Do not ask before several songs are sent."),
    click.option(
        "-n",
        "--dry-run",
        "dry_run",
        is_flag=True,
        help="Show only what would be done and what it costs. Nothing is sent.",
    ),
)


@define
class Consent:
    """The question whether to send the songs of a plan; it is asked once.

    Args:
        yes: True where it is answered already.
        dry_run: True to show the plan only.
        quiet: True to show no table.
        as_json: True where standard output is for JSON.
        begin: Called with the plan once the songs may be sent.

    Attributes:
        plan: The plan.
        refused: True if the answer was no.
    """

    yes: bool
    dry_run: bool
    quiet: bool
    as_json: bool
    begin: Callable[[Plan], object]
    plan: Plan | None = field(default=None, init=False)
    refused: bool = field(default=False, init=False)

    def ask(self, plan: Plan) -> bool:
        """Show a plan, and tell whether to go on.

        Raises:
            InvalidInput: When nobody can be asked, or an option is wrong for all songs alike.
            Interrupted: When the question is not answered.
        """
        self.plan = plan
        several = len(plan.songs) > 1
        if error := _of_all(plan):
            raise error
        if self.dry_run:
            if not self.as_json:
                for line in table(plan):
                    write(line)
            return False
        if several and not self.quiet:
            for line in table(plan, most=_SHOWN):
                note(line)
        if several and plan.to_pay and not self.yes and not self._answer(plan):
            self.refused = True
            return False
        self.begin(plan)
        return True

    def _answer(self, plan: Plan) -> bool:
        question = _question(plan)
        if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
            raise InvalidInput(
                f"Not confirmed: {question[0].lower()}{question[1:-1]}.",
                charged=False,
                next_step="Not a terminal; pass --yes, or --dry-run to see the songs.",
            )
        steps = [song.next_step for song in plan.songs if not song.repeats]
        if begun := steps.count(NextStep.RESUME):
            jobs = f"{plural(begun, 'job')} {'goes' if begun == 1 else 'go'} on at the service"
            note(f"{jobs} in any case; after n `mvsep resume` fetches the stems.")
        _forget_typed()
        return confirm(question, yes=False)


def _of_all(plan: Plan) -> InvalidInput | None:
    """Return the error of an option that no song can be sent with; None where there is none."""
    errors = [song.error for song in plan.songs]
    first = errors[0] if errors else None
    if first is None or first.param is None or {str(each) for each in errors} != {str(first)}:
        return None
    return first


def _forget_typed() -> None:
    """Forget what was typed before the question was there to be answered."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import termios

        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    with contextlib.suppress(ImportError):
        import msvcrt

        while msvcrt.kbhit():  # type: ignore[attr-defined, unused-ignore]
            msvcrt.getwch()  # type: ignore[attr-defined, unused-ignore]


def table(plan: Plan, most: int | None = None) -> Iterator[str]:
    """Yield the lines of a plan: its songs, so many at most, their sum and the balance."""
    songs = plan.songs
    if most is not None and len(songs) > most:
        wrong = [song for song in songs if song.error][: most - 1]
        right = [song for song in songs if not song.error][: most - 1 - len(wrong)]
        songs = (*right, *wrong)
    kinds = {song.sep_type for song in plan.songs if song.sep_type is not None}
    rows = [_cells(song, plan, several_types=len(kinds) > 1) for song in songs]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for song, (name, length, price, rest) in zip(songs, rows, strict=True):
        # A reason takes the room of length and price, so that it mostly fits the line.
        line = f"{length:>{widths[1]}}  {price:>{widths[2]}}  {rest}"
        yield f"{name:<{widths[0]}}  {rest if song.error else line}".rstrip()
    if len(songs) < len(plan.songs):
        yield f"... and {len(plan.songs) - len(songs)} more; --dry-run lists all."
    yield _sum(plan)
    if plan.to_pay:
        yield _balance(plan)


def _cells(song: PlannedSong, plan: Plan, *, several_types: bool) -> tuple[str, str, str, str]:
    name = printable(song_name(source_of(song.source)))
    if len(name) > _LONGEST_NAME:
        name = f"…{name[1 - _LONGEST_NAME :]}"
    if song.error:
        return name, "", "-", f"can't be sent: {printable(song.error.message)}"
    length = clock_time(song.estimate.seconds) if song.estimate else "?"
    price = "-"
    if song.pays:
        price = "free" if plan.free else song.estimate.price if song.estimate else "price unknown"
    facts = [title(song.sep_type)] if several_types and song.sep_type is not None else []
    if song.repeats:
        facts.append("same as another one, done once")
    elif song.next_step:
        facts.append(_STEPS[song.next_step])
    if song.next_step is NextStep.NOTHING and not song.repeats and song.entry:
        facts[-1] += f", in {folder_name(each.path for each in song.entry.files)}"
    return name, length, price, printable(", ".join(filter(None, facts)))


def _sum(plan: Plan) -> str:
    failed = sum(song.error is not None for song in plan.songs)
    done = sum(song.next_step is NextStep.NOTHING and not song.pays for song in plan.songs)
    rest = len(plan.songs) - len(plan.to_pay) - failed - done
    parts = [f"{plural(len(plan.to_pay), 'song')} to separate for {_price(plan)}"]
    parts += [f"{done} done before"] * bool(done)
    parts += [f"{rest} to go on with"] * bool(rest)
    parts += [f"{failed} that can't be sent"] * bool(failed)
    return f"{'; '.join(parts)}."


def _price(plan: Plan) -> str:
    if plan.free:
        return "no credits on this plan"
    unknown = len(plan.unknown)
    if plan.to_pay and unknown == len(plan.to_pay):
        return "a price that is not known"
    price = plural(plan.credits, "credit")
    if unknown:
        return f"{price} and {plural(unknown, 'unknown price')}"
    return price if plan.sure else f"about {price}"


def _question(plan: Plan) -> str:
    return f"Separate {plural(len(plan.to_pay), 'song')} for {_price(plan)}?"


def _balance(plan: Plan) -> str:
    credits = plan.account.credits if plan.account else None
    if credits is None:
        return "The balance is not known: the service did not tell it."
    return f"Balance: {plural(credits, 'credit')}."
