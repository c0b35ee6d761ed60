"""An upload on the wire, byte by byte, as a parser that is not ours reads it."""

import io
import os
import re
import sys

import httpx
import pytest
import python_multipart
from httpx import MockTransport
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contract_tests.harness.clients import do
from mvsep.errors import InvalidInput, SubmitUncertain
from mvsep_api.types import File, form_field

CREATED = httpx.Response(200, json={"success": True, "data": {"hash": "a"}})
CONTENT = b"RIFF\x00\x01\r\n\r\n--+++\r\n\xff\xfe\x00--"
NAMES = {
    "plain": "song.wav",
    "spaces": "  my  song .wav",
    "not ASCII": "песня — 音楽 é\u0301.wav",
    "beyond the basic plane": "🎵.flac",
    "quotes": "the \"best\" of 'them'.wav",
    "backslashes": "a\\b\\\\c.wav",
    "line breaks": "one\r\ntwo\nthree.wav",
    "a header": 'x"\r\nContent-Type: text/html\r\n\r\n<p>',
    "of a parameter": 'a"; name="api_token"; x=".wav',
    "percent signs": "100%22 %00.wav",
    "semicolons": "a;b=c.wav",
    "control characters": "a\x01\x1f\x7fb.wav",
    "255 bytes": "ü" * 125 + "x.wav",
    "leading dots": "...wav",
}
FUNCTION_SCOPED = [HealthCheck.function_scoped_fixture]


def written(name):
    """Return a file name as a server gets it: quotes and control characters are percent-encoded.

    The standard (https://html.spec.whatwg.org, "multipart/form-data encoding algorithm") does so
    with quotes and line breaks; httpx with the other control characters too, bar escape.
    """
    return re.sub('[\x00-\x1a\x1c-\x1f"]', lambda found: f"%{ord(found[0]):02X}", name)


def parsed(request):
    """Return the fields and files of a form, read by python-multipart."""
    fields, files = {}, {}

    def on_field(field):
        fields[field.field_name.decode()] = field.value

    def on_file(file):
        file.file_object.seek(0)
        name = file.file_name.decode("utf-8")
        files[file.field_name.decode()] = (name, file.file_object.read())
        file.close()

    headers = {
        "Content-Type": request.headers["content-type"].encode(),
        "Content-Length": request.headers["content-length"].encode(),
    }
    python_multipart.parse_form(headers, io.BytesIO(request.content), on_field, on_file)
    return fields, files


@pytest.fixture(params=NAMES.values(), ids=NAMES)
def name(request):
    return request.param


# Names and bytes


def test_a_file_arrives_whole_under_its_name(wire, shell, upload, name):
    wire.call(shell, "separation_create", sep_type=40, audiofile=upload(CONTENT, name))
    fields, files = parsed(wire.only)
    assert files == {"audiofile": (written(name), CONTENT)}
    assert fields == {"sep_type": b"40", "api_token": wire.token.encode()}


@pytest.mark.skipif(sys.platform != "linux", reason="names that other systems do not allow")
def test_a_file_of_the_disk_arrives_whole_under_its_name(wire, tmp_path, name):
    name = name.replace("/", "-")
    path = tmp_path / name
    path.write_bytes(CONTENT)
    with wire.opened() as mvsep, pytest.raises(SubmitUncertain):
        mvsep.submit(path, 40)
    (marked, content) = parsed(wire.only)[1]["audiofile"]
    # With the marker before it, the longest name has room for 238 bytes and its extension.
    expected = written(name) if name != NAMES["255 bytes"] else "ü" * 119 + ".wav"
    assert (re.sub("^mvk[a-z0-9]{9}-", "", marked), content) == (expected, CONTENT)


@given(content=st.binary(min_size=1, max_size=3000), name=st.text(min_size=1, max_size=60))
@example(content=b"\r\n--", name="a")
@settings(max_examples=150, deadline=None, suppress_health_check=FUNCTION_SCOPED)
def test_any_bytes_arrive_whole_under_any_name(wire, upload, content, name):
    wire.requests.clear()
    wire.call("sync", "separation_create", sep_type=1, audiofile=upload(content, name))
    assert parsed(wire.only)[1] == {"audiofile": (written(name), content)}


@given(text=st.text(min_size=1, max_size=200))
@example(text="a\r\nb\n\rc")
@example(text='"; filename="x')
@settings(max_examples=100, deadline=None, suppress_health_check=FUNCTION_SCOPED)
def test_any_text_of_a_field_arrives_whole(wire, text):
    wire.requests.clear()
    wire.call("sync", "separation_create", sep_type=1, add_opt1=text)
    assert parsed(wire.only)[0]["add_opt1"] == text.encode()


def test_two_files_do_not_get_mixed_up(wire, shell, upload):
    wire.call(
        shell,
        "separation_create",
        sep_type=68,
        target_audiofile=upload(b"one\r\n", "same.wav"),
        reference_audiofile=upload(b"\r\ntwo", "same.wav"),
    )
    assert parsed(wire.only)[1] == {
        "target_audiofile": ("same.wav", b"one\r\n"),
        "reference_audiofile": ("same.wav", b"\r\ntwo"),
    }


def test_a_name_that_is_no_utf_8_is_told_and_nothing_is_sent(wire, shell, upload):
    broken = os.fsdecode(b"caf\xe9.wav") if sys.platform == "linux" else "caf\udce9.wav"
    with pytest.raises(InvalidInput, match="UTF-8") as caught:
        wire.call(shell, "separation_create", sep_type=1, audiofile=upload(CONTENT, broken))
    assert wire.requests == []
    assert caught.value.charged is False


def test_each_request_has_a_boundary_of_its_own(wire, upload):
    for _ in range(3):
        wire.call("sync", "separation_create", sep_type=1, audiofile=upload())
    boundaries = {request.headers["content-type"] for request in wire.requests}
    assert len(boundaries) == 3
    assert not any("+++" in boundary for boundary in boundaries)


# Values


def test_a_form_value_is_written_as_the_service_takes_it():
    assert form_field("is_demo", True) == form_field("is_demo", 1)
    assert form_field("is_demo", True) == [("is_demo", (None, b"1", "text/plain"))]
    assert form_field("is_demo", False) == [("is_demo", (None, b"0", "text/plain"))]
    assert form_field("url", None) == []


def test_a_flag_and_a_null_go_out_that_way_through_the_facade(wire, shell):
    wire.call(shell, "separation_create", sep_type=1, is_demo=True, add_opt1=None, preset_id=None)
    assert [part[::2] for part in wire.parts()] == [
        ("sep_type", b"1"),
        ("is_demo", b"1"),
        ("api_token", wire.token.encode()),
    ]


def submitted_fields(wire, shell, source, **said):
    """Return the fields of the form that `submit` sends."""
    wire.answer, there = CREATED, {"token": wire.token, "http": {"transport": MockTransport(wire)}}
    do(shell, lambda client: client.submit(source, 40, **said), **there)
    return parsed(wire.only)[0]


@pytest.mark.parametrize("name", ["output_format", "is_demo", "preset_id", "send_mail_on_error"])
@pytest.mark.parametrize("value", [0, 1, None])
def test_what_submit_is_told_goes_out_and_nothing_else(wire, shell, name, value):
    fields = submitted_fields(wire, shell, CONTENT, **{name: value})
    told = {} if value is None else {name: str(value).encode()}
    assert fields == {"sep_type": b"40", **told, "api_token": wire.token.encode()}


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("https://example.com/a.wav", "direct"),
        ("https://mega.nz/file/a", "mega"),
        ("https://drive.google.com/file/d/a", "drive"),
        ("https://www.dropbox.com/s/a?dl=1", "dropbox"),
    ],
)
def test_a_link_goes_out_with_the_kind_of_place_it_leads_to(wire, shell, link, kind):
    fields = submitted_fields(wire, shell, link)
    assert (fields["url"], fields["remote_type"]) == (link.encode(), kind.encode())


# Length


def check_length(request):
    assert request.headers.get_list("content-length") == [str(len(request.content))]
    assert "transfer-encoding" not in request.headers


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 3_000_001])
def test_the_length_is_told_and_true(wire, shell, upload, size):
    content = os.urandom(size)
    wire.call(shell, "separation_create", sep_type=40, audiofile=upload(content, "a.wav"))
    check_length(wire.only)
    assert parsed(wire.only)[1]["audiofile"] == ("a.wav", content)


def test_a_form_without_a_file_has_its_length_too(wire, shell):
    wire.call(shell, "app_enable_premium")
    check_length(wire.only)
    assert parsed(wire.only) == ({"api_token": wire.token.encode()}, {})


# Twice


class Twice(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport that reads every body twice, as one that sends again has to."""

    def handle_request(self, request):
        self.first, self.second = b"".join(request.stream), b"".join(request.stream)
        return CREATED

    async def handle_async_request(self, request):
        self.first = b"".join([piece async for piece in request.stream])
        self.second = b"".join([piece async for piece in request.stream])
        return CREATED


def halfway():
    """Return an open file that was read to its middle."""
    file = io.BytesIO(b"not this" + CONTENT * 70_000)
    file.seek(len(b"not this"))
    return file


@pytest.mark.parametrize("kind", ["path", "bytes", "file", "generated"])
def test_a_second_rendering_is_identical(shell, tmp_path, upload, kind):
    content = CONTENT * 70_000  # more than one piece of every reader on the way
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    source = {"path": path, "bytes": content, "file": halfway(), "generated": upload(content)}[kind]
    more, twice = {"reference": CONTENT, "validate": False}, Twice()

    def act(client):
        if kind == "generated":
            return client.api.separation.create(sep_type=1, audiofile=source)
        return client.submit(source, 40, **more)

    do(shell, act, http={"transport": twice})
    assert twice.first == twice.second
    assert twice.first.count(content) == 1
    assert b"not this" not in twice.first


def test_the_type_of_a_file_can_be_chosen(wire):
    file = File(payload=io.BytesIO(CONTENT), file_name="a", mime_type="audio/x-odd")
    wire.call("sync", "separation_create", sep_type=1, audiofile=file)
    assert b'filename="a"\r\nContent-Type: audio/x-odd\r\n\r\n' + CONTENT in wire.only.content
