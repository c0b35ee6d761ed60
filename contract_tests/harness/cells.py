"""One cell of the fault matrix: a song is separated while one thing goes wrong.

The whole way is gone, over real sockets, by either client: submit, wait, fetch. Time is virtual,
so pauses cost nothing; only an answer that never comes is waited for, a moment.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
from attrs import frozen

from mvsep import AsyncMVSep, MVSep, Result
from mvsep.errors import MVSepError, SubmitUncertain
from mvsep.settings.policies import Clock, PollPolicy
from mvsep.testing import DEMO_TOKEN, FAULTS, PHASES, FakeServer, ManualClock, Schedule
from mvsep.testing.accounts import demo_account
from mvsep.testing.audio import wav_header
from mvsep.testing.faults.fault import Phase

SHELLS: Final = ("sync", "async")
SUCCEEDED: Final = "succeeded"

# A second of stereo; one that no socket takes in at once, for what breaks an upload off.
_SHORT: Final = wav_header(2, 2, 8000, 8000) + bytes(range(256)) * 125
_LONG: Final = wav_header(2, 2, 48000, 3_000_000) + bytes(12_000_000)
# Seconds of real time for an answer that never comes; nothing else takes that long.
_STALL: Final = 0.25
_PATIENCE: Final = 30.0
# Seconds of virtual time that a wait goes on.
_DEADLINE: Final = 600.0
_DEADLINE_FOR_EVER: Final = 60.0


@frozen
class Outcome:
    """How a cell ended.

    Args:
        end: "succeeded", or the name of the error's class.
        error: The error.
        jobs: How many jobs the service made of the song.
        credits: How many credits it took for them.
        struck: How often the fault was met.
        broken: Files that stand under a final name and are not whole.
        leaks: Where the token showed: a log record, a traceback, the error's own texts.
    """

    end: str
    error: MVSepError | None
    jobs: int
    credits: int
    struck: int
    broken: tuple[str, ...]
    leaks: tuple[str, ...]


class Bench:
    """A fake server on a port, on which one cell is tried after the other.

    Attributes:
        server: The server.
        clock: The time, of the server and of the clients.
    """

    def __init__(self) -> None:
        rich = demo_account()
        rich.credits = 10_000_000
        self.clock = ManualClock()
        self.server = FakeServer(
            [rich],
            schedule=Schedule.by_polls(1),
            clock=self.clock,
            rate_limit=10**9,
            keep_uploads=False,
        )
        self._count = 0

    @contextmanager
    def run(self) -> Iterator[Bench]:
        """Serve for as long as the block lasts."""
        with self.server.run(), httpx.Client(trust_env=False, verify=False) as self._asks:
            yield self
        self.server.state.close()

    def cell(
        self, shell: str, phase: Phase, fault: str, folder: Path, *, times: int | None = 1
    ) -> Outcome:
        """Try one cell.

        Args:
            shell: "sync" or "async".
            phase: Of `PHASES`.
            fault: Of `FAULTS`.
            folder: An empty folder for the stems.
            times: How many requests meet the fault; None for each.
        """
        self._count += 1
        name = f"cell{self._count}x.wav"
        source: Any = f"https://songs.example/{name}"
        if phase != "remote":
            breaks = FAULTS[fault].kind in {"broken", "stall"} or fault.endswith("at-once")
            source = io.BytesIO(_LONG if phase == "submit" and breaks else _SHORT)
            source.name = name
        seconds = _STALL if FAULTS[fault].kind == "stall" else _PATIENCE
        self.server.faults.clear()
        struck = len(self.server.faults.fired)
        self.server.faults.add(fault, on=PHASES[phase], times=times)
        settings: dict[str, Any] = {
            "polling": PollPolicy(),
            "timing": Clock(self.clock, self.clock, Random(0).random),
        }
        way = _sync if shell == "sync" else _async
        with _overheard() as records:
            error: MVSepError | None = None
            result: Result | None = None
            try:
                deadline = _DEADLINE if times else _DEADLINE_FOR_EVER
                result = way(self, source, folder, deadline, httpx.Timeout(seconds), settings)
            except MVSepError as raised:
                error = raised
        self.server.faults.clear()
        self.server.state.settle()
        jobs = [job for job in self.server.state.jobs.values() if name in job.source]
        return Outcome(
            end=SUCCEEDED if error is None else type(error).__name__,
            error=error,
            jobs=len(jobs),
            credits=sum(job.credits for job in jobs),
            struck=len(self.server.faults.fired) - struck,
            broken=tuple(self._broken(folder, result, [job.hash for job in jobs], fault)),
            leaks=tuple(_leaks(error, records)),
        )

    def reconciled(self, shell: str, error: MVSepError, folder: Path) -> tuple[Any, Result]:
        """What looking for an uncertain job finds, and its stems.

        Args:
            shell: "sync" or "async".
            error: What the submit ended with.
            folder: For the stems.
        """
        assert isinstance(error, SubmitUncertain)
        if shell == "sync":
            with MVSep(DEMO_TOKEN, base_url=self.server.url, sleep=self.clock.advance) as mvsep:
                found = mvsep.reconcile(error)
                assert found.job is not None
                return found, found.job.download(folder)

        async def looked() -> tuple[Any, Result]:
            async def sleep(seconds: float) -> None:
                self.clock.advance(seconds)

            async with AsyncMVSep(DEMO_TOKEN, base_url=self.server.url, sleep=sleep) as mvsep:
                found = await mvsep.reconcile(error)
                assert found.job is not None
                return found, await found.job.download(folder)

        return asyncio.run(looked())

    def _broken(
        self, folder: Path, result: Result | None, hashes: list[str], fault: str
    ) -> Iterator[str]:
        stems = [
            stem
            for hash_ in hashes
            for stem in self._asks.get(f"{self.server.url}/__fake__/stems/{hash_}").json()
        ]
        whole = {stem["sha256"] for stem in stems}
        for path in sorted(folder.rglob("*")):
            if path.is_dir() or path.name.startswith("."):
                continue
            if hashlib.sha256(path.read_bytes()).hexdigest() not in whole:
                yield path.name
        if result is not None:
            missing = {file.path.name for file in result.files if not file.path.exists()}
            if missing or len({file.path for file in result.files}) != len(result.files):
                yield f"missing of the result: {missing}"


def _sync(
    bench: Bench,
    source: Any,
    out: Path,
    deadline: float,
    timeout: httpx.Timeout,
    settings: dict[str, Any],
) -> Result:
    with (
        httpx.Client(timeout=timeout, trust_env=False, verify=False) as http,
        MVSep(
            DEMO_TOKEN,
            base_url=bench.server.url,
            http_client=http,
            sleep=bench.clock.advance,
            **settings,
        ) as mvsep,
    ):
        return mvsep.separate(source, 40, out=out, output_format=1, timeout=deadline)


def _async(
    bench: Bench,
    source: Any,
    out: Path,
    deadline: float,
    timeout: httpx.Timeout,
    settings: dict[str, Any],
) -> Result:
    async def sleep(seconds: float) -> None:
        bench.clock.advance(seconds)

    async def separated() -> Result:
        async with (
            httpx.AsyncClient(timeout=timeout, trust_env=False, verify=False) as http,
            AsyncMVSep(
                DEMO_TOKEN,
                base_url=bench.server.url,
                http_client=http,
                sleep=sleep,
                **settings,
            ) as mvsep,
        ):
            return await mvsep.separate(source, 40, out=out, output_format=1, timeout=deadline)

    return asyncio.run(separated())


class _Ear(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(f"{record.name}: {record.getMessage()} {record.args!r}")


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """All that is logged, or warned of, in this process while the block lasts."""
    heard: list[str] = []
    root, ear = logging.getLogger(), _Ear(heard)
    level, others = root.level, root.handlers
    root.handlers = [ear]  # pytest's own would write out every record
    root.setLevel(logging.DEBUG)
    try:
        with warnings.catch_warnings(record=True, action="always") as warned:
            yield heard
            heard += [f"a warning: {each.message} {each.source!r}" for each in warned]
    finally:
        root.setLevel(level)
        root.handlers = others
    for each in warned:  # to listen is not to hide
        warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)


def _leaks(error: MVSepError | None, records: list[str]) -> Iterator[str]:
    for record in records:
        # The server's own records are not the client's.
        if DEMO_TOKEN in record and not record.startswith(("uvicorn", "starlette")):
            yield f"log: {record[:200]}"
    if error is not None:
        texts = {
            "str": str(error),
            "repr": repr(error),
            "what it knows": repr(vars(error)),
            "traceback": "".join(traceback.format_exception(error)),
            "traceback with variables": _with_variables(error),
        }
        yield from (where for where, text in texts.items() if DEMO_TOKEN in text)


def _with_variables(error: MVSepError) -> str:
    """A traceback that shows variables, but for those of the bench, which knows the token."""
    assert error.__traceback__ is not None
    frames = error.__traceback__.tb_next
    shown = traceback.TracebackException(type(error), error, frames, capture_locals=True)
    return "".join(shown.format())
