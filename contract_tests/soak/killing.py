"""Runs that are killed at random moments and gone on with, until every song is separated.

Half of the kills come at a moment drawn from how long a run takes; half right after an upload
began, where a job can be created and nobody be told.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import httpx
from attrs import define, field, frozen

from contract_tests.harness.announced import announced
from mvsep.files.names import unmarked
from mvsep.journal import Journal
from mvsep.journal.entry import State
from mvsep.testing.audio import wav_header

#: Seconds after the head of an upload arrived in which the kill comes.
_WINDOW = 0.06
_FRAMES = 12_000


@frozen
class Fake:
    """A fake server in a process of its own."""

    url: str
    token: str

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._get("/__fake__/state")
        return state

    def stems(self, hash: str) -> list[dict[str, Any]]:
        stems: list[dict[str, Any]] = self._get(f"/__fake__/stems/{hash}")
        return stems

    def _get(self, path: str) -> Any:
        return httpx.get(self.url + path, trust_env=False, timeout=600).raise_for_status().json()


def _output(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


@contextlib.contextmanager
def fake_server() -> Iterator[Fake]:
    """Start one, and end it."""
    program = [sys.executable, "-m", "mvsep.testing", "--no-keep", "--credits", "9999999"]
    with subprocess.Popen(
        [*program, "--speed", "50"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Fake(*announced(_output(process)))
        finally:
            process.terminate()


@define
class Report:
    """The result of a soak."""

    kills: int = 0
    runs: int = 0
    seconds: float = 0.0
    at: Counter[str] = field(factory=Counter)
    """For each kill, the states of the songs that were under way in the journal."""

    def __str__(self) -> str:
        found = ", ".join(f"{state} {count}" for state, count in sorted(self.at.items()))
        return (
            f"{self.kills} kills over {self.runs} runs in {self.seconds:.0f} s, every song "
            f"separated once. What the journal held unfinished at the kills: {found}."
        )


def soak(folder: Path, kills: int, *, songs: int, seed: int) -> Report:
    """Kill so often, over as many runs as it takes, and check each run when it has ended."""
    chance, report, began = random.Random(seed), Report(), time.monotonic()
    with fake_server() as fake:
        usual = _whole_run(fake, prepare(folder / "unkilled", songs, seed))
    while report.kills < kills:
        report.runs += 1
        home = prepare(folder / f"run-{report.runs}", songs, seed)
        with fake_server() as fake:
            while report.kills < kills and _killed(fake, home, usual, chance):
                report.kills += 1
                _look_at_journal(home, report)
            _whole_run(fake, home)
            with Journal(home / "journal.sqlite3") as journal:
                check(fake, home, songs, journal)
    report.seconds = time.monotonic() - began
    return report


def prepare(home: Path, songs: int, seed: int) -> Path:
    (home / "songs").mkdir(parents=True)
    for number in range(songs):
        noise = hashlib.shake_128(f"{seed} {home.name} {number}".encode()).digest(_FRAMES * 4)
        content = wav_header(2, 2, 44100, _FRAMES) + noise
        (home / "songs" / f"song{number:02}.wav").write_bytes(content)
    return home


def start(fake: Fake, home: Path, *flags: str) -> subprocess.Popen[str]:
    """Start the driver, and wait until it has loaded everything."""
    process = subprocess.Popen(
        [sys.executable, "-m", "contract_tests.soak.driver", fake.url, fake.token, home, *flags],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
    )
    assert _output(process).readline() == "ready\n", "the driver did not start"
    return process


def finished(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for the driver's end, and read what it says."""
    with process:
        # Not with `communicate`: it passes by what came together with the first line.
        out = _output(process).read()
        assert process.wait(1800) == 0, out
    told: dict[str, Any] = json.loads(out)
    return told


def _whole_run(fake: Fake, home: Path) -> float:
    began = time.monotonic()
    finished(start(fake, home))
    return time.monotonic() - began


def _killed(fake: Fake, home: Path, usual: float, chance: random.Random) -> bool:
    """Kill a run at a moment of chance; return False where it was over before."""
    at_an_upload = chance.random() < 0.5
    moment = chance.uniform(0, _WINDOW if at_an_upload else usual / 4)
    nth = chance.randint(1, 4)
    seen = fake.state()["seen"].get("separation_create", 0)
    process = start(fake, home)
    with process:
        while at_an_upload and process.poll() is None:
            if fake.state()["seen"].get("separation_create", 0) >= seen + nth:
                break
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moment)
        if process.poll() is None:
            process.kill()
        told = _output(process).read()
    assert process.returncode in (0, -9), f"the driver failed: {told}"
    return process.returncode != 0


def _look_at_journal(home: Path, report: Report) -> None:
    with Journal(home / "journal.sqlite3") as journal:
        entries = journal.unfinished()
    report.at.update({str(entry.state) for entry in entries} or {"nothing"})


def check(fake: Fake, home: Path, songs: int, journal: Journal) -> None:
    """Every song is separated once, and its stems are whole, under their names only."""
    assert not journal.unfinished()
    entries = [entry for entry in journal.entries() if entry.state is State.SAVED]
    assert len({entry.key for entry in entries}) == len(entries) == songs
    state = fake.state()
    # Uploads have a marker before their names, so each attempt has a name of its own.
    paid = sorted(unmarked(job["source"]) for job in state["jobs"])
    assert paid == sorted(path.name for path in (home / "songs").iterdir()), paid
    assert (state["jobs_created"], state["credits_refunded"]) == (songs, 0)
    assert state["credits_charged"] == sum(job["credits"] for job in state["jobs"])
    written = set()
    for entry in entries:
        offered = {stem["label"]: stem["sha256"] for stem in fake.stems(entry.hash or "")}
        for file in entry.files:
            with file.path.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            assert digest == file.sha256 == offered[file.label], file
            written.add(file.path)
    assert len(written) == 2 * songs
    assert set((home / "stems").iterdir()) == written, "something else lies beside the stems"
