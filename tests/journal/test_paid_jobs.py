"""A job that is paid for is never lost sight of, whatever its stems meet on this machine."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, MVSepError
from mvsep.errors import AlreadyUnderWay, InvalidInput, JournalError
from tests.scenes import CREATED, HASH, HOST, VOCALS, WAITING
from tests.wire import Do, Wire

LOST = httpx.Response(400)
WHOLE = httpx.Response(200, content=b"v")

Spoil = Callable[[Path, pytest.MonkeyPatch], dict[str, Any]]


def full(*_: object, **__: object) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def a_file_instead(out: Path, _: pytest.MonkeyPatch) -> dict[str, Any]:
    out.rmdir()
    out.touch()
    return {}


def a_link_to_nowhere(out: Path, _: pytest.MonkeyPatch) -> dict[str, Any]:
    out.rmdir()
    out.symlink_to("nowhere/at/all")
    return {}


def a_full_disk(_: Path, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    patch.setattr(tempfile, "TemporaryFile", full)
    return {}


def no_template(*_: object) -> dict[str, Any]:
    return {"template": "{nothing}"}


def nothing_at_once(*_: object) -> dict[str, Any]:
    return {"parallel": 0}


def no_time(*_: object) -> dict[str, Any]:
    return {"timeout": "soon"}


SPOILS = [a_file_instead, a_link_to_nowhere, a_full_disk, no_template, nothing_at_once]


@pytest.fixture(name="paid")
def _paid(do: Do, place: str, tmp_path: Path) -> Any:
    """A journal with a job whose stems did not come."""
    with Journal(place) as journal:
        with pytest.raises(MVSepError):
            do(
                Wire(CREATED, VOCALS, LOST),
                "separate",
                b"s",
                40,
                out=tmp_path / "o",
                journal=journal,
            )
        yield journal


@pytest.mark.parametrize("spoil", SPOILS)
@pytest.mark.parametrize("again", [False, True])
def test_a_place_that_can_not_be_any_more_keeps_the_paid_job_in_sight(
    do: Do,
    paid: Journal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Spoil,
    again: bool,
) -> None:
    wire, out = Wire(VOCALS, WHOLE), tmp_path / "o"
    with monkeypatch.context() as patch:
        more = {"out": out, "journal": paid, "again": again, **spoil(out, patch)}
        with pytest.raises(MVSepError) as caught:
            do(wire, "separate", b"s", 40, **more)

    assert (caught.value.hash, caught.value.host) == (HASH, HOST)
    assert caught.value.charged is not False
    assert "Nothing was charged" not in str(caught.value)
    assert wire.requests == []  # also no wait of an hour for what has no place

    if not out.is_dir():
        out.unlink()
    assert len(do(Wire(VOCALS, WHOLE), "separate", b"s", 40, out=out, journal=paid).files) == 1


# `finish` takes no `parallel`.
@pytest.mark.parametrize("spoil", [*SPOILS[:-1], no_time])
def test_who_finishes_a_journal_is_told_of_the_job_too(
    do: Do, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Spoil
) -> None:
    song, out = tmp_path / "song.wav", tmp_path / "o"
    song.write_bytes(b"s")
    with Journal(place) as journal, monkeypatch.context() as patch:
        with pytest.raises(MVSepError):
            do(Wire(CREATED, VOCALS, LOST), "separate", song, 40, out=out, journal=journal)
        (outcome,) = do(Wire(VOCALS, WHOLE), "finish", journal, **spoil(out, patch))

    error = outcome.error
    assert (error.hash, error.host, error.charged) == (HASH, HOST, None)


@pytest.mark.parametrize("spoil", SPOILS)
@pytest.mark.parametrize("method", ["download", "events"])
def test_a_job_by_itself_names_itself(
    asynchronous: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Spoil, method: str
) -> None:
    out = tmp_path / "o"
    out.mkdir()
    with monkeypatch.context() as patch:
        more = spoil(out, patch)

        def act(client: Any) -> Any:
            return getattr(client.job(HASH), method)(out, **more)

        wire = Wire(VOCALS, WHOLE)
        with pytest.raises(MVSepError) as caught:
            wire.each(asynchronous, act) if method == "events" else wire.act(asynchronous, act)
    assert (caught.value.hash, caught.value.host, caught.value.charged) == (HASH, HOST, None)


def test_saved_stems_are_told_also_where_nothing_can_be_written_any_more(
    do: Do, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal(place) as journal:
        asked = {"out": tmp_path / "o", "journal": journal}
        first = do(Wire(CREATED, VOCALS, WHOLE), "separate", b"s", 40, **asked)
        monkeypatch.setattr(tempfile, "TemporaryFile", full)
        assert do(Wire(LOST), "separate", b"s", 40, **asked).files == first.files


def test_a_disk_that_fills_while_the_job_is_under_way_names_the_job(
    do: Do, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def filled(_: httpx.Request) -> httpx.Response:
        monkeypatch.setattr(tempfile, "TemporaryFile", full)
        return WAITING

    with pytest.raises(InvalidInput, match="No space left") as caught:
        do(Wire(CREATED, filled, VOCALS, WHOLE), "separate", b"s", 40, out=tmp_path / "o")
    assert (caught.value.hash, caught.value.charged) == (HASH, None)


@pytest.mark.parametrize("method", ["submitted", "saved"])
def test_a_journal_that_can_not_be_written_after_the_job_exists_names_it(
    do: Do, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def broken(*_: object) -> None:
        raise JournalError("The disk is full.")

    monkeypatch.setattr(Journal, method, broken)
    with Journal(place) as journal, pytest.raises(JournalError) as caught:
        do(Wire(CREATED, VOCALS, WHOLE), "separate", b"s", 40, out=tmp_path / "o", journal=journal)
    assert (caught.value.hash, caught.value.host) == (HASH, HOST)


def test_a_song_that_another_process_has_is_not_said_to_have_cost_nothing(
    do: Do, paid: Journal, tmp_path: Path
) -> None:
    (entry,) = paid.entries()
    with paid.holding(entry.key, "song"), pytest.raises(AlreadyUnderWay) as caught:
        do(Wire(VOCALS), "separate", b"s", 40, out=tmp_path / "o", journal=paid)
    assert (caught.value.hash, caught.value.host, caught.value.charged) == (HASH, HOST, None)
