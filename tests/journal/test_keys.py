"""A song is the same as one in the journal exactly where its stems would be the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal
from tests.scenes import CREATED, done, offered
from tests.wire import ACCOUNT, Do, Wire, answer, stored

CREATE = "/api/separation/create"
SONG, OTHER = b"RIFFsong" * 20, b"RIFFsong" * 19 + b"RIFFsonk"
LINK = "https://example.com/song.mp3"


def reply(request: httpx.Request) -> httpx.Response:
    match request.url.path.rpartition("/")[2]:
        case "create":
            return answer(json.loads(CREATED.content))
        case "user":
            return answer(json.loads(ACCOUNT.content))
        case "get":
            url = str(request.url.copy_with(path="/storage/vocals.wav", query=None))
            return done(offered("Vocals", url))
    return stored(vocals=b"RIFFvocals")(request)


@pytest.fixture
def paid(do: Do, place: str, tmp_path: Path) -> Any:
    """Separate twice with one journal, and tell how often that was paid for."""

    def run(first: dict[str, Any], second: dict[str, Any]) -> int:
        wire = Wire(reply)
        with Journal(place) as journal:
            for given in (first, second):
                more = {"overwrite": True, "validate": False, **given}
                source, kind = more.pop("source", SONG), more.pop("sep_type", 40)
                settings = more.pop("settings", None)
                do(
                    wire,
                    "separate",
                    source,
                    kind,
                    out=tmp_path / "stems",
                    journal=journal,
                    settings=settings,
                    **more,
                )
        return wire.paths.count(CREATE)

    return run


MATCHERING: dict[str, Any] = {"sep_type": 68, "reference": b"RIFFreference"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"source": OTHER}),  # of the same size
        ({}, {"source": SONG[:-1]}),
        ({}, {"sep_type": 41}),
        ({}, {"output_format": "flac"}),
        ({}, {"options": {"add_opt1": "1"}}),
        ({"options": {"add_opt1": "1"}}, {"options": {"add_opt2": "1"}}),
        ({"options": {"add_opt1": "1"}}, {"options": {"add_opt1": "2"}}),
        ({}, {"preset_id": 5}),
        ({"sep_type": 40, "preset_id": 41}, {"sep_type": 41, "preset_id": 40}),
        (MATCHERING, {**MATCHERING, "reference": b"RIFFreferencf"}),
        (MATCHERING, {**MATCHERING, "source": MATCHERING["reference"], "reference": SONG}),
        ({"source": LINK}, {"source": LINK + "?v=2"}),
        ({"source": LINK}, {"source": LINK.replace("song", "Song")}),
        ({}, {"settings": {"base_url": "http://127.0.0.1:9000"}}),
    ],
)
def test_what_changes_the_stems_is_paid_for_by_itself(
    paid: Any, first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert paid(first, second) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        (MATCHERING, MATCHERING),
        ({}, {"output_format": 0}),
        ({}, {"webhook_url": "https://example.com/hook"}),
        ({}, {"is_demo": True}),
        ({}, {"send_mail_on_error": True}),
        ({}, {"options": {"Overlap": None}}),
        ({}, {"options": {"add_opt1": "81"}}),  # the default
        (
            {"settings": {"base_url": "https://mvsep.com"}},
            {"settings": {"base_url": "https://de.mvsep.com"}},
        ),
        ({"source": LINK}, {"source": LINK, "remote_type": "direct"}),
        ({}, {"settings": {"token": "another-account-of-the-same-user"}}),
    ],
)
def test_what_changes_no_stem_is_paid_for_once(
    paid: Any, first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert paid(first, second) == 1


def test_the_same_song_under_another_name_is_paid_for_once(paid: Any, tmp_path: Path) -> None:
    paths = [tmp_path / "one.wav", tmp_path / "two.wav"]
    for path in paths:
        path.write_bytes(SONG)

    assert paid({"source": paths[0]}, {"source": str(paths[1])}) == 1


def test_a_long_song_differs_by_its_last_byte(paid: Any) -> None:
    long = b"RIFF" + bytes(3 << 20)
    assert paid({"source": long}, {"source": long[:-1] + b"x"}) == 2
