"""The search for a job after an uncertain submit, or behind a link whose fetching hangs.

Neither the clock of this machine nor a number of pages says that a job is not there: that takes
a history read to its end. The clock only ever turns an answer into "can't tell".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, Generic, TypeVar
from urllib.parse import unquote

from attrs import frozen

from mvsep.account.profile import under_way
from mvsep.core.objects import Brief
from mvsep.core.rows import ReadableRows
from mvsep.core.values import integer_of
from mvsep.errors import MVSepError
from mvsep.files.names import input_stem
from mvsep.job_state import usable_hash
from mvsep.transport.port import Port

#: Seconds between the two looks that it takes to say that a job is not there.
APART: Final = 60.0

#: Rows of the history that are asked for at a time; the service gives no more.
PAGE: Final = 20
# Each page begins with the last row of the one before; this many hold 10,000 jobs.
_PAGES: Final = 527
# So often is it read from the start where other jobs of the account move it meanwhile.
_READINGS: Final = 3
# The service's clock has no zone; zones span 26 hours.
_ZONES: Final = 27 * 3600
# Rows say in whole hours how long the results are kept still: 72 hours less their age.
_KEPT: Final = 72
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


@frozen(repr=False)
class Finding(Brief):
    """The result of a search, with the hash of the job."""

    verdict: Verdict
    hash: str | None
    reason: str


Job = TypeVar("Job")


@frozen(repr=False)
class Reconciled(Brief, Generic[Job]):
    """The result of a search, with the job.

    Args:
        verdict: Whether it is there.
        job: The job, where it was found.
        reason: Why, in a sentence.
    """

    verdict: Verdict
    job: Job | None
    reason: str


@frozen
class Sought:
    """The facts to find a job by.

    Args:
        marker: The marker in the upload's name; what had no file has none.
        link_name: The file's name in the link; None where there was none.
        sep_type: The separation type, where it is known.
        submitted_at: When it was sent, in seconds since 1970 by the clock of this machine.
    """

    marker: str | None = None
    link_name: str | None = None
    sep_type: int | None = None
    submitted_at: float | None = None


class _Unreadable(Exception):
    """The history can't be read to its end."""


class _Moved(_Unreadable):
    """The history changed while it was read, or is no list of pages."""


async def search(port: Port, sought: Sought) -> Finding:
    """Look for a job twice, a minute apart, unless it is found at once.

    A marker can prove either: that the job exists, and that it does not. A link's job is found
    where the history has one job only that it can be; that it has none proves nothing, for the
    service may fetch the link still.
    """
    doubt: Finding | None = None
    for look in (1, 2):
        found = await glance(port, sought)
        if found.verdict is Verdict.FOUND:
            return found
        if found.verdict is Verdict.CANT_TELL:
            doubt = doubt or found
        if look == 1:
            await port.sleep(APART)
    return doubt or found


async def glance(port: Port, sought: Sought) -> Finding:
    """Look for a job once."""
    try:
        if sought.marker is not None:
            return await _look_for_marker(port, sought.marker)
        if sought.link_name is not None:
            return await _look_for_link(port, sought)
    except MVSepError as error:
        return _cant_tell(f"Looking failed: {error.message}")
    except _Unreadable as error:
        return _cant_tell(str(error))
    return _cant_tell("What was sent has no file, so no name to know it by.")


async def _look_for_marker(port: Port, marker: str) -> Finding:
    answer: Any = (await port.api.app.user()).to_dict()
    if hash_ := _hash_with(marker, answer):
        return Finding(Verdict.FOUND, hash_, "It is in the account's queue.")
    doubt = _NAMELESS if _mentions(answer, marker) else _doubt_of_queue(_data(answer))
    async with aclosing(_history(port)) as pages:
        async for rows in pages:
            if hash_ := _hash_with(marker, rows):
                return Finding(Verdict.FOUND, hash_, "It is in the account's history.")
            if _mentions(rows, marker):
                doubt = _NAMELESS
            elif not all(map(_names_a_job, rows)):
                doubt = doubt or "The history has a row that names no job."
    if doubt:
        return _cant_tell(doubt)
    reason = "Neither the history nor the queue held it, twice and a minute apart."
    return Finding(Verdict.NOT_THERE, None, reason)


async def _look_for_link(port: Port, sought: Sought) -> Finding:
    now = port.settings.timing.wall()
    matches = list[str]()
    async with aclosing(_history(port)) as pages:
        async for rows in pages:
            matches += [row["hash"] for row in rows if _may_be(row, sought, now)]
            if rows and _older(rows[-1], sought.submitted_at, now):
                break
    if len(set(matches)) == 1:
        return Finding(Verdict.FOUND, matches[0], "The history has one job of the link's name.")
    if matches:
        return _cant_tell(f"It may be any of these: {', '.join(dict.fromkeys(matches))}.")
    return _cant_tell("The history has no job of the link's name; it may be fetched still.")


async def _history(port: Port) -> AsyncGenerator[list[Any], None]:
    """Yield the rows of the history, page by page, to its end.

    Raises:
        _Unreadable: When that can't be done.
    """
    for left in reversed(range(_READINGS)):
        try:
            async with aclosing(_reading(port)) as pages:
                async for rows in pages:
                    yield rows
        except _Moved:
            if not left:
                raise
        else:
            return


async def _reading(port: Port) -> AsyncGenerator[list[Any], None]:
    """Yield the rows of the history that are new, page by page, in one reading.

    Each page has to begin within what is known. So rows that were removed meanwhile hide none,
    and a service that gives fewer rows than it was asked for is still read to the end.
    """
    seen, start, longest = set[str](), 0, 0
    for _ in range(_PAGES):
        rows = await _page(port, start)
        keys = list(map(_key, rows))
        if seen and seen.isdisjoint(keys):
            raise _Moved("The history changed while it was read.")
        if seen.issuperset(keys):
            # Shorter than another page, or nothing after it.
            if not rows or len(rows) < longest or not await _page(port, start + len(rows)):
                return
            raise _Moved("The history can't be read to its end.")
        yield [row for row, key in zip(rows, keys, strict=True) if key not in seen]
        seen.update(keys)
        start, longest = start + len(rows) - 1, max(longest, len(rows))
    raise _Unreadable("The history is too long to be searched.")


async def _page(port: Port, start: int) -> list[Any]:
    answer: Any = await port.api.app.separation_history(start=start, limit=PAGE)
    rows = _data(answer.to_dict())
    if not isinstance(rows, list):
        raise _Unreadable("The history can't be read.")
    if isinstance(answer.data, ReadableRows):
        rows = [*answer.data.odd, *rows]  # one of them may be the job's
    return rows


def _key(row: Any) -> str:
    """Return what tells a row from others, though its times and its state change."""
    known = row if isinstance(row, dict) else {}
    return repr(known.get("id") or known.get("hash") or row)


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


def _may_be(row: Any, sought: Sought, now: float) -> bool:
    """Tell whether a row may be of a link's job: by its name, its type and its age."""
    hash_ = usable_hash(row.get("hash")) if isinstance(row, dict) else None
    name = _plain(unquote(sought.link_name or ""))
    if not hash_ or not name or _plain(hash_.split("-", 2)[-1]) != name:
        return False
    algorithm = row.get("algorithm")
    kind = integer_of(algorithm.get("render_id")) if isinstance(algorithm, dict) else None
    if None not in (kind, sought.sep_type) and kind != sought.sep_type:
        return False
    return sought.submitted_at is not None and not _older(row, sought.submitted_at, now)


def _plain(name: str) -> str:
    """Reduce a file's name to what the service's simplifying of names keeps."""
    decomposed = unicodedata.normalize("NFKD", input_stem(name)).lower()
    return re.sub("[^a-z0-9]+", "", decomposed)


def _older(row: Any, submitted_at: float | None, now: float) -> bool:
    """Tell whether a row is of a job that was created before the link was sent.

    The age by the service's own clock counts, where the row has it.
    """
    if submitted_at is None or not isinstance(row, dict):
        return False
    left = integer_of(row.get("time_left"))
    if left is not None:
        return (_KEPT - left - 1) * 3600 > now - submitted_at + 3600
    stamp = _STAMP.match(str(row.get("hash", "")))
    try:
        created = datetime.strptime(stamp[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if stamp else None
    except ValueError:
        return False
    return created is not None and created.timestamp() + _ZONES < submitted_at
