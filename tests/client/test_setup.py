"""What a client can't be made of, or used with, is one typed error that shows no secret."""

from __future__ import annotations

import asyncio
import mmap
import os
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import AsyncMVSep, InvalidInput, InvalidToken, MVSep, MVSepError
from tests.wire import BASE_URL, TOKEN, Wire, answer

HASH = "20250131145833-a0bb276157-song.wav"
PASSWORD = "correct horse battery"
# Any certificate, and no other thing: it need not be trusted by anyone.
KEY = "-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SSL"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SOME_PASSWORD", PASSWORD)


def made(asynchronous: bool, *arguments: Any, **settings: Any) -> Any:
    kind: Any = AsyncMVSep if asynchronous else MVSep
    return kind(*arguments, **settings)


def shown(error: BaseException, own: Callable[..., Any]) -> str:
    """Format an error with the variables of each frame, but for the test's own."""
    text = []
    chain = [error]
    for each in chain:
        frames = traceback.StackSummary.extract(
            (
                (frame, line)
                for frame, line in traceback.walk_tb(each.__traceback__)
                if frame.f_code.co_filename != own.__code__.co_filename
            ),
            capture_locals=True,
        )
        # Not by repr alone: what shows variables may show a text as it is.
        held = [
            str(value)
            for frame, _ in traceback.walk_tb(each.__traceback__)
            if frame.f_code.co_filename != own.__code__.co_filename
            for value in frame.f_locals.values()
            if isinstance(value, str | bytes | list | tuple | dict)
        ]
        text += [*frames.format(), *held, repr(each), str(each), repr(vars(each))]
        chain += [one for one in (each.__cause__, each.__context__) if one and one not in chain]
    return "\n".join(text)


def refused(asynchronous: bool, *arguments: Any, **settings: Any) -> MVSepError:
    """Return the error that a client can't be made for; it shows no secret."""
    with pytest.raises(MVSepError) as caught:
        made(asynchronous, *arguments, **settings)
    text = shown(caught.value, refused)
    assert TOKEN not in text
    assert PASSWORD not in text
    assert caught.value.charged is False
    return caught.value


PROXIES = [
    "foo://x",
    "socks4://127.0.0.1:1",
    "127.0.0.1:1:2",
    "127.0.0.1:port",
    "http://[::1",
    "http://127.0.0.1:99999",
    "http://",
    "http://:3128",
    "http://user:correct horse battery@a b",
    "\x7f",
]


@pytest.mark.parametrize("proxy", PROXIES)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"])
def test_a_proxy_that_can_not_be_one_is_named_by_its_variable(
    asynchronous: bool, monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str
) -> None:
    monkeypatch.setenv(variable, proxy)
    error = refused(asynchronous, TOKEN)

    assert isinstance(error, InvalidInput)
    assert error.param == variable
    assert variable in error.message
    made(asynchronous, TOKEN, base_url=BASE_URL)  # a server on this machine is behind no proxy


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
def test_a_socks_proxy_without_its_package_says_what_to_install(
    asynchronous: bool, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv(variable, "socks5://127.0.0.1:1080")
    error = refused(asynchronous, TOKEN)

    assert error.param == variable
    assert "httpx[socks]" in str(error)


@pytest.mark.parametrize("hosts", ["fe11::/16", "mvsep.com,[::1]:8080", "a:b", "[::1"])
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_a_host_without_a_proxy_that_can_not_be_one_is_named_by_its_variable(
    asynchronous: bool, monkeypatch: pytest.MonkeyPatch, variable: str, hosts: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv(variable, hosts)

    assert refused(asynchronous, TOKEN).param == variable


def test_certificates_that_are_none_are_named_by_their_variable(
    asynchronous: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key, text = tmp_path / "key.pem", tmp_path / "a.txt"
    key.write_text(KEY)
    text.write_text("no certificate")
    (tmp_path / "empty").mkdir()
    for variable, places in {
        "SSL_CERT_FILE": [tmp_path / "missing.pem", tmp_path, os.devnull, key, text],
        "SSL_CERT_DIR": [tmp_path / "missing", tmp_path / "empty", tmp_path, text],
        "SSLKEYLOGFILE": [tmp_path / "missing/log", tmp_path],
    }.items():
        for place in places:
            with monkeypatch.context() as environment:
                environment.setenv(variable, str(place))
                error = refused(asynchronous, TOKEN)
                assert isinstance(error, InvalidInput)
                assert error.param == variable
                assert variable in error.message


@pytest.mark.parametrize("bad", [TOKEN.encode(), bytearray(b"t"), 5, Path(TOKEN), [TOKEN], ""])
def test_what_is_no_text_is_no_token_and_is_not_shown(asynchronous: bool, bad: Any) -> None:
    error = refused(asynchronous, bad)

    assert isinstance(error, InvalidToken)
    assert error.param == "token"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_url", b"https://mvsep.com"),
        ("base_url", Path("x")),
        ("base_url", "http://evil.example"),
        ("base_url", "https://xn--a.example"),
        ("regions", b"https://mvsep.com"),
        ("regions", 5),
        ("regions", [b"https://mvsep.com"]),
        ("result_hosts", "cdn.example.com"),
        ("result_hosts", [5]),
        ("polling", 5),
        ("retry", 3),
        ("pace", 100),
        ("timing", 1.0),
        ("http_client", timedelta(1)),
    ],
)
def test_a_setting_of_another_kind_is_named(asynchronous: bool, name: str, value: Any) -> None:
    error = refused(asynchronous, TOKEN, **{name: value})

    assert isinstance(error, InvalidInput)
    assert error.param == name


def test_the_httpx_client_of_the_other_kind_is_refused(asynchronous: bool) -> None:
    other: Any = httpx.Client() if asynchronous else httpx.AsyncClient()

    assert refused(asynchronous, TOKEN, http_client=other).param == "http_client"


def test_settings_of_the_environment_are_named(
    asynchronous: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MVSEP_API_TOKEN", TOKEN + " ")
    assert "MVSEP_API_TOKEN" in str(refused(asynchronous))
    monkeypatch.setenv("MVSEP_API_TOKEN", TOKEN)
    monkeypatch.setenv("MVSEP_BASE_URL", "http://evil.example")
    error = refused(asynchronous)

    assert error.param == "MVSEP_BASE_URL"
    assert "MVSEP_BASE_URL" in error.message


def test_an_unknown_setting_shows_no_token(asynchronous: bool) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'timeouts'") as caught:
        made(asynchronous, TOKEN, timeouts=5)

    assert TOKEN not in shown(caught.value, made)


@pytest.mark.parametrize(
    "reply",
    [
        httpx.ConnectError("no route"),
        answer({"success": False}, 400),
        httpx.Response(200, text="<p>"),
        answer({"success": True, "data": {}}),
    ],
)
def test_a_failed_login_shows_no_password(asynchronous: bool, reply: Any) -> None:
    with pytest.raises(MVSepError) as caught:
        Wire(reply).act(asynchronous, lambda client: client.login("a@example.com", PASSWORD))

    assert PASSWORD not in shown(caught.value, test_a_failed_login_shows_no_password)


USES: dict[str, Callable[[Any], Any]] = {
    "a call": lambda client: client.api.app.user(),
    "submit": lambda client: client.submit(b"RIFFsong", 40),
    "wait": lambda client: client.job(HASH).wait(),
    "account": lambda client: client.account(),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("own", [False, True])
def test_a_closed_client_is_refused(asynchronous: bool, use: str, own: bool) -> None:
    wire = Wire(answer({"success": True}))

    async def used_async() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(wire.asked))
        client = AsyncMVSep(TOKEN, base_url=BASE_URL, http_client=http)
        await (http.aclose() if own else client.close())
        await USES[use](client)

    def used() -> None:
        http = httpx.Client(transport=httpx.MockTransport(wire))
        client = MVSep(TOKEN, base_url=BASE_URL, http_client=http)
        (http if own else client).close()
        USES[use](client)

    with pytest.raises(InvalidInput, match="is closed"):
        asyncio.run(used_async()) if asynchronous else used()
    assert wire.requests == []


def test_a_file_of_a_closed_client_is_not_asked_for(asynchronous: bool, tmp_path: Path) -> None:
    link = f"{BASE_URL}/a/v.wav"
    wire = Wire(answer({"success": True, "status": "done", "data": {"files": [{"url": link}]}}))

    async def fetched_async() -> None:
        async with wire.async_client() as client:
            job = client.job(HASH)
            await job.wait()
        await job.download(tmp_path)

    def fetched() -> None:
        with wire.client() as client:
            job = client.job(HASH)
            job.wait()
        job.download(tmp_path)

    with pytest.raises(MVSepError, match="is closed"):
        asyncio.run(fetched_async()) if asynchronous else fetched()
    assert len(wire.requests) == 1


def test_a_mapped_file_is_a_song_as_an_open_file_is(asynchronous: bool) -> None:
    wire = Wire(answer({"success": True, "data": {"hash": HASH}}))
    with mmap.mmap(-1, 4096) as mapped:
        mapped[:4] = b"RIFF"
        wire.act(asynchronous, lambda client: client.submit(mapped, 40))

    assert b"RIFF".ljust(4096, b"\0") in wire.bodies[0]
