"""What the fake server's faults do to a stem on its way down, and to the rest of one."""

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
START = 1000


standing, stage = staged()


@pytest.fixture(scope="module")
def stem(standing):
    return standing.heard("download")


def other(data):
    return bytes(value ^ 0xFF for value in data)


def struck(stage, name):
    stage.faults.script("download", [name])
    heard = stage.heard("download")
    assert stage.faults.fired[-1].name == name
    assert heard.end == "closed"
    assert heard.status == 200
    return heard


@cases("truncated-body", "oversized-body", "other-bytes")
def test_a_file_is_another_under_the_right_length(stage, stem, name, phase):
    heard = struck(stage, name)
    assert heard.values("content-length") == [str(len(heard.body))]
    assert heard.values("etag") == stem.values("etag")
    assert (
        heard.body
        == {
            "truncated-body": stem.body[: len(stem.body) // 2],
            "oversized-body": stem.body + bytes(EXTRA),
            "other-bytes": other(stem.body),
        }[name]
    )


@cases("gzip-stem", "deflate-stem")
def test_a_file_is_coded(stage, stem, name, phase):
    heard = struck(stage, name)
    coding = name.removesuffix("-stem")
    assert heard.values("content-encoding") == [coding]
    assert not heard.values("content-length")
    stage.faults.script("download", [name, name])
    with_range = stage.heard("download", "Range: bytes=5-")
    assert with_range.status == 200
    assert stage.ask("download").content == stem.body
    unpack = gzip.decompress if coding == "gzip" else zlib.decompress
    assert unpack(unchunked(heard.body)) == stem.body


def unchunked(body):
    data = b""
    while True:
        line, _, body = body.partition(b"\r\n")
        size = int(line, 16)
        if not size:
            return data
        data, body = data + body[:size], body[size + 2 :]


HEADERS = {
    "unknown-coding": {"content-encoding": ["x-unknown"]},
    "etag-missing": {"etag": [], "last-modified": []},
    "etag-weak": {"etag": ['W/"weak"'], "last-modified": []},
    "ranges-unmentioned": {"accept-ranges": []},
    "ranges-none": {"accept-ranges": ["none"]},
    "disposition": {"content-disposition": ['attachment; filename="../../evil.sh"']},
    "type-text": {"content-type": ["text/plain; charset=utf-16"]},
}


@cases(*HEADERS)
def test_a_header_is_odd_and_the_file_right(stage, stem, name, phase):
    heard = struck(stage, name)
    assert heard.body == stem.body
    for header, values in HEADERS[name].items():
        assert heard.values(header) == values != stem.values(header)


# The rest of a file


def rest(stage, stem, name):
    """What comes to who asks for all from `START`, of just this version."""
    (etag,) = stem.values("etag")
    stage.faults.script("download", [name])
    heard = stage.heard("download", f"Range: bytes={START}-", f"If-Range: {etag}")
    assert stage.faults.fired[-1].name == name
    assert heard.end == "closed"
    return heard


def test_without_a_fault_the_rest_comes(stage, stem):
    heard = rest_without_fault(stage, stem)
    assert heard.status == 206
    assert heard.body == stem.body[START:]
    size = len(stem.body)
    assert heard.values("content-range") == [f"bytes {START}-{size - 1}/{size}"]


def rest_without_fault(stage, stem):
    (etag,) = stem.values("etag")
    return stage.heard("download", f"Range: bytes={START}-", f"If-Range: {etag}")


@cases("range-ignored", "etag-changed")
def test_the_whole_file_comes_in_the_place_of_the_rest(stage, stem, name, phase):
    heard = rest(stage, stem, name)
    assert (heard.status, heard.body) == (200, stem.body)
    changed = heard.values("etag") != stem.values("etag")
    assert changed == (name == "etag-changed")


@cases("range-416", "range-416-bare", "range-416-other")
def test_there_is_no_rest(stage, stem, name, phase):
    heard = rest(stage, stem, name)
    size = len(stem.body)
    assert heard.status == 416
    assert (
        heard.values("content-range")
        == {
            "range-416": [f"bytes */{size}"],
            "range-416-bare": [],
            "range-416-other": [f"bytes */7{size}"],
        }[name]
    )


@cases("part-of-another")
def test_the_rest_is_of_another_version(stage, stem, name, phase):
    heard = rest(stage, stem, name)
    assert (heard.status, heard.values("etag")) == (206, [OTHER_ETAG])
    assert heard.body == other(stem.body[START:])


@cases("part-from-the-start")
def test_the_rest_is_the_beginning(stage, stem, name, phase):
    heard = rest(stage, stem, name)
    size = len(stem.body)
    assert heard.status == 206
    assert heard.body == stem.body[: size - START]
    assert heard.values("content-range") == [f"bytes 0-{size - START - 1}/{size}"]


RANGES = {
    "part-unnamed": [],
    "part-misnamed": ["bytes {early}-{last}/{size}"],
    "part-of-more": ["bytes {start}-{last}/{more}"],
    "part-of-unknown": ["bytes {start}-{last}/*"],
}


@cases(*RANGES)
def test_the_rest_is_right_and_named_wrong(stage, stem, name, phase):
    heard = rest(stage, stem, name)
    size = len(stem.body)
    known = {
        "early": START - 1,
        "last": size - 1,
        "size": size,
        "start": START,
        "more": size + EXTRA,
    }
    assert (heard.status, heard.body) == (206, stem.body[START:])
    assert heard.values("content-range") == [text.format(**known) for text in RANGES[name]]


@cases("part-short")
def test_the_rest_is_not_all_of_it(stage, stem, name, phase):
    heard = rest(stage, stem, name)
    size, count = len(stem.body), (len(stem.body) - START) // 2
    assert (heard.status, heard.body) == (206, stem.body[START : START + count])
    assert heard.values("content-range") == [f"bytes {START}-{START + count - 1}/{size}"]


@cases("parts-several")
def test_the_rest_comes_as_several_parts(stage, stem, name, phase):
    heard = rest(stage, stem, name)
    assert heard.status == 206
    assert heard.values("content-type") == ["multipart/byteranges; boundary=x"]
    assert stem.body[START:] in unchunked(heard.body)


PARTS = [fault.name for fault in files.TABLE if fault.prelude]


@pytest.mark.parametrize("name", PARTS)
def test_what_only_a_resumed_download_meets_breaks_it_off_first(stage, stem, name):
    stage.faults.add(name)
    before = len(stage.faults.fired)
    broken = stage.heard("download")
    (etag,) = stem.values("etag")
    answer = stage.heard("download", f"Range: bytes={len(broken.body)}-", f"If-Range: {etag}")
    again = stage.heard("download", "Range: bytes=10-")
    assert [fired.name for fired in stage.faults.fired[before:]] == ["closed-in-body", name]
    assert broken.body == stem.body[: len(stem.body) // 2]
    assert answer.status in {200, 206, 416}
    assert (again.status, again.body) == (206, stem.body[10:])


def test_every_fault_is_tested():
    assert {fault.name for fault in files.TABLE} == TESTED <= FAULTS.keys()
