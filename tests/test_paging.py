from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import InvalidInput, RateLimited, UnexpectedResponse
from mvsep.core.flow import iterate
from mvsep.paging import read_pages
from mvsep_api.models.news_item import NewsItem
from tests.ports import End
from tests.wire import BASE_URL, TOKEN, Wire, answer

Rows = list[dict[str, Any]]
Read = Callable[..., list[Any]]

LISTS = [
    ("history", "/api/app/separation_history", lambda rows: {"success": True, "data": rows}),
    ("news", "/api/app/news", lambda rows: rows),
    ("demo", "/api/app/demo", lambda rows: rows),
    ("quality_queue", "/api/quality_checker/queue", lambda rows: rows),
    ("leaderboard", "/api/quality_checker/leaderboard", lambda rows: {"data": rows}),
    ("purchases", "/api/purchases", lambda rows: {"success": True, "data": rows}),
]


# The rule


class Ask(NamedTuple):
    start: int
    limit: int


def named(number: int) -> dict[str, Any]:
    return {"id": number}


class Table:
    """Rows, newest first; `arrivals[n]` is how many new ones come before question n."""

    def __init__(self, count: int, arrivals: Sequence[int] = ()) -> None:
        self.rows = [named(number) for number in reversed(range(count))]
        self.asked: list[Ask] = []
        self._arrivals = list(arrivals)
        self._next = count

    def page(self, ask: Ask) -> Rows:
        self.asked.append(ask)
        for _ in range(self._arrivals.pop(0) if self._arrivals else 0):
            self.rows.insert(0, named(self._next))
            self._next += 1
        return self.rows[ask.start : ask.start + ask.limit]


def read(page: Callable[[Ask], Rows], **settings: Any) -> list[Rows]:
    """The pages that come out."""
    end = End(1_000)

    async def ask(start: int, limit: int) -> Rows:
        end.step()
        return page(Ask(start, limit))

    return list(iterate(read_pages(ask, **settings)))


def numbers(pages: list[list[Any]]) -> list[int]:
    return [row["id"] for page in pages for row in page]


# At most nine rows arrive, so that even pages of one row never show ten in a row that were given
# before: those would be taken for a list that goes round.
ARRIVALS = st.lists(st.integers(0, 3), max_size=3)


@given(count=st.integers(0, 90), size=st.integers(1, 20))
def test_every_row_comes_once_and_in_order(count: int, size: int) -> None:
    table = Table(count)
    pages = read(table.page, page_size=size)

    assert numbers(pages) == list(reversed(range(count)))
    assert [ask.start for ask in table.asked] == list(range(0, count + 1, size))
    assert {ask.limit for ask in table.asked} == {size}


@given(count=st.integers(0, 90), size=st.integers(1, 20), arrivals=ARRIVALS)
def test_rows_that_arrive_meanwhile_neither_repeat_nor_hide_the_others(
    count: int, size: int, arrivals: list[int]
) -> None:
    table = Table(count, [0, *arrivals])
    given_ = numbers(read(table.page, page_size=size))

    assert len(given_) == len(set(given_))
    # Those that were there from the beginning: all, in order.
    assert [number for number in given_ if number < count] == list(reversed(range(count)))


@given(
    count=st.integers(0, 90), size=st.integers(1, 20), limit=st.integers(0, 100), arrivals=ARRIVALS
)
def test_a_limit_is_kept_and_no_more_is_asked_for_than_it_takes(
    count: int, size: int, limit: int, arrivals: list[int]
) -> None:
    quiet, busy = Table(count), Table(count, [0, *arrivals])
    found = numbers(read(quiet.page, page_size=size, limit=limit))
    found_meanwhile = numbers(read(busy.page, page_size=size, limit=limit))

    assert found == list(reversed(range(count)))[:limit]
    assert sum(ask.limit for ask in quiet.asked) <= max(limit, 0)
    assert len(set(found_meanwhile)) == len(found_meanwhile) == min(limit, len(found_meanwhile))
    assert len(found_meanwhile) >= min(limit, count)


@given(st.lists(st.sampled_from([{"id": 1}, {"id": "1"}, {"hash": "1"}, {"id": 2, "hash": "1"}])))
def test_rows_are_told_apart_by_id_and_else_by_hash(rows: Rows) -> None:
    found = [row for page in read(lambda ask: rows, page_size=len(rows) + 1) for row in page]

    assert sorted(map(str, found)) == sorted({str(row) for row in rows})


@given(count=st.integers(0, 30), size=st.integers(1, 7))
def test_rows_without_a_name_are_never_dropped(count: int, size: int) -> None:
    rows = [{"amount": "5.00", "number": n // 2} for n in range(count)]
    pages = read(lambda ask: rows[ask.start : ask.start + ask.limit], page_size=size)

    assert [row for page in pages for row in page] == rows


def test_no_page_given_is_empty() -> None:
    table = Table(4, [0, 2, 0, 0])
    assert numbers(read(table.page, page_size=2)) == [3, 2, 1, 0]
    assert [len(page) for page in read(Table(4, [0, 2]).page, page_size=2)] == [2, 2]


def test_a_service_that_gives_more_than_asked_for_is_taken_at_its_word() -> None:
    rows, asked = [named(number) for number in range(7)], []

    def page(ask: Ask) -> Rows:
        asked.append(ask.start)
        return rows[ask.start :]

    assert numbers(read(page, page_size=3)) == list(range(7))
    assert asked == [0, 7]
    assert numbers(read(page, page_size=3, limit=4)) == list(range(4))


@pytest.mark.parametrize("row", [{"id": 1}, {"amount": "5.00"}])
def test_a_list_that_goes_round_ends_in_an_error(row: dict[str, Any]) -> None:
    asked: list[Ask] = []

    def page(ask: Ask) -> Rows:
        asked.append(ask)
        return [row, {**row, "id": 2}]

    with pytest.raises(UnexpectedResponse, match="goes round"):
        read(page, page_size=2, host="mvsep.com")
    assert len(asked) == 11


# Both shells


@pytest.fixture
def read_all(asynchronous: bool) -> Read:
    """Read a list of either client, by rows or by pages."""

    def read_all(wire: Wire, method: str, pages: bool = False, **more: Any) -> list[Any]:
        def items(client: Any) -> Any:
            pager = getattr(client, method)(**more)
            return pager.pages() if pages else pager

        return wire.each(asynchronous, items)

    return read_all


def serving(rows: Rows, envelope: Callable[[Rows], Any], start: str = "start") -> Wire:
    def page(request: httpx.Request) -> httpx.Response:
        first, limit = int(request.url.params[start]), int(request.url.params["limit"])
        return answer(envelope(rows[first : first + limit]))

    return Wire(page)


@pytest.mark.parametrize(("method", "path", "envelope"), LISTS)
def test_every_list_is_read_to_its_end(
    read_all: Read, method: str, path: str, envelope: Callable[[Rows], Any]
) -> None:
    start, size = ("offset", 100) if method == "purchases" else ("start", 20)
    wire = serving([named(n) for n in range(size + 1)], envelope, start)
    rows = read_all(wire, method)

    found = [row if isinstance(row, dict) else row.to_dict() for row in rows]
    assert [row["id"] for row in found] == list(range(size + 1))
    assert wire.paths == [path, path]
    assert [request.url.params[start] for request in wire.requests] == ["0", str(size)]


def test_pages_come_as_lists_of_typed_rows(read_all: Read) -> None:
    wire = serving([named(n) for n in range(5)], lambda rows: rows)
    pages = read_all(wire, "news", pages=True, page_size=2)

    assert [[row.id for row in page] for page in pages] == [[0, 1], [2, 3], [4]]
    assert isinstance(pages[0][0], NewsItem)


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("news", {"lang": "ru"}),
        ("demo", {"algorithm_id": 7}),
        ("leaderboard", {"dataset_type": "3", "sort": "sdr_vocals"}),
        ("purchases", {"status": "unpaid"}),
    ],
)
def test_what_a_list_is_narrowed_to_is_sent_and_else_is_not(
    read_all: Read, method: str, more: dict[str, Any]
) -> None:
    empty = answer([] if method in {"news", "demo"} else {"success": True, "data": []})
    narrow, wide = Wire(empty), Wire(empty)
    read_all(narrow, method, **more)
    read_all(wide, method)

    sent = dict(narrow.requests[0].url.params)
    assert {name: sent[name] for name in more} == {name: str(more[name]) for name in more}
    assert not set(more) & set(wide.requests[0].url.params)


NO_LIST = {"success": True}


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("history", NO_LIST),
        ("leaderboard", NO_LIST),
        ("purchases", NO_LIST),
        ("purchases", {"success": True, "data": {"rows": []}}),
        ("purchases", {"success": True, "data": [1]}),
        ("purchases", [{"id": 1}]),
    ],
)
def test_an_answer_without_its_list_is_an_error_and_not_an_empty_list(
    read_all: Read, method: str, body: Any
) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        read_all(Wire(answer(body)), method)

    assert caught.value.host == BASE_URL.removeprefix("http://")


@pytest.mark.parametrize(
    "more",
    [
        {"page_size": 0},
        {"page_size": 21},
        {"page_size": True},
        {"page_size": "5"},
        {"limit": -1},
        {"limit": 1.5},
        {"limit": False},
    ],
)
def test_sizes_that_can_not_be_are_found_before_anything_is_sent(
    read_all: Read, more: dict[str, Any]
) -> None:
    wire = Wire(answer([]))
    with pytest.raises(InvalidInput, match=next(iter(more))):
        read_all(wire, "news", **more)
    assert wire.requests == []


@pytest.mark.parametrize(("method", "path", "envelope"), LISTS)
def test_a_row_that_can_not_be_read_does_not_end_the_list(
    read_all: Read, method: str, path: str, envelope: Callable[[Rows], Any]
) -> None:
    rows: list[Any] = [named(3), None, named(1)]
    start = "offset" if method == "purchases" else "start"
    wire = serving(rows, envelope, start)
    read = read_all(wire, method, page_size=2)

    found = [row if isinstance(row, dict) else row.to_dict() for row in read]
    assert [row["id"] for row in found] == [3, 1]
    assert [request.url.params[start] for request in wire.requests] == ["0", "2"]


def test_a_misspelt_setting_is_not_swallowed(read_all: Read) -> None:
    with pytest.raises(TypeError, match="pagesize"):
        read_all(Wire(answer([])), "news", pagesize=5)


def test_a_refusal_on_the_way_comes_through(read_all: Read) -> None:
    wire = Wire(answer([named(1), named(2)]), answer({}, 429))
    with pytest.raises(RateLimited):
        read_all(wire, "news", page_size=2)
    assert TOKEN not in str(wire.requests[0].url)


def test_pages_are_asked_for_when_they_are_wanted_and_each_reading_begins_anew() -> None:
    wire = serving([named(n) for n in range(9)], lambda rows: rows)

    with wire.client() as client:
        news = client.news(page_size=3)
        assert wire.requests == []
        first = iter(news)
        assert [next(first).id for _ in range(3)] == [0, 1, 2]
        assert len(wire.requests) == 1
        assert next(first).id == 3
        assert len(wire.requests) == 2
        assert next(iter(news)).id == 0
        pages = news.pages()
        assert [row.id for row in next(pages)] == [0, 1, 2]
        pages.close()
        assert list(pages) == []
    assert len(wire.requests) == 4
    rows = wire.each(True, lambda client: client.news(page_size=3), 4)
    assert [row.id for row in rows] == [0, 1, 2, 3]
    assert len(wire.requests) == 6
