"""A fault, and where it can strike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Literal

from attrs import field, frozen

from mvsep.testing.faults.exchange import Exchange
from mvsep_api.operations import OPERATIONS

Phase = Literal["submit", "poll", "remote", "download", "other"]
Kind = Literal["quirk", "refusal", "outage", "garbage", "broken", "stall", "hostile"]
Handler = Callable[[Exchange], Awaitable[None]]
Rows = Mapping[str, tuple[str, Handler]]

#: The phases of a job, and the place a fault is put `on` to strike there.
PHASES: Final[Mapping[Phase, str]] = {
    "submit": "separation_create",
    "poll": "separation_get",
    "remote": "separation_get_remote",
    "download": "download",
}
#: The places a fault can be put on: every operation of the contract, and the files of a job.
PLACES: Final = (*OPERATIONS, "download", "mixture")

SUBMIT: Final[frozenset[Phase]] = frozenset({"submit"})
POLL: Final[frozenset[Phase]] = frozenset({"poll"})
REMOTE: Final[frozenset[Phase]] = frozenset({"remote"})
DOWNLOAD: Final[frozenset[Phase]] = frozenset({"download"})
OTHER: Final[frozenset[Phase]] = frozenset({"other"})
API: Final = SUBMIT | POLL | REMOTE | OTHER
ANY: Final = API | DOWNLOAD
_PHASE_OF: Final = {on: phase for phase, on in PHASES.items()} | {"mixture": "download"}


@frozen
class RequestHead:
    """A request whose head has arrived.

    Args:
        on: The operation's id; `download` for a stem, `mixture` for a job's input.
        target: The path and the query, as they were sent.
        has_range: Whether it asks for a part of a file.
        seen: Whether an earlier answer to the same request is remembered.
    """

    on: str
    target: str
    has_range: bool = False
    seen: bool = False


def _always(request: RequestHead) -> bool:
    return True


@frozen
class Fault:
    """A way in which an answer goes wrong, or comes oddly.

    Args:
        name: Its name.
        about: One sentence that says what happens.
        kind: The class of faults it belongs to. `quirk`: the answer is right, though odd.
            `refusal`: the service says no. `outage`: a status that passes. `garbage`: an
            unreadable answer. `broken`: the connection breaks. `stall`: nothing more comes.
            `hostile`: a readable answer that is untrue or dangerous.
        handle: The function that answers the request.
        phases: Where it fits.
        acts: Whether the request is carried out all the same: a create makes its job.
        needs_socket: Whether it needs a real connection.
        prelude: The fault without which no request would meet this one.
        applies: Tells which requests can meet it.
    """

    name: str
    about: str
    kind: Kind
    handle: Handler = field(repr=False, eq=False)
    phases: frozenset[Phase] = ANY
    acts: bool = field(default=False, kw_only=True)
    needs_socket: bool = field(default=False, kw_only=True)
    prelude: str | None = field(default=None, kw_only=True)
    applies: Callable[[RequestHead], bool] = field(
        default=_always, kw_only=True, repr=False, eq=False
    )

    @property
    def expects_job(self) -> bool:
        """True if there is a job after a create that met it."""
        return self.acts

    def fits(self, on: str) -> bool:
        """Tell whether it can be put on a place."""
        return _PHASE_OF.get(on, "other") in self.phases


def group(kind: Kind, phases: frozenset[Phase], rows: Rows, **more: Any) -> tuple[Fault, ...]:
    """Make a fault of each row: its name, its sentence, its handler.

    The other arguments are those of `Fault`, and the same for all rows.
    """
    return tuple(
        Fault(name, about, kind, handle, phases, **more) for name, (about, handle) in rows.items()
    )
