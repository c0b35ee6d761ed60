"""Time-outs, retries, a proxy and certificates, as keywords of both clients."""

from __future__ import annotations

import asyncio
import pickle
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import AsyncMVSep, InvalidInput, InvalidToken, MVSep, RetryPolicy
from mvsep.settings.policies import Pace, PollPolicy
from tests.client.test_setup import HASH, PASSWORD, refused
from tests.few_authorities import AUTHORITY
from tests.wire import BASE_URL, TOKEN, Wire, answer

OTHER = "OTHERotherOTHERotherOTHERother"
NEWS = answer([])
NAN = float("nan")
LIMIT = httpx.Timeout(5, connect=1)


def news(client: Any) -> Any:
    return client.api.app.news()


def timeout_sent(wire: Wire) -> Any:
    return wire.requests[-1].extensions["timeout"]


@pytest.mark.parametrize(
    ("timeout", "sent"),
    [
        (7, dict.fromkeys(("connect", "read", "write", "pool"), 7)),
        (LIMIT, {"connect": 1, "read": 5, "write": 5, "pool": 5}),
        (httpx.Timeout(None), dict.fromkeys(("connect", "read", "write", "pool"))),
    ],
)
def test_a_time_out_is_that_of_each_request(asynchronous: bool, timeout: Any, sent: Any) -> None:
    wire = Wire(NEWS)
    wire.act(asynchronous, lambda client: news(client.with_options(timeout=timeout)))
    assert timeout_sent(wire) == sent

    kind: Any = AsyncMVSep if asynchronous else MVSep
    made = kind(base_url=BASE_URL, timeout=timeout)
    assert made._port.http.timeout == httpx.Timeout(timeout)


def test_it_does_not_shorten_the_wait_for_a_job(asynchronous: bool) -> None:
    waiting = answer({"success": True, "status": "waiting", "data": {}})
    link = "https://s1.mvsep.com/Vocals.wav"
    done = answer({"success": True, "status": "done", "data": {"files": [{"url": link}]}})
    wire = Wire(*[waiting] * 5, done)
    polling = PollPolicy(timeout=500)
    job = wire.act(
        asynchronous,
        lambda client: client.with_options(timeout=1, polling=polling).job(HASH).wait(),
    )

    assert job.state.status == "done"
    assert sum(wire.slept) > 20


@pytest.mark.parametrize("most", [0, 2])
def test_a_request_is_sent_again_as_often_as_said(asynchronous: bool, most: int) -> None:
    wire = Wire(answer({}, 503))
    retry = RetryPolicy(attempts=9, initial=0.1)
    with pytest.raises(Exception, match="503"):
        wire.act(asynchronous, news, retry=retry, max_retries=most)

    assert len(wire.requests) == most + 1
    assert len(wire.slept) == most


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("timeout", value) for value in (0, -1, True, "5", NAN, 10**400, [5])),
        *(("max_retries", value) for value in (-1, 1.5, True, "2")),
        *(("proxy", value) for value in (5, b"http://x", ["http://127.0.0.1:1"])),
        ("proxy", f"http://user:{PASSWORD}@a b"),
        ("proxy", f"foo://user:{PASSWORD}@host:1"),
        ("proxy", f"http://user:{PASSWORD}@127.0.0.1:port"),
        ("proxy", f"http://user:{PASSWORD.replace(' ', '')}@127.0.0.1:99999"),
        ("proxy", ""),
        ("proxy", "http://"),
        *(("verify", value) for value in (5, b"x", "no/such/file.pem", [True])),
        ("verify", Path(__file__)),
        ("verify", Path(__file__).parent),
    ],
)
def test_what_can_not_be_one_is_named(asynchronous: bool, name: str, value: Any) -> None:
    error = refused(asynchronous, TOKEN, **{name: value})

    assert isinstance(error, InvalidInput)
    assert error.param == name


@pytest.mark.parametrize(
    ("name", "value"), [("timeout", 5), ("proxy", "http://127.0.0.1:1"), ("verify", True)]
)
def test_a_client_of_ones_own_has_them_already(asynchronous: bool, name: str, value: Any) -> None:
    http: Any = httpx.AsyncClient() if asynchronous else httpx.Client()
    error = refused(asynchronous, TOKEN, http_client=http, **{name: value})

    assert error.param == name
    assert "http_client" in error.message


@pytest.mark.parametrize(
    "proxy",
    [
        f"http://user:{PASSWORD.replace(' ', '')}@127.0.0.1:3128",
        httpx.URL(f"http://user:{PASSWORD.replace(' ', '')}@127.0.0.1:3128"),
        httpx.Proxy("http://127.0.0.1:3128", auth=("user", PASSWORD.replace(" ", ""))),
    ],
)
def test_the_password_of_a_proxy_is_not_shown(asynchronous: bool, proxy: Any) -> None:
    kind: Any = AsyncMVSep if asynchronous else MVSep
    made = kind(TOKEN, proxy=proxy)
    shown = f"{made!r} {made.settings!r} {made.settings.connection!r} {vars(made)!r}"

    assert PASSWORD.replace(" ", "") not in shown


@pytest.mark.parametrize(
    "verify", [False, True, str(AUTHORITY), AUTHORITY, ssl.create_default_context()]
)
def test_certificates_are_checked_as_said(asynchronous: bool, verify: Any) -> None:
    kind: Any = AsyncMVSep if asynchronous else MVSep
    made = kind(base_url=BASE_URL, verify=verify)
    inner = made._port._transport._places._first
    context = inner._transport._pool._ssl_context

    assert (context.verify_mode is ssl.CERT_NONE) == (verify is False)
    if isinstance(verify, ssl.SSLContext):
        assert context is verify


def test_the_settings_go_to_another_process() -> None:
    proxy = httpx.Proxy("http://127.0.0.1:3128", auth=("user", "pass"))
    settings = MVSep(TOKEN, timeout=LIMIT, proxy=proxy, verify=AUTHORITY).settings
    back = pickle.loads(pickle.dumps(settings)).connection

    assert (back.timeout, back.verify) == (LIMIT, AUTHORITY)
    assert (back.proxy.url, back.proxy.auth) == (proxy.url, proxy.auth)


# with_options


def test_a_client_with_options_has_its_own_and_the_rest_of_the_first(asynchronous: bool) -> None:
    kind: Any = AsyncMVSep if asynchronous else MVSep
    first = kind(TOKEN, base_url="https://de.mvsep.com", pace=Pace(50), max_retries=1)
    retry = RetryPolicy(initial=3)
    other = first.with_options(token=OTHER, retry=retry, max_retries=7, timeout=5)

    assert type(other) is kind
    assert (first.settings.token, other.settings.token) == (TOKEN, OTHER)
    assert (first.settings.retry.attempts, other.settings.retry.attempts) == (2, 8)
    assert other.settings.retry.initial == 3
    assert other.settings.base_url == first.settings.base_url
    assert other.settings.pace is not first.settings.pace
    assert first.with_options(timeout=5).settings.pace is first.settings.pace
    assert first.settings.connection.timeout is None
    assert other.with_options(max_retries=0).settings.connection.timeout == 5


def test_each_sends_its_own_token_over_the_same_connections(asynchronous: bool) -> None:
    wire = Wire(answer({"success": True, "data": {}}))

    async def both_async() -> None:
        async with wire.async_client() as client:
            await client.with_options(token=OTHER).account()
            await client.account()

    def both() -> None:
        with wire.client() as client:
            client.with_options(token=OTHER).account()
            client.account()

    asyncio.run(both_async()) if asynchronous else both()

    assert [request.url.params["api_token"] for request in wire.requests] == [OTHER, TOKEN]


def test_to_close_it_leaves_the_first_open_and_to_close_the_first_closes_both(
    asynchronous: bool,
) -> None:
    kind: Any = AsyncMVSep if asynchronous else MVSep

    def inner(client: Any) -> Any:
        return client._port._transport._places._first

    async def closed_async() -> None:
        first = kind(base_url=BASE_URL)
        other = first.with_options(timeout=5)
        await first.with_options(timeout=9).close()
        assert not inner(first).is_closed
        await first.close()
        assert inner(other).is_closed
        await news(other)

    def closed() -> None:
        first = kind(base_url=BASE_URL)
        other = first.with_options(timeout=5)
        first.with_options(timeout=9).close()
        assert not inner(first).is_closed
        first.close()
        assert inner(other).is_closed
        news(other)

    with pytest.raises(InvalidInput, match="is closed"):
        asyncio.run(closed_async()) if asynchronous else closed()


@pytest.mark.parametrize("asynchronous", [False, True])
def test_options_that_can_not_be_are_refused(asynchronous: bool) -> None:
    client = AsyncMVSep() if asynchronous else MVSep()
    with pytest.raises(InvalidToken):
        client.with_options(token="with space")
    with pytest.raises(InvalidInput) as caught:
        client.with_options(max_retries=-1)
    assert caught.value.param == "max_retries"


def test_a_client_of_a_class_of_ones_own_keeps_what_it_has() -> None:
    class Mine(MVSep):
        def __init__(self, mine: str) -> None:
            super().__init__(TOKEN)
            self.mine = mine

    assert Mine("5").with_options(timeout=5).mine == "5"
