"""Run Prism, the mock server that knows nothing but the contract, for the length of a test.

Prism is started as a process of its own on a free port of 127.0.0.1, and is talked to only after
it said that the port is its own and answered a question that no other server can answer.
A crash of Prism (it has known ones) is reported as :class:`MockCrashed`, never as a fault of the
client or of the contract.
"""

from __future__ import annotations

import copy
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from contract_tests.harness.quirks import quirk
from tools.node import environment, install, node

# Measured start-up: 0.6 s with 12 paths, 0.8 s with 800. The rest is for a busy machine.
START_SECONDS = 60.0
ANSWER_SECONDS = 10.0
ENDING_SECONDS = 5.0
PORTS_TRIED = 5

# Ends Node.js when the other end of its standard input goes away, that is with this process,
# however it ends.
LEASH = 'data:text/javascript,process.stdin.on("end",()=>process.exit()).resume()'


class MockCrashed(RuntimeError):
    """Prism itself died or went silent; the message ends with the last lines of its log."""


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

    Args:
        answers: results of :func:`prefer`.
    """

    def __init__(self, *answers: Mapping[str, str]) -> None:
        self._waiting = list(answers)

    def hook(self, request: httpx.Request) -> None:
        """Serve as ``event_hooks={"request": [script.hook]}`` of an ``httpx.Client``."""
        following = self._waiting.pop(0) if len(self._waiting) > 1 else self._waiting[0]
        request.headers.update(following)

    async def async_hook(self, request: httpx.Request) -> None:
        """Serve as ``event_hooks={"request": [script.async_hook]}`` of an ``AsyncClient``."""
        self.hook(request)


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

    Args:
        contract: the OpenAPI document or its JSON file. Prism gets a copy, as it reloads on change.
        errors: answer 500 instead of an example that violates the contract, not only note it.
            A request that violates it is refused either way.
        port: the port to try first; by default any free one.

    Raises:
        MockCrashed: Prism did not start; most often it cannot read the contract.
    """

    url: str

    def __init__(
        self,
        contract: Path | Mapping[str, Any],
        *,
        errors: bool = True,
        port: int | None = None,
    ) -> None:
        document = json.loads(contract.read_bytes()) if isinstance(contract, Path) else contract
        self._identity = secrets.token_hex(16)
        self._question = f"/__identity_{secrets.token_hex(16)}"
        self._document = _with_canary(document, self._question, self._identity)
        self._errors = errors
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="prism-")
        self._contract_file.write_text(json.dumps(self._document), encoding="utf-8")
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    @property
    def pid(self) -> int:
        """The number of the Node.js process."""
        return self._running.pid

    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def check(self) -> None:
        """Ask Prism whether it is still there, and still the one that was started.

        Raises:
            MockCrashed: it is not.
        """
        if self.alive():
            try:
                with httpx.Client(trust_env=False, timeout=ANSWER_SECONDS) as client:
                    answer = client.get(self.url + self._question)
            except httpx.TransportError:
                pass
            else:
                if answer.text == json.dumps(self._identity):
                    return
                raise MockCrashed(self._story(f"Another server answers at {self.url}"))
        # The port closes a moment before the process can be seen to have ended.
        try:
            status = self._running.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            raise MockCrashed(self._story("Prism runs but does not answer")) from None
        raise MockCrashed(self._story(f"Prism died with status {status}"))

    def restart(self) -> None:
        """Start again, on the same port if it is still free; read :attr:`url` again afterwards.

        Raises:
            MockCrashed: Prism did not start.
        """
        self._stop()
        self._start()

    def log(self) -> str:
        """Return what Prism wrote since it was last started."""
        return self._log_file.read_text(encoding="utf-8", errors="replace")

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

    @property
    def _contract_file(self) -> Path:
        return self._home / "contract.json"

    @property
    def _log_file(self) -> Path:
        return self._home / "prism.log"

    def _start(self) -> None:
        for _ in range(PORTS_TRIED):
            port = self._port or _free_port()
            self._launch(port)
            if self._listening(port):
                self._port = port
                self.url = f"http://127.0.0.1:{port}"
                self.check()
                return
            self._stop()
            if "EADDRINUSE" not in self.log():
                raise MockCrashed(self._story("Prism did not start"))
            self._port = None
        raise MockCrashed(self._story(f"{PORTS_TRIED} ports in a row were taken"))

    def _launch(self, port: int) -> None:
        script = install() / "@stoplight" / "prism-cli" / "dist" / "index.js"
        command = [str(node()), "--import", LEASH, str(script), "mock", "--multiprocess=false"]
        command += ["--errors"] if self._errors else []
        command += ["--host", "127.0.0.1", "--port", str(port), str(self._contract_file)]
        with self._log_file.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment(),
                start_new_session=True,  # Ctrl-C is for the tests, which then stop Prism
            )

    def _listening(self, port: int) -> bool:
        """Wait for Prism's own word that it has the port; False if it died or time ran out.

        Until then nothing is sent to the port: another server may have it.
        """
        deadline = time.monotonic() + START_SECONDS
        while self.alive() and time.monotonic() < deadline:
            if f"listening on http://127.0.0.1:{port}\n" in self.log():
                return True
            time.sleep(0.02)
        return False

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


def _with_canary(document: Mapping[str, Any], path: str, identity: str) -> dict[str, Any]:
    """Return a copy of the contract in which GET ``path`` answers with ``identity``."""
    media = {"schema": {"type": "string"}, "example": identity}
    answer = {"description": "Who answers.", "content": {"application/json": media}}
    whole = copy.deepcopy(dict(document))
    whole["paths"] = {
        **whole.get("paths", {}),
        path: {"get": {"security": [], "responses": {"200": answer}}},
    }
    return whole


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _described(header: str) -> list[str]:
    try:
        return [_line(each) for each in json.loads(header)]
    except ValueError:  # Prism cuts a long list short
        return [header]


def _line(violation: Mapping[str, Any]) -> str:
    return f"{'.'.join(map(str, violation.get('location', [])))}: {violation.get('message')}"
