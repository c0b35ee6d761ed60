"""Pairs: two sides that do the same, measured in turn, and their ratio."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Final, Literal, TypeVar

from attrs import frozen

from benchmarks.server import Server

T = TypeVar("T")

#: Measures one side once: seconds, bytes, or another count that is better when it is lower.
Side = Callable[[], float]

#: The root of the project, from which other processes import it.
ROOT: Final = Path(__file__).parents[1]

# Python keeps what it compiled, as it does wherever it is used in earnest.
_ENVIRONMENT: Final = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}

#: Measurements of each side, at least.
ROUNDS: Final = 7


@frozen
class Lab:
    """The surroundings of a run.

    Args:
        server: The local server.
        folder: An empty folder.
        smoke: Whether sizes are as small as they can be, because only the run counts.
        stack: Closes at its end what is kept open.
    """

    server: Server
    folder: Path
    stack: ExitStack
    smoke: bool = False

    def keep(self, opened: AbstractContextManager[T]) -> T:
        """Enter a context, and leave it at the end of the run."""
        return self.stack.enter_context(opened)

    def size(self, full: int, small: int) -> int:
        """Return the size to work with."""
        return small if self.smoke else full


@frozen
class Pair:
    """Two sides of a comparison.

    Args:
        ours: Our side.
        peer: The side that ours is compared with.
        limit: A side that does as little as the server allows; shown, and compared with nothing.
    """

    ours: Side
    peer: Side
    limit: Side | None = None


@frozen
class Row:
    """A row of the table.

    Args:
        name: Our side, in a few words.
        against: The peer, in a few words.
        target: The ratio aimed at.
        kind: "cost" is ours by the peer's, at most the target; "speed" the peer's by ours, at
            least the target.
        pair: Prepares the pair.
        rounds: Measurements of each side.
        unit: The unit of what a side measures.
    """

    name: str
    against: str
    kind: Literal["cost", "speed"]
    target: float
    pair: Callable[[Lab], Pair]
    rounds: int = ROUNDS
    unit: str = "s"


@frozen
class Measured:
    """The ratios of a row, one for each round, least first.

    Args:
        name, against, kind, target, unit: As in the row.
        ours: The median of our side.
        peer: The median of the other.
        limit: The median of what the server allows, where that was measured.
        ratios: The ratios.
    """

    name: str
    against: str
    kind: str
    target: float
    ours: float
    peer: float
    limit: float | None
    ratios: list[float]
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def is_met(self) -> bool:
        """True where the median is at its target."""
        return self.ratio <= self.target if self.kind == "cost" else self.ratio >= self.target


def measure(row: Row, lab: Lab) -> Measured:
    """Measure both sides of a row in turn, each first every other time, after one run of both."""
    pair = row.pair(lab)
    if not lab.smoke:
        pair.ours(), pair.peer()
    ours, peers, limits = [], [], []
    for number in range(1 if lab.smoke else row.rounds):
        if number % 2:
            peers.append(pair.peer())
        ours.append(pair.ours())
        if not number % 2:
            peers.append(pair.peer())
        if pair.limit:
            limits.append(pair.limit())
    both = zip(ours, peers, strict=True)
    ratios = [a / b if row.kind == "cost" else b / a for a, b in both]
    return Measured(
        *(row.name, row.against, row.kind, row.target),
        ours=statistics.median(ours),
        peer=statistics.median(peers),
        limit=statistics.median(limits) if limits else None,
        ratios=sorted(ratios),
        unit=row.unit,
    )


def seconds(work: Callable[[], object]) -> float:
    """Measure the seconds that some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def printed(program: str, *arguments: object) -> float:
    """Run a Python program in a process of its own, and return the number that it prints."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return float(_run(command).stdout)


def whole_process(*command: str) -> float:
    """Measure the seconds that a command takes from its start to its end."""
    return seconds(lambda: _run(command))


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, check=True, text=True, cwd=ROOT, env=_ENVIRONMENT
    )
