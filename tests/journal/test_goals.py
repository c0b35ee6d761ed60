"""A song that was separated for a goal is paid for once, whatever list chooses its type."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, MVSepError, TooExpensive
from mvsep.catalog.cache import SCOPES, CatalogStore
from mvsep.settings.policies import Clock
from mvsep.testing.algorithms import rows
from tests.cli.scenes import QUEUE
from tests.journal.test_keys import CREATE
from tests.journal.test_keys import reply as replied
from tests.wav_files import song
from tests.wire import Do, Wire

# 2026-10-01T00:00:00Z, after the list of the release.
NOW = 1_790_812_800.0
SETTINGS = {
    "base_url": "https://mvsep.com",
    "timing": Clock(wall=lambda: NOW, chance=lambda: 0.5),
}
BY_HAND = {"sep_type": 40, "options": {"add_opt1": "171"}}
TYPE = re.compile(rb'name="sep_type".*?\r\n\r\n(\d+)', re.DOTALL)
GOAL = {"best_for": "vocals"}


def reply(request: httpx.Request) -> httpx.Response:
    queue = request.url.path.endswith("/queue")
    return httpx.Response(200, content=QUEUE.content) if queue else replied(request)


def refused(request: httpx.Request) -> httpx.Response:
    if request.url.path == CREATE:
        return httpx.Response(400, json={"success": False, "errors": ["no"]})
    return reply(request)


def new_list(folder: Path) -> None:
    """Keep a list in which type 123 is the best for vocals, no longer type 40."""
    text = json.dumps(rows(SCOPES))
    assert text.count("SDR: 12.02") == 1
    content = text.replace("SDR: 12.02", "SDR: 13.02").encode()
    CatalogStore("mvsep.com", folder, lambda: NOW).keep(content, "mvsep.com")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MVSEP_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    path.write_bytes(song(60))
    return path


@pytest.fixture
def run(do: Do, place: str, tmp_path: Path) -> Any:
    """Separate with the journal: the types that were paid for, and the result."""

    def separating(path: Path, *, answers: Any = reply, **given: Any) -> tuple[list[int], Any]:
        wire = Wire(answers)
        more = {"out": tmp_path / "stems", "overwrite": True, "settings": SETTINGS, **given}
        with Journal(place) as journal:
            try:
                found = do(wire, "separate", path, journal=journal, **more)
            except MVSepError as error:
                found = error
        bodies = [
            body
            for request, body in zip(wire.requests, wire.bodies, strict=True)
            if request.url.path == CREATE
        ]
        return [int(TYPE.findall(body)[0]) for body in bodies], found

    return separating


@pytest.mark.parametrize(("first", "second"), [(GOAL, BY_HAND), (BY_HAND, GOAL)])
def test_a_goal_and_its_type_by_hand_are_one_song(
    run: Any, path: Path, first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert run(path, **first)[0] == [40]
    assert run(path, **second)[0] == []


def test_a_song_is_not_paid_for_again_when_a_new_list_has_a_better_type(
    run: Any, path: Path, folder: Path
) -> None:
    _, first = run(path, **GOAL)
    new_list(folder)
    paid, second = run(path, **GOAL)

    assert paid == []
    assert second.already
    assert second.files == first.files
    assert second.warnings == (
        "For the goal 'vocals' it was separated before, with type 40; the list of types takes "
        "another one now. Paying again takes that.",
    )
    assert run(path, **GOAL, again=True)[0] == [123]
    assert run(path, **GOAL)[0] == []


def test_what_was_not_separated_for_the_goal_gets_the_type_of_the_new_list(
    run: Any, path: Path, tmp_path: Path, folder: Path
) -> None:
    other = tmp_path / "other.wav"
    other.write_bytes(song(61))
    run(path, **BY_HAND)
    run(other, best_for="instrumental")
    new_list(folder)

    assert run(path, **GOAL)[0] == [123]
    assert run(other, **GOAL)[0] == [123]


def test_a_job_that_is_under_way_for_the_goal_goes_on_after_a_new_list(
    run: Any, path: Path, folder: Path
) -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400) if "/storage/" in request.url.path else reply(request)

    paid, error = run(path, answers=cut, **GOAL)
    assert (paid, isinstance(error, MVSepError)) == ([40], True)
    new_list(folder)
    paid, result = run(path, **GOAL)

    assert paid == []
    assert [file.label for file in result.files] == ["Vocals"]


def test_an_upload_that_broke_off_is_sent_again_for_the_goal_and_paid_for_once(
    run: Any, path: Path, folder: Path
) -> None:
    def stop(sent: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(path, on_upload=stop, **GOAL)
    new_list(folder)

    assert run(path, **GOAL)[0] == [40]
    assert run(path, **GOAL)[0] == []


def test_a_refused_job_of_the_goal_does_not_keep_the_type_of_the_old_list(
    run: Any, path: Path, folder: Path
) -> None:
    run(path, answers=refused, **GOAL)
    new_list(folder)

    assert run(path, **GOAL)[0] == [123]


def test_paying_again_in_vain_does_not_hide_the_stems_of_the_old_list(
    run: Any, path: Path, folder: Path
) -> None:
    run(path, **GOAL)
    new_list(folder)
    assert run(path, answers=refused, again=True, **GOAL)[0] == [123]

    paid, found = run(path, **GOAL)
    assert (paid, found.already) == ([], True)


def test_other_stems_of_the_goal_are_paid_for_by_themselves(
    run: Any, path: Path, folder: Path
) -> None:
    run(path, **GOAL, output_format="flac")
    new_list(folder)

    assert run(path, **GOAL, output_format="flac")[0] == []
    assert run(path, **GOAL, output_format="wav")[0] == [123]


def test_a_limit_for_many_songs_counts_only_those_that_are_paid_for(
    do: Do, run: Any, path: Path, tmp_path: Path, place: str, folder: Path
) -> None:
    other = tmp_path / "other.wav"
    other.write_bytes(song(61))
    run(path, **GOAL)
    new_list(folder)
    more = {"out": tmp_path / "stems", "settings": SETTINGS, "allow_unknown_price": True, **GOAL}

    with Journal(place) as journal:
        wire = Wire(reply)
        with pytest.raises(TooExpensive):
            do(wire, "separate_many", [path, other], journal=journal, max_credits=0, **more)
        found = do(wire, "separate_many", [path, other], journal=journal, max_credits=1, **more)

    assert [outcome.error for outcome in found] == [None, None]
    assert wire.paths.count(CREATE) == 1
