"""Long lists of the service: which page to ask for next, when to stop, and what to drop."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from itertools import compress
from operator import not_
from typing import Any, Final, Generic, Protocol, TypedDict, TypeVar

from mvsep.core.flow import iterate
from mvsep.core.rows import ReadableRows
from mvsep.errors import InvalidInput, UnexpectedResponse
from mvsep_api.models.purchases_answer import PurchasesAnswer
from mvsep_api.types import Unset

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)

#: The most rows the service gives at a time; by its API page, and of purchases by its own
#: OpenAPI document 1.1.1.
MOST: Final = 20
MOST_PURCHASES: Final = 100

# The name of a row that has neither id nor hash: all its fields.
_WHOLE = "whole"

# Pages in a row with nothing new on them before the list is taken for one that goes round.
_PATIENCE = 10


class Paging(TypedDict, total=False):
    """The size of a list: rows in all (None for every one), and rows to ask for at a time."""

    limit: int | None
    page_size: int | None


class Listed(Protocol[Row_co]):
    """An answer with its rows under `data`."""

    @property
    def data(self) -> Sequence[Row_co] | Unset:
        """The rows."""


Page = list[Row] | Listed[Row] | PurchasesAnswer


async def read_pages(
    ask: Callable[[int, int], Awaitable[Page[Row]]],
    *,
    page_size: int,
    limit: int | None = None,
    host: str | None = None,
) -> AsyncGenerator[list[Row], None]:
    """Read a list page by page, and drop rows that were given before; no page is empty.

    The service counts rows from the newest, so rows that arrive meanwhile push the others onto
    the next page. A row whose `id`, or else `hash`, was given before is dropped. Three things
    can't be mended. Rows removed meanwhile pull the others up, and as many are missed. A row
    that arrived meanwhile may be given late, out of order, or not at all. A row without `id` and
    `hash` may be given twice.

    `ask` takes the number of rows to skip, and the most to give. UnexpectedResponse is raised when
    an answer holds no list, or when the list goes round: ten pages in a row, and more rows than
    were ever given, held nothing new.
    """
    start, given, stale, stale_pages = 0, 0, 0, 0
    seen = set[tuple[str, object]]()
    while limit is None or given < limit:
        asked = page_size if limit is None else min(page_size, limit - given)
        page = await ask(start, asked)
        rows = _rows(page, host)
        full = len(rows) + (rows.left_out if isinstance(rows, ReadableRows) else 0)
        fresh, knew = list[Row](), len(seen)
        for row in rows:
            key = _key(row)
            if key not in seen or key[0] == _WHOLE:
                fresh.append(row)
            seen.add(key)
        stale = 0 if len(seen) > knew else stale + len(rows)
        stale_pages = 0 if len(seen) > knew else stale_pages + 1
        if stale > len(seen) and stale_pages >= _PATIENCE:
            raise UnexpectedResponse(
                "The list goes round: page after page holds only rows that were given before.",
                host=host,
                next_step="Read less of it with limit=, or report it.",
            )
        start += full
        # A service that does not heed `limit` gives more than it was asked for.
        fresh = fresh if limit is None else fresh[: limit - given]
        given += len(fresh)
        if fresh:
            yield fresh
        if full < asked:
            return


def _key(row: Any) -> tuple[str, object]:
    fields: dict[str, Any] = row if isinstance(row, dict) else row.to_dict()
    for name in ("id", "hash"):
        value = fields.get(name)
        if isinstance(value, int | str):
            return name, value
    return _WHOLE, json.dumps(fields, sort_keys=True)


def _rows(answer: Page[Row], host: str | None) -> list[Row]:
    rows: Any = answer if isinstance(answer, list) else answer.data
    if isinstance(rows, list):
        fits = [isinstance(row, dict) or _is_model(row) for row in rows]
        if all(fits):
            return rows
        if any(fits):
            return ReadableRows(compress(rows, fits), [*compress(rows, map(not_, fits))])
    raise UnexpectedResponse(
        "The answer holds no list of rows.",
        host=host,
        next_step="If base_url is the service's own address, please report it.",
    )


def _is_model(row: object) -> bool:
    return hasattr(row, "to_dict")


class _Pager(Generic[Row]):
    """Base of both pagers: the checked sizes, and the flow."""

    def __init__(
        self,
        ask: Callable[..., Awaitable[Page[Row]]],
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

    def __repr__(self) -> str:
        name = getattr(self._ask, "__name__", "list")
        return f"{type(self).__name__}({name}, limit={self._limit}, page_size={self._page_size})"

    def _pages(self) -> AsyncGenerator[list[Row], None]:
        def ask(start: int, limit: int) -> Awaitable[Page[Row]]:
            return self._ask(**{self._start: start, "limit": limit, **self._arguments})

        return read_pages(ask, page_size=self._page_size, limit=self._limit, host=self._host)


def _sizes(
    most: int, *, limit: int | None = None, page_size: int | None = None
) -> tuple[int | None, int]:
    page_size = most if page_size is None else page_size
    if not _is_whole(page_size, 1) or page_size > most:
        raise InvalidInput(
            f"page_size is a whole number from 1 to {most}, not {page_size!r:.40}.",
            param="page_size",
        )
    if limit is not None and not _is_whole(limit, 0):
        raise InvalidInput(
            f"limit is a whole number of rows, or None, not {limit!r:.40}.", param="limit"
        )
    return limit, page_size


def _is_whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


class Pager(_Pager[Row]):
    """A list of the service: iterate over it for its rows, newest first.

    A page is asked for when its first row is wanted, and each iteration begins anew. `read_pages`
    says what happens to rows that come or go meanwhile.

    Args:
        ask: The operation, such as `port.api.app.separation_history`, of a sync client's port.
        paging: How many rows to give, and to ask for at a time.
        host: For errors: who answers.
        most: The most rows the service gives at a time.
        start: The operation's name for the number of rows to skip.
        arguments: The operation's other arguments; None is not sent.

    Raises:
        InvalidInput: When the numbers can't be; nothing was sent.
        MVSepError: While iterating, as the operation does; UnexpectedResponse when an answer
            holds no list.
    """

    def __iter__(self) -> Iterator[Row]:
        for page in self.pages():
            yield from page

    def pages(self) -> Iterator[list[Row]]:
        """Iterate by pages, without rows that were given before; none is empty."""
        return iterate(self._pages())


class AsyncPager(_Pager[Row]):
    """A list of the service, for `async for`; otherwise as `Pager`."""

    async def __aiter__(self) -> AsyncIterator[Row]:
        async for page in self.pages():
            for row in page:
                yield row

    def pages(self) -> AsyncIterator[list[Row]]:
        """Iterate by pages; see `Pager.pages`."""
        return self._pages()
