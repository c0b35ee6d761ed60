import struct
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.testing import audio

LIMITS = {1: 2**7, 2: 2**15, 3: 2**23, 4: 2**31}
TYPECODES = {1: "b", 2: "h", 3: "i", 4: "i"}


@st.composite
def recordings(draw):
    """Channels, bytes a sample, and interleaved samples."""
    channels, width = draw(st.integers(1, 2)), draw(st.integers(1, 4))
    limit = LIMITS[width]
    edges = st.sampled_from([-limit, -limit + 1, -1, 0, 1, limit - 2, limit - 1])
    frame = st.lists(st.integers(-limit, limit - 1) | edges, min_size=channels, max_size=channels)
    frames = draw(st.lists(frame, max_size=50))
    return channels, width, array(TYPECODES[width], [x for one in frames for x in one])


def wav_of(channels, width, samples, rate=8000):
    frames = len(samples) // channels
    return audio.wav_header(channels, width, rate, frames) + audio.pack(samples, width)


@pytest.fixture
def read(tmp_path):
    """Read bytes as a WAV file."""

    def reading(content):
        path = tmp_path / "song.wav"
        path.write_bytes(content)
        return audio.read_wav(path)

    return reading


def samples_of(path):
    """The samples of a stem, and its channels, width, rate and frames."""
    stem = audio.read_wav(path)
    assert path.stat().st_size == stem.file_bytes
    data = audio.unpack(b"".join(stem.blocks()), stem.width)
    return data, (stem.channels, stem.width, stem.rate, stem.frames)


@given(recordings())
def test_the_two_stems_add_up_to_the_mixture_and_stay_in_range(recording):
    channels, width, samples = recording
    limit = LIMITS[width]

    middle, rest = audio.split_samples(samples, channels)

    assert [a + b for a, b in zip(middle, rest, strict=True)] == list(samples)
    assert all(-limit <= value < limit for value in (*middle, *rest))


def test_samples_are_little_endian_and_8_bit_ones_unsigned():
    assert list(audio.unpack(b"\x00\x80\xff", 1)) == [-128, 0, 127]
    assert list(audio.unpack(b"\x01\x00\xff\xff", 2)) == [1, -1]
    assert list(audio.unpack(b"\x01\x00\x00\x00\x00\x80", 3)) == [1, -(2**23)]
    assert list(audio.unpack(b"\x00\x00\x00\x80", 4)) == [-(2**31)]


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_split_files_have_the_shape_of_the_mixture_and_add_up(read, tmp_path, channels, width):
    limit = LIMITS[width]
    count = (audio.BLOCK_FRAMES + 100) * channels  # more than one block
    samples = array(TYPECODES[width], [(k * 7919) % (2 * limit) - limit for k in range(count)])

    audio.split(read(wav_of(channels, width, samples)), tmp_path / "one", tmp_path / "two")

    one, shape = samples_of(tmp_path / "one")
    two, other_shape = samples_of(tmp_path / "two")
    assert shape == other_shape == (channels, width, 8000, count // channels)
    assert array(samples.typecode, map(sum, zip(one, two, strict=True))) == samples


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_silence_is_as_long_as_the_mixture_and_silent(read, tmp_path, width):
    wav = read(wav_of(2, width, array(TYPECODES[width], [100, -100] * 10)))

    audio.silence(wav, tmp_path / "silent")

    samples, shape = samples_of(tmp_path / "silent")
    assert (list(samples), shape) == ([0] * 20, (2, width, 8000, 10))


def test_other_chunks_are_skipped_and_a_promised_length_is_not_believed(read):
    whole = wav_of(1, 2, array("h", [1, 2, 3]))
    form, data = whole[12:36], whole[44:]
    wav = read(
        b"RIFF\xff\xff\xff\xffWAVE"
        + struct.pack("<4sI", b"LIST", 3) + b"abc\0"
        + form
        + struct.pack("<4sI", b"data", 0xFFFFFFFF) + data
    )  # fmt: skip

    assert wav.frames == 3
    assert b"".join(wav.blocks()) == data


def test_an_extensible_header_is_read_by_the_format_within_it(read):
    form = struct.pack(
        "<HHIIHHHHIH14s", 0xFFFE, 2, 48_000, 288_000, 6, 24, 22, 24, 3, 1, b"\0" * 14
    )
    wav = read(
        b"RIFF\0\0\0\0WAVE" + struct.pack("<4sI", b"fmt ", 40) + form
        + struct.pack("<4sI", b"data", 12) + b"\0" * 12
    )  # fmt: skip

    assert (wav.channels, wav.width, wav.rate, wav.frames) == (2, 3, 48_000, 2)


FLOAT = b"RIFF\0\0\0\0WAVE" + struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 2, 44_100, 352_800, 8, 32)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ID3\x04 an mp3 that is long enough",
        b"RIFF\0\0\0\0WAVE",
        b"RIFF\0\0\0\0WAVEfmt \x04\0\0\0\x01\0\x02\0data\0\0\0\0",
        FLOAT + b"data\0\0\0\0",
        audio.wav_header(6, 2, 44_100, 0),
        audio.wav_header(2, 2, 0, 0),
    ],
)
def test_what_is_not_plain_wav_is_refused_in_words(read, content):
    with pytest.raises(audio.UnreadableAudioError, match=r"WAV|format"):
        read(content)


@given(st.binary(max_size=80), st.integers(0, 60))
def test_no_file_makes_the_reader_stumble(tmp_path_factory, noise, cut):
    path = tmp_path_factory.mktemp("noise") / "song"
    path.write_bytes(audio.wav_header(2, 2, 44_100, 5)[:cut] + noise)

    try:
        wav = audio.read_wav(path)
    except audio.UnreadableAudioError:
        return
    assert len(b"".join(wav.blocks())) == wav.frames * wav.channels * wav.width
