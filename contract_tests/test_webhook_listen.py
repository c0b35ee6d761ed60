"""`mvsep webhook listen`, with the port that it opens."""

from __future__ import annotations

import io
import json
import re
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mvsep.cli.app import run
from tests.cli.json_output import check_json
from tests.cli.scenes import DONE, HASH
from tests.webhook_bodies import body
from tests.wire import Wire

SECRET = "cobalt-otter-37"
DELIVERY = body({"status": "failed", "hash": HASH})  # its own word is not believed


class Announced(io.StringIO):
    """Standard error that acts once the address of the server stands on it."""

    def __init__(self, act: Callable[[str], object]) -> None:
        super().__init__()
        self._act = act

    def write(self, text: str) -> int:
        if found := re.search("Listening at (.*)", text):
            threading.Thread(target=self._act, args=(found[1],)).start()
        return super().write(text)


@pytest.fixture
def listen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """Listen for deliveries that are sent to the address: the exit code and what was written."""

    def listening(wire: Wire, send: Callable[[str], object], *words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stderr", Announced(send))

        def connect(base_url: str | None) -> Any:
            return wire.client()

        code = run(["webhook", "listen", *words], connect=connect)
        return code, capsys.readouterr().out

    return listening


def test_each_delivery_is_a_line_with_what_the_service_says(
    listen: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MVSEP_WEBHOOK_SECRET", SECRET)
    replies = []

    def send(address: str) -> None:
        base = address.partition("?")[0]
        replies.append(httpx.post(base, content=DELIVERY).status_code)
        replies.append(httpx.get(address).status_code)
        replies.append(httpx.post(address, content=DELIVERY).status_code)

    wire = Wire(DONE)
    code, out = listen(wire, send, "--count=3")
    lines = [line.split("\t")[1:] for line in out.splitlines()]

    assert (code, replies) == (0, [403, 200, 200])
    assert lines == [["403", "-", "forbidden"], ["200", "-", "ok"], ["200", HASH, "done"]]
    assert wire.paths == ["/api/separation/get"]
    assert SECRET not in out


def test_a_delivery_in_json_is_one_object(listen: Callable[..., tuple[int, str]]) -> None:
    code, out = listen(
        Wire(DONE), lambda url: httpx.post(url, content=DELIVERY), "--count=1", "--json"
    )
    told = json.loads(out)
    check_json("webhook", out)

    assert code == 0
    assert (told["reply"], told["hash"], told["status"]) == (200, HASH, "done")


def test_the_secret_is_another_one_each_time(
    listen: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MVSEP_WEBHOOK_SECRET", raising=False)
    found: list[str] = []

    def send(address: str) -> None:
        found.append(address.partition("secret=")[2])
        httpx.get(address)

    for _ in range(2):
        listen(Wire(DONE), send, "--count=1")
    assert len(set(found)) == 2
    assert min(map(len, found)) >= 16


def test_a_port_that_is_taken_is_said(listen: Callable[..., tuple[int, str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out = listen(Wire(DONE), str, f"--port={port}", "--json")

    assert code == 2
    assert f"Port {port} can't be used" in json.loads(out)["error"]["message"]
