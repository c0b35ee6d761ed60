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
    ID3V1,
    MP3_FRAME,
    MP3_OTHER,
    OPUS,
    aiff,
    aiff_head,
    ape,
    atom,
    caf,
    flac,
    id3,
    lyrics,
    m4a,
    matroska,
    matroska_cluster,
    mp3,
    ogg,
    trak,
    wavpack,
    wma,
)
from tests.wav_files import MEGABYTE, Huge

MP3_LENGTH = Fraction(1152, 44100)
MP3_EVEN = b"\xff\xfb\x94\x00" + bytes(380)  # at 48000 Hz all frames of a rate are of one size
AC3 = b"\x0b\x77\0\0\x14\x40" + bytes(762)  # 192 kbit/s at 48000 Hz
ADTS = b"\xff\xf1\x50\x80\x2e\x7f\xfc" + bytes(364)
# The description of AAC of 44100 Hz with 1024 samples a piece.
AAC = (
    bytes(36)
    + b"esds"
    + bytes.fromhex(
        "00000000 0380808025000100 04808080174015000000 0001f4000001f400 05808080051210"
    )
)
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
    for header in (b"Xing", b"VBRI", None):
        found = measure(mp3(500, header=header) + tags)
        assert (found.seconds, found.sure) == (500 * MP3_LENGTH, True)


@pytest.mark.parametrize("times", [2, 10])
def test_songs_one_after_the_other_in_an_mp3_cost_as_much_as_all(times):
    whole = mp3(2297) * times
    assert estimate(whole, SepType.BS_ROFORMER).credits in (times - 1, times)
    assert not estimate(whole, SepType.BS_ROFORMER).sure
    assert estimate(whole, SepType.BS_ROFORMER).most == times


SECOND = 44100
VIDEO_ALONE = b"".join(matroska_cluster(1000 * second, [2]) for second in range(9, 60))
VIDEO = trak(600 * 185, 600, kind=b"vide")
PART = atom(
    b"moof",
    atom(
        b"traf",
        atom(b"tfhd", b"\0\0\0\x08", b"\0\0\0\1", (1024).to_bytes(4, "big")),
        atom(b"trun", bytes(4), (100).to_bytes(4, "big")),
    ),
)
OGG_GAP = ogg(SECOND * 9)
OGG_GAP = OGG_GAP[: 58 + 20 * 4043] + OGG_GAP[58 + 21 * 4043 :]
# Content, its length if it has to be told, and the longest that it may be.
UNSURE = {
    "mp3 cut short": (mp3(500)[:-5000], 488 * MP3_LENGTH, 500 * MP3_LENGTH),
    "mp3 of another rate later": (
        MP3_FRAME * 20 + MP3_OTHER * 500,
        520 * MP3_LENGTH,
        521 * MP3_LENGTH,
    ),
    "mp3 of another rate for a while": (
        MP3_FRAME * 3000 + MP3_OTHER * 9 + MP3_FRAME * 3000,
        6009 * MP3_LENGTH,
        6010 * MP3_LENGTH,
    ),
    "mp3 followed by another": (mp3(500) + mp3(500), 1001 * MP3_LENGTH, 1003 * MP3_LENGTH),
    "mp3 with tags followed by another": (
        mp3(500) + ID3V1 + mp3(500, tag=id3(99)) + ID3V1,
        1001 * MP3_LENGTH,
        1003 * MP3_LENGTH,
    ),
    "mp3 followed by frames": (mp3(500) + MP3_FRAME * 100, 600 * MP3_LENGTH, 602 * MP3_LENGTH),
    "mp3 of too few frames": (mp3(500, said=1), 500 * MP3_LENGTH, 502 * MP3_LENGTH),
    "mp3 of too many frames": (mp3(500, said=5000), 500 * MP3_LENGTH, 5000 * MP3_LENGTH),
    "mp3 followed by noise": (mp3(500) + bytes(9000) + mp3(500), None, None),
    "aac followed by noise": (ADTS * 50 + bytes(90_000) + ADTS * 50, None, None),
    "ogg cut short": (ogg(SECOND * 240)[:-10], None, 300),
    "ogg that was not closed": (ogg(SECOND * 240, closed=False), 240, 300),
    "ogg followed by something": (ogg(SECOND * 9) + b"junk", 9, 60),
    "ogg of one page followed by something": (ogg(441, pages=1) + b"junk", Fraction(1, 100), 60),
    "ogg followed by another": (ogg(SECOND * 9) + ogg(SECOND * 9, serial=8, pages=2), 9, None),
    "ogg whose end is of another": (
        ogg(SECOND, pages=2) + ogg(SECOND, serial=8, pages=99),
        *(1, None),
    ),
    "ogg without a page": (OGG_GAP, 9, 9),
    "ogg out of a longer one": (ogg(SECOND * 9, start=SECOND * 50), 59, 59),
    "m4a whose writer did not know": (m4a(2**32 - 1), None, 2**32),
    "m4a shorter than its video": (m4a(SECOND * 125, movie=185_000), 125, 185),
    "m4a beside a video": (m4a(SECOND * 125, more=VIDEO), 125, 185),
    "m4a whose samples are fewer": (m4a(SECOND * 125, table=SECOND * 31), 31, 125),
    "m4a whose samples are more": (m4a(SECOND * 31, table=SECOND * 125), 125, 126),
    "m4a with a part left out": (m4a(SECOND * 125, edit=31_000), 31, 125),
    "m4a with another track": (m4a(SECOND * 31, more=trak(SECOND * 125, SECOND)), 31, 125),
    "m4a of another sample rate": (m4a(SECOND * 60, described=AAC, samples=60 * 11), 60, 61),
    "m4a without its audio": (m4a(SECOND * 60)[:-5008], 60, 61),
    "m4a cut short": (m4a(SECOND * 60)[:-100], 60, 61),
    "m4a behind a tag": (id3(90) + m4a(SECOND * 10), 10, 11),
    "m4a filled up with zeros": (m4a(SECOND * 10) + bytes(9000), 10, None),
    "m4a followed by parts": (m4a(SECOND * 10) + PART, 12.32, 12.37),
    "flac of a day": (flac(SECOND * 86400), 86400, 86400),
    "flac cut short": (flac(SECOND * 100)[:-4000], None, 100),
    "flac cut in its last frame": (flac(SECOND * 100)[:-50], None, 100),
    "flac stream cut in its last frame": (flac(40_960, said=0, frames=9)[:-50], 0.836, 0.93),
    "flac of too many samples": (flac(SECOND * 100, said=SECOND * 250), 100, 250),
    "flac of too few samples": (flac(SECOND * 100, said=SECOND * 25), 100, 100),
    "flac of one sample and megabytes": (flac(1) + bytes(5_000_000), None, None),
    "flac followed by noise": (flac(SECOND) + bytes(300_000), 1, None),
    "aiff of a quarter": (aiff(SECOND * 125, said=SECOND * 31), 125, 125),
    "aiff of too many frames": (aiff(SECOND * 31, said=SECOND * 125), 31, 125),
    "aiff cut short": (aiff(SECOND * 100)[: -SECOND * 200], 50, 100),
    "aiff followed by something": (aiff(SECOND) + bytes(SECOND * 4), 1, 2),
    "aifc of a strange kind": (aiff(SECOND, kind=b"AIFC", coding=b"what"), 1, None),
    "webm of another length": (matroska(9, said=300), 9, 301),
    "webm that says less": (matroska(9, said=3), 9, 10),
    "webm with audio at its beginning": (matroska(9, said=60, tail=VIDEO_ALONE), 9, 61),
    "webm that begins later": (matroska(9, said=69, start=60_000), 9, 70),
    "webm cut short": (matroska(9)[:-80], 9, 10),
    "webm followed by another": (matroska(9) + matroska(90), None, None),
    "live webm followed by another": (matroska(9, live=True) * 2, None, None),
    "webm followed by something": (matroska(9) + b"junk", 9, None),
    "caf cut short": (caf(SECOND * 9)[: -SECOND * 8], 7, 9),
    "caf followed by something": (caf(SECOND * 9) + bytes(SECOND * 4), 9, 10),
    "caf of too few packets": (caf(0, table=(100, 44_100, 500, 100)), 1, 9.3),
    "wavpack cut short": (wavpack(SECOND * 9)[:-50], 8.5, 9),
    "wavpack of too few samples": (wavpack(SECOND * 9, said=SECOND), 9, 9.5),
    "wma cut short": (wma(630_000_000)[:-900], 60, 60),
    "wma of another length": (wma(630_000_000, packets=240_000), 60, 240),
}


@pytest.mark.parametrize("name", UNSURE)
def test_a_length_that_the_header_does_not_settle_is_not_sure_and_bounded(name):
    content, seconds, most = UNSURE[name]
    found = measure(content)
    assert not found.sure
    assert seconds is None or abs(found.seconds - seconds) < Fraction(1, 20)
    assert (found.most is None) == (most is None)
    assert most is None or found.seconds <= found.most <= most + Fraction(1, 20)
    assert not estimate(content, SepType.BS_ROFORMER).sure
    assert estimate(content, SepType.BS_ROFORMER, seconds=60).sure


@pytest.mark.parametrize("content", [flac(9000, said=9999), aiff(9000)[:-9000], mp3(500)[:-9000]])
def test_a_file_that_is_cut_is_told_from_one_that_goes_on(content):
    assert "shorter than its" in measure(content).doubts.text


@pytest.mark.parametrize("content", [flac(9000, said=99), aiff(9000) + b"more", mp3(500, said=99)])
def test_a_file_that_goes_on_is_told_from_one_that_is_cut(content):
    assert "longer than its" in measure(content).doubts.text


IMA4 = {"kind": b"AIFC", "coding": b"ima4", "size": 2 * 34 * 1000}


@pytest.mark.parametrize("said", [1000, 64_000])
def test_an_aifc_counts_packets_or_samples(said):
    found = measure(aiff(0, said=said, **IMA4))
    assert (found.seconds, found.sure) == (Fraction(64_000, 44100), True)


def test_fragments_of_an_m4a_are_summed_up():
    empty = m4a(0, audio=0)
    found = measure(empty + PART * 9)
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


LONG_OGG = ogg(SECOND * 600, pages=9000, page=100)
LONG_FLAC = flac(SECOND * 600, frames=500, size=5000)
LONG_MP3 = mp3(1, said=754_000, bytes_said=754_001 * 417)
HUGE_ONES = ["mp3", "mp3-even", "mp3-bare", "mp3-odd", "aac", "flac", "flac-odd", "ogg", "m4a"]
HUGE_ONES += ["aiff", "wma"]
LONG_M4A = m4a(600 * 600, 600, audio=0)[:-8] + struct.pack(">I4s", 0, b"mdat")


@pytest.mark.parametrize(
    ("file", "sure"),
    [
        (
            Huge(
                mp3(1, said=754_000, bytes_said=754_001 * 417), size=754_001 * 417, body=MP3_FRAME
            ),
            True,
        ),
        (Huge(MP3_EVEN, size=384 * 900_000, body=MP3_EVEN), True),
        (Huge(MP3_FRAME, size=417 * 900_000, body=MP3_FRAME), False),
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
