"""How long compressed audio plays, by its header."""

import io
import sys
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mvsep.files
from mvsep import DurationUnknown, InvalidInput, SepType
from mvsep.files.sources import measure
from mvsep.pricing.estimate import estimate
from tests.audio_files import (
    ID3V1,
    MP3_FRAME,
    MP3_OTHER,
    OPUS,
    VORBIS,
    aiff,
    ape,
    atom,
    flac,
    id3,
    lyrics,
    m4a,
    mp3,
    ogg,
    ogg_page,
    wma,
)
from tests.wav_files import MEGABYTE, Huge

SURE = {
    "mp3": (mp3(5000), Fraction(5000 * 1152, 44100), "MP3 header"),
    "mp3-info": (mp3(50, header=b"Info"), Fraction(50 * 1152, 44100), "MP3 header"),
    "mp3-vbri": (mp3(50, header=b"VBRI"), Fraction(50 * 1152, 44100), "MP3 header"),
    "mp3-id3": (mp3(50, tag=id3(3_000_000)), Fraction(50 * 1152, 44100), "MP3 header"),
    "flac": (flac(44100 * 240 - 1), 240 - Fraction(1, 44100), "FLAC header"),
    "flac-picture": (flac(441, picture=2_000_000), Fraction(1, 100), "FLAC header"),
    "flac-id3": (id3(5000) + flac(44100), Fraction(1), "FLAC header"),
    "vorbis": (ogg(44100 * 240), Fraction(240), "Ogg header"),
    "vorbis-short": (ogg(4410, pages=1), Fraction(1, 10), "Ogg header"),
    "flac-noise": (flac(441_000) + bytes(44100 * 4 * 10), Fraction(10), "FLAC header"),
    "opus": (ogg(48000 * 60 + 312, OPUS), Fraction(60), "Ogg header"),
    "m4a": (m4a(44100 * 60 + 1), 60 + Fraction(1, 44100), "MP4 header"),
    "m4a-end": (m4a(600 * 61, 600, first=False), Fraction(61), "MP4 header"),
    "m4a-long": (m4a(600 * 61, 600, long=True), Fraction(61), "MP4 header"),
    "aiff": (aiff(48000 * 7 + 1, 48000), 7 + Fraction(1, 48000), "AIFF header"),
    "wma": (wma(630_000_000), Fraction(60), "WMA header"),
}


@pytest.mark.parametrize("name", SURE)
def test_a_file_plays_as_long_as_its_header_says(name, tmp_path):
    content, seconds, how = SURE[name]
    path = tmp_path / "song"
    path.write_bytes(content)
    before = SURE["aiff"][0]
    standing = io.BytesIO(before + content)
    standing.seek(len(before))
    for source in (content, path, str(path), standing):
        found = measure(source)
        assert (found.seconds, found.how, found.sure) == (seconds, how, True)
    assert standing.tell() == len(before)


@pytest.mark.parametrize("name", ["m4a", "aiff", "wma", "vorbis", "opus"])
@pytest.mark.parametrize("times", [2, 3])
def test_songs_one_after_the_other_are_not_taken_for_the_first_or_the_last(name, times):
    assert not measure(SURE[name][0] * times).sure


@pytest.mark.parametrize("shorter", [90, 50])
def test_an_ogg_of_two_streams_with_one_number_is_not_sure(shorter):
    one, other = (ogg(44100 * seconds, pages=seconds) for seconds in (140 - shorter, shorter))
    assert measure(one).sure
    assert not measure(one + other).sure
    small = ogg(44100, pages=4)
    assert not measure(small + small).sure


@pytest.mark.parametrize(
    "tags",
    [
        ID3V1,
        ape(b"\xff" * 50_000),
        ape(b"\xff" * 50_000, header=False),
        ape(bytes(9000)) + ID3V1,
        lyrics(b"la" * 9000) + ID3V1,
        lyrics(b"la" * 9000) + ape(bytes(9000)) + ID3V1,
        bytes(2000),
    ],
    ids=len,
)
def test_tags_behind_an_mp3_are_no_audio(tags):
    for header in (b"Xing", b"VBRI"):
        found = measure(mp3(500, header=header) + tags)
        assert (found.seconds, found.sure) == (Fraction(500 * 1152, 44100), True)


@pytest.mark.parametrize("times", [2, 10])
def test_songs_one_after_the_other_in_an_mp3_cost_as_much_as_all(times):
    whole = mp3(2297) * times
    assert estimate(whole, SepType.BS_ROFORMER).credits in (times - 1, times)
    assert not estimate(whole, SepType.BS_ROFORMER).sure


UNSURE = {
    "mp3 without a header": (mp3(500, header=None), Fraction(500 * 1152, 44100)),
    "mp3 whose header gives no frames": (mp3(500, flags=0), None),
    "mp3 cut short": (mp3(500)[:-5000], Fraction(500 * 1152, 44100)),
    "mp3 of another rate later": (MP3_FRAME * 20 + MP3_OTHER * 500, None),
    "ogg cut short": (ogg(44100 * 240)[:-10], None),
    "ogg that was not closed": (ogg(44100 * 240, closed=False), Fraction(240)),
    "ogg followed by something": (ogg(44100 * 9) + b"junk", Fraction(9)),
    "ogg of one page followed by something": (ogg(441, pages=1) + b"junk", Fraction(1, 100)),
    "ogg followed by another": (ogg(44100 * 9) + ogg(44100 * 9, serial=8, pages=2), Fraction(9)),
    "m4a whose writer did not know": (m4a(2**32 - 1), None),
    "m4a in parts": (m4a(441_000) + atom(b"moof", bytes(60)) + atom(b"mdat", bytes(500_000)), None),
    "flac of a day": (flac(44100 * 86400), Fraction(86400)),
    "mp3 followed by another": (mp3(500) + mp3(500), None),
    "mp3 with tags followed by another": (mp3(500) + ID3V1 + mp3(500, tag=id3(99)) + ID3V1, None),
    "mp3 followed by frames": (mp3(500) + MP3_FRAME * 100, None),
    "mp3 of too few frames": (mp3(500, said=1), Fraction(1152, 44100)),
    "mp3 of too many frames": (mp3(500, said=500_000), None),
    "flac of one sample and megabytes": (flac(1) + bytes(5_000_000), None),
    "flac followed by noise": (flac(44100) + bytes(300_000), Fraction(1)),
}


@pytest.mark.parametrize("name", UNSURE)
def test_a_length_that_the_header_does_not_settle_is_not_sure(name):
    content, seconds = UNSURE[name]
    found = measure(content)
    assert not found.sure
    assert seconds in (None, found.seconds)
    assert not estimate(content, SepType.BS_ROFORMER).sure
    assert estimate(content, SepType.BS_ROFORMER, seconds=60).sure


NO_LENGTH = {
    "flac": flac(0),
    "ogg": ogg(0),
    "opus shorter than its preskip": ogg(100, OPUS),
    "m4a": m4a(0),
    "m4a without a scale": m4a(441, 0),
    "aiff": aiff(0),
    "wma": wma(0),
    "wma shorter than its preroll": wma(10, 5000),
    "ogg whose end is of another": ogg(44100, pages=2) + ogg(44100, serial=8, pages=99),
    "ogg of something else": ogg(44100, b"theora video"),
}
NOT_AUDIO = {
    "text": b"Never gonna give you up. " * 1000,
    "utf-16": "Никогда не сдамся. ".encode("utf-16") * 500,
    "zeros": bytes(100_000),
    "ones": b"\xff" * 3_000_000,
    "adts": (b"\xff\xf1\x50\x80\x2e\x7f\xfc" + bytes(365)) * 9000,
    "id3 alone": id3(5000),
    "id3 that lies": b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + bytes(9000),
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(range(256)) * 500,
    "pdf": b"%PDF-1.7\n" + bytes(9000),
    "a frame among text": MP3_FRAME[:4] + b"text" * 5000,
    "one byte": b"\xff",
    "flac cut": flac(44100)[:20],
    "ogg cut": ogg(44100)[:40],
    "m4a cut": m4a(44100)[:30],
    "m4a that lies": b"\0\0\0\x08ftyp\xff\xff\xff\xf0moov\xff\xff\xff\xe0mvhd" + bytes(5000),
    "aiff cut": aiff(44100)[:24],
    "wma cut": wma(630_000_000)[:60],
    "html": b"<!doctype html><title>502</title>",
}


@pytest.mark.parametrize("content", [*NO_LENGTH.values(), *NOT_AUDIO.values()], ids=repr)
def test_a_file_that_does_not_tell_is_an_error_that_seconds_mends(content):
    with pytest.raises(DurationUnknown, match="seconds="):
        measure(content)
    assert estimate(content, SepType.BS_ROFORMER, seconds=120).credits == 2


OGG_HEAD = ogg_page(VORBIS, position=0, flags=2)
OGG_END = ogg_page(b"\x9a" * 4000, position=44100, flags=0) + ogg_page(
    b"\x9a" * 4000, position=44100 * 600, flags=4
)


@pytest.mark.parametrize(
    ("file", "sure"),
    [
        (Huge(mp3(9, said=754_000, bytes_said=754_001 * 417), size=754_001 * 417), True),
        (Huge(mp3(9, header=None)), False),
        (Huge(flac(44100 * 35_000), size=5 * 2**30), True),
        (Huge(flac(44100 * 600)), False),
        (Huge(OGG_HEAD, OGG_END), True),
        (Huge(m4a(600 * 600, 600)), True),
        (Huge(aiff(44100 * 600)), False),
        (Huge(wma(6_030_000_000)), False),
    ],
    ids=["mp3", "mp3-bare", "flac", "flac-odd", "ogg", "m4a", "aiff", "wma"],
)
def test_little_of_a_huge_file_is_read(file, sure):
    found = measure(file)
    assert found.sure is sure
    assert file.count < MEGABYTE / 4
    assert file.tell() == 0


def test_a_huge_file_of_nothing_is_given_up_soon():
    boasting = b"\0\0\0\x08ftyp\x7f\xff\xff\xffmoov\x7f\xff\xff\xf0mvhd"
    for begin in (b"\xff\xfb", b"ID3\x03\0\0\0\0\0\1", b"OggS\0", boasting, b"fLaC"):
        file = Huge(begin)
        with pytest.raises(DurationUnknown):
            measure(file)
        assert file.count <= MEGABYTE + 12


@given(st.integers(1, 2**31), st.sampled_from([8000, 11025, 22050, 44100, 48000, 96000, 192000]))
def test_a_length_is_exact(samples, rate):
    expected = Fraction(samples, rate)
    if expected < 36000:
        assert measure(flac(samples, rate)).seconds == expected
        assert measure(aiff(samples, rate)).seconds == expected
        assert measure(m4a(samples, rate)).seconds == expected


WHOLE = [content for content, _, _ in SURE.values() if len(content) < 200_000]


@given(st.sampled_from(WHOLE), st.data())
def test_a_damaged_file_is_measured_or_refused(content, data):
    start = data.draw(st.integers(0, min(200, len(content) - 1)))
    damage = data.draw(st.binary(min_size=1, max_size=8))
    cut = data.draw(st.integers(0, len(content)))
    with suppress(InvalidInput):
        assert measure((content[:start] + damage + content[start + len(damage) :])[:cut]).seconds


@pytest.mark.parametrize("content", [SURE["mp3"][0], b"text"])
def test_without_the_extra_it_is_named_with_the_other_way(content, monkeypatch):
    monkeypatch.setitem(sys.modules, "tinytag", None)
    monkeypatch.delitem(sys.modules, "mvsep.files.audio")
    monkeypatch.delattr(mvsep.files, "audio")
    with pytest.raises(DurationUnknown) as raised:
        measure(content)
    assert 'pip install "mvsep[audio]"' in str(raised.value)
    assert "seconds=" in str(raised.value)


def test_a_price_at_the_edge_of_a_minute_is_that_of_the_samples():
    assert estimate(flac(44100 * 120), SepType.BS_ROFORMER).credits == 2
    assert estimate(flac(44100 * 120 - 1), SepType.BS_ROFORMER).credits == 1
