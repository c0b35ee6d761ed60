"""What is sent to create a job, and what is refused before anything is."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mvsep import OutputFormat, RemoteType, SepType, errors
from tests.jobs.submission.scenes import Submit, fields, form
from tests.scenes import CREATED, HASH
from tests.wire import TOKEN, Wire, answer


def test_a_path_is_sent_whole_with_the_type_and_the_token_last(submit: Submit, song: Path) -> None:
    wire = Wire(CREATED)
    job = submit(wire, song, SepType.BS_ROFORMER)

    assert job.hash == HASH
    assert wire.paths == ["/api/separation/create"]
    marker = next(file for _, file, _ in form(wire) if file).partition("-")[0]
    assert re.fullmatch("mvk[a-z0-9]{9}", marker)
    assert {(name, file) for name, file, _ in form(wire)} == {
        ("audiofile", f"{marker}-my song.wav"),
        ("sep_type", None),
        ("api_token", None),
    }
    assert fields(wire)["audiofile"] == song.read_bytes()
    assert fields(wire)["sep_type"] == b"40"
    assert form(wire)[-1] == ("api_token", None, TOKEN.encode())


def test_everything_that_is_given_is_sent_as_the_service_takes_it(submit: Submit) -> None:
    wire = Wire(CREATED)
    submit(
        wire,
        b"RIFFsong",
        40,
        options={"add_opt1": "81", "add_opt2": 8, "add_opt3": None, "add_opt10": 0.3},
        output_format=OutputFormat.FLAC_16,
        is_demo=False,
        webhook_url="https://example.com/hook",
        preset_id=7,
        send_mail_on_error=True,
        validate=False,
    )

    sent = fields(wire)
    del sent["audiofile"]
    assert sent == {
        "sep_type": b"40",
        "add_opt1": b"81",
        "add_opt2": b"8",
        "add_opt10": b"0.3",
        "output_format": b"2",
        "is_demo": b"0",
        "webhook_url": b"https://example.com/hook",
        "preset_id": b"7",
        "send_mail_on_error": b"1",
        "api_token": TOKEN.encode(),
    }


@pytest.mark.parametrize(
    ("link", "remote_type", "sent"),
    [
        ("https://mega.nz/file/1", None, b"mega"),
        ("https://mega.nz.example.com/file/1", None, b"direct"),
        ("https://example.com/a.mp3", RemoteType.MEGA, b"mega"),
        ("https://example.com/a.mp3", "drive", b"drive"),
    ],
)
def test_a_link_is_handed_on_with_where_it_leads(
    submit: Submit, link: str, remote_type: Any, sent: bytes
) -> None:
    wire = Wire(answer({"success": "true", "data": {"hash": "n2AwBjy4KsFZfqqR"}}))
    job = submit(wire, link, 40, remote_type=remote_type)

    assert job.hash == "n2AwBjy4KsFZfqqR"
    assert fields(wire)["url"] == link.encode()
    assert fields(wire)["remote_type"] == sent
    assert "audiofile" not in fields(wire)


def test_matchering_gets_its_two_files(submit: Submit, song: Path) -> None:
    wire = Wire(CREATED)
    submit(wire, song, SepType.MATCHERING, reference=b"\0reference")

    assert fields(wire)["target_audiofile"] == song.read_bytes()
    assert fields(wire)["reference_audiofile"] == b"\0reference"
    assert "audiofile" not in fields(wire)


def test_an_open_file_is_sent_from_where_it_stands(submit: Submit) -> None:
    file = io.BytesIO(b"skipped|song")
    file.seek(8)
    wire = Wire(CREATED)
    submit(wire, file, 40)

    assert fields(wire)["audiofile"] == b"song"


def test_the_progress_of_the_upload_counts_the_files_bytes_in_few_steps(
    submit: Submit, song: Path
) -> None:
    """Each step is a piece: read, handed over and sent by itself."""
    told: list[tuple[int, int | None]] = []
    with song.open("ab") as file:
        file.write(bytes(3 << 20))
    submit(Wire(CREATED), song, 40, on_upload=lambda done, size: told.append((done, size)))

    size = song.stat().st_size
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert 1 < len(told) < 20


class OneWay(io.RawIOBase):
    def readable(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "none.wav", "no file"),
        (lambda folder: folder, "folder"),
        (lambda folder: str(folder / "none.wav"), "no file"),
        (lambda folder: "bad\0name.wav", "has a NUL"),
        (lambda folder: (folder / "empty.wav").touch() or folder / "empty.wav", "empty"),
        (lambda folder: b"", "empty"),
        (lambda folder: io.BytesIO(), "empty"),
        (lambda folder: io.StringIO("text"), "can't be uploaded"),
        (lambda folder: 5, "can't be uploaded"),
        (lambda folder: OneWay(), "rewound"),
    ],
)
def test_nothing_is_sent_when_the_source_can_not_be_used(
    submit: Submit, tmp_path: Path, make: Callable[[Path], Any], words: str
) -> None:
    wire = Wire(CREATED)
    with pytest.raises(errors.InvalidInput, match=words) as caught:
        submit(wire, make(tmp_path), 40)

    assert wire.requests == []
    assert caught.value.charged is False


@pytest.mark.parametrize(("word", "number"), [("wav", b"1"), ("flac24", b"5"), ("M4A", b"3")])
def test_a_format_goes_by_its_word_too(submit: Submit, word: str, number: bytes) -> None:
    wire = Wire(CREATED)
    submit(wire, b"song", 40, output_format=word)

    assert fields(wire)["output_format"] == number


@pytest.mark.parametrize(
    "wrong",
    [
        {"options": {"overlay": "8"}},
        {"options": {"overlap": "90%"}},
        {"options": {"add_opt4": "1"}},
        {"options": {"add_opt3": "1"}},
        {"options": {"add_opt0": "1"}},
        {"options": {"add_opt11": "1"}},
        {"options": {"add_opt1": True}},
        {"options": {"add_opt1": ["1"]}},
        {"output_format": -1},
        {"output_format": "wave"},
        {"preset_id": "x"},
        {"remote_type": "mega"},
        {"sep_type": -1},
        {"sep_type": True},
        {"sep_type": "Roformer"},
        {"sep_type": SepType.VIBEVOICE_VOICE_CLONING},
        {"source": None, "reference": b"x"},
        {"source": None},
        {"source": b"song", "reference": b"x"},
        {"sep_type": SepType.MATCHERING},
        {"sep_type": SepType.MATCHERING, "source": "https://example.com/a.wav"},
        {"sep_type": SepType.MATCHERING, "source": None},
        {"sep_type": SepType.STABLE_AUDIO_OPEN_GEN},
        {"sep_type": SepType.STABLE_AUDIO_OPEN_GEN, "source": "https://example.com/a.wav"},
        {"source": "https://example.com/a.wav", "reference": b"x"},
    ],
)
def test_nothing_is_sent_when_an_argument_can_not_be_right(
    submit: Submit, wrong: dict[str, Any]
) -> None:
    wire = Wire(CREATED)
    arguments: dict[str, Any] = {"source": b"song", "sep_type": 40, **wrong}
    with pytest.raises(errors.InvalidInput) as caught:
        submit(wire, arguments.pop("source"), arguments.pop("sep_type"), **arguments)

    assert wire.requests == []
    assert caught.value.charged is False


@pytest.mark.parametrize("kind", [40, 9999])
def test_what_the_catalogue_does_not_know_or_is_not_asked_about_is_sent_as_it_is(
    submit: Submit, kind: int
) -> None:
    wire = Wire(CREATED)
    submit(wire, None, kind, validate=kind == 9999)

    assert fields(wire)["sep_type"] == str(kind).encode()
