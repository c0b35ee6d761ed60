"""Prism, the mock server that knows nothing but the contract, for the length of a test.

Prism is a process of its own on a free port of 127.0.0.1, which it chooses itself and names once
it listens. A crash of Prism (it has known ones) is a :class:`MockCrashed`, never a fault of the
client or of the contract.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx

from contract_tests.harness.quirks import quirk
from tools.node import environment, install, node

# Measured start-up: 0.6 s with 12 paths, 0.8 s with 800. The rest is for a busy machine.
START_SECONDS = 60.0
ANSWER_SECONDS = 10.0
ENDING_SECONDS = 5.0
LISTENING = re.compile(r"listening on (http://127\.0\.0\.1:\d+)\n")

# Ends Node.js when the other end of its standard input goes away, that is with this process,
# however it ends.
LEASH = 'data:text/javascript,process.stdin.on("end",()=>process.exit()).resume()'


class MockCrashed(RuntimeError):
    """The end or silence of Prism itself; the message ends with the last lines of its log."""


def prefer(code: int | None = None, example: str | None = None) -> dict[str, str]:
    """Return the header that makes Prism answer with this status and this named example.

    Assert the status of the answer as well: where the status and the example do not fit together,
    Prism falls back to the operation's successful answer.
    """
    quirk("prism-falls-back-to-success")
    wishes = []
    if code is not None:
        wishes.append(f"code={code}")
    if example is not None:
        wishes.append(f'example="{example}"')
    return {"Prefer": ", ".join(wishes)}


class Script:
    """Answers in the order given, as Prism has no state: an httpx hook for one client.

    Each request asks for the next of the answers, and every one after that for the last.
    """

    def __init__(self, *answers: Mapping[str, str]) -> None:
        self._waiting = list(answers)

    def hook(self, request: httpx.Request) -> None:
        """Serve as ``event_hooks={"request": [script.hook]}`` of an ``httpx.Client``."""
        following = self._waiting.pop(0) if len(self._waiting) > 1 else self._waiting[0]
        request.headers.update(following)


def violations(response: httpx.Response) -> list[str]:
    """Return what Prism found wrong with a request or with its own answer; empty if nothing.

    The status alone does not tell: where the contract describes a 422 or 400 (or ``default``),
    Prism refuses with that answer, and only a header names what was wrong.
    """
    header = response.headers.get("sl-violations")
    if header is not None:
        return _described(header)
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        problem = response.json()
        found = [_line(each) for each in problem.get("validation", [])]
        return found or [f"{problem.get('title')}: {problem.get('detail')}"]
    return []


class Prism:
    """A running Prism: ``with Prism(contract) as mock: httpx.get(mock.url + "/path")``.

    It gets a copy of the contract, a document or its file, as it reloads on change.
    """

    url: str

    def __init__(self, contract: Path | Mapping[str, Any]) -> None:
        self._document = (
            json.loads(contract.read_bytes()) if isinstance(contract, Path) else contract
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="prism-")
        (self._home / "contract.json").write_text(json.dumps(self._document), encoding="utf-8")
        try:
            self._start(0)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    @property
    def pid(self) -> int:
        """Number of the Node.js process."""
        return self._running.pid

    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def check(self) -> None:
        """Ask Prism whether it is still there; MockCrashed says that it is not."""
        if self.alive():
            with (
                contextlib.suppress(httpx.TransportError),
                httpx.Client(trust_env=False, timeout=ANSWER_SECONDS) as client,
            ):
                client.get(self.url)
                return
        # The port closes a moment before the process can be seen to have ended.
        try:
            status = self._running.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            raise MockCrashed(self._story("Prism runs but does not answer")) from None
        raise MockCrashed(self._story(f"Prism died with status {status}"))

    def restart(self) -> None:
        """Start again, on the same port."""
        self._stop()
        self._start(int(self.url.rpartition(":")[2]))

    def log(self) -> str:
        """Return what Prism wrote since it was last started."""
        return (self._home / "prism.log").read_text(encoding="utf-8", errors="replace")

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError("Prism was not started: use it in a with statement")
        return self._process

    @property
    def _home(self) -> Path:
        if self._folder is None:
            raise RuntimeError("Prism was not started: use it in a with statement")
        return Path(self._folder.name)

    def _start(self, port: int) -> None:
        script = install() / "@stoplight" / "prism-cli" / "dist" / "index.js"
        command = [str(node()), "--import", LEASH, str(script), "mock", "--multiprocess=false"]
        command += ["--errors", "--host", "127.0.0.1", "--port", str(port)]
        with (self._home / "prism.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*command, str(self._home / "contract.json")],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment(),
                start_new_session=True,  # Ctrl-C is for the tests, which then stop Prism
            )
        deadline = time.monotonic() + START_SECONDS
        # Nothing is sent before Prism itself names its port: another server may have it.
        while self.alive() and time.monotonic() < deadline:
            if found := LISTENING.search(self.log()):
                self.url = found[1]
                return
            time.sleep(0.02)  # it tells its port in its log only
        raise MockCrashed(self._story("Prism did not start"))

    def _stop(self) -> None:
        """Kill the process and what it started, and wait: Prism has nothing to save."""
        if self._process is None:
            return
        if self._process.poll() is None:
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _story(self, what: str) -> str:
        tail = "\n".join(self.log().splitlines()[-40:])
        return f"{what}. This says nothing of the client or the API. The end of its log:\n{tail}"


def _described(header: str) -> list[str]:
    try:
        return [_line(each) for each in json.loads(header)]
    except ValueError:  # Prism cuts a long list short
        return [header]


def _line(violation: Mapping[str, Any]) -> str:
    return f"{'.'.join(map(str, violation.get('location', [])))}: {violation.get('message')}"
