from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import DownloadError, InvalidInput, JobState, JobTimeout, MVSepError, Result, SepType
from tests.wire import BASE_URL, TOKEN, Wire, answer, stored

HASH = "20250131145833-a0bb276157-song.wav"
CREATED = answer({"success": True, "data": {"hash": HASH}})
WAITING = answer({"success": True, "status": "waiting", "data": {"current_order": 2}})
Do = Callable[..., Any]


def done(*files: dict[str, Any]) -> httpx.Response:
    return answer({"success": True, "status": "done", "data": {"files": list(files)}})


def file(label: str, name: str, **more: Any) -> dict[str, Any]:
    return {"type": label, "url": f"{BASE_URL}/storage/{name}", "download": name, **more}


@pytest.fixture(name="do", params=["sync", "async"])
def _do(request: pytest.FixtureRequest) -> Do:
    """Call a method of either client, or of a job; both must behave alike."""

    def with_sync(wire: Wire, method: str, *arguments: Any, job: str = "", **more: Any) -> Any:
        with wire.client() as mvsep:
            return getattr(mvsep.job(job) if job else mvsep, method)(*arguments, **more)

    async def with_async(
        wire: Wire, method: str, *arguments: Any, job: str = "", **more: Any
    ) -> Any:
        async with wire.async_client() as mvsep:
            return await getattr(mvsep.job(job) if job else mvsep, method)(*arguments, **more)

    if request.param == "sync":
        return with_sync
    return lambda *arguments, **more: asyncio.run(with_async(*arguments, **more))


def test_a_song_is_separated_in_one_call(do: Do, tmp_path: Path) -> None:
    wire = Wire(
        CREATED,
        WAITING,
        done(file("Vocals", "x_vocals.wav", bytes="6"), file("Other", "x_other.wav", bytes=5)),
        stored(x_vocals=b"vocals", x_other=b"other"),
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
    assert wire.paths[:3] == [
        "/api/separation/create",
        "/api/separation/get",
        "/api/separation/get",
    ]
    assert sorted(wire.paths[3:]) == ["/storage/x_other.wav", "/storage/x_vocals.wav"]


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
    wire = Wire(
        CREATED,
        done(file("Vocals", "x_vocals.wav"), file("Other", "x_other.wav")),
        stored(x_vocals=b"vocals", x_other=b"other"),
    )
    result: Result = do(wire, "separate", b"song", sep_type, options=options, out=tmp_path)

    assert len(result.files) == 2
    assert result.warnings == warnings


def test_of_a_job_from_its_hash_nothing_is_expected(do: Do, tmp_path: Path) -> None:
    wire = Wire(done(file("Vocals", "x_vocals.wav")), stored(x_vocals=b"vocals"))

    assert do(wire, "download", tmp_path, job=HASH).warnings == ()


def test_the_token_does_not_go_along_with_a_download(do: Do, tmp_path: Path) -> None:
    wire = Wire(done(file("Vocals", "v.wav")), httpx.Response(200, content=b"v"))
    do(wire, "download", tmp_path, job=HASH)

    download = wire.requests[-1]
    assert TOKEN not in str(download.url)
    assert TOKEN not in str(dict(download.headers))


@pytest.mark.parametrize("path", ["/storage/v.wav", "/api/app/user"])
def test_a_link_that_asks_for_the_token_does_not_get_it(do: Do, tmp_path: Path, path: str) -> None:
    entry = {**file("Vocals", "v.wav"), "url": f"{BASE_URL}{path}?api_token=TOKEN"}
    wire = Wire(done(entry), httpx.Response(200, content=b"v"))
    do(wire, "download", tmp_path, job=HASH)

    assert TOKEN not in str(wire.requests[-1].url)


def test_two_stems_of_one_name_get_two_files(do: Do, tmp_path: Path) -> None:
    wire = Wire(
        done(file("Vocals", "a.wav"), file("vocals", "b.wav"), file("../../x", "c.wav")),
        stored(a=b"one", b=b"two", c=b"three"),
    )
    result = do(wire, "download", tmp_path, job=HASH)

    assert len({stem.path.name.lower() for stem in result.files}) == 3
    assert {stem.path.parent for stem in result.files} == {tmp_path}
    assert [stem.path.read_bytes() for stem in result.files] == [b"one", b"two", b"three"]


def test_a_resumed_job_names_its_stems_after_the_upload(do: Do, tmp_path: Path) -> None:
    wire = Wire(done(file("Vocals", "v.flac")), httpx.Response(200, content=b"v"))
    result = do(wire, "download", tmp_path, job=HASH)

    assert result.files[0].path.name == "song_Vocals.flac"


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(404),
        httpx.Response(500),
        httpx.Response(200, content=b"short"),
        httpx.ReadError("reset"),
        httpx.ReadTimeout("slow"),
    ],
)
def test_a_download_that_fails_leaves_no_file_and_names_the_job(
    do: Do, tmp_path: Path, reply: Any
) -> None:
    wire = Wire(done(file("Vocals", "v.wav", bytes=6)), reply)
    with pytest.raises(DownloadError) as caught:
        do(wire, "download", tmp_path, job=HASH)

    assert list(tmp_path.iterdir()) == []
    assert caught.value.charged


def test_waiting_sleeps_as_told_and_ends_with_the_hash(do: Do) -> None:
    wire = Wire(WAITING)
    with pytest.raises(JobTimeout) as caught:
        do(wire, "wait", job=HASH, timeout=0)

    assert caught.value.hash == HASH
    assert wire.slept == []

    wire = Wire(WAITING, WAITING, done(file("Vocals", "v.wav")))
    do(wire, "wait", job=HASH)
    assert len(wire.slept) == 2


def test_a_hash_goes_into_the_query_whole(do: Do) -> None:
    odd = "20250131-x-a&b=c #é.wav"
    wire = Wire(done(file("Vocals", "v.wav")))
    do(wire, "wait", job=odd)

    assert wire.requests[0].url.params["hash"] == odd


def test_cancel_and_delete_ask_the_service(do: Do) -> None:
    wire = Wire(answer({"success": True}))
    do(wire, "cancel", job=HASH)
    do(wire, "delete", job=HASH)

    assert wire.paths == ["/api/separation/cancel", "/api/separation/delete"]
    assert all(HASH.encode() in body for body in wire.bodies)


def test_every_error_after_the_job_exists_carries_its_hash(do: Do, tmp_path: Path) -> None:
    for reply in (
        answer({"message": "Unauthenticated."}, 401),
        answer({"success": False, "status": "failed", "data": {}}),
    ):
        wire = Wire(CREATED, reply)
        with pytest.raises(MVSepError) as caught:
            do(wire, "separate", b"song", 40, out=tmp_path)
        assert caught.value.hash == HASH
        assert caught.value.host == "127.0.0.1:8000"


def test_a_place_that_can_not_be_is_found_before_the_job_is_paid_for(
    do: Do, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    for wrong in ({"out": tmp_path / "file"}, {"template": "{nothing}"}, {"template": "a/b"}):
        wire = Wire(CREATED)
        with pytest.raises(InvalidInput):
            do(wire, "separate", b"song", 40, **{"out": tmp_path, **wrong})
        assert wire.requests == []


def test_a_links_job_keeps_its_second_hash(do: Do, tmp_path: Path) -> None:
    wire = Wire(
        answer({"success": "true", "data": {"hash": "n2AwBjy4KsFZfqqR"}}),
        answer({"success": False, "data": {"message": "being downloaded"}}),
        answer({"success": True, "status": "done", "data": {"hash": HASH}}),
        done(file("Vocals", "v.wav")),
        httpx.Response(200, content=b"v"),
    )
    states: list[JobState] = []
    result = do(
        wire, "separate", "https://example.com/a.wav", 40, out=tmp_path, on_state=states.append
    )

    assert result.hash == HASH
    assert [state.status for state in states] == ["downloading", "done"]
    assert wire.paths[1:4] == [
        "/api/separation/get-remote",
        "/api/separation/get-remote",
        "/api/separation/get",
    ]
