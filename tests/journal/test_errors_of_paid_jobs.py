"""After the create no error says that nothing was charged, and each has the job."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, MVSepError, errors
from tests.scenes import CREATED, HASH, HOST, VOCALS, WAITING
from tests.wire import ACCOUNT, Do, Wire, answer

SONG = b"RIFF\0\0\0\0WAVE"
GONE = httpx.Response(404)


@pytest.fixture(name="journal")
def _journal(place: str) -> Any:
    with Journal(place) as journal:
        yield journal


def check_has_the_job(error: MVSepError) -> None:
    assert (error.hash, error.host) == (HASH, HOST)
    assert error.charged is not False
    assert "Nothing was charged" not in str(error)


def a_file(out: Path, patch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(out)
    out.write_text("a file now")


def a_full_disk(out: Path, patch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> Any:
        raise OSError(28, "No space left on device")

    patch.setattr(tempfile, "TemporaryFile", full)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("spoil", [a_file, a_full_disk])
def test_a_paid_job_whose_folder_is_spoiled_keeps_its_hash(
    do: Do,
    journal: Journal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path, pytest.MonkeyPatch], None],
    again: bool,
) -> None:
    more = {"out": tmp_path / "stems", "journal": journal}
    with pytest.raises(errors.DownloadError) as first:
        do(Wire(CREATED, VOCALS, GONE), "separate", SONG, 40, **more)
    spoil(tmp_path / "stems", monkeypatch)
    with pytest.raises(errors.InvalidInput) as caught:
        do(Wire(GONE), "separate", SONG, 40, again=again, **more)

    for error in (first.value, caught.value):
        check_has_the_job(error)


def test_a_job_whose_stems_are_gone_with_their_folder_keeps_its_hash(
    do: Do, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"out": tmp_path / "stems", "journal": journal}
    stem = httpx.Response(200, content=b"stem")
    do(Wire(CREATED, VOCALS, stem), "separate", SONG, 40, **more)
    a_file(tmp_path / "stems", monkeypatch)
    with pytest.raises(errors.InvalidInput) as caught:
        do(Wire(GONE), "separate", SONG, 40, **more)

    check_has_the_job(caught.value)


REFUSALS = [
    answer({"success": False, "message": "Unauthenticated."}, 401),
    answer({"success": False, "errors": ["No."]}, 403),
    answer({"success": False, "errors": ["No."]}, 400),
    answer({"success": True, "status": "failed", "data": {"message": "no luck"}}),
    answer({"success": True, "status": "not_found"}),
]


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("kept", [False, True], ids=["alone", "with a journal"])
def test_what_the_service_says_of_a_job_never_says_that_nothing_was_charged(
    do: Do, journal: Journal, tmp_path: Path, kept: bool, refusal: httpx.Response
) -> None:
    more = {"journal": journal} if kept else {}
    with pytest.raises(MVSepError) as caught:
        wire = Wire(CREATED, refusal)
        do(wire, "separate", SONG, 40, out=tmp_path / "stems", timeout=0, **more)

    check_has_the_job(caught.value)


@pytest.mark.parametrize("write", ["submitted", "saved"])
def test_a_journal_that_can_not_be_written_any_more_loses_no_job(
    do: Do, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise errors.JournalError("disk full", charged=False)

    monkeypatch.setattr(Journal, write, fail)
    wire = Wire(CREATED, VOCALS, httpx.Response(200, content=b"stem"))
    with pytest.raises(errors.JournalError) as caught:
        do(wire, "separate", SONG, 40, out=tmp_path / "stems", journal=journal)

    check_has_the_job(caught.value)


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("wait", {"timeout": "soon"}),
        ("wait", {"on_state": 5}),
        ("download", {"template": "{nothing}"}),
        ("download", {"parallel": 0}),
        ("download", {"out": "bad\0folder"}),
    ],
)
def test_a_wrong_argument_for_a_job_that_exists_names_the_job(
    do: Do, method: str, wrong: dict[str, Any]
) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        do(Wire(WAITING), method, job=HASH, **wrong)

    check_has_the_job(caught.value)


def test_an_uncertain_upload_is_looked_for_whatever_made_it_uncertain(
    do: Do, journal: Journal, tmp_path: Path
) -> None:
    more = {"out": tmp_path / "stems", "journal": journal}
    with pytest.raises(errors.SubmitUncertain):
        do(Wire(ACCOUNT, MemoryReset(), GONE), "separate", SONG, 40, **more)
    (entry,) = journal.unfinished()
    user = answer(
        {"success": True, "data": {"current_queue": [{"hash": f"{HASH}-{entry.marker}"}]}}
    )
    wire = Wire(user, VOCALS, httpx.Response(200, content=b"stem"))

    assert do(wire, "separate", SONG, 40, **more).hash.endswith(f"-{entry.marker}")
    assert "/api/separation/create" not in wire.paths


class MemoryReset:
    """An answer that takes the request, and ends in a MemoryError."""

    def __call__(self, _: httpx.Request) -> httpx.Response:
        raise MemoryError
