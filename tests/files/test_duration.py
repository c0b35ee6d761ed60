"""The length of a WAV file by its header, and of sources that are none."""

import io
import os
import struct
import wave
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mvsep.errors import DurationUnknown, InvalidInput, MVSepError
from mvsep.files.duration import Duration
from mvsep.files.sources import measure
from tests.wav_files import (
    ADPCM,
    FLOAT,
    PCM,
    STREAMING,
    Huge,
    chunk,
    extensible,
    fmt,
    rf64,
    riff,
    written_by_the_standard_library,
)


@given(st.integers(1, 2000), st.integers(1, 2**31 - 1), st.integers(1, 8), st.integers(1, 4))
def test_the_length_is_that_of_the_standard_library(frames, rate, channels, width):
    # The byte rate has 32 bits; the standard library writes no other.
    rate = min(rate, (2**32 - 1) // (channels * width))
    content = written_by_the_standard_library(frames, rate, channels, width)
    with wave.open(io.BytesIO(content)) as reader:
        expected = Fraction(reader.getnframes(), reader.getframerate())
    assert measure(content).seconds == expected
    assert measure(content).sure


@pytest.mark.parametrize("before", [b"", b"x", bytes(10_000), riff(fmt(), chunk(b"data", b"1234"))])
@pytest.mark.parametrize("long", [False, True])
def test_an_open_file_is_measured_from_where_it_stands_and_put_back(before, long):
    song = written_by_the_standard_library(4410)
    if long:
        song = rf64(fmt(44_100), chunk(b"data", bytes(8820), STREAMING), data_size=8820)
    file = io.BytesIO(before + song)
    file.seek(len(before))
    assert measure(file).seconds == Fraction(1, 10)
    assert measure(file).sure
    assert file.tell() == len(before)


@pytest.mark.parametrize("beyond", [0, 1, 5000])
def test_an_open_file_at_its_end_is_empty(beyond):
    file = io.BytesIO(written_by_the_standard_library(4410))
    at = file.seek(beyond, io.SEEK_END)
    with pytest.raises(InvalidInput, match="empty") as caught:
        measure(file)
    assert not isinstance(caught.value, DurationUnknown)
    assert file.tell() == at


@pytest.mark.parametrize("content", [b"", b"ID3 and so on", riff(fmt())])
def test_a_file_that_is_refused_is_put_back_too(content):
    file = io.BytesIO(content)
    file.seek(3)
    with pytest.raises(InvalidInput):
        measure(file)
    assert file.tell() == 3


GB = 10**9


@pytest.mark.parametrize(
    ("head", "size", "audio"),
    [
        (riff(chunk(b"LIST", bytes(100_000)), fmt(), size=3 * GB), 3 * GB, 3 * GB),
        (riff(fmt(), size=0), 0, 3 * GB),
        (rf64(fmt(), data_size=3 * GB), STREAMING, 3 * GB),
        (rf64(fmt(), data_size=6 * GB), STREAMING, 6 * GB),
    ],
    ids=["riff", "streamed", "rf64", "rf64 beyond four gigabytes"],
)
def test_little_of_a_large_file_is_read(head, size, audio):
    head += b"data" + struct.pack("<I", size)
    file = Huge(head, size=len(head) + audio)
    assert measure(file).seconds == Fraction(audio, 16_000)
    assert file.count < 1000


def test_a_file_of_countless_chunks_is_given_up():
    content = riff(fmt(), *[chunk(b"JUNK", b"")] * 100_000, chunk(b"data", bytes(16)))
    file = Huge(content, size=len(content))
    with pytest.raises(DurationUnknown):
        measure(file)
    assert file.count < 100_000


def test_a_file_that_hands_over_a_byte_at_a_time_is_measured():
    class Slow(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 1))

    assert measure(Slow(written_by_the_standard_library(4410))).seconds == Fraction(1, 10)


@pytest.mark.parametrize("tag", [PCM, FLOAT, 6, 7])
@pytest.mark.parametrize("bits", [8, 12, 16, 20, 24, 32, 64])
def test_formats_with_frames_of_one_size_are_sure(tag, bits):
    width = (bits + 7) // 8
    duration = measure(riff(fmt(bits=bits, tag=tag), chunk(b"data", bytes(width * 4000))))
    assert duration.seconds == Fraction(1, 2)
    assert duration.sure


AUDIO = chunk(b"data", bytes(16_000))
LONG_AUDIO = chunk(b"data", bytes(16_000), STREAMING)
SURE = {
    "odd audio without padding": riff(fmt(7999, bits=8), chunk(b"data", bytes(7999))[:-1]),
    "extensible pcm": riff(extensible(PCM), chunk(b"data", bytes(6 * 8000))),
    "extensible float": riff(extensible(FLOAT), chunk(b"data", bytes(6 * 8000))),
    "chunk after the audio": riff(fmt(), AUDIO, chunk(b"LIST", b"INFO")),
    "odd chunks after the audio": riff(fmt(), AUDIO, chunk(b"id3 ", b"odd") * 2),
    "audio before its format": riff(AUDIO, fmt()),
    "two formats, of which the first counts": riff(fmt(), fmt(rate=1), AUDIO),
    "a byte of padding more": riff(fmt(), AUDIO, b"\0"),
    "a byte of padding less": riff(fmt(), AUDIO, chunk(b"id3 ", b"odd")[:-1]),
    "rf64": rf64(fmt(), LONG_AUDIO, chunk(b"LIST", b"INFO"), data_size=16_000),
    "rf64 with a table": rf64(
        chunk(b"bigJ", bytes(600), STREAMING),
        *(fmt(), LONG_AUDIO),
        data_size=16_000,
        table=[(b"bigJ", 600)],
    ),
}


@pytest.mark.parametrize("content", SURE.values(), ids=SURE)
def test_a_whole_file_plays_as_long_as_its_header_says(content):
    assert measure(content) == Duration(Fraction(1), "WAV header")


def adpcm(fact, *, tag=ADPCM, frame=256, blocks=16):
    """A file of ADPCM; of Microsoft's, 256 bytes of one channel are 500 samples."""
    body = chunk(b"fact", struct.pack("<I", fact)) if fact else b""
    form = fmt(tag=tag, bits=4, frame=frame, byte_rate=16_000)
    return riff(form, body, chunk(b"data", bytes(frame * blocks)))


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (adpcm(8000), 1),
        (adpcm(7600), Fraction(7600, 8000)),
        (adpcm(None), 1),
        (adpcm(505 * 16, tag=0x11), Fraction(505 * 16, 8000)),
        (adpcm(320 * 16, tag=0x31, frame=65), Fraction(320 * 16, 8000)),
    ],
)
def test_adpcm_plays_its_blocks_and_the_fact_chunk_knows_the_last(content, seconds):
    found = measure(content)
    assert (found.seconds, found.doubts) == (seconds, ())
    cut = measure(content[:-1000])
    assert not cut.sure
    assert cut.seconds < cut.most == found.most


def test_a_stream_of_adpcm_has_whole_blocks():
    known = adpcm(None)
    stream = known.replace(b"data" + struct.pack("<I", 4096), b"data" + b"\xff" * 4)
    assert (measure(stream).seconds, measure(stream).sure) == (1, True)
    assert not measure(stream[:-10]).sure
    assert not measure(stream + b"something").sure


COMPRESSED, WRONG, NO_LENGTH = "mean byte rate", "contradicts itself", "gives no length"
UNSURE = {
    "adpcm of too few samples": (adpcm(2000), 1, WRONG),
    "adpcm of too many samples": (adpcm(20_000), 1, WRONG),
    "mp3 with samples": (
        riff(fmt(tag=0x55, bits=0, frame=1), chunk(b"fact", struct.pack("<I", 8000)), AUDIO),
        *(1, "nothing confirms"),
    ),
    "extensible mp3": (riff(extensible(0x55, bits=16, rate=4000), AUDIO), *(1, COMPRESSED)),
    "wrong frame": (riff(fmt(frame=4, byte_rate=16_000), AUDIO), Fraction(1, 2), WRONG),
    "wrong byte rate": (riff(fmt(byte_rate=9999), AUDIO), 1, WRONG),
    "no bits": (riff(fmt(bits=0, frame=2), AUDIO), 1, WRONG),
    "rf64 of size 0": (rf64(fmt(), LONG_AUDIO, data_size=0), 1, NO_LENGTH),
    "rf64 without a size": (rf64(fmt(), LONG_AUDIO, data_size=2**64 - 1), 1, NO_LENGTH),
}


@pytest.mark.parametrize(("content", "seconds", "doubt"), UNSURE.values(), ids=UNSURE)
def test_a_length_that_the_header_does_not_settle_has_a_doubt(content, seconds, doubt):
    found = measure(content)
    assert found.seconds == seconds
    assert not found.sure
    assert doubt in found.doubts.text


NOISE = bytes(range(1, 256)) * 1000
TAILS = [
    *(NOISE, b"\x80" * 59 * 16_000, bytes(59 * 16_000), riff(fmt(), AUDIO), AUDIO, b"1234"),
    *(chunk(b"LIST", b"INFO") + NOISE, chunk(b"LIST", NOISE, 2**31)),
]


@pytest.mark.parametrize("tail", TAILS, ids=len)
def test_more_after_the_audio_than_chunks_is_not_sure_and_counts(tail):
    found = measure(riff(fmt(), AUDIO, tail))
    assert found.seconds == Fraction(16_000 + len(tail) & ~1, 16_000)
    assert "longer than" in found.doubts.text


@pytest.mark.parametrize("size", [0, STREAMING])
@pytest.mark.parametrize("riff_size", [0, 36, STREAMING, None])
@pytest.mark.parametrize("audio", [b"\1\2", bytes(16_000), bytes(range(256)) * 100])
def test_a_streamed_header_is_measured_by_the_size_of_the_file(size, riff_size, audio):
    found = measure(riff(fmt(), b"data" + struct.pack("<I", size) + audio, size=riff_size))
    assert (found.seconds, found.sure) == (Fraction(len(audio), 16_000), True)
    assert "size of the file" in found.how


@given(st.integers(2, 3999))
@example(3999)
def test_a_file_cut_short_plays_what_is_there(kept):
    whole = riff(fmt(), chunk(b"data", bytes(4000)))
    duration = measure(whole[: 44 + kept])
    assert duration.seconds == Fraction(kept // 2, 8000)
    assert not duration.sure
    assert "cut" in duration.doubts.text


@pytest.mark.parametrize(
    "chunks",
    [
        [chunk(b"data", b"")],
        [chunk(b"data", b""), chunk(b"LIST", b"INFO")],
        [chunk(b"data", b""), chunk(b"id3 ", b"odd") * 2],
        [b"data" + struct.pack("<I", STREAMING)],
        [b"data" + struct.pack("<I", 1000)],
        [chunk(b"data", b"\1")],
    ],
)
@pytest.mark.parametrize("size", [None, 0])
def test_a_file_without_one_whole_frame_holds_no_audio(chunks, size):
    with pytest.raises(InvalidInput, match="no audio") as caught:
        measure(riff(fmt(), *chunks, size=size))
    assert not isinstance(caught.value, DurationUnknown)


UNREADABLE = {
    "mp3": b"\xff\xfb\x90\x64" + bytes(400),
    "flac": b"fLaC" + bytes(400),
    "one byte": b"R",
    "riff of another kind": riff(fmt()).replace(b"WAVE", b"AVI "),
    "big-endian": riff(fmt(), chunk(b"data", bytes(16))).replace(b"RIFF", b"RIFX"),
    "no chunks": riff(),
    "no audio chunk": riff(fmt()),
    "no format": riff(chunk(b"data", bytes(16))),
    "no format before streamed audio": riff(b"data" + bytes(20) + fmt()),
    "format cut short": riff(fmt())[:-4],
    "short format": riff(chunk(b"fmt ", bytes(14)), chunk(b"data", bytes(16))),
    "no channels": riff(fmt(channels=0, frame=2), chunk(b"data", bytes(16))),
    "no sample rate": riff(fmt(rate=0, byte_rate=16_000), chunk(b"data", bytes(16))),
    "no byte rate": riff(fmt(byte_rate=0), chunk(b"data", bytes(16))),
    "no frame size": riff(fmt(frame=0, byte_rate=16_000), chunk(b"data", bytes(16))),
    "chunk beyond the end": riff(chunk(b"JUNK", b"", 2**31), fmt(), chunk(b"data", bytes(16))),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_says_how_to_mend_it(content):
    with pytest.raises(DurationUnknown, match="seconds="):
        measure(content)


@pytest.mark.parametrize("name", ["", "empty.mp3", "missing.wav", "a\0b.wav"])
def test_what_is_no_file_or_an_empty_one_is_refused(tmp_path, name):
    (tmp_path / "empty.mp3").touch()
    with pytest.raises(InvalidInput, match="empty" if "empty" in name else None) as caught:
        measure(tmp_path / name)
    assert not isinstance(caught.value, DurationUnknown)


def test_a_pipe_is_unknown():
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe, pytest.raises(DurationUnknown, match="seconds="):
        measure(pipe)


class Fixed(io.BytesIO):
    def seek(self, offset, whence=0):
        raise io.UnsupportedOperation("seek")


class Failing(io.BytesIO):
    def read(self, size=-1):
        raise OSError(5, "Input/output error")


def test_what_is_no_open_binary_file_is_unknown(tmp_path):
    closed = io.BytesIO(written_by_the_standard_library(10))
    closed.close()
    path = tmp_path / "song.wav"
    path.write_bytes(b"RIFF\xff\xff\xff\xff" * 10)
    with path.open(encoding="utf-8") as text:
        for source, why in (
            *((closed, "moved in"), (Fixed(b"RIFF"), "moved in"), (None, ""), (5, "")),
            *((io.StringIO("RIFF and so on"), ""), (text, ""), (Failing(b"RIFF"), "Input/output")),
        ):
            with pytest.raises(DurationUnknown, match=f"{why}.*seconds="):
                measure(source)


other_chunks = st.lists(
    st.tuples(
        st.sampled_from([b"JUNK", b"LIST", b"bext", b"fact", b"PAD ", b"\0\0\0\0", b"DATA"]),
        st.binary(max_size=40),
    ).map(lambda parts: chunk(*parts)),
    max_size=5,
).map(b"".join)


@given(
    other_chunks, other_chunks, other_chunks, st.integers(1, 999), st.integers(1, 6), st.booleans()
)
def test_other_chunks_anywhere_change_nothing(before, between, after, frames, channels, long):
    audio = chunk(b"data", bytes(frames * channels * 3), STREAMING if long else None)
    chunks = (before, fmt(48_000, channels, 24), between, audio, after)
    content = rf64(*chunks, data_size=frames * channels * 3) if long else riff(*chunks)
    duration = measure(content)
    assert duration.seconds == Fraction(frames, 48_000)
    assert duration.sure


def measured_or_refused(content):
    try:
        duration = measure(content)
    except MVSepError:
        return
    assert duration.seconds > 0


@given(st.binary(max_size=300))
@example(b"RIFF\0\0\0\0WAVE")
def test_garbage_is_measured_or_refused(garbage):
    measured_or_refused(garbage)
    for magic in (b"RIFF", b"RF64"):
        measured_or_refused(magic + b"\0\0\0\0WAVE" + garbage)
        measured_or_refused(magic + b"\0\0\0\0WAVEds64\x40\0\0\0" + garbage)
        measured_or_refused(magic + b"\0\0\0\0WAVEfmt \x10\0\0\0" + garbage)


@given(other_chunks, st.integers(0, 150), st.integers(0, 255), st.booleans())
def test_a_damaged_header_is_measured_or_refused(before, place, value, long):
    size = STREAMING if long else None
    chunks = (before, fmt(), chunk(b"data", bytes(100), size))
    content = bytearray(rf64(*chunks, data_size=100) if long else riff(*chunks))
    content[place % len(content)] = value
    measured_or_refused(bytes(content))
    measured_or_refused(bytes(content[:place]))
