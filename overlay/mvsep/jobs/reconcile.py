"""The search for a job after an uncertain submit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final, Generic, TypeVar

from attrs import frozen

from mvsep.account.profile import under_way
from mvsep.errors import MVSepError
from mvsep.job_state import usable_hash
from mvsep.transport.port import Port

#: Seconds between the two looks that it takes to say that a job is not there.
APART: Final = 60.0

#: Rows of the history that are asked for at a time; the service gives no more.
PAGE: Final = 20
_PAGES: Final = 50
# The service's clock has no zone; zones span 26 hours.
_ZONES: Final = timedelta(hours=27)
_STAMP: Final = re.compile(r"(\d{14})-")
# A hash within a longer text, such as a link or a list of them.
_HASH: Final = re.compile(r"\d{14}-[0-9a-zA-Z]+-[^\s\"'?&/#,;|<>]+")
_NAMELESS: Final = "It is there, but its hash can't be read."


class Verdict(Enum):
    """The result of a search.

    NOT_THERE is inferred: twice, a minute apart, the account's history and its queue could be
    read, and neither held the marker. The service does not promise that it shows there. A queue
    that is a number, and not 0, or anything else that names no jobs, leaves it at CANT_TELL.
    """

    FOUND = "found"
    NOT_THERE = "not there"
    CANT_TELL = "can't tell"


@frozen
class Finding:
    """The result of a search, with the hash of the job."""

    verdict: Verdict
    hash: str | None
    reason: str


Job = TypeVar("Job")


@frozen
class Reconciled(Generic[Job]):
    """The result of a search, with the job.

    Args:
        verdict: Whether it is there.
        job: The job, where it was found.
        reason: Why, in a sentence.
    """

    verdict: Verdict
    job: Job | None
    reason: str


async def search(port: Port, marker: str | None, *, submitted_at: float | None) -> Finding:
    """Look for a job by its marker; `submitted_at` is in seconds since 1970.

    What had no file has no marker, and so can't be found.
    """
    if marker is None:
        return _cant_tell("What was sent has no file, so no name to know it by.")
    doubt: Finding | None = None
    for look in (1, 2):
        try:
            found = await _look(port, marker, submitted_at)
        except MVSepError as error:
            return _cant_tell(f"Looking failed: {error.message}")
        if found is not None and found.hash:
            return found
        doubt = doubt or found
        if look == 1:
            await port.sleep(APART)
    return doubt or Finding(
        Verdict.NOT_THERE,
        None,
        "Neither the history nor the queue held it, twice and a minute apart.",
    )


async def _look(port: Port, marker: str, submitted_at: float | None) -> Finding | None:
    """Look at everything once; None where all of it was read and the job is not in it."""
    answer: Any = (await port.api.app.user()).to_dict()
    if hash_ := _hash_with(marker, answer):
        return Finding(Verdict.FOUND, hash_, "It is in the account's queue.")
    doubt = _NAMELESS if _mentions(answer, marker) else _doubt_of_queue(_data(answer))
    for page in range(_PAGES):
        answer = await port.api.app.separation_history(start=page * PAGE, limit=PAGE)
        answer = answer.to_dict()
        if hash_ := _hash_with(marker, answer):
            return Finding(Verdict.FOUND, hash_, "It is in the account's history.")
        rows = _data(answer)
        if not isinstance(rows, list):
            return _cant_tell("The history can't be read.")
        if _mentions(answer, marker):
            doubt = _NAMELESS
        elif not all(map(_names_a_job, rows)):
            doubt = doubt or "The history has a row that names no job."
        if len(rows) < PAGE or _older(rows[-1], submitted_at):
            return _cant_tell(doubt) if doubt else None
    return _cant_tell("The history is too long to be searched.")


def _cant_tell(reason: str) -> Finding:
    return Finding(Verdict.CANT_TELL, None, reason)


def _data(answer: Any) -> Any:
    return answer.get("data") if isinstance(answer, dict) else None


def _doubt_of_queue(account: Any) -> str | None:
    """Return why a job may be in the queue though the account does not show it."""
    count = under_way(account)
    if count is None:
        return "The account's queue can't be read."
    queue = account["current_queue"]
    if count and not (isinstance(queue, list) and all(map(_names_a_job, queue))):
        return "The account has a job under way, and does not say which."
    return None


def _hash_with(marker: str, answer: Any) -> str | None:
    """Find the hash with the marker in it, wherever in an answer it stands."""
    for key, text in _texts(answer):
        for hash_ in [text] if key == "hash" else _HASH.findall(text):
            if marker in hash_ and usable_hash(hash_):
                return str(hash_)
    return None


def _mentions(answer: Any, marker: str) -> bool:
    return any(marker in text for _, text in _texts(answer))


def _names_a_job(row: Any) -> bool:
    return any(text and (key == "hash" or _HASH.search(text)) for key, text in _texts(row))


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts in plain JSON data, each with the key of it or its list."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, key)


def _older(row: Any, submitted_at: float | None) -> bool:
    """Tell whether a row is surely of a job created before the upload began."""
    stamp = _STAMP.match(str(row.get("hash", ""))) if isinstance(row, dict) else None
    if stamp is None or submitted_at is None:
        return False
    try:
        created = datetime.strptime(stamp[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return created + _ZONES < datetime.fromtimestamp(submitted_at, UTC)
