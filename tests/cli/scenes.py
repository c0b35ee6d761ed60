"""A job as the service tells it, for the tests of the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click
import httpx

from mvsep import MVSep
from mvsep.cli.app import mvsep
from tests.wire import Wire, answer, stored

HASH = "20250131145833-a0bb276157-song.wav"
HOST = "127.0.0.1:8000"
CREATED = answer({"success": True, "data": {"hash": HASH, "link": "https://mvsep.com/x"}})
WAITING = answer(
    {"success": True, "status": "waiting", "data": {"queue_count": 7, "current_order": 3}}
)
FAILED = answer({"success": True, "status": "failed", "data": {"message": "out of \x1b[31mmemory"}})
STEMS = {"Vocals": b"one", "Other": b"three"}
DONE = answer(
    {
        "success": True,
        "status": "done",
        "data": {
            "files": [
                {"type": label, "url": f"https://s1.mvsep.com/{label}.wav", "download": "x.wav"}
                for label in STEMS
            ]
        },
    }
)
GONE = answer({"success": False, "status": "not_found"})
FETCHED = stored(**STEMS)  # in whatever order they are asked for
WHOLE = (CREATED, WAITING, DONE, FETCHED)
LINK = "https://songs.example/x.wav"
QUEUE = answer({"queue": {}, "current": {"plan": "x", "queue": 0}, "free_separations": {"left": 3}})
Run = Callable[..., tuple[int, str, str]]


def interrupt(_: object) -> httpx.Response:
    raise KeyboardInterrupt


def created(wire: Wire) -> int:
    return wire.paths.count("/api/separation/create")


def user(credits: int, on: int = 1) -> object:
    return answer({"success": True, "data": {"premium_minutes": credits, "premium_enabled": on}})


def raising(error: BaseException) -> Callable[..., MVSep]:
    def connect(base_url: str | None) -> MVSep:
        raise error

    return connect


def commands() -> dict[str, click.Command]:
    """Every command by its words, those of a group too: "quality list"."""
    return dict(_commands(mvsep, click.Context(mvsep), ""))


def _commands(
    group: click.Group, context: click.Context, before: str
) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, context, f"{before}{name} ")
