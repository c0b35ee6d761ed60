"""A spending limit for several songs: what counts towards it is what may have to be paid."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, errors
from tests.profiles import profile
from tests.scenes import CREATED, VOCALS, WAITING
from tests.wav_files import song
from tests.wire import Do, Wire, answer, stored

#: Two credits each: two minutes.
PRICE = 2
CREATE, USER, QUEUE = "/api/separation/create", "/api/app/user", "/api/app/queue"


@pytest.fixture
def songs(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "one.wav", tmp_path / "two.wav"]
    for number, path in enumerate(paths):
        path.write_bytes(song(125, rate=100 + number))
    return paths


@pytest.fixture
def journal(tmp_path: Path) -> Any:
    with Journal(tmp_path / "journal") as journal:
        yield journal


def service(
    *, stems: bool = True, created: bool = False, meanwhile: Callable[[], object] = int
) -> Wire:
    """Answer everything; with `stems=False` the answer to a create is lost, or its job waits.

    What happens meanwhile does when the account's queue is asked about, first.
    """
    happened = []

    def reply(request: httpx.Request) -> httpx.Response:
        match request.url.path.rpartition("/")[2]:
            case "create" if not stems and not created:
                raise httpx.ReadError("reset")
            case "create":
                return answer(json.loads(CREATED.content))
            case "get" if not stems:
                return answer(json.loads(WAITING.content))
            case "get":
                return answer(json.loads(VOCALS.content))
            case "user":
                return profile(premium_minutes=100, premium_enabled=1, current_queue=None)
            case "queue":
                if not happened:
                    happened.append(meanwhile())
                return answer({"plan": {"plan": "premium"}})
            case "separation_history":
                return answer({"success": True, "data": "unknown"})
        return stored(vocals=b"RIFFvocals")(request)

    return Wire(reply)


@pytest.fixture
def many(do: Do, journal: Journal, tmp_path: Path) -> Any:
    def run(wire: Wire, songs: list[Path], limit: float | None, **more: Any) -> Any:
        given = {"journal": journal, "out": tmp_path / "stems", "at_once": 1, **more}
        return do(wire, "separate_many", songs, 40, max_credits=limit, **given)

    return run


def refused(many: Any, songs: list[Path], limit: float, **more: Any) -> None:
    wire = service()
    with pytest.raises(errors.TooExpensive, match="together"):
        many(wire, songs, limit, **more)
    assert wire.paths == []


def test_a_song_whose_job_is_uncertain_counts_as_one_to_be_paid(
    many: Any, songs: list[Path]
) -> None:
    (lost,) = many(service(stems=False), songs[:1], None)
    assert isinstance(lost.error, errors.SubmitUncertain)

    refused(many, songs, 2 * PRICE - 1)
    refused(many, songs, 2 * PRICE - 1, again=True)


def test_a_song_whose_stems_are_there_counts_nothing_unless_it_is_paid_again(
    many: Any, songs: list[Path]
) -> None:
    (saved,) = many(service(), songs[:1], None)
    assert saved.result

    wire = service()
    outcomes = many(wire, songs, PRICE)
    assert [each.error for each in outcomes] == [None, None]
    assert wire.paths.count(CREATE) == 1
    refused(many, songs, 2 * PRICE - 1, again=True)


def test_a_job_under_way_counts_only_where_another_may_be_paid_for(
    many: Any, songs: list[Path]
) -> None:
    (waits,) = many(service(stems=False, created=True), songs[:1], None, timeout=0)
    assert isinstance(waits.error, errors.JobTimeout)

    # With `again` a job that gives no stems is paid for anew.
    refused(many, songs, 2 * PRICE - 1, again=True)
    wire = service()
    assert [each.error for each in many(wire, songs, PRICE)] == [None, None]
    assert wire.paths.count(CREATE) == 1


@pytest.mark.parametrize("limit", [2 * PRICE, 2.0 * PRICE])
def test_a_limit_of_just_the_sum_is_kept_and_of_less_is_not(
    many: Any, songs: list[Path], limit: float
) -> None:
    refused(many, songs, limit - 0.5)
    wire = service()

    assert [each.error for each in many(wire, songs, limit)] == [None, None]
    assert wire.paths.count(CREATE) == 2


def test_a_song_named_twice_is_paid_once_and_counts_once(many: Any, songs: list[Path]) -> None:
    wire = service()
    outcomes = many(wire, [songs[0], songs[0]], PRICE)

    assert wire.paths.count(CREATE) == 1
    assert outcomes[0].error is None


@pytest.mark.parametrize("limit", [-1, float("nan"), "many"])
def test_a_limit_that_is_no_number_is_refused_though_nothing_is_to_be_paid(
    many: Any, songs: list[Path], limit: Any
) -> None:
    many(service(), songs, None)
    wire = service()
    with pytest.raises(errors.InvalidInput, match="max_credits"):
        many(wire, songs, limit)
    assert wire.paths == []


@pytest.mark.parametrize("method", ["submit", "separate"])
@pytest.mark.parametrize("as_file", [False, True], ids=["a path", "an open file"])
def test_a_song_that_changes_after_it_was_priced_is_not_sent(
    do: Do, songs: list[Path], tmp_path: Path, method: str, as_file: bool
) -> None:
    more: dict[str, Any] = {"out": tmp_path / "stems"} if method == "separate" else {}
    wire = service(meanwhile=lambda: grown(songs[0]))
    with songs[0].open("rb") as file, pytest.raises(errors.InvalidInput, match="changed") as caught:
        do(wire, method, file if as_file else songs[0], 40, max_credits=PRICE, **more)

    assert caught.value.charged is False
    assert wire.paths == [USER, QUEUE]


def rewritten(path: Path) -> None:
    """As large and as old as before, with other bytes."""
    before = path.stat()
    path.write_bytes(bytes(before.st_size))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("sending", [False, True], ids=["before", "while it is sent"])
@pytest.mark.parametrize("as_file", [False, True], ids=["a path", "an open file"])
def test_a_song_of_the_same_size_and_time_is_told_from_the_one_that_was_priced(
    do: Do, songs: list[Path], as_file: bool, sending: bool
) -> None:
    def change(*_: object) -> None:
        rewritten(songs[0])

    wire = service() if sending else service(meanwhile=change)
    with songs[0].open("rb") as file, pytest.raises(errors.InvalidInput, match="changed") as caught:
        source = file if as_file else songs[0]
        more = {"on_upload": change} if sending else {}
        do(wire, "submit", source, 40, max_credits=PRICE, **more)

    assert caught.value.charged is False
    assert CREATE not in wire.paths


@pytest.mark.parametrize("many_songs", [False, True], ids=["submit", "separate_many"])
@pytest.mark.parametrize("seconds", [125, 125 + 60 * 8], ids=["as long", "longer"])
def test_what_is_in_memory_and_changes_after_it_was_priced_is_not_sent(
    do: Do, many: Any, many_songs: bool, seconds: int
) -> None:
    memory = io.BytesIO(song(125, rate=100))

    def change() -> None:
        memory.seek(0)
        memory.write(song(seconds, rate=100)[:-1] + b"!")
        memory.seek(0)

    wire = service(meanwhile=change)
    if many_songs:
        (outcome,) = many(wire, [memory], PRICE, journal=None)
        error = outcome.error
    else:
        with pytest.raises(errors.InvalidInput) as caught:
            do(wire, "submit", memory, 40, max_credits=PRICE)
        error = caught.value

    assert "changed" in error.message
    assert CREATE not in wire.paths


def test_a_song_that_changes_after_the_sum_was_made_is_not_sent(
    many: Any, songs: list[Path]
) -> None:
    wire = service(meanwhile=lambda: grown(songs[1]))
    first, second = many(wire, songs, 2 * PRICE, journal=None)

    assert first.error is None
    assert isinstance(second.error, errors.InvalidInput)
    assert wire.paths.count(CREATE) == 1


def grown(path: Path) -> None:
    """Twice as long, and within the limit for all."""
    path.write_bytes(song(2 * 120, rate=100))


@pytest.mark.parametrize("method", ["submit", "separate"])
def test_one_song_is_held_to_its_limit_before_anything_is_sent(
    do: Do, songs: list[Path], tmp_path: Path, method: str
) -> None:
    more: dict[str, Any] = {"out": tmp_path / "stems"} if method == "separate" else {}
    wire = service()
    with pytest.raises(errors.TooExpensive):
        do(wire, method, songs[0], 40, max_credits=PRICE - 1, **more)
    assert wire.paths == []

    do(wire, method, songs[0], 40, max_credits=PRICE, **more)
    assert wire.paths.count(CREATE) == 1
