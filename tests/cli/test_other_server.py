"""A job of another server than the one that is asked."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from mvsep import MVSep
from mvsep.cli.app import run
from tests.cli.scenes import CREATED, DONE, HOST, WAITING, Run, interrupt
from tests.wire import BASE_URL, TOKEN, Wire


@pytest.mark.parametrize("command", ["status", "wait", "download", "resume", "cancel", "delete"])
def test_the_line_to_run_has_the_servers_address(
    mvsep: Run, separate: Any, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    separate(Wire(CREATED, WAITING, interrupt))

    def connect(base_url: str | None) -> MVSep:
        return MVSep(TOKEN, base_url=base_url or "https://mvsep.com")

    more = ["--yes"] if command == "delete" else []
    code = run([command, "1", *more], connect=connect)
    err = capsys.readouterr().err
    line = f"mvsep {command} 1 {' '.join([*more, ''])}--base-url {BASE_URL}"

    assert code == 2
    assert f"The job of song.wav belongs to another server, http://{HOST}." in err
    assert f"Run: {line}\n" in err
    if command == "status":
        assert mvsep(Wire(DONE), *shlex.split(line)[1:])[0] == 0
