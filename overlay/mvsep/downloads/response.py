"""Meaning of the answer to a GET for a file: take it, try again, go elsewhere, or give up.

Pure: from the head of the answer and what is known of the file. RFC 9110 is the source of what
parts, validators and their statuses mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from attrs import frozen

from mvsep.core.values import digits
from mvsep.errors import MVSepError
from mvsep.transport.retry import PASSING, retry_after
from mvsep.transport.unpack import CODINGS

_ELSEWHERE: Final = frozenset({301, 302, 303, 307, 308})
_EXPIRED: Final = frozenset({403, 404, 410})
_PART: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)
_NO_PART: Final = re.compile(r"bytes \*/(\d{1,18})", re.ASCII)
_STRONG: Final = re.compile(r'"[!#-~]*"')
# A date tells two versions apart when the file was old enough at the time. RFC 9110 (8.8.2.2)
# asks for a second; a minute, as in the RFC before it, allows for clocks that differ.
_OLD_ENOUGH: Final = timedelta(seconds=60)


@frozen
class Head:
    """The head of an answer, and when it came, in seconds since 1970."""

    status: int
    headers: Mapping[str, str]
    version: str = "HTTP/1.1"
    came: float | None = None

    @property
    def coding(self) -> str:
        """The content coding; empty where the bytes are the file's own."""
        coding = self.headers.get("content-encoding", "").strip().lower()
        return "" if coding == "identity" else coding

    @property
    def length(self) -> int | None:
        """The number of the file's bytes to come, where it says so."""
        return None if self.coding else digits(self.headers.get("content-length", ""))

    @property
    def shows_its_end(self) -> bool:
        """True where the end of its body can be told from a connection that broke."""
        chunked = "chunked" in self.headers.get("transfer-encoding", "").lower()
        return chunked or "content-length" in self.headers or self.version > "HTTP/1.1"

    @property
    def validator(self) -> str | None:
        """The value for `If-Range`, to go on with just this version of the file."""
        etag = self.headers.get("etag", "").strip()
        if self.coding:
            return None
        if _STRONG.fullmatch(etag):
            return etag
        changed = self.headers.get("last-modified", "")
        try:
            age = parsedate_to_datetime(self.headers.get("date", "")) - parsedate_to_datetime(
                changed
            )
        except (ValueError, TypeError, OverflowError):
            return None
        return changed if age >= _OLD_ENOUGH and changed.isascii() else None

    def is_another(self, validator: str) -> bool:
        """Check whether it is of another version of the file than `validator` names."""
        name = "etag" if validator.startswith('"') else "last-modified"
        return self.headers.get(name, validator).strip() != validator


@frozen
class Take:
    """Take the body.

    Args:
        start: The body's place in the file; at 0, bytes of an earlier answer are of no use.
        total: The size of the whole file, where known.
        end: The place in the file where the body ends, where known.
        validator: The value for `If-Range` of a later request.
    """

    start: int
    total: int | None
    end: int | None
    validator: str | None

    @property
    def limit(self) -> int | None:
        """The size that the file can't exceed, where known."""
        return min((size for size in (self.end, self.total) if size is not None), default=None)


@frozen
class Complete:
    """All bytes are on the disk."""


@frozen
class Follow:
    """The file is elsewhere."""

    location: str
    status: int


@frozen
class Renew:
    """The link has expired."""

    status: int


@frozen
class Retry:
    """Try again later, for a reason in words that follow the file's name.

    With `afresh` the bytes on the disk are of no use. `cause` is the error, where no answer came.
    """

    why: str
    status: int | None = None
    after: float | None = None
    afresh: bool = False
    cause: MVSepError | None = None


@frozen
class Refuse:
    """This is not the file, and asking again now won't help."""

    why: str
    status: int
    retryable: bool = True


Decision = Take | Complete | Follow | Renew | Retry | Refuse


def judge(
    head: Head,
    *,
    offset: int = 0,
    validator: str | None = None,
    total: int | None = None,
    promised: int | None = None,
) -> Decision:
    """Decide what to do with an answer, from its head.

    Args:
        head: The head.
        offset: The number of bytes on the disk; when not 0, the rest was asked for.
        validator: The `If-Range` that was sent.
        total: The size of the whole file by an earlier answer.
        promised: The size of the whole file by the service's list of files.
    """
    status = head.status
    if status in _ELSEWHERE and (location := head.headers.get("location")):
        return Follow(location, status)
    if status in _EXPIRED:
        return Renew(status)
    if status == 416:
        found = _NO_PART.fullmatch(head.headers.get("content-range", "").strip())
        if offset and found and _agree(offset, int(found[1]), total, promised):
            return Complete()
        return Retry("the server has no such part of it", status, afresh=True)
    if status in PASSING or status >= 500:
        after = retry_after(head.headers, head.came)
        return Retry(f"the server answered with status {status}", status, after)
    if status not in {200, 206}:
        return Refuse(f"can't be fetched: status {status}", status, retryable=False)
    if head.headers.get("content-type", "").strip().lower().startswith("text/html"):
        return Refuse("is not what came: the service gave a page in place of the file", status)
    if head.coding and head.coding not in CODINGS:
        return Refuse(f"came in a coding that was not asked for: {head.coding!a:.40}", status)
    if status == 206:
        return _judge_part(head, offset, validator, (total, promised))
    if head.coding and promised is None:
        return Refuse("came compressed and without its size, so it may be cut short", status)
    length = head.length
    if length is not None and not _agree(length, promised):
        return Refuse(f"has {length} bytes where {promised} were promised", status)
    if promised is None and not head.shows_its_end:
        return Refuse("came without its length, so it can't be known to be whole", status)
    return Take(0, length if promised is None else promised, length, head.validator)


def _judge_part(
    head: Head, offset: int, validator: str | None, known: tuple[int | None, ...]
) -> Decision:
    found = _PART.fullmatch(head.headers.get("content-range", "").strip())
    if found is None or head.coding:
        return Retry("the server sent another part than was asked for", 206, afresh=True)
    start, last, total = map(int, found.groups())
    good = start == offset <= last < total and _agree(total, *known)
    if not good or head.length not in {None, last + 1 - start}:
        return Retry("the server sent another part than was asked for", 206, afresh=True)
    if validator is not None and head.is_another(validator):
        return Retry("the file has changed", 206, afresh=True)
    return Take(start, total, last + 1, validator if start else head.validator)


def _agree(size: int, *others: int | None) -> bool:
    return all(other in {None, size} for other in others)
