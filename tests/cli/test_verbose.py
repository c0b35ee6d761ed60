"""`--verbose`: what is asked of the service."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from tests.cli.scenes import QUEUE, WHOLE, Run, user
from tests.wire import TOKEN, Wire


@pytest.fixture(autouse=True)
def _heard(caplog: pytest.LogCaptureFixture) -> None:
    """The harness passes on what the root takes, and nothing else."""
    caplog.set_level(logging.INFO)


def test_each_request_is_a_line_without_its_query_and_no_token(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    asked = ["separate", song, "--type=40", "--out", tmp_path]
    code, out, err = mvsep(Wire(*WHOLE), *asked, "--verbose")
    lines = [re.sub(r"^[\d:.]{12} | in \d+\.\d\d s", "", line) for line in err.splitlines()]

    assert code == 0
    assert "POST 127.0.0.1:8000/api/separation/create 200, attempt 1" in lines
    assert "GET 127.0.0.1:8000/api/separation/get 200, attempt 1" in lines
    assert "GET s1.mvsep.com/Vocals.wav 200, attempt 1" in lines
    assert "?" not in err
    assert TOKEN not in out + err


def test_it_ends_with_the_command_and_is_quiet_without(mvsep: Run, song: Path) -> None:
    before = logging.getLogger("mvsep").handlers[:]
    _, _, verbose = mvsep(Wire(user(9), QUEUE), "check", song, "--type=40", "-v")
    _, _, plain = mvsep(Wire(user(9), QUEUE), "check", song, "--type=40")

    assert verbose.count("/api/app/") == 2
    assert plain == ""
    assert logging.getLogger("mvsep").handlers == before
