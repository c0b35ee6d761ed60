"""What a fault is, and where it can strike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final, Literal

from attrs import field, frozen

from mvsep_api.operations import OPERATIONS

if TYPE_CHECKING:
    from mvsep.testing.faults.scene import Scene

Phase = Literal["submit", "poll", "remote", "download", "other"]
Kind = Literal["quirk", "refusal", "outage", "garbage", "broken", "stall", "hostile"]

#: The phases of a job, and what a fault is put `on` to strike there.
PHASES: Final[Mapping[Phase, str]] = {
    "submit": "separation_create",
    "poll": "separation_get",
    "remote": "separation_get_remote",
    "download": "download",
}
#: What a fault can be put on: every operation of the contract, and the files of a job.
PLACES: Final = (*OPERATIONS, "download", "mixture")

API: Final[frozenset[Phase]] = frozenset({"submit", "poll", "remote", "other"})
ANY: Final[frozenset[Phase]] = API | {"download"}
_PHASE_OF: Final = {on: phase for phase, on in PHASES.items()} | {"mixture": "download"}


@frozen
class Asked:
    """What is known of a request when its head has arrived.

    Args:
        on: The operation's id; `download` for a stem, `mixture` for what it was made from.
        target: The path and the query, as they were sent.
        has_range: Whether it asks for a part of a file.
        seen: Whether an answer to the same request is remembered.
    """

    on: str
    target: str
    has_range: bool = False
    seen: bool = False


def _always(asked: Asked) -> bool:
    return True


@frozen
class Fault:
    """A way in which an answer goes wrong, or comes oddly.

    Args:
        name: Its name.
        about: One sentence that says what happens.
        kind: What a client is to make of it. `quirk`: the answer is right and has to be read as
            ever. `refusal`: the service's no. `outage`: a status that passes. `garbage`: an
            answer that can't be read. `broken`: the connection breaks. `stall`: nothing comes
            any more. `hostile`: it can be read, and is untrue or dangerous.
        play: What the server does with the request.
        phases: Where it fits.
        acts: Whether the request is carried out all the same: a create makes its job.
        needs_socket: Whether it can't be shown in process.
        prelude: The fault without which no request would meet this one.
        applies: Which requests can meet it.
    """

    name: str
    about: str
    kind: Kind
    play: Callable[[Scene], Awaitable[None]] = field(repr=False, eq=False)
    phases: frozenset[Phase] = ANY
    acts: bool = field(default=False, kw_only=True)
    needs_socket: bool = field(default=False, kw_only=True)
    prelude: str | None = field(default=None, kw_only=True)
    applies: Callable[[Asked], bool] = field(default=_always, kw_only=True, repr=False, eq=False)

    @property
    def expects_job(self) -> bool:
        """Whether there is a job after a create that met it."""
        return self.acts

    def fits(self, on: str) -> bool:
        """Whether it can be put on an operation, or on `download` or `mixture`."""
        return phase_of(on) in self.phases


def phase_of(on: str) -> Phase:
    """The phase that an operation belongs to."""
    return _PHASE_OF.get(on, "other")
