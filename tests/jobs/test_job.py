from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import InvalidInput, JobState, MVSepError, Result, SepType
from tests.scenes import CREATED, HASH, HOST, WAITING, done, offered
from tests.wire import BASE_URL, TOKEN, Do, Wire, answer, stored

STEMS = stored(vocals=b"vocals", other=b"other")


def test_a_song_is_separated_in_one_call(do: Do, tmp_path: Path) -> None:
    wire = Wire(
        CREATED,
        WAITING,
        done(offered("Vocals", bytes="6"), offered("Other", bytes=5)),
        STEMS,
    )
    states: list[JobState] = []
    result: Result = do(
        wire, "separate", b"song", SepType.BS_ROFORMER, out=tmp_path / "a/b", on_state=states.append
    )

    assert [(stem.label, stem.path.name, stem.size) for stem in result.files] == [
        ("Vocals", "mixture_Vocals.wav", 6),
        ("Other", "mixture_Other.wav", 5),
    ]
    assert [stem.path.read_bytes() for stem in result.files] == [b"vocals", b"other"]
    assert result.files[0].sha256 == hashlib.sha256(b"vocals").hexdigest()
    assert result.hash == HASH
    assert [state.status for state in states] == ["waiting", "done"]
    assert len(wire.slept) == 1
    assert wire.paths[:3] == ["/api/separation/create", *["/api/separation/get"] * 2]
    assert sorted(wire.paths[3:]) == ["/storage/other.wav", "/storage/vocals.wav"]


@pytest.mark.parametrize(
    ("sep_type", "options", "warnings"),
    [
        (40, None, ()),
        (
            40,
            {"Vocal model type": "124 bands"},
            (
                "The stem 'Instrumental' was expected and did not come.",
                "The stem 'Other' came and was not expected.",
            ),
        ),
        (40, {"add_opt1": "143"}, ()),  # what this choice gives is not known
        (9999, None, ()),
        (17, None, ("What the service takes for 'Model Type' when it is left out is not known.",)),
    ],
)
def test_what_could_not_be_checked_and_stems_other_than_expected_are_warnings_and_no_failure(
    do: Do, tmp_path: Path, sep_type: int, options: Any, warnings: tuple[str, ...]
) -> None:
    wire = Wire(CREATED, done(offered("Vocals"), offered("Other")), STEMS)
    result: Result = do(wire, "separate", b"song", sep_type, options=options, out=tmp_path)

    assert len(result.files) == 2
    assert result.warnings == warnings


@pytest.mark.parametrize("path", ["/storage/v.wav", "/api/app/user"])
def test_a_link_that_asks_for_the_token_does_not_get_it(do: Do, tmp_path: Path, path: str) -> None:
    link = offered("Vocals", f"{BASE_URL}{path}?api_token=TOKEN")
    wire = Wire(done(link), httpx.Response(200, content=b"v"))
    do(wire, "download", tmp_path, job=HASH)

    assert TOKEN not in str(wire.requests[-1].url)


def test_every_error_after_the_job_exists_carries_its_hash(do: Do, tmp_path: Path) -> None:
    for reply in (
        answer({"message": "Unauthenticated."}, 401),
        answer({"success": False, "status": "failed", "data": {}}),
    ):
        wire = Wire(CREATED, reply)
        with pytest.raises(MVSepError) as caught:
            do(wire, "separate", b"song", 40, out=tmp_path)
        assert (caught.value.hash, caught.value.host) == (HASH, HOST)


def test_a_place_that_can_not_be_is_found_before_the_job_is_paid_for(
    do: Do, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    templates = ("{nothing}", "a/../{stem}")
    for wrong in ({"out": tmp_path / "file"}, *({"template": each} for each in templates)):
        wire = Wire(CREATED)
        with pytest.raises(InvalidInput):
            do(wire, "separate", b"song", 40, **{"out": tmp_path, **wrong})
        assert wire.requests == []


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (answer({"success": True, "status": "waiting", "data": {"current_order": 3}}), "waiting"),
        (answer({"success": True, "status": "failed"}), "failed"),
        (answer({"success": False, "status": "not_found"}, 400), "not_found"),
    ],
)
def test_a_job_is_asked_about_once(do: Do, told: Any, status: str) -> None:
    wire = Wire(told)
    state = do(wire, "refresh", job=HASH)

    assert (state.status, state.hash) == (status, HASH)
    assert (len(wire.requests), wire.slept) == (1, [])
