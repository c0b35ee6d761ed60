"""Was the job created after all? What to look at after an uncertain submit, and what it means.

Pure, like `mvsep.polling`: a generator of steps that the sync and the async client carry out.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final, Generic, TypeVar

from attrs import frozen

from mvsep.errors import MVSepError
from mvsep.stepping import Sleep

#: Seconds between the two looks that it takes to say that a job is not there.
APART: Final = 60.0

#: Rows of the history that are asked for at a time; the service gives no more.
PAGE: Final = 20
_PAGES: Final = 50

# A marker is ours, is kept by the service's way of simplifying names (small letters and digits),
# and tells by its first letters what it is.
_MARKER: Final = re.compile(r"mvk[a-z0-9]{9}")
_ALPHABET: Final = string.ascii_lowercase + string.digits
# The service's clock has no zone; zones span 26 hours.
_ZONES: Final = timedelta(hours=27)
_STAMP: Final = re.compile(r"(\d{14})-")


def new_marker(chance: Callable[[], float]) -> str:
    """A marker for one upload's name: twelve small letters and digits, never given twice.

    Args:
        chance: A random number from 0 to 1, where 1 is never reached.
    """
    return "mvk" + "".join(_ALPHABET[int(chance() * len(_ALPHABET))] for _ in range(9))


def marked(name: str, marker: str) -> str:
    """An upload's name with the marker in front, where a long name is not cut off."""
    return f"{marker}-{name}"


def unmarked(name: str) -> str:
    """An upload's name, or the part of a hash that repeats it, without a marker."""
    found = _MARKER.match(name)
    return name[found.end() :].lstrip("-_") or name if found else name


class Verdict(Enum):
    """What looking for a job found.

    NOT_THERE is inferred: twice, a minute apart, neither the account's history nor its queue
    held the marker. The service does not promise that it shows there.
    """

    FOUND = "found"
    NOT_THERE = "not there"
    CANT_TELL = "can't tell"


@frozen
class Finding:
    """What looking for a job found.

    Args:
        verdict: Whether it is there.
        hash: Its hash, where it was found.
        reason: Why, in a sentence.
    """

    verdict: Verdict
    hash: str | None
    reason: str


Job = TypeVar("Job")


@frozen
class Reconciled(Generic[Job]):
    """What looking for a job found, with the job.

    Args:
        verdict: Whether it is there.
        job: The job, where it was found.
        reason: Why, in a sentence.
    """

    verdict: Verdict
    job: Job | None
    reason: str


@frozen
class LookAtHistory:
    """Ask for the account's history from row `start`."""

    start: int


@frozen
class LookAtQueue:
    """Ask for the account, which holds its current queue."""


Step = LookAtHistory | LookAtQueue | Sleep
Search = Generator[Step, Any, Finding]


def search(marker: str | None, *, submitted_at: float | None) -> Search:
    """The steps of looking for a job by the marker in its upload's name.

    Args:
        marker: The marker; None for what had no file, and so no name to carry one.
        submitted_at: When the upload began, in seconds since 1970; None where nobody knows.

    Yields:
        What to do next. A look is answered with the answer as plain JSON data, or by throwing
        the error it met.

    Returns:
        What was found.
    """
    if marker is None:
        return Finding(
            Verdict.CANT_TELL, None, "What was sent has no file, so no name to know it by."
        )
    for look in (1, 2):
        try:
            found = yield from _look(marker, submitted_at)
        except MVSepError as error:
            return Finding(Verdict.CANT_TELL, None, f"Looking failed: {error.message}")
        if found is not None:
            return found
        if look == 1:
            yield Sleep(APART)
    return Finding(
        Verdict.NOT_THERE,
        None,
        "Neither the history nor the queue held it, twice and a minute apart.",
    )


def _look(marker: str, submitted_at: float | None) -> Generator[Step, Any, Finding | None]:
    """One look at everything; None where all of it was seen and the job is not in it."""
    if hash_ := _hash_with(marker, (yield LookAtQueue())):
        return Finding(Verdict.FOUND, hash_, "It is in the account's queue.")
    for page in range(_PAGES):
        answer = yield LookAtHistory(page * PAGE)
        if hash_ := _hash_with(marker, answer):
            return Finding(Verdict.FOUND, hash_, "It is in the account's history.")
        rows = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            return Finding(Verdict.CANT_TELL, None, "The history can't be read.")
        if len(rows) < PAGE or _older(rows[-1], submitted_at):
            return None
    return Finding(Verdict.CANT_TELL, None, "The history is too long to be searched.")


def _hash_with(marker: str, answer: Any) -> str | None:
    """The hash with the marker in it, wherever in an answer it stands."""
    for text in _texts(answer):
        if marker in text and (found := re.search(r"\d{14}-[0-9a-zA-Z]+-[^\s\"?&/]+", text)):
            return found[0]
    return None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _older(row: Any, submitted_at: float | None) -> bool:
    """Whether a row is surely of a job created before the upload began."""
    stamp = _STAMP.match(str(row.get("hash", ""))) if isinstance(row, dict) else None
    if stamp is None or submitted_at is None:
        return False
    try:
        created = datetime.strptime(stamp[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return created + _ZONES < datetime.fromtimestamp(submitted_at, UTC)
