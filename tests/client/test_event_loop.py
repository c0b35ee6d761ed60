"""The async client keeps the disk away from the event loop."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import AsyncMVSep, Journal
from mvsep.catalog import cache
from tests.wav_files import PCM, chunk, fmt, riff
from tests.wire import Wire, answer

HASH = "20250131145833-a0bb276157-song.wav"
SONG = riff(fmt(tag=PCM), chunk(b"data", bytes(16000 * 60)))
FILES = [{"type": "Vocals", "url": "https://mvsep.com/v.wav", "download": "v.wav", "bytes": 5}]
ROWS = {"success": True, "data": []}
ANSWERS: dict[str, Any] = {
    "create": {"success": True, "data": {"hash": HASH}},
    "get": {"success": True, "status": "done", "data": {"files": FILES}},
    "user": {"success": True, "data": {"premium_minutes": 50, "premium_enabled": 1}},
    "queue": {"queue": {}, "current": {"plan": "premium", "queue": 0}},
    "login": {"success": True, "data": {"api_token": "SECRETsecretSECRET"}},
    "algorithms": [],
}

# The files and databases that are opened on the watched thread; None while nobody watches.
_watched: int | None = None
_opened: list[str] = []


OS_CALLS = ("mkdir", "link", "rename", "remove", "listdir")
TOUCHING = {"sqlite3.connect", "open"} | {f"os.{name}" for name in OS_CALLS}


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in TOUCHING and threading.get_ident() == _watched:
        _opened.append(f"{event} {arguments[0]!r}")


sys.addaudithook(_hook)


def reply(request: httpx.Request) -> httpx.Response:
    if request.url.path.endswith("v.wav"):
        return httpx.Response(200, content=b"stem!")
    return answer(ANSWERS.get(request.url.path.rsplit("/", 1)[-1], ROWS))


async def rows(pager: Any) -> list[Any]:
    return [row async for row in pager]


async def events(client: AsyncMVSep, folder: Path) -> list[Any]:
    job = client.job(HASH)
    return [event async for event in job.events(folder / "events", manifest=True)]


async def in_blocks(client: AsyncMVSep) -> None:
    async with client.premium(), client.job(HASH):
        pass


def with_journal(method: str, *arguments: Any, **more: Any) -> Callable[..., Awaitable[Any]]:
    async def call(client: AsyncMVSep, folder: Path) -> Any:
        with_it = await asyncio.to_thread(Journal, folder / "journal.sqlite3")
        given = [folder / each if isinstance(each, str) else each for each in arguments]
        if method == "finish":
            given = [with_it]
        else:
            more["journal"], more["out"] = with_it, folder / "kept"
        if method == "separate_many":
            given = [[given[0]], 40]
        with with_it:  # from Python 3.13 on, one that is left open is a warning
            return await getattr(client, method)(*given, **more)

    return call


CALLS: dict[str, Callable[[AsyncMVSep, Path], Awaitable[Any]]] = {
    "submit": lambda client, folder: client.submit(folder / "song.wav", 40),
    "submit with a limit": lambda client, folder: client.submit(
        folder / "song.wav", 40, max_credits=5
    ),
    "submit a file": lambda client, folder: client.submit(SONG, 40),
    "separate": lambda client, folder: client.separate(
        folder / "song.wav", 40, out=folder / "stems", manifest=True
    ),
    "separate with a journal": with_journal("separate", "song.wav", 40),
    "separate many": with_journal("separate_many", "song.wav", max_credits=5),
    "finish": with_journal("finish"),
    "download": lambda client, folder: client.job(HASH).download(folder / "again"),
    "events": events,
    "estimate": lambda client, folder: client.estimate(folder / "song.wav", 40),
    "preflight": lambda client, folder: client.preflight(folder / "song.wav", 40),
    "catalog": lambda client, folder: client.catalog(),
    "catalog anew": lambda client, folder: client.catalog(refresh=True),
    "account": lambda client, folder: client.account(),
    "quota": lambda client, folder: client.quota(),
    "login": lambda client, folder: client.login("me@example.com", "password"),
    "switches": lambda client, folder: in_blocks(client),
    "history": lambda client, folder: rows(client.history()),
    "purchases": lambda client, folder: rows(client.purchases()),
}


@pytest.fixture(autouse=True)
def _caches_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "cache"))


def run_twice(call: Callable[[AsyncMVSep, Path], Awaitable[Any]], home: Path) -> None:
    """Call once to have everything imported, and once more to watch."""

    async def once(folder: Path, *, watch: bool) -> None:
        global _watched
        folder.mkdir()
        (folder / "song.wav").write_bytes(SONG)
        async with Wire(reply).async_client(base_url="https://mvsep.com") as client:
            _watched = threading.get_ident() if watch else None
            try:
                await call(client, folder)
            finally:
                _watched = None

    asyncio.run(once(home / "first", watch=False))
    _opened.clear()
    asyncio.run(once(home / "second", watch=True))


@pytest.mark.parametrize("name", CALLS)
def test_no_call_opens_a_file_or_a_database_on_the_event_loops_thread(
    name: str, tmp_path: Path
) -> None:
    run_twice(CALLS[name], tmp_path)

    assert _opened == []


def test_the_watch_sees_what_is_opened_on_the_thread(tmp_path: Path) -> None:
    async def careless(client: AsyncMVSep, folder: Path) -> None:
        (folder / "song.wav").read_bytes()

    run_twice(careless, tmp_path)

    assert len(_opened) == 1
