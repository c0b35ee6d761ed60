"""Faults of the fake server in a stem on its way down, and in the rest of one."""

import gzip
import zlib

import pytest

from contract_tests.faulty import recorded, staged
from mvsep.testing import FAULTS
from mvsep.testing.faults import files
from mvsep.testing.faults.files import OTHER_ETAG
from mvsep.testing.faults.framing import EXTRA

TESTED = set()
cases = recorded(TESTED)
standing, stage = staged()

SIZE = 64_044
LAST = SIZE - 1
START = 1000


@pytest.fixture(scope="module")
def stem(standing):
    return standing.heard("download")


def struck(stage, name, *headers):
    heard = stage.struck(name, "download", *headers)
    assert heard.end == "closed"
    return heard


def whole(body):
    return body


def other(body):
    return bytes(value ^ 0xFF for value in body)


def unchunked(body):
    data = b""
    while True:
        line, _, body = body.partition(b"\r\n")
        size = int(line, 16)
        if not size:
            return data
        data, body = data + body[:size], body[size + 2 :]


# The whole file: headers that differ from those of the right one, and its bytes
FILES = {
    "truncated-body": ({}, lambda body: body[: SIZE // 2]),
    "oversized-body": ({}, lambda body: body + bytes(EXTRA)),
    "other-bytes": ({}, other),
    "unknown-coding": ({"content-encoding": ["x-unknown"]}, whole),
    "etag-missing": ({"etag": [], "last-modified": []}, whole),
    "etag-weak": ({"etag": ['W/"weak"'], "last-modified": []}, whole),
    "ranges-unmentioned": ({"accept-ranges": []}, whole),
    "ranges-none": ({"accept-ranges": ["none"]}, whole),
    "disposition": ({"content-disposition": ['attachment; filename="../../evil.sh"']}, whole),
    "type-text": ({"content-type": ["text/plain; charset=utf-16"]}, whole),
}


@cases(*FILES)
def test_a_file_or_a_header_of_it_is_another(stage, stem, name, phase):
    heard = struck(stage, name)
    headers, change = FILES[name]
    assert (heard.status, heard.body) == (200, change(stem.body))
    assert heard.values("content-length") == [str(len(heard.body))]
    assert headers or heard.values("etag") == stem.values("etag")
    for header, values in headers.items():
        assert heard.values(header) == values != stem.values(header)


@cases("gzip-stem", "deflate-stem")
def test_a_file_is_coded(stage, stem, name, phase):
    heard = struck(stage, name)
    coding = name.removesuffix("-stem")
    assert heard.values("content-encoding") == [coding]
    assert not heard.values("content-length")
    unpack = gzip.decompress if coding == "gzip" else zlib.decompress
    assert unpack(unchunked(heard.body)) == stem.body
    assert struck(stage, name, "Range: bytes=5-").status == 200
    stage.faults.script("download", [name])
    assert stage.ask("download").content == stem.body


# The rest of a file: the status, the range it says it has, and the bytes from START


def rest(body):
    return body[START:]


RIGHT = f"bytes {START}-{LAST}/{SIZE}"
HALF = (SIZE - START) // 2
RESTS = {
    "range-ignored": (200, None, whole),
    "etag-changed": (200, None, whole),
    "range-416": (416, f"bytes */{SIZE}", None),
    "range-416-bare": (416, None, None),
    "range-416-other": (416, f"bytes */7{SIZE}", None),
    "part-of-another": (206, RIGHT, lambda body: other(rest(body))),
    "part-from-the-start": (
        206,
        f"bytes 0-{SIZE - START - 1}/{SIZE}",
        lambda body: body[: SIZE - START],
    ),
    "part-unnamed": (206, None, rest),
    "part-misnamed": (206, f"bytes {START - 1}-{LAST}/{SIZE}", rest),
    "part-of-more": (206, f"bytes {START}-{LAST}/{SIZE + EXTRA}", rest),
    "part-of-unknown": (206, f"bytes {START}-{LAST}/*", rest),
    "part-short": (206, f"bytes {START}-{START + HALF - 1}/{SIZE}", lambda body: rest(body)[:HALF]),
}


def asking(stem, start=START):
    """Return the headers that ask for the rest of just this version."""
    (etag,) = stem.values("etag")
    return f"Range: bytes={start}-", f"If-Range: {etag}"


def test_without_a_fault_the_rest_comes(stage, stem):
    heard = stage.heard("download", *asking(stem))
    assert (heard.status, heard.body) == (206, stem.body[START:])
    assert heard.values("content-range") == [RIGHT]


@cases(*RESTS)
def test_another_rest_comes(stage, stem, name, phase):
    heard = struck(stage, name, *asking(stem))
    status, named, change = RESTS[name]
    assert heard.status == status
    assert heard.values("content-range") == ([named] if named else [])
    assert change is None or heard.body == change(stem.body)
    if name == "part-of-another":
        assert heard.values("etag") == [OTHER_ETAG]
    elif status == 200:
        assert (heard.values("etag") != stem.values("etag")) == (name == "etag-changed")


@cases("parts-several")
def test_the_rest_comes_as_several_parts(stage, stem, name, phase):
    heard = struck(stage, name, *asking(stem))
    assert heard.status == 206
    assert heard.values("content-type") == ["multipart/byteranges; boundary=x"]
    assert stem.body[START:] in unchunked(heard.body)


PARTS = [fault.name for fault in files.TABLE if fault.prelude]


@pytest.mark.parametrize("name", PARTS)
def test_what_only_a_resumed_download_meets_breaks_it_off_first(stage, stem, name):
    stage.faults.add(name)
    before = len(stage.faults.fired)
    broken = stage.heard("download")
    answer = stage.heard("download", *asking(stem, len(broken.body)))
    again = stage.heard("download", "Range: bytes=10-")
    assert [fired.name for fired in stage.faults.fired[before:]] == ["closed-in-body", name]
    assert broken.body == stem.body[: len(stem.body) // 2]
    assert answer.status in {200, 206, 416}
    assert (again.status, again.body) == (206, stem.body[10:])


def test_every_fault_is_tested():
    assert {fault.name for fault in files.TABLE} == TESTED <= FAULTS.keys()
