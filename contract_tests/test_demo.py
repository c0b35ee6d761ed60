"""The demo: what `make demo` runs, as a process of its own."""

import os
import subprocess
import sys
import wave
from array import array

import pytest

from mvsep.testing import DEMO_TOKEN, render_song
from tools.demo import adds_up
from tools.regenerate import Project


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Run the demo in a folder with stems of an earlier run; return its end and the folder."""
    out = tmp_path_factory.mktemp("a folder") / "demo stems"
    out.mkdir()
    (out / "song_Vocals.wav").write_bytes(b"of a run before")
    ended = subprocess.run(
        [sys.executable, "-m", "tools.demo", str(out)],
        # Were anything to be sent out, it would go to a proxy that is not there.
        env={**os.environ, "HTTP_PROXY": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1"},
        cwd=Project().root,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return ended, out


def samples(path):
    with wave.open(str(path), "rb") as file:
        found = array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        found.byteswap()
    return found


def test_it_ends_well_and_leaves_stems_that_add_up_to_the_song(demo):
    ended, out = demo
    vocals, other = samples(out / "song_Vocals.wav"), samples(out / "song_Other.wav")
    mixture = samples(out / "song.wav")

    assert ended.returncode == 0, ended.stderr
    assert (out / "song.wav").read_bytes() == render_song()
    assert [a + b for a, b in zip(vocals, other, strict=True)] == list(mixture)
    assert any(vocals)
    assert any(other)


def test_it_says_what_it_is_what_it_runs_and_what_it_found(demo):
    ended, out = demo
    said, ran, *_, found, honest = filter(None, ended.stdout.splitlines())

    assert "stand-in on this machine" in said
    assert "nothing leaves it, and nothing is charged" in said
    assert ran.startswith("$ mvsep separate ")
    assert str(out / "song_Vocals.wav") in ended.stdout.splitlines()
    assert "2 stems add up to the mixture, sample by sample" in found
    assert "not a separation" in honest
    assert DEMO_TOKEN not in ended.stdout + ended.stderr


def test_a_sample_that_is_off_is_noticed(demo, tmp_path):
    _, out = demo
    stems = [out / "song_Vocals.wav", out / "song_Other.wav"]
    content = bytearray(stems[1].read_bytes())
    content[-2] ^= 1
    off = tmp_path / "off.wav"
    off.write_bytes(content)

    assert adds_up(out / "song.wav", stems)
    assert not adds_up(out / "song.wav", [stems[0], off])
    assert not adds_up(out / "song.wav", stems[:1])
    assert not adds_up(out / "song.wav", [])
