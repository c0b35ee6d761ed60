"""Calls of either client: their answers, their errors, and what these show."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import NO_RETRY, PollPolicy, errors
from tests.wire import TOKEN, Wire, answer


def news(client: Any) -> Any:
    return client.api.app.news(lang="en")


@pytest.mark.parametrize(
    ("failure", "kind", "words"),
    [
        (httpx.ConnectError("no route"), errors.ConnectionFailed, "can't be reached"),
        (httpx.ConnectTimeout("slow"), errors.ConnectionFailed, "can't be reached"),
        (httpx.ReadTimeout("slow"), errors.ConnectionFailed, "in time"),
        (httpx.ReadError("reset"), errors.ConnectionFailed, "was lost"),
        (httpx.RemoteProtocolError("cut"), errors.ConnectionFailed, "was lost"),
        (httpx.DecodingError("bad gzip"), errors.UnexpectedResponse, "could not be read"),
    ],
)
def test_a_broken_connection_is_one_typed_error(
    failure: Exception, kind: type, words: str, asynchronous: bool
) -> None:
    with pytest.raises(errors.MVSepError, match=words) as caught:
        Wire(failure).act(asynchronous, news)

    assert type(caught.value) is kind
    assert caught.value.host == "127.0.0.1:8000"
    assert caught.value.retryable


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(200, html="<h1>Down for maintenance</h1>"),
        httpx.Response(200, content=b'[{"id": 1'),
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b"\xff\xfe\x00"),
        httpx.Response(204),
        answer({"news": []}),
        answer([1, 2]),
        httpx.Response(520, html="<h1>Web server returns an unknown error</h1>"),
        httpx.Response(599, content=b"\x00"),
    ],
)
def test_an_answer_outside_the_contract_is_unexpected(
    reply: httpx.Response, asynchronous: bool
) -> None:
    with pytest.raises(errors.UnexpectedResponse) as caught:
        Wire(reply).act(asynchronous, news)

    assert caught.value.status == reply.status_code


@pytest.mark.parametrize(
    "odd", [None, "text", 7, [], {"name": "no number"}, {"render_id": 2, "name": "B", "rating": 5}]
)
def test_a_list_of_types_survives_a_row_that_can_not_be_read(
    odd: object, asynchronous: bool
) -> None:
    rows = [{"render_id": 1, "name": "A"}, odd, {"render_id": 3, "name": "C", "new": [1]}]
    found = Wire(answer(rows)).act(asynchronous, lambda client: client.api.app.algorithms())

    assert [row.to_dict() for row in found] == [rows[0], rows[2]]
    assert found.left_out == 1


@pytest.mark.parametrize("odd", [None, "text", 7])
@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.api.app.separation_history(),
        lambda client: client.api.quality_checker.leaderboard(),
    ],
    ids=["history", "leaderboard"],
)
def test_a_list_in_an_envelope_survives_a_row_that_can_not_be_read(
    ask: Any, odd: object, asynchronous: bool
) -> None:
    rows = [{"id": 1, "new": TOKEN}, odd, {"id": 3}]
    body = {"success": True, "data": rows, "new": [odd], "total": 3}
    found = Wire(answer(body)).act(asynchronous, ask)

    assert found.to_dict() == {**body, "data": [{"id": 1, "new": "***"}, rows[2]]}
    assert found.data.left_out == 1
    assert found.data.odd == [odd]


@pytest.mark.parametrize(
    "body",
    [
        {"success": True, "data": [1, "two"]},
        {"success": True, "data": [{"id": 1}, 2] * 5_001},
        {"success": True, "data": [{"id": 1}, 2], "page": "x" * 10_000},
        {"data": [{"id": 1}, 2]},
        [{"id": 1}, 2],
    ],
)
def test_an_envelope_that_its_rows_do_not_explain_is_unexpected(
    body: Any, asynchronous: bool
) -> None:
    with pytest.raises(errors.UnexpectedResponse):
        Wire(answer(body)).act(asynchronous, lambda client: client.api.app.separation_history())


def test_text_that_utf8_can_not_hold_is_invalid_input_and_not_sent(asynchronous: bool) -> None:
    wire = Wire(answer({"success": True}))
    with pytest.raises(errors.InvalidInput, match="UTF-8"):
        wire.act(
            asynchronous,
            lambda client: client.api.separation.create(sep_type=40, add_opt1="\ud800"),
        )

    assert wire.requests == []


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_what_is_asked_for_arrives_beside_the_token(hash_: str) -> None:
    wire = Wire(answer({"success": True, "status": "waiting"}))
    with wire.client() as client:
        client.api.separation.get(hash=hash_, mirror=1)

    asked = {"hash": hash_, "mirror": "1", "api_token": TOKEN}
    assert dict(wire.requests[0].url.params) == asked


# Variables that a traceback may show


HASH = "20250131145833-a0bb276157-song.wav"
DOES: dict[str, Any] = {
    "user": lambda client: client.api.app.user(),
    "account": lambda client: client.account(),
    "history": lambda client: client.api.app.separation_history(),
    "submit": lambda client: client.submit(b"song", 40),
    "cancel": lambda client: client.job(HASH).cancel(),
    "poll": lambda client: client.job(HASH).wait(timeout=0),
    "download": lambda client: client.job(HASH).download(),
}


def shown(caught: pytest.ExceptionInfo[BaseException]) -> str:
    """Format a traceback with the variables of each frame, but for the test's own."""
    assert caught.tb.tb_next
    trace = traceback.TracebackException(
        caught.type, caught.value, caught.tb.tb_next, capture_locals=True
    )
    return "".join(trace.format())


@pytest.mark.parametrize("did", DOES)
@pytest.mark.parametrize(
    "reply",
    [
        httpx.ReadError("reset"),
        httpx.Response(502, text=f"<p>api_token={TOKEN}"),
        httpx.Response(200, text=f"<p>api_token={TOKEN}"),
        answer({"success": False, "message": TOKEN}, 401),
    ],
)
def test_a_traceback_with_its_variables_does_not_show_the_token(
    reply: Any, did: str, asynchronous: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    polling = PollPolicy(timeout=0, retry=NO_RETRY)
    with pytest.raises(errors.MVSepError) as caught:
        Wire(reply).act(asynchronous, DOES[did], polling=polling)

    text = shown(caught)
    assert TOKEN not in text
    assert isinstance(reply, httpx.Response) or "reset" in text, "the cause is told all the same"


TESTS = Path(__file__).parents[1]
PASSWORD = "PASSWORDpasswordPASSWORD"
WITH_PASSWORD: dict[str, Any] = {
    "login": lambda client, word: client.api.app.login(email="a@b.c", password=word),
    "register": lambda client, word: client.api.app.register(
        name="a", email="a@b.c", password=word, password_confirmation=word
    ),
    "delete": lambda client, word: client.api.quality_checker.delete(id=1, password=word),
}


def stopped(request: httpx.Request) -> httpx.Response:
    raise KeyboardInterrupt


@pytest.mark.parametrize("did", WITH_PASSWORD)
@pytest.mark.parametrize(
    ("reply", "password"),
    [
        (answer({"success": False, "message": f"Not {PASSWORD}."}, 401), PASSWORD),
        (httpx.ConnectError("no route"), PASSWORD),
        (httpx.Response(200, text=f"<p>password={PASSWORD}&"), PASSWORD),
        (stopped, PASSWORD),
        (answer({}), PASSWORD + "\ud800"),
    ],
    ids=["refused", "lost", "unreadable", "stopped", "unsendable"],
)
def test_no_frame_of_a_call_with_a_password_holds_it(
    reply: Any, password: str, did: str, asynchronous: bool
) -> None:
    with pytest.raises((errors.MVSepError, KeyboardInterrupt)) as caught:
        Wire(reply).act(asynchronous, lambda client: WITH_PASSWORD[did](client, password))

    chain: list[BaseException] = [caught.value]
    for error in chain:
        assert PASSWORD not in f"{error} {error!r} {vars(error)}"
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if TESTS not in Path(frame.f_code.co_filename).parents:
                assert PASSWORD not in repr(frame.f_locals), frame
        chain += [one for one in (error.__cause__, error.__context__) if one and one not in chain]


class Stop(Exception):
    """What a caller's own function raises."""


@pytest.mark.parametrize("raised", [Stop, KeyboardInterrupt, RuntimeError])
def test_what_a_callers_function_raises_shows_its_frames_and_not_the_token(
    raised: type[BaseException], asynchronous: bool
) -> None:
    def moved(sent: int, total: int | None) -> None:
        raise raised("no more")

    with pytest.raises(raised) as caught:
        Wire(answer({})).act(
            asynchronous, lambda client: client.submit(b"song", 40, on_upload=moved)
        )

    text = shown(caught)
    assert TOKEN not in text
    assert "in moved" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout": "10"},
        {"timeout": float("nan")},
        {"timeout": True},
        {"wait_for_place": "x"},
        {"wait_for_place": float("nan")},
        {"on_state": "10"},
        {"on_file": 3},
        {"on_upload": 3},
    ],
)
def test_a_wish_that_can_not_be_kept_is_refused_before_anything_is_paid_for(
    wrong: dict[str, Any], tmp_path: Path
) -> None:
    wire = Wire(answer({}))
    with wire.client() as client, pytest.raises(errors.InvalidInput) as caught:
        client.separate(b"song", 40, out=tmp_path, **wrong)

    assert next(iter(wrong)) in caught.value.message
    assert wire.requests == []
