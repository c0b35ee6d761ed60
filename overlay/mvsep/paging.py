"""How a long list is read: which page to ask for next, when to stop, and what to drop.

Nothing here knows how a page is fetched. `turn` is a generator of steps; `Pager` and `AsyncPager`
carry them out, so both take the same decisions.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import Any, Final, Generic, TypedDict, TypeVar

from attrs import frozen

from mvsep.errors import InvalidInput, UnexpectedResponse

Row = TypeVar("Row")

#: The most rows the service gives at a time; by its API page, and of purchases by its own
#: OpenAPI document 1.1.1.
MOST: Final = 20
MOST_PURCHASES: Final = 100

# What a row without a name of its own is known by: all it holds.
_WHOLE = "whole"

# Pages in a row with nothing new on them before the list is taken for one that goes round.
_PATIENCE = 10


class Paging(TypedDict, total=False):
    """How a list is read.

    Args:
        limit: How many rows to give in all; None gives every one.
        page_size: How many rows to ask for at a time; None, or absent, for as many as it gives.
    """

    limit: int | None
    page_size: int | None


@frozen
class Ask:
    """Ask for up to `limit` rows from the one numbered `start`, counted from 0."""

    start: int
    limit: int


@frozen
class Show:
    """Give the caller the new rows of a page; there is at least one."""

    rows: list[Any]


Step = Ask | Show
Steps = Generator[Step, Any, None]


def turn(*, page_size: int, limit: int | None = None, host: str | None = None) -> Steps:
    """The steps of reading a list.

    The service counts rows from the newest, so rows that arrive while the list is read push the
    others down and onto the next page. A row whose `id`, or else `hash`, was given before is
    dropped. What this can't mend: rows removed meanwhile pull the others up, and as many are
    missed; a row that arrived meanwhile may be given late, out of order, or not at all; a row
    without `id` and `hash` may be given twice.

    Args:
        page_size: How many rows to ask for at a time.
        limit: How many rows to give in all; None gives every one.
        host: For errors: who answers.

    Yields:
        What to do next. An `Ask` is answered with the facade's answer.

    Raises:
        UnexpectedResponse: When an answer holds no list, or when the list goes round: ten pages
            in a row, and more rows than were ever given, held nothing new.
    """
    start, given, stale, stale_pages = 0, 0, 0, 0
    seen = set[tuple[str, object]]()
    while limit is None or given < limit:
        asked = page_size if limit is None else min(page_size, limit - given)
        rows = _rows((yield Ask(start, asked)), host)
        fresh, knew = list[Any](), len(seen)
        for row in rows:
            key = _key(row)
            if key not in seen or key[0] == _WHOLE:
                fresh.append(row)
            seen.add(key)
        stale = 0 if len(seen) > knew else stale + len(rows)
        stale_pages = 0 if len(seen) > knew else stale_pages + 1
        if stale > len(seen) and stale_pages >= _PATIENCE:
            raise _round(host)
        start += len(rows)
        # A service that does not heed `limit` gives more than it was asked for.
        fresh = fresh if limit is None else fresh[: limit - given]
        given += len(fresh)
        if fresh:
            yield Show(fresh)
        if len(rows) < asked:
            return


def _key(row: Any) -> tuple[str, object]:
    """What tells a row from the others."""
    fields: dict[str, Any] = row if isinstance(row, dict) else row.to_dict()
    for name in ("id", "hash"):
        value = fields.get(name)
        if isinstance(value, int | str):
            return name, value
    return _WHOLE, json.dumps(fields, sort_keys=True)


def _rows(answer: Any, host: str | None) -> list[Any]:
    """The rows of an answer: a bare list, or the one under `data`."""
    if isinstance(answer, list):
        rows: Any = answer
    elif hasattr(answer, "data"):
        rows = answer.data
    else:  # the contract says nothing of `data` here, so the model keeps it with what is unknown
        rows = answer.additional_properties.get("data")
    if isinstance(rows, list) and all(isinstance(row, dict) or _is_model(row) for row in rows):
        return rows
    raise UnexpectedResponse(
        "The answer holds no list of rows.",
        host=host,
        next_step="If base_url is the service's own address, please report it.",
    )


def _is_model(row: object) -> bool:
    return hasattr(row, "to_dict")


def _round(host: str | None) -> UnexpectedResponse:
    return UnexpectedResponse(
        "The list goes round: page after page holds only rows that were given before.",
        host=host,
        next_step="Read less of it with limit=, or report it.",
    )


class _Pager:
    """What both pagers check and decide alike."""

    def __init__(
        self,
        ask: Callable[..., Any],
        paging: Paging,
        host: str | None = None,
        *,
        most: int = MOST,
        start: str = "start",
        **arguments: object,
    ) -> None:
        self._ask = ask
        self._limit, self._page_size = _sizes(most, **paging)
        self._host = host
        self._start = start
        self._arguments = {name: value for name, value in arguments.items() if value is not None}

    def _steps(self) -> Steps:
        return turn(page_size=self._page_size, limit=self._limit, host=self._host)

    def _question(self, step: Ask) -> dict[str, object]:
        return {self._start: step.start, "limit": step.limit, **self._arguments}


def _sizes(
    most: int, *, limit: int | None = None, page_size: int | None = None
) -> tuple[int | None, int]:
    page_size = most if page_size is None else page_size
    if not _whole(page_size, 1) or page_size > most:
        raise InvalidInput(f"page_size is a whole number from 1 to {most}, not {page_size!r:.40}.")
    if limit is not None and not _whole(limit, 0):
        raise InvalidInput(f"limit is a whole number of rows, or None, not {limit!r:.40}.")
    return limit, page_size


def _whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _next(steps: Steps, answer: Any) -> Step | None:
    try:
        return steps.send(answer)
    except StopIteration:
        return None


class Pager(_Pager, Generic[Row]):
    """A list of the service: iterate over it for its rows, newest first.

    A page is asked for when its first row is wanted, and each iteration begins anew. What rows
    that come or go meanwhile mean is said at `turn`.

    Args:
        ask: The operation, such as `api.app.separation_history`.
        paging: How many rows to give, and to ask for at a time.
        host: For errors: who answers.
        most: The most rows the service gives at a time.
        start: What the operation calls the number of rows to skip.
        arguments: What else the operation is to be told; None is not sent.

    Raises:
        InvalidInput: When the numbers can't be; nothing was sent.
        MVSepError: While iterating, as the operation does; UnexpectedResponse when an answer
            holds no list.
    """

    def __iter__(self) -> Iterator[Row]:
        for page in self.pages():
            yield from page

    def pages(self) -> Iterator[list[Row]]:
        """The same rows by pages, without those that were given before; none is empty."""
        steps = self._steps()
        step = _next(steps, None)
        while step is not None:
            answer = None
            if isinstance(step, Show):
                yield step.rows
            else:
                answer = self._ask(**self._question(step))
            step = _next(steps, answer)


class AsyncPager(_Pager, Generic[Row]):
    """A list of the service, for `async for`; otherwise as `Pager`."""

    async def __aiter__(self) -> AsyncIterator[Row]:
        async for page in self.pages():
            for row in page:
                yield row

    async def pages(self) -> AsyncIterator[list[Row]]:
        """The same rows by pages; see `Pager.pages`."""
        steps = self._steps()
        step = _next(steps, None)
        while step is not None:
            answer = None
            if isinstance(step, Show):
                yield step.rows
            else:
                answer = await self._ask(**self._question(step))
            step = _next(steps, answer)
