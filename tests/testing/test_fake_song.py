import io
import wave

from mvsep.testing import audio, render_song


def test_the_song_is_a_short_stereo_wav_under_one_megabyte():
    song = render_song()

    with wave.open(io.BytesIO(song)) as read:
        assert (read.getnchannels(), read.getsampwidth(), read.getframerate()) == (2, 2, 22_050)
        assert 8 <= read.getnframes() / read.getframerate() <= 12
    assert len(song) < 1_000_000


def test_the_song_is_loud_without_clipping_and_its_two_stems_both_sound():
    samples = audio.unpack(render_song()[audio.HEADER_BYTES :], 2)
    middle, rest = audio.split_samples(samples, 2)

    assert 10_000 < max(map(abs, samples)) < 32_767
    assert max(map(abs, middle)) > 3_000
    assert max(map(abs, rest)) > 3_000
