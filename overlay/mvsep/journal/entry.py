"""One attempt at a song, as the journal keeps it, and what to do next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from attrs import field, frozen

from mvsep.core.objects import Brief
from mvsep.core.values import filled_text
from mvsep.files.stem_file import StemFile


class State(StrEnum):
    """The state of an attempt."""

    INTENT = "intent"
    """The upload was about to begin, and its end had not been handed over. Where its process is
    gone there is no job: the service's front end passes on whole bodies only. (Inferred.)"""
    OFFERED = "offered"
    """The end of the upload was about to leave; whether a job exists has to be found out."""
    SUBMITTED = "submitted"
    """The job exists; its stems are still to be fetched."""
    SAVED = "saved"
    """The stems are on the disk."""
    OVER = "over"
    """There is no job, or none that gives stems: refused, failed, or gone."""


#: Attempts that somebody has to go on with.
UNFINISHED = (State.INTENT, State.OFFERED, State.SUBMITTED)


#: The states that an attempt may have been in when it was read in a state.
NOT_BEYOND: Final = {
    State.INTENT: (State.INTENT, State.OFFERED),
    State.OFFERED: (State.INTENT, State.OFFERED),
    State.SUBMITTED: (State.INTENT, State.OFFERED, State.SUBMITTED),
    State.SAVED: tuple(State),
    State.OVER: tuple(State),
}


class NextStep(StrEnum):
    """The next thing to do for a song."""

    SUBMIT = "submit"
    """Create a job."""
    LOOK = "look"
    """Find out whether the job was created, by the marker in its name."""
    RESUME = "resume"
    """Wait for the job and fetch its stems."""
    NOTHING = "nothing"
    """The stems are there."""
    ASK = "ask"
    """A job gave no stems and may have been charged: whether to pay for another one is not ours
    to say."""


@frozen(repr=False)
class Entry(Brief):
    """One attempt at one song.

    Args:
        id: Its number.
        key: What makes the song and the way of separating it, see `key_of`.
        state: How far it has come.
        name: The name of the input.
        marker: The marker in the upload's name; None for what has no file.
        sep_type: The separation type.
        details: What else is known: source, form, out, template, input, overwrite, best_for.
        host: The address of the service's host that it was sent to.
        account: What tells the account from others; see `mvsep.settings.token.fingerprint`.
        hash: The job's hash, once it is known.
        reason: Why it is over.
        began: When, in seconds since 1970.
        changed: When it came to its state, in seconds since 1970.
        files: The stems, once they are saved.
    """

    id: int
    key: str
    state: State
    name: str
    marker: str | None
    sep_type: int
    details: Mapping[str, Any] = field(hash=False)
    host: str
    account: str
    hash: str | None
    reason: str | None
    began: float
    changed: float
    files: tuple[StemFile, ...]

    @property
    def counts(self) -> bool:
        """False where it is over and no job came of it: it was refused, or broken off."""
        return self.state is not State.OVER or self.hash is not None

    @property
    def best_for(self) -> str | None:
        """The goal that its type was taken for; None where the type was given."""
        return filled_text(self.details.get("best_for"))


def key_of(service: str, contents: Sequence[str], choices: Mapping[str, Any]) -> str:
    """Return a key for a song and the choices that change its stems.

    The account is no part of it: stems that one account has paid for are there for good.

    Args:
        service: Which service; one on this machine gives other stems.
        contents: The SHA-256 of each input's bytes in hex digits, or a link.
        choices: What was chosen of what changes the stems, as JSON has it.
    """
    text = json.dumps([service, list(contents), choices], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def next_step(entry: Entry | None, *, again: bool = False, glance: bool = False) -> NextStep:
    """Return what to do for a song that nobody else works on, from its latest attempt.

    Args:
        entry: The latest attempt, or None.
        again: Whether to pay once more for stems that are there, or for a job that gave none.
            A job under way is continued in any case, as long as it gives stems.
        glance: Whether to compare sizes only; for displays.
    """
    if entry is None or entry.state is State.INTENT:
        return NextStep.SUBMIT
    if entry.state is State.OFFERED:
        return NextStep.LOOK
    if entry.state is State.SUBMITTED:
        return NextStep.RESUME
    if again:
        return NextStep.SUBMIT
    if entry.state is State.OVER:
        return NextStep.SUBMIT if entry.hash is None else NextStep.ASK
    return (
        NextStep.NOTHING
        if all(file.is_there(glance=glance) for file in entry.files)
        else NextStep.RESUME
    )


def may_forget(entry: Entry, *, paid: bool) -> bool:
    """Tell whether an attempt may be removed.

    Args:
        entry: The attempt.
        paid: Whether it may even be one of a job, so that the song is paid for again. Without an
            attempt that no job came of, everything is as with it: the song is submitted.
    """
    if entry.state in UNFINISHED:
        return False
    return paid or (entry.state is State.OVER and entry.hash is None)
