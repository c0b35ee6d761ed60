"""The ways a call can end besides its result and our errors, and what they say of the job."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import httpx

from tests.scenes import HASH, HOST
from tests.wire import Wire

SONG = b"RIFF\0\0\0\0WAVE" + bytes(300_000)
#: What is not ours and may end a call: a caller's own error among it.
ENDS = [KeyboardInterrupt, SystemExit, GeneratorExit, asyncio.CancelledError]
OTHERS = [*ENDS, MemoryError, ZeroDivisionError]


def reaching(end: type[BaseException], asynchronous: bool) -> type[BaseException]:
    """Return what an end is where it comes in a call of a task of its own.

    Ctrl-C in an event loop reaches its main task as a CancelledError, and no other task.
    """
    own = asynchronous and end in (KeyboardInterrupt, SystemExit)
    return asyncio.CancelledError if own else end


def raising(end: type[BaseException]) -> Callable[[httpx.Request], httpx.Response]:
    """Answer nothing: the call ends by something else."""

    def reply(_: httpx.Request) -> httpx.Response:
        raise end("stop")

    return reply


def callback(end: type[BaseException]) -> Callable[..., None]:
    def call(*_: object) -> None:
        raise end("stop")

    return call


class Interrupted(Wire):
    """A wire that ends the first wait."""

    def __init__(self, end: type[BaseException], *answers: Any) -> None:
        super().__init__(*answers)
        self.end = end

    def wait(self, seconds: float) -> None:
        raise self.end("stop")


def notes(error: BaseException) -> str:
    return "\n".join(getattr(error, "__notes__", ()))


def marker_of(wire: Wire) -> str:
    found = re.search(rb'filename="(mvk[a-z0-9]{9})-', b"".join(wire.bodies))
    assert found
    return found[1].decode()


def check_names_the_job(error: BaseException) -> None:
    assert f"client.job('{HASH}').download()" in notes(error)
    assert HOST in notes(error)
    assert notes(error).count(HASH) == 2  # said once, however many calls it passed through
