"""Both clients side by side, each in front of its own fake server, and the rules that always hold.

After each step the two agree with each other and with the model: no job is created twice, no
credit is lost, no file is half written, every error about a job has the job's hash.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any, Final

from attrs import define
from hypothesis.stateful import RuleBasedStateMachine, invariant

from contract_tests.harness import model as expected
from contract_tests.harness.evidence import ContractBroken
from contract_tests.harness.inprocess import AsyncSide, Fault, Side, SyncSide
from contract_tests.harness.model import LINKS, SONGS, Disk, Model, Refusal, Track
from contract_tests.harness.witness import Witness
from mvsep.errors import MVSepError
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, Account, demo_account, free_account

POOR_TOKEN: Final = "POORpoorPOORpoorPOORpoor000000"
WRONG_TOKEN: Final = "WRONGwrongWRONGwrongWRONG00000"
TOKENS: Final = {
    "rich": DEMO_TOKEN,
    "poor": POOR_TOKEN,
    "free": FREE_TOKEN,
    "stranger": WRONG_TOKEN,
}


def accounts() -> list[Account]:
    """Return the accounts of one server: one is rich, one has 3 credits, one has none."""
    poor = Account(POOR_TOKEN, "Poor", "poor@example.com", credits=3, premium_enabled=True)
    return [demo_account(), poor, free_account()]


@define(eq=False)
class Handle:
    """A job as the clients hold it, by name of the side, and as it should stand."""

    jobs: dict[str, Any]
    track: Track


class Twins(RuleBasedStateMachine):
    """Two clients, two servers, one model; the rules come with a subclass."""

    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self._witness = witness
        self._known_broken = len(witness.broken)  # by machines before this one
        self._temporary = tempfile.TemporaryDirectory(prefix="mvsep-life-")
        self._folder = Path(self._temporary.name)
        self._sides: tuple[Side, ...] = tuple(
            side(witness, self._folder, accounts(), expected.SCHEDULE)
            for side in (SyncSide, AsyncSide)
        )
        self._model = Model(
            {
                "rich": expected.Account(DEMO_TOKEN, 1000, enabled=True),
                "poor": expected.Account(POOR_TOKEN, 3, enabled=True),
                "free": expected.Account(FREE_TOKEN),
            }
        )
        self._disk = Disk()
        self._called = "separation_create"
        self._compared = 0
        for song in SONGS:
            (self._folder / song.name).write_bytes(song.content)
        for side in self._sides:
            state = side.server.state
            state.large_seconds = expected.LARGE_SECONDS
            state.remote_files = {
                url: song.content if song else None for url, song in LINKS.items()
            }

    def teardown(self) -> None:
        """Close everything."""
        for side in self._sides:
            side.close()
        self._temporary.cleanup()

    # --- what always holds --------------------------------------------------------------------

    @invariant()
    def both_sides_are_where_the_model_is(self) -> None:
        """Compare jobs, credits and time."""
        self._model.settle(self._now)
        for side in self._sides:
            state = side.server.state
            state.settle()
            for what, is_, should in (
                ("jobs created", state.jobs_created, self._model.created),
                ("credits charged", state.credits_charged, self._model.charged),
                ("credits refunded", state.credits_refunded, self._model.refunded),
                ("seconds gone by", side.clock.now, self._now),
            ):
                self._says(is_ == should, f"{what}: {is_}, not {should}", side)
            for account in self._model.accounts.values():
                found = state.accounts.find(account.token)
                balance = found.credits if found else None
                what = f"a balance of {balance}, not {account.credits}"
                self._says(balance == account.credits, what, side)

    @invariant()
    def both_sides_sent_the_same(self) -> None:
        """Compare all requests and their answers."""
        one, two = (side.server.state.requests[self._compared :] for side in self._sides)
        self._says(one == two, f"sync sent {one}\nasync sent {two}")
        self._compared += len(one)

    @invariant()
    def only_whole_files_are_there(self) -> None:
        """Look for files that are half written, left over or missing."""
        for side in self._sides:
            found = {
                path.relative_to(side.folder).as_posix(): path.stat().st_size
                for path in side.folder.rglob("*")
                if path.is_file()
            }
            listing, files = self._disk.listing, self._disk.files
            # What is on its way has digits of its job in its name.
            names = Counter(re.sub(r"[.][0-9a-f]{6}([.]part([.]json)?)$", r"\1", n) for n in found)
            more, fewer = set(names - listing), set(listing - names)
            what = f"on disk, and should not be: {more}; missing: {fewer}"
            self._says(names == listing, what, side)
            wrong = {name: size for name, size in files.items() if found[name] != size}
            self._says(not wrong, f"not whole: {wrong}", side)

    @invariant()
    def every_answer_kept_the_contract(self) -> None:
        """Raise what the witness found, also where somebody swallowed the error."""
        for error in self._witness.broken[self._known_broken :]:
            raise error

    # --- inside -------------------------------------------------------------------------------

    @property
    def _now(self) -> float:
        return self._sides[0].clock.now

    def _both(
        self,
        operation: str,
        act: Callable[[Side], Any],
        *,
        seen: Callable[[Any], Any] = repr,
        job: Handle | None = None,
        fault: Fault | None = None,
    ) -> Any:
        """Act on both sides; return the values by side, or the error that both gave."""
        self._called = operation
        outcomes: dict[str, Any] = {}
        for side in self._sides:
            side.line.set(fault)
            try:
                outcomes[side.name] = act(side)
            except MVSepError as error:
                _raise_broken(error)
                outcomes[side.name] = error
            finally:
                side.line.set(None)
        shown = [_described(outcomes[side.name], side.folder, seen) for side in self._sides]
        self._says(shown[0] == shown[1], f"sync gave {shown[0]}\nasync gave {shown[1]}")
        outcome = outcomes["sync"]
        if not isinstance(outcome, MVSepError):
            return outcomes
        if job is not None:
            told = outcome.hash == job.jobs["sync"].hash
            self._says(told, f"the error does not say the job's hash: {outcome!r}")
        return outcome

    def _succeeds(self, outcome: Any) -> None:
        self._says(not isinstance(outcome, MVSepError), f"{outcome!r}")

    def _fails(self, outcome: Any, *kinds: type[MVSepError], **known: Any) -> None:
        self._says(isinstance(outcome, kinds), f"{outcome!r} is no {kinds}")
        for name, value in known.items():
            found = getattr(outcome, name)
            self._says(found == value, f"{name} is {found}, not {value}")

    def _refuses(self, outcome: Any, refusal: Refusal, **known: Any) -> None:
        if getattr(outcome, "status", None) is not None:  # else the client knew by itself
            known |= {"status": refusal.status, "server_text": refusal.text}
        self._fails(outcome, *refusal.kinds, **known)

    def _says(self, holds: bool, what: str, side: Side | None = None) -> None:
        """Blame the client for what does not hold after the last call."""
        if not holds:
            sides = self._sides if side is None else (side,)
            evidence = "\n".join(f"--- {each.name}\n{each.line}" for each in sides)
            raise ContractBroken(what, blame="client", operation=self._called, evidence=evidence)


def _raise_broken(error: BaseException | None) -> None:
    """Raise what the witness found; the client takes it for a call that got no answer."""
    while error is not None:
        if isinstance(error, ContractBroken):
            raise error
        error = error.__cause__


def _described(outcome: Any, folder: Path, seen: Callable[[Any], Any]) -> Any:
    if not isinstance(outcome, MVSepError):
        return seen(outcome)
    told = {name: value for name, value in vars(outcome).items() if not name.startswith("_")}
    known = {name: value for name, value in told.items() if name != "submitted_at"}
    return f"{type(outcome).__name__}: {outcome} {known}".replace(str(folder), "")


def stem_of_hash(hash_: str) -> str:
    """Return how the names of a job's files begin."""
    # Without what the client put before the name to know the upload by.
    return re.sub("^mvk[a-z0-9]{9}-", "", PurePath(hash_.split("-", 2)[-1]).stem)
