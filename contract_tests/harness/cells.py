"""One cell of the fault matrix: a song is separated while one thing goes wrong.

The whole way is gone, over real sockets, by either client: submit, wait, fetch. Time is virtual,
so pauses cost nothing; only an answer that never comes is waited for, a moment.
"""

from __future__ import annotations

import hashlib
import io
import logging
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
from attrs import frozen

from contract_tests.harness.clients import do, hook
from mvsep import Result
from mvsep.errors import MVSepError, SubmitUncertain
from mvsep.settings.policies import Clock, PollPolicy
from mvsep.testing import DEMO_TOKEN, FAULTS, PHASES, FakeServer, ManualClock, Schedule
from mvsep.testing.accounts import demo_account
from mvsep.testing.audio import wav_header
from mvsep.testing.faults.fault import Phase
from mvsep_api.operations import OPERATIONS

SHELLS: Final = ("sync", "async")
SUCCEEDED: Final = "succeeded"

# A second of stereo; one of which no socket takes in even the half, for what breaks an upload off.
_SHORT: Final = wav_header(2, 2, 8000, 8000) + bytes(range(256)) * 125
_LONG: Final = wav_header(2, 2, 48000, 3_000_000) + bytes(12_000_000)
# Seconds of real time for an answer that never comes; other requests have the time they take.
_STALL: Final = 0.25
_PATIENCE: Final = 30.0
# Seconds of virtual time that a wait goes on.
_DEADLINE: Final = 600.0
_DEADLINE_FOR_EVER: Final = 60.0


@frozen
class Outcome:
    """The end of a cell."""

    end: str  # "succeeded", or the name of the error's class
    error: MVSepError | None
    jobs: int  # how many jobs the service made of the song
    credits: int  # how many credits it took for them
    struck: int  # how often the fault was met
    broken: tuple[str, ...]  # files that stand under a final name and are not whole
    # where the token showed: a log record, a traceback, the error's own texts
    leaks: tuple[str, ...]


class Bench:
    """A fake server on a port, on which one cell is tried after the other."""

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
        """Try one cell; so many requests meet the fault, or with None each."""
        self._count += 1
        name = f"cell{self._count}x.wav"
        source = _source(name, phase, fault)
        deadline = _DEADLINE if times else _DEADLINE_FOR_EVER
        self.server.faults.clear()
        struck = len(self.server.faults.fired)
        self.server.faults.add(fault, on=PHASES[phase], times=times)
        error: MVSepError | None = None
        result: Result | None = None
        hooks = {"request": [hook(shell, _impatient(phase))]}
        with _overheard() as records:
            try:
                result = self._run(
                    shell,
                    lambda client: client.separate(
                        source, 40, out=folder, output_format=1, timeout=deadline
                    ),
                    event_hooks=hooks if FAULTS[fault].kind == "stall" else {},
                )
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
            broken=tuple(self._broken(folder, result, [job.hash for job in jobs])),
            leaks=tuple(_leaks(error, records)),
        )

    def reconciled(self, shell: str, error: MVSepError, folder: Path) -> tuple[Any, Result]:
        """Look for an uncertain job, and fetch its stems."""
        assert isinstance(error, SubmitUncertain)
        found = self._run(shell, lambda client: client.reconcile(error))
        fetch = lambda client: client.job(found.job.hash).download(folder)  # noqa: E731  for either client
        return found, self._run(shell, fetch)

    def _run(self, shell: str, act: Callable[[Any], Any], **http: Any) -> Any:
        return do(
            shell,
            act,
            token=DEMO_TOKEN,
            http={"timeout": _PATIENCE, "trust_env": False, "verify": False, **http},
            sleep=self.clock.advance,
            base_url=self.server.url,
            polling=PollPolicy(),
            timing=Clock(self.clock, self.clock, Random(0).random),
        )

    def _broken(self, folder: Path, result: Result | None, hashes: list[str]) -> Iterator[str]:
        asked = [self._asks.get(f"{self.server.url}/__fake__/stems/{hash_}") for hash_ in hashes]
        stems = {stem["label"]: stem["sha256"] for answer in asked for stem in answer.json()}
        there = {
            path: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }
        left = list(stems.values())
        for path, digest in there.items():
            # A name that a fault made up may be that of any stem, but of one only.
            label = path.stem.rpartition("_")[2]
            if digest != stems.get(label, digest) or digest not in left:
                yield path.name
            else:
                left.remove(digest)
        if result is not None:
            told = {file.path: file.sha256 for file in result.files}
            if told != there or len(told) != len(result.files):
                yield f"the result tells of {told}, and there are {there}"


def _impatient(phase: Phase) -> Callable[[httpx.Request], None]:
    """Return a hook that gives what may meet the fault of a phase little time."""
    place = "/storage/" if phase == "download" else OPERATIONS[PHASES[phase]].path

    def hurry(request: httpx.Request) -> None:
        if request.url.path.startswith(place):
            request.extensions["timeout"] = httpx.Timeout(_STALL).as_dict()

    return hurry


def _source(name: str, phase: Phase, fault: str) -> Any:
    if phase == "remote":
        return f"https://songs.example/{name}"
    breaks = FAULTS[fault].kind in {"broken", "stall"} or fault.endswith("at-once")
    source = io.BytesIO(_LONG if phase == "submit" and breaks else _SHORT)
    source.name = name
    return source


class _Ear(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(f"{record.name}: {record.getMessage()} {record.args!r}")


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """Gather all that is logged or warned of in this process while the block lasts."""
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
    """Return a traceback with variables, but for the harness's own, which knows the token."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    harness = str(Path(__file__).parent)
    shown.stack[:] = [frame for frame in shown.stack if not frame.filename.startswith(harness)]
    return "".join(shown.format())
