"""How long audio plays: by its header, where what is there agrees."""

import io
import struct
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import DurationUnknown, InvalidInput, SepType
from mvsep.files.sources import measure
from mvsep.pricing.estimate import estimate
from tests.audio_files import (
    AAC,
    AC3,
    ADTS,
    ID3V1,
    M4A_PART,
    MP3_EVEN,
    MP3_FRAME,
    MP3_LENGTH,
    OPUS,
    aiff,
    aiff_head,
    ape,
    caf,
    flac,
    id3,
    lyrics,
    m4a,
    matroska,
    mp3,
    ogg,
    wavpack,
    wma,
)
from tests.wav_files import MEGABYTE, Huge

SURE = {
    "mp3": (mp3(5000), 5000 * MP3_LENGTH, "MP3 header"),
    "mp3-lame": (mp3(50, silence=1700), 50 * MP3_LENGTH - Fraction(17, 441), "MP3 header"),
    "mp3-info": (mp3(50, header=b"Info"), 50 * MP3_LENGTH, "MP3 header"),
    "mp3-vbri": (mp3(50, header=b"VBRI"), 50 * MP3_LENGTH, "MP3 header"),
    "mp3-id3": (mp3(50, tag=id3(3_000_000)), 50 * MP3_LENGTH, "MP3 header"),
    "mp3-two-id3": (mp3(50, tag=id3(5000) + id3(70)), 50 * MP3_LENGTH, "MP3 header"),
    "mp3-id3-at-end": (mp3(50) + b"ID3\4\0\x10\0\0\0\5hello3DI\4\0\x10\0\0\0\5", None, None),
    "mp3-bare": (mp3(500, header=None), 500 * MP3_LENGTH, "MP3 frames"),
    "mp3-even": (MP3_EVEN * 5000, Fraction(5000 * 1152, 48000), "MP3 frames"),
    "mp3-no-frames-said": (mp3(500, flags=0), 501 * MP3_LENGTH, "MP3 frames"),
    "mp3-even-tail": (MP3_EVEN * 5000 + bytes(2000), Fraction(5000 * 1152, 48000), "MP3 frames"),
    "aac": (ADTS * 9000, Fraction(9000 * 1024, 44100), "AAC frames"),
    "aac-id3": (id3(90) + ADTS * 90, Fraction(90 * 1024, 44100), "AAC frames"),
    "flac": (flac(44100 * 240 - 1), 240 - Fraction(1, 44100), "FLAC header"),
    "flac-picture": (flac(441, picture=2_000_000), Fraction(1, 100), "FLAC header"),
    "flac-id3": (id3(5000) + flac(44100) + ID3V1, Fraction(1), "FLAC header"),
    "flac-stream": (flac(44100 * 9, said=0), Fraction(9), "FLAC frames"),
    "flac-noise": (flac(44100 * 9, frames=90, size=16_000), Fraction(9), "FLAC header"),
    "vorbis": (ogg(44100 * 240), Fraction(240), "Ogg Vorbis positions"),
    "vorbis-short": (ogg(4410, pages=1), Fraction(1, 10), "Ogg Vorbis positions"),
    "opus": (ogg(48000 * 60 + 312, OPUS), Fraction(60), "Ogg Opus positions"),
    "m4a": (m4a(44100 * 60 + 1), 60 + Fraction(1, 44100), "MP4 header"),
    "m4a-end": (m4a(600 * 61, 600, first=False), Fraction(61), "MP4 header"),
    "m4a-long": (m4a(600 * 61, 600, long=True), Fraction(61), "MP4 header"),
    "m4a-aac": (m4a(44100 * 60, described=AAC, samples=60 * 43), Fraction(60), "MP4 header"),
    "m4a-edit": (m4a(600 * 61, 600, edit=60_900), Fraction(609, 10), "MP4 header"),
    "aiff": (aiff(48000 * 7 + 1, 48000), 7 + Fraction(1, 48000), "AIFF header"),
    "wma": (wma(630_000_000), Fraction(60), "WMA header"),
    "webm": (matroska(9), Fraction(9), "Matroska blocks"),
    "webm-live": (matroska(9, live=True), Fraction(9), "Matroska blocks"),
    "webm-delay": (matroska(9, delay=6_500_000), Fraction(17987, 2000), "Matroska blocks"),
    "webm-video": (matroska(9, kinds=(1, 2)), Fraction(9), "Matroska blocks"),
    "ac3": (AC3 * 50, Fraction(50 * 1536, 48000), "AC-3 frames"),
    "amr": (b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50, Fraction(1), "AMR frames"),
    "caf": (caf(44100 * 9), Fraction(9), "CAF header"),
    "caf-stream": (caf(44100 * 9, stream=True), Fraction(9), "CAF header"),
    "caf-packets": (caf(0, table=(100, 409_000, 500, 100)), Fraction(4090, 441), "CAF header"),
    "wavpack": (wavpack(44100 * 9), Fraction(9), "WavPack frames"),
    "wavpack-stream": (wavpack(44100 * 9, said=2**32 - 1), Fraction(9), "WavPack frames"),
    "amr-wide": (b"#!AMR-WB\n" + (b"\x44" + bytes(60)) * 50, Fraction(1), "AMR frames"),
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
        assert (found.doubts, found.sure) == ((), True)
        if seconds:
            assert (found.seconds, found.how) == (seconds, how)
        assert found.least <= found.seconds <= found.most
    assert standing.tell() == len(before)


@pytest.mark.parametrize(
    "name", ["m4a", "aiff", "wma", "vorbis", "opus", "flac", "flac-noise", "mp3"]
)
@pytest.mark.parametrize("times", [2, 3])
def test_songs_one_after_the_other_are_not_taken_for_the_first_or_the_last(name, times):
    content, seconds, _ = SURE[name]
    found = measure(content * times)
    assert not found.sure
    assert found.most is None or found.most >= seconds * times


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
    for header in (b"Xing", b"VBRI", None):
        found = measure(mp3(500, header=header) + tags)
        assert (found.seconds, found.sure) == (500 * MP3_LENGTH, True)


IMA4 = {"kind": b"AIFC", "coding": b"ima4", "size": 2 * 34 * 1000}


@pytest.mark.parametrize("said", [1000, 64_000])
def test_an_aifc_counts_packets_or_samples(said):
    found = measure(aiff(0, said=said, **IMA4))
    assert (found.seconds, found.sure) == (Fraction(64_000, 44100), True)


def test_fragments_of_an_m4a_are_summed_up():
    empty = m4a(0, audio=0)
    found = measure(empty + M4A_PART * 9)
    assert (found.seconds, found.sure) == (Fraction(900 * 1024, 44100), True)


NO_LENGTH = {
    "flac": flac(0),
    "flac without frames": flac(0) + bytes(90_000),
    "two flac streams": flac(9000, said=0) * 2,
    "ogg": ogg(0),
    "opus shorter than its preskip": ogg(100, OPUS),
    "m4a": m4a(0),
    "m4a without a scale": m4a(441, 0),
    "m4a without audio": m4a(44100, kind=b"vide"),
    "aiff": aiff(0),
    "wma": wma(0),
    "wma shorter than its preroll": wma(10, 5000),
    "ogg of something else": ogg(44100, b"theora video"),
}
NOT_AUDIO = {
    "text": b"Never gonna give you up. " * 1000,
    "utf-16": "Никогда не сдамся. ".encode("utf-16") * 500,
    "zeros": bytes(100_000),
    "ones": b"\xff" * 3_000_000,
    "one adts frame": ADTS,
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
    "matroska cut": b"\x1a\x45\xdf\xa3\x9f\x42",
    "ac3 alone": b"\x0b\x77" + bytes(90),
    "amr alone": b"#!AMR\n",
}


SILENT = NO_LENGTH | {f"{name} that is no audio": content for name, content in NOT_AUDIO.items()}


@pytest.mark.parametrize("content", SILENT.values(), ids=SILENT)
def test_a_file_that_does_not_tell_is_an_error_that_seconds_mends(content):
    with pytest.raises(DurationUnknown, match="seconds="):
        measure(content)
    assert estimate(content, SepType.BS_ROFORMER, seconds=120).credits == 2


LONG_OGG = ogg(44100 * 600, pages=9000, page=100)
LONG_FLAC = flac(44100 * 600, frames=500, size=5000)
HUGE_ONES = ["mp3", "mp3-even", "mp3-bare", "mp3-odd", "aac", "flac", "flac-odd", "ogg", "m4a"]
HUGE_ONES += ["aiff", "wma"]
LONG_M4A = m4a(600 * 600, 600, audio=0)[:-8] + struct.pack(">I4s", 0, b"mdat")


@pytest.mark.parametrize(
    ("file", "sure"),
    [
        (
            Huge(mp3(1, said=90_000, bytes_said=90_001 * 417), size=90_001 * 417, body=MP3_FRAME),
            True,
        ),
        (Huge(MP3_EVEN, size=384 * 900_000, body=MP3_EVEN), True),
        (Huge(MP3_FRAME, size=417 * 90_000, body=MP3_FRAME), True),
        (Huge(mp3(9, header=None)), False),
        (Huge(ADTS, size=371 * 90_000, body=ADTS), True),
        (Huge(LONG_FLAC, size=len(LONG_FLAC)), True),
        (Huge(flac(44100 * 600)), False),
        (Huge(LONG_OGG, size=len(LONG_OGG)), True),
        (Huge(LONG_M4A), True),
        (Huge(aiff_head(2**30 - 99), size=2**32 - 396 + 54), True),
        (Huge(wma(6_030_000_000)), False),
    ],
    ids=HUGE_ONES,
)
def test_little_of_a_huge_file_is_read(file, sure):
    found = measure(file)
    assert found.sure is sure
    assert file.count <= MEGABYTE
    assert file.tell() == 0


SMALL_ADTS = b"\xff\xf1\x50\x80\x01\x1f\xfc\0"
SMALL_MP3 = [b"\xff\xf3\x14\xc4" + bytes(20), b"\xff\xf3\x24\xc4" + bytes(44)]  # of two rates


@pytest.mark.parametrize(
    ("content", "seconds", "sure"),
    [
        (SMALL_ADTS * 160_000, Fraction(160_000 * 1024, 44100), True),
        (b"".join(SMALL_MP3) * 90_000, Fraction(180_000 * 576, 24_000), False),
    ],
    ids=["aac", "mp3 of two rates"],
)
def test_hours_of_frames_without_a_header_are_counted_to_the_end(content, seconds, sure):
    found = measure(content)
    assert (found.seconds, found.sure) == (seconds, sure)
    assert found.most - seconds < Fraction(1, 10)


def test_a_film_too_long_to_look_at_all_blocks_is_measured(monkeypatch):
    monkeypatch.setattr("mvsep.files.containers.bounded.MOST_READ", 20_000)
    found = measure(matroska(60, kinds=(1, 2)))
    assert (found.seconds, found.sure) == (60, True)


def test_a_huge_file_of_nothing_is_given_up_soon():
    boasting = b"\0\0\0\x08ftyp\x7f\xff\xff\xffmoov\x7f\xff\xff\xf0mvhd"
    matroska = b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"
    for begin in (b"\xff\xfb", b"ID3\x03\0\0\0\0\0\1", b"OggS\0", boasting, b"fLaC", matroska):
        file = Huge(begin)
        with pytest.raises(DurationUnknown):
            measure(file)
        assert file.count <= MEGABYTE + 12


@given(st.integers(1, 2**29), st.sampled_from([8000, 11025, 22050, 44100, 48000, 96000, 192000]))
def test_a_length_is_exact(samples, rate):
    expected = Fraction(samples, rate)
    if expected < 36000:
        assert measure(flac(samples, rate)).seconds == expected
        head = aiff_head(samples, rate)
        assert measure(Huge(head, size=len(head) + samples * 4)).seconds == expected
        assert measure(m4a(samples, rate)).seconds == expected


def test_a_price_at_the_edge_of_a_minute_is_that_of_the_samples():
    for samples, price in ((44100 * 120, 2), (44100 * 120 - 1, 1)):
        found = estimate(flac(samples), SepType.BS_ROFORMER)
        assert (found.credits, found.most, found.sure) == (price, price, True)


@pytest.mark.parametrize(("frames", "sure"), [(4592, True), (4593, False), (4594, True)])
def test_a_length_within_a_frame_of_the_next_credit_is_doubted_and_bounded(frames, sure):
    found = estimate(mp3(frames), SepType.BS_ROFORMER)
    assert found.sure is sure
    assert found.credits == frames * 1152 // (44100 * 60)
    assert found.most == found.credits + (not sure)


WHOLE = [content for content, _, _ in SURE.values() if len(content) < 200_000]


@given(st.sampled_from(WHOLE), st.data())
def test_a_damaged_file_is_measured_or_refused(content, data):
    start = data.draw(st.integers(0, min(900, len(content) - 1)))
    damage = data.draw(st.binary(min_size=1, max_size=8))
    cut = data.draw(st.integers(0, len(content)))
    with suppress(InvalidInput):
        found = measure((content[:start] + damage + content[start + len(damage) :])[:cut])
        assert found.seconds > 0
        assert found.least <= found.seconds
        assert found.most is None or found.seconds <= found.most
