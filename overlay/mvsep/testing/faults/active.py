"""The faults that a server is told to show, and the request that each strikes."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import define, frozen

from mvsep.testing.faults.fault import PLACES, Fault, RequestHead
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

    def strikes(self, request: RequestHead) -> bool:
        """Tell whether it strikes this request, and count it."""
        here = self.on == request.on if self.on else self.fault.fits(request.on)
        if not here or self.times <= 0 or self.where not in request.target:
            return False
        if not self.fault.applies(request) or (self.whole and request.has_range):
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
        gate: The gate that slow answers pass piece by piece; open unless a test closes it.
        ended: Opened when the server ends, so that answers that never come stop waiting.
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
            on: The operation's id, `download` for stems, `mixture` for a job's input; None is
                wherever it fits.
            times: The number of requests that meet it; None is every one.
            after: The number of requests that pass before.
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
        """Set the fault of each of the next requests of one kind.

        Faults that were added strike again when the script is through.

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
        """Remove all faults, or those that were put on one place."""
        with self._lock:
            self._rules = [rule for rule in self._rules if on not in {None, rule.on}]
            self._scripts = {
                place: s for place, s in self._scripts.items() if on not in {None, place}
            }

    def next(self, request: RequestHead) -> Fault | None:
        """Choose the fault that a request meets, count it and note it."""
        with self._lock:
            if script := self._scripts.get(request.on):
                fault = script.pop(0)
            else:
                fault = next((r.fault for r in self._rules if r.strikes(request)), None)
            if fault is not None:
                target = _SECRET.sub(r"\1***", request.target)
                self.fired.append(Fired(request.on, fault.name, target))
            return fault


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
