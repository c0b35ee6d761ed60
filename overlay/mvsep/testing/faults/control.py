"""Which request meets which fault."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import define, frozen

from mvsep.testing.faults.fault import PLACES, Asked, Fault
from mvsep.testing.faults.gate import Gate
from mvsep.testing.faults.table import FAULTS

EVER: Final = "ever"
_SECRET: Final = re.compile(r"((?:token|password)=)[^&]*")


@frozen
class Fired:
    """A fault that struck.

    Args:
        on: The operation's id, `download` or `mixture`.
        name: The fault's name.
        target: The path and the query of the request; tokens are written as `***`.
    """

    on: str
    name: str
    target: str


@define
class _Rule:
    fault: Fault
    on: str | None
    times: float
    after: int
    where: str
    whole: bool = False

    def takes(self, asked: Asked) -> bool:
        """Whether it strikes this request; counts it."""
        here = self.on == asked.on if self.on else self.fault.fits(asked.on)
        if not here or self.times <= 0 or self.where not in asked.target:
            return False
        if not self.fault.applies(asked) or (self.whole and asked.has_range):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= 1
        return True


class Faults:
    """The faults of one server, by name and by schedule. May be used from any thread.

    Args:
        names: Faults to begin with, each written `NAME`, `NAME:ON` or `NAME:ON:TIMES`.

    Attributes:
        fired: Each fault that struck, in order.
        gate: What slow answers pass piece by piece; open unless a test closes it.
        ended: Opened when the server ends: answers that never come stop waiting.
        elsewhere: Scheme and host that redirects and foreign links name; None is `localhost`,
            which leads to the same server under another name.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.fired: list[Fired] = []
        self.gate = Gate()
        self.ended = Gate(closed=True)
        self.elsewhere: str | None = None
        self._rules: list[_Rule] = []
        self._scripts: dict[str, list[Fault | None]] = {}
        self._lock = threading.Lock()
        for text in names:
            self.add_text(text)

    def add(
        self,
        name: str,
        on: str | None = None,
        *,
        times: int | None = 1,
        after: int = 0,
        where: str = "",
    ) -> None:
        """Let requests meet a fault.

        A fault that only a resumed download can meet brings the one that breaks it off first.
        Where several fit a request, the one that was added first strikes.

        Args:
            name: The fault, as in `FAULTS`.
            on: The operation's id, `download` for stems, `mixture` for what they were made from;
                None is wherever it fits.
            times: How many requests meet it; None is every one.
            after: How many are let by first.
            where: Only requests with this text in their path or query.

        Raises:
            ValueError: There is no such fault, or it does not fit there.
        """
        fault = _fitting(name, on)
        strikes = float("inf") if times is None else times
        rules = [_Rule(fault, on, strikes, after, where)]
        if fault.prelude:
            first = _Rule(FAULTS[fault.prelude], on, strikes, after, where, whole=True)
            rules = [first, _Rule(fault, on, strikes, 0, where)]
        with self._lock:
            self._rules += rules

    def add_text(self, text: str) -> None:
        """Let requests meet a fault, written `NAME`, `NAME:ON` or `NAME:ON:TIMES`.

        TIMES is a number, or the word `ever`; an ON left empty is wherever the fault fits.

        Raises:
            ValueError: It is written otherwise, unknown, or does not fit there.
        """
        name, on, times, *more = [*text.split(":"), "", "", ""][: max(3, text.count(":") + 1)]
        if more or not (times.isdecimal() or times in {"", EVER}):
            raise ValueError(f"{text!r} is not NAME, NAME:ON or NAME:ON:TIMES (or `{EVER}`).")
        self.add(name, on or None, times=None if times == EVER else int(times or 1))

    def script(self, on: str, names: Sequence[str | None]) -> None:
        """Say for the next requests of one kind what each meets; then all is as ever.

        What was added for them otherwise strikes when the script is through.

        Args:
            on: The operation's id, `download` or `mixture`.
            names: A fault for each request; None for none.

        Raises:
            ValueError: There is no such fault, or it does not fit there.
        """
        slots = [None if name is None else _fitting(name, on) for name in names]
        _known_place(on)
        with self._lock:
            self._scripts.setdefault(on, []).extend(slots)

    def clear(self, on: str | None = None) -> None:
        """Take all faults away, or those that were put on one place."""
        with self._lock:
            self._rules = [rule for rule in self._rules if on not in {None, rule.on}]
            self._scripts = {
                place: s for place, s in self._scripts.items() if on not in {None, place}
            }

    def next(self, asked: Asked) -> Fault | None:
        """The fault that a request meets; it is counted and noted."""
        with self._lock:
            fault = self._next(asked)
            if fault is not None:
                target = _SECRET.sub(r"\1***", asked.target)
                self.fired.append(Fired(asked.on, fault.name, target))
            return fault

    def _next(self, asked: Asked) -> Fault | None:
        if script := self._scripts.get(asked.on):
            return script.pop(0)
        return next((rule.fault for rule in self._rules if rule.takes(asked)), None)


def _fitting(name: str, on: str | None) -> Fault:
    fault = FAULTS.get(name)
    if fault is None:
        raise ValueError(
            f"There is no fault {name!r}: `python -m mvsep.testing --list-faults` shows them."
        )
    if on is not None:
        _known_place(on)
        if not fault.fits(on):
            raise ValueError(
                f"{name!r} does not fit {on}: it is for {', '.join(sorted(fault.phases))}."
            )
    return fault


def _known_place(on: str) -> None:
    if on not in PLACES:
        raise ValueError(f"{on!r} is neither an operation of the contract nor download or mixture.")
