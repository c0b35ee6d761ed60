"""Batches without a connection to the service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, errors
from tests.batch.test_queue import service
from tests.wire import Do, Wire


def offline() -> Wire:
    return Wire(httpx.ConnectError("no way"))


@pytest.fixture
def songs(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "one.wav", tmp_path / "two.wav"]
    for path in paths:
        path.write_bytes(b"RIFF\0" + path.name.encode())
    return paths


@pytest.mark.parametrize("kept", [False, True])
def test_a_batch_ends_with_one_error_and_sends_nothing(
    do: Do, songs: list[Path], tmp_path: Path, kept: bool
) -> None:
    def fail(_: object) -> None:
        pytest.fail("No plan can be carried out.")

    for more in ({}, {"on_plan": fail}):
        wire, given = offline(), dict[str, Any](out=tmp_path / "stems", **more)
        with Journal(tmp_path / "journal") as journal:
            given["journal"] = journal if kept else None
            with pytest.raises(errors.ConnectionFailed) as caught:
                do(wire, "separate_many", songs, 40, **given)
            assert journal.unfinished() == []
        assert caught.value.charged is False
        assert wire.paths == ["/api/app/user"]


def test_songs_that_are_done_need_no_connection(do: Do, songs: list[Path], tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        given: dict[str, Any] = {"out": tmp_path / "stems", "journal": journal}
        do(Wire(service), "separate_many", songs, 40, **given)
        outcomes = do(offline(), "separate_many", songs, 40, **given)

    assert all(outcome.result.already for outcome in outcomes)


def test_unfinished_jobs_are_not_each_waited_for_in_vain(
    do: Do, songs: list[Path], tmp_path: Path
) -> None:
    def lost(request: httpx.Request) -> httpx.Response:
        if "get" in request.url.path:
            raise httpx.ConnectError("no way")
        return service(request)

    with Journal(tmp_path / "journal") as journal:
        given: dict[str, Any] = {"out": tmp_path / "stems", "journal": journal, "timeout": 0}
        do(Wire(lost), "separate_many", songs, 40, **given)
        assert len(journal.unfinished()) == 2
        wire = offline()
        with pytest.raises(errors.ConnectionFailed):
            do(wire, "finish", journal)
        assert wire.paths == ["/api/app/user"]
        assert len(do(Wire(service), "finish", journal)) == 2
