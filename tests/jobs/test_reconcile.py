from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import errors
from mvsep.core.flow import run
from mvsep.core.rows import ReadableRows
from mvsep.files.names import marked, new_marker, unmarked
from mvsep.jobs.reconcile import PAGE, Finding, Sought, Verdict, search
from tests.ports import Call, ScriptedPort

MARKER = "mvk0a1b2c3d4"
HASH = f"20260131145833-a0bb276157-{MARKER}-my-song.wav"
SUBMITTED = 1769871513.0  # 2026-01-31 14:58:33 UTC


ABSENT = object()


def row(n: int, day: str = "20260131") -> dict[str, Any]:
    return {"id": n, "hash": f"{day}120000-{n:010d}-other.wav", "job_exists": True}


class Service:
    """Answers the looks; what it holds can change between the two.

    Args:
        history: The rows, or what stands in their place.
        queue: The account's `current_queue`; ABSENT where the account has none.
        most: The most rows that it gives at a time.
    """

    def __init__(self, history: Any, queue: Any = None, most: int = PAGE) -> None:
        self.history, self.queue, self.most = history, queue, most
        self.between: Any = None
        self.port = ScriptedPort(self.reply)

    def reply(self, call: Call) -> Any:
        if call.operation == "app_user":
            if self.port.slept and self.later:
                self.later(self)
                self.later = None
            if isinstance(self.queue, Exception):
                return self.queue
            return Answer({} if self.queue is ABSENT else {"current_queue": self.queue})
        assert (call.operation, call.arguments["limit"]) == ("app_separation_history", PAGE)
        start = call.arguments["start"]
        if start and self.between:
            self.between(self)
            self.between = None
        whole = isinstance(self.history, list)
        return Answer(self.history[start : start + self.most] if whole else self.history)

    def run(self, later: Any = None) -> Finding:
        self.later = later
        return run(search(self.port, Sought(MARKER)))  # type: ignore[arg-type]

    @property
    def looks(self) -> list[tuple[str, Any]]:
        return [(call.operation, call.arguments.get("start")) for call in self.port.calls]


class Answer:
    """An answer of any form, as models give it back."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def to_dict(self) -> dict[str, Any]:
        return {"success": True, "data": self.data}


@pytest.mark.parametrize(
    ("history", "queue"),
    [
        ([row(1), {"hash": HASH}, row(2)], None),
        ([*(row(n) for n in range(45)), {"hash": HASH}], None),
        ([], [HASH]),
        ([], [{"hash": HASH}]),
        ([], {"a": {"link": f"https://mvsep.com/x?hash={HASH}"}}),
    ],
)
def test_a_job_is_found_by_its_marker_on_any_page_and_in_any_form(history: Any, queue: Any) -> None:
    found = Service(history, queue).run()

    assert (found.verdict, found.hash) == (Verdict.FOUND, HASH)


@pytest.mark.parametrize("queue", [None, 1])
def test_a_job_that_shows_late_is_found_at_the_second_look(queue: Any) -> None:
    service = Service([row(1)], queue)
    found = service.run(later=lambda it: it.history.insert(0, {"hash": HASH}))

    assert found.hash == HASH


def test_not_there_takes_two_looks_to_the_end_a_minute_apart() -> None:
    service = Service([row(1), row(2)], queue=[])
    found = service.run()

    history = [("app_separation_history", start) for start in (0, 1)]
    assert found.verdict is Verdict.NOT_THERE
    assert service.looks == [("app_user", None), *history] * 2
    assert service.port.slept == [60]


def test_time_alone_never_matches() -> None:
    twin = HASH.replace(MARKER, "mvkzzzzzzzzz")

    assert Service([{"hash": twin}], queue=[twin]).run().verdict is Verdict.NOT_THERE


def test_a_look_that_fails_can_not_tell() -> None:
    found = Service([], queue=errors.ConnectionFailed("The line is dead.")).run()

    assert found.verdict is Verdict.CANT_TELL
    assert "dead" in found.reason


@pytest.mark.parametrize(
    "history",
    [{"rows": []}, "", None, [{"id": 1}], [row(1), None], [[]], [row(n) for n in range(11_000)]],
)
def test_a_history_that_can_not_be_read_or_never_ends_can_not_tell(history: Any) -> None:
    assert Service(history).run().verdict is Verdict.CANT_TELL


@pytest.mark.parametrize(
    ("odd", "verdict"),
    [
        ({"id": "?", "hash": HASH}, Verdict.FOUND),
        ("?", Verdict.CANT_TELL),
        (None, Verdict.CANT_TELL),
    ],
)
def test_a_row_that_the_client_can_not_read_is_looked_at_all_the_same(
    odd: Any, verdict: Verdict
) -> None:
    service = Service([row(1), odd, row(2)], queue=[])

    def reply(call: Call) -> Any:
        answer = service.reply(call)
        if call.operation == "app_separation_history":
            rows = [each for each in answer.data if each is not odd]
            odds = [each for each in answer.data if each is odd]
            answer.data = ReadableRows(rows, odds) if odds else rows
        return answer

    service.port.reply = reply
    assert service.run().verdict is verdict


@pytest.mark.parametrize("rows", [1, 3, PAGE])
def test_a_history_that_goes_round_can_not_tell(rows: int) -> None:
    service = Service([row(n) for n in range(rows)])
    service.port.reply = lambda call: service.reply(
        call._replace(arguments={**call.arguments, "start": 0})
    )

    assert service.run().verdict is Verdict.CANT_TELL
    assert len(service.looks) <= 20


@pytest.mark.parametrize("newer", [45, 1000, 9000])
def test_neither_many_newer_jobs_nor_their_dates_end_the_search(newer: int) -> None:
    # As a clock of this machine that is years ahead or behind sees them.
    days = ("20200101", "20260131", "20310101")
    rows = [row(n, days[n % 3]) for n in range(newer)]

    assert Service([*rows, {"hash": HASH}]).run().hash == HASH
    assert Service(rows).run().verdict is Verdict.NOT_THERE


@pytest.mark.parametrize("most", [2, 7, 10])
def test_pages_shorter_than_asked_for_are_no_end(most: int) -> None:
    rows = [*(row(n) for n in range(most)), {"hash": HASH}, row(99)]

    assert Service(rows, most=most).run().hash == HASH


@pytest.mark.parametrize("rows", [2, 5])
def test_a_history_of_one_row_at_a_time_can_not_tell(rows: int) -> None:
    assert Service([row(n) for n in range(rows)], most=1).run().verdict is Verdict.CANT_TELL


@pytest.mark.parametrize(("rows", "looks"), [(0, 1), (1, 3), (2, 2), (PAGE, 2), (PAGE + 1, 3)])
def test_an_end_costs_as_few_looks_as_can_be(rows: int, looks: int) -> None:
    service = Service([row(n) for n in range(rows)])

    assert service.run().verdict is Verdict.NOT_THERE
    assert service.port.count("app_separation_history") == 2 * looks


def test_rows_removed_while_it_is_read_hide_no_job() -> None:
    def removed(service: Service) -> None:
        del service.history[:5]

    def once_more(service: Service) -> None:
        service.history[:0] = [row(n) for n in range(200, 205)]
        service.between = removed

    # At each look it is on the second page, and slips onto the first one before that is asked for.
    rows = [*(row(n) for n in range(PAGE + 2)), {"hash": HASH}, *(row(n) for n in range(100, 150))]
    service = Service(rows)
    service.between = removed
    found = service.run(later=once_more)

    assert found.hash == HASH or found.verdict is Verdict.CANT_TELL


def test_rows_that_arrive_while_it_is_read_hide_no_job() -> None:
    def arrived(service: Service) -> None:
        service.history[:0] = [row(n) for n in range(500, 510)]

    service = Service([*(row(n) for n in range(PAGE + 2)), {"hash": HASH}])
    service.between = arrived

    assert service.run().hash == HASH


@pytest.mark.parametrize("rows", [1, 2, PAGE, PAGE + 1])
@pytest.mark.parametrize("arriving", [1, PAGE, 2 * PAGE])
@pytest.mark.parametrize("before", [1, 2, 3])
def test_a_song_sent_at_any_moment_of_the_search_leaves_it_an_answer(
    rows: int, arriving: int, before: int
) -> None:
    service = Service([row(n) for n in range(rows)])
    asked = 0

    def reply(call: Call) -> Any:
        nonlocal asked
        asked += call.operation == "app_separation_history"
        if asked == before and call.operation == "app_separation_history":
            service.history[:0] = [row(500 + n) for n in range(arriving)]
        return service.reply(call)

    service.port.reply = reply

    assert service.run().verdict is Verdict.NOT_THERE


def test_a_job_that_shows_late_below_newer_ones_is_found() -> None:
    rows = [row(n) for n in range(60)]
    service = Service(rows)
    found = service.run(later=lambda it: it.history.insert(50, {"hash": HASH}))

    assert found.hash == HASH


@pytest.mark.parametrize(
    "queue",
    [1, 3, "1", " 2 ", True, False, ABSENT, {}, {"count": 0}, "busy", "", 1.5, [7], [{"id": 5}]],
)
def test_a_queue_that_names_no_job_can_not_tell(queue: Any) -> None:
    found = Service([row(1)], queue).run()

    assert (found.verdict, found.hash) == (Verdict.CANT_TELL, None)
    assert "queue" in found.reason or "under way" in found.reason


@pytest.mark.parametrize("queue", [None, 0, "0", [], [row(3)], [row(3)["hash"]]])
def test_a_queue_that_can_be_read_and_does_not_hold_it_lets_the_history_tell(queue: Any) -> None:
    assert Service([row(1)], queue).run().verdict is Verdict.NOT_THERE


def test_a_queue_that_could_be_read_only_once_can_not_tell() -> None:
    def freed(service: Service) -> None:
        service.queue = 0

    assert Service([row(1)], queue=1).run(later=freed).verdict is Verdict.CANT_TELL


@pytest.mark.parametrize("where", ["history", "queue"])
def test_a_marker_that_is_seen_is_never_not_there(where: str) -> None:
    odd = f"2026-01-31_{MARKER}-my-song.wav"
    named, told = [{"hash": odd}], [{"name": odd, **row(4)}]

    found = Service(named).run() if where == "history" else Service([], named).run()
    assert (found.verdict, found.hash) == (Verdict.FOUND, odd)

    found = Service(told).run() if where == "history" else Service([], told).run()
    assert (found.verdict, found.hash) == (Verdict.CANT_TELL, None)


@pytest.mark.parametrize("between", [" ", ",", ", ", "; ", "|", "\n", "&hash="])
@pytest.mark.parametrize("first", [False, True])
def test_of_several_hashes_in_one_text_the_marked_one_is_taken(between: str, first: bool) -> None:
    other = row(9)["hash"]
    text = between.join([HASH, other] if first else [other, HASH])

    assert Service([], [text]).run().hash == HASH


def slug(name: str) -> str:
    """As the service simplifies names: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")


@given(st.text(), st.randoms(use_true_random=False))
def test_a_marker_survives_the_services_simplifying_and_comes_off_again(
    name: str, chance: random.Random
) -> None:
    marker = new_marker(chance.random)

    assert re.fullmatch("[a-z0-9]{12}", marker)
    assert marker in slug(marked(name, marker))
    assert marker not in unmarked(slug(marked(name, marker))) or not slug(name)


@given(st.text(max_size=300), st.sampled_from(["", ".wav", ".flac", ".", ".tar", ".ä"]))
def test_a_marked_name_has_room_on_a_disk_and_keeps_its_extension(
    base: str, extension: str
) -> None:
    name = base + extension
    sent = marked(name, MARKER)

    assert len(sent.encode()) <= 255
    assert sent.startswith(f"{MARKER}-")
    assert not base or sent.endswith(extension)
    if len(name.encode()) <= 255 - 13:
        assert sent == f"{MARKER}-{name}"


def test_a_name_that_is_not_utf_8_can_be_sent() -> None:
    assert marked("\udcff\udcfesong.wav", MARKER).encode().endswith(b"song.wav")


@given(st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,5})?\.wav", fullmatch=True))
def test_a_name_without_a_marker_stays_as_it_is(name: str) -> None:
    assert unmarked(name) == name
