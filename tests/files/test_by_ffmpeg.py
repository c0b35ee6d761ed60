"""How long audio plays, against what ffmpeg decodes, over files that ffmpeg makes.

A file that is sure plays as long as it says. One in doubt plays no longer than its bound.
"""

import itertools
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from mvsep import DurationUnknown, SepType
from mvsep.files.sources import measure
from mvsep.pricing.estimate import estimate

pytestmark = pytest.mark.skipif(
    shutil.which("ffmpeg") is None, reason="ffmpeg makes the files, and is not installed"
)

NEAR = 0.1  # seconds: a frame or two, by which decoders differ
SONG = (
    *("-f", "lavfi", "-i"),
    "sine=d=3[a];anoisesrc=d=2:a=.3:r=44100[b];anullsrc=d=2.37:r=44100[c];"
    "[a][b][c]concat=n=3:v=0:a=1,aformat=sample_rates=44100:channel_layouts=stereo",
)
VIDEO = ("-f", "lavfi", "-i")

# By file name: what ffmpeg is told, and "|" where it writes to a pipe and can't go back.
ORDINARY = {
    **{f"{codec}.wav": f"-c:a pcm_{codec}" for codec in ("s16le", "u8", "s24le", "f32le", "alaw")},
    "ima.wav": "-c:a adpcm_ima_wav",
    "ms.wav": "-c:a adpcm_ms",
    "rf64.wav": "-rf64 always",
    "surround.wav": "-ac 6",
    "pipe.wav": "| -f wav",
    "pipe-ima.wav": "| -f wav -c:a adpcm_ima_wav",
    **{f"{codec}.aiff": f"-c:a pcm_{codec}" for codec in ("s16be", "s24be")},
    "sowt.aifc": "-f aiff -c:a pcm_s16le",
    "float.aifc": "-f aiff -c:a pcm_f32be",
    "ulaw.aifc": "-f aiff -c:a pcm_mulaw",
    "ima4.aifc": "-f aiff -c:a adpcm_ima_qt",
    **{
        f"{name}{bare and '-bare'}.mp3": f"{rate} {bare}"
        for name, rate in {
            "cbr128": "-b:a 128k",
            "cbr320": "-b:a 320k",
            "v2": "-q:a 2",
            "v9": "-q:a 9",
            "abr": "-abr 1 -b:a 160k",
            "low": "-ar 22050 -b:a 64k",
        }.items()
        for bare in ("", "-write_xing 0 -id3v2_version 0")
    },
    "tags.mp3": "-write_id3v1 1 -metadata title=song",
    "pipe.mp3": "| -f mp3",
    "layer2.mp2": "-f mp2",
    "song.flac": "",
    "deep.flac": "-sample_fmt s32",
    "pipe.flac": "| -f flac",
    "flac.oga": "-c:a flac -f ogg",
    "vorbis.ogg": "-c:a libvorbis",
    "pipe.ogg": "| -c:a libvorbis -f ogg",
    "song.opus": "",
    "speex.ogg": "-c:a libspeex -ar 16000 -ac 1",
    "song.m4a": "",
    "first.m4a": "-movflags +faststart",
    "alac.m4a": "-c:a alac",
    "no-edits.m4a": "-use_editlist 0",
    "fragments.m4a": "-movflags +frag_keyframe+empty_moov -frag_duration 1000000",
    "dash.m4a": "-movflags +dash+delay_moov",
    "cmaf.m4a": "-f mp4 -movflags +cmaf -frag_duration 2000000",
    "pipe.m4a": "| -f mp4 -movflags empty_moov",
    "opus.mp4": "-c:a libopus",
    "mp3.mp4": "-c:a libmp3lame",
    "ac3.mp4": "-c:a ac3",
    "pcm.mov": "-c:a pcm_s16le",
    "ima.mov": "-c:a adpcm_ima_qt",
    "song.3gp": "-c:a aac",
    "song.aac": "",
    "low.aac": "-ar 22050",
    "song.webm": "",
    "vorbis.webm": "-c:a libvorbis",
    "pipe.webm": "| -f webm",
    "live.webm": "-f webm -live 1",
    **{f"{codec}.mka": f"-c:a {codec}" for codec in ("aac", "flac", "libmp3lame", "alac")},
    "pipe.mka": "| -f matroska -c:a flac",
    "song.wma": "",
    "old.wma": "-c:a wmav1",
    "song.caf": "",
    "alac.caf": "-c:a alac",
    "song.wv": "",
    "song.ac3": "",
    "song.eac3": "",
    "short.mp4": "5",
    "short.mkv": "5 -c:v mpeg4",
}
# Not ordinary: what is in doubt here has a reason.
ODD = {
    "long.mp4": "20",
    "long.mov": "20",
    "long.mkv": "20 -c:v mpeg4",
    "fragments.mp4": "20 -movflags +frag_keyframe+empty_moov",
    "g722.wav": "-c:a g722 -ar 16000 -ac 1",
    "mp3.wav": "-c:a libmp3lame",
    "pipe.wma": "| -f asf -c:a wmav2",
    "pipe.aiff": "| -f aiff",
}
# Made of the ordinary ones of these names.
HARMS = {
    "cut in half": lambda content: content[: len(content) // 2],
    "cut near its end": lambda content: content[:-3000],
    "twice": lambda content: content * 2,
    "behind a tag": lambda content: b"ID3\3\0\0\0\0\x27\x08" + bytes(5000) + content,
    "with half of another": lambda content: content + content[len(content) // 2 :],
}
HARMED = [
    "ima.wav",
    "pipe-ima.wav",
    "s16be.aiff",
    "cbr320.mp3",
    "cbr320-bare.mp3",
    "v2-bare.mp3",
    "song.flac",
    "pipe.flac",
    "flac.oga",
    "vorbis.ogg",
    "song.m4a",
    "first.m4a",
    "dash.m4a",
    "song.aac",
    "song.webm",
    "pipe.webm",
    "song.wma",
    "song.ac3",
]


def run(*told: str) -> bytes:
    return subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-y", *told], check=True, capture_output=True
    ).stdout


def make(path: Path, song: Path, told: str) -> bool:
    """Make a file; False where this ffmpeg lacks the encoder."""
    words = told.split()
    video = [*VIDEO, f"color=s=64x64:r=5:d={words.pop(0)}"] if told[:1].isdigit() else []
    piped = words[:1] == ["|"]
    try:
        made = run(*video, "-i", str(song), *words[piped:], "-" if piped else str(path))
    except subprocess.CalledProcessError as error:
        if b"encoder" in error.stderr.lower():
            return False
        raise
    if piped:
        path.write_bytes(made)
    return True


def decoded(path: Path) -> float:
    """Return the seconds that ffmpeg decodes; 0 where it can't."""
    told = ("-map", "0:a:0", "-ac", "1", "-ar", "8000", "-f", "u8", "-")
    with suppress(subprocess.CalledProcessError):
        return len(run("-i", str(path), *told)) / 8000
    return 0.0


class Verdict(NamedTuple):
    sure: bool
    right: bool
    bounded: bool


def judge(path: Path) -> Verdict:
    """Compare what is said of a file with what it plays."""
    try:
        found = measure(path)
    except DurationUnknown:
        return Verdict(sure=False, right=True, bounded=False)
    plays = decoded(path)
    close = found.most is not None and found.most <= plays + 3 * NEAR
    if found.sure:
        right = found.least - NEAR / 2 <= plays <= found.most + NEAR / 2
        return Verdict(True, right and abs(found.seconds - plays) < NEAR, close)
    return Verdict(False, found.most is None or plays <= found.most + NEAR, close)


def judged(folder: Path, told: dict[str, str]) -> dict[str, Verdict]:
    song = folder / "song.wav"
    run(*SONG, str(song))

    def one(name: str) -> Verdict | None:
        path = folder / name
        return judge(path) if make(path, song, told[name]) else None

    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(told, pool.map(one, told), strict=True))
    return {name: verdict for name, verdict in found.items() if verdict}


def test_ordinary_files_are_sure_and_right_or_bounded(tmp_path):
    found = judged(tmp_path, ORDINARY)
    assert len(found) > len(ORDINARY) * 0.8, "this ffmpeg lacks too many encoders"
    wrong = [name for name, verdict in found.items() if not verdict.right]
    refused = [name for name, verdict in found.items() if not verdict.bounded]
    unsure = [name for name, verdict in found.items() if not verdict.sure]
    assert (wrong, refused) == ([], [])
    # A reader that goes by the bit rate of the first frames sees another length.
    assert set(unsure) <= {"v2-bare.mp3", "v9-bare.mp3", "abr-bare.mp3"}


def test_odd_files_are_never_sure_and_wrong(tmp_path):
    found = judged(tmp_path, ODD)
    assert [name for name, verdict in found.items() if not verdict.right] == []
    assert [name for name, verdict in found.items() if verdict.sure] == []


def test_harmed_files_are_never_sure_and_wrong(tmp_path):
    whole = judged(tmp_path, {name: ORDINARY[name] for name in HARMED})

    def one(name: str, harm: str) -> str | None:
        path = tmp_path / f"{harm} {name}"
        path.write_bytes(HARMS[harm]((tmp_path / name).read_bytes()))
        return None if judge(path).right else path.name

    cases = [(name, harm) for name in whole for harm in HARMS]
    with ThreadPoolExecutor(2) as pool:
        wrong = [each for each in pool.map(lambda case: one(*case), cases) if each]
    assert wrong == []


# Of these a part or every fifth packet is lost.
LOSING = ["vorbis.ogg", "song.opus", "flac.oga", "speex.ogg", "song.webm", "vorbis.webm", "aac.mka"]
LOSING += ["song.m4a", "alac.m4a", "dash.m4a"]
LOSSES = {"some": "between(n,20,40)", "every fifth": "not(mod(n,5))"}


def test_files_without_some_packets_are_never_sure_and_wrong(tmp_path):
    whole = judged(tmp_path, {name: ORDINARY[name] for name in LOSING})
    wrong = []
    for name, loss in itertools.product(whole, LOSSES):
        path = tmp_path / f"{loss} {name}"
        lost = f"noise=drop='{LOSSES[loss]}'".replace(",", "\\,")
        run("-i", str(tmp_path / name), "-c", "copy", "-bsf:a", lost, str(path))
        verdict = judge(path)
        wrong += [path.name] if verdict.sure or not verdict.right else []
    assert wrong == []


def quarter(content: bytes) -> bytes:
    """Let an AIFF header tell of a quarter of its frames."""
    at = content.index(b"COMM") + 10
    frames = int.from_bytes(content[at : at + 4], "big") // 4
    return content[:at] + frames.to_bytes(4, "big") + content[at + 4 :]


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


# How a song of this length is made and changed, its credits, the most, and if it is sure.
PRICED = {
    "ima4.aifc": (125, "-f aiff -c:a adpcm_ima_qt", bytes, 2, 2, True),
    "cut.flac": (250, "", half, 2, 4, False),
    "long.mp4": (125, "185", bytes, 2, 3, False),
    "quarter.aiff": (125, "", quarter, 2, 2, False),
    "edge.mp3": (119.97, "-b:a 128k", bytes, 1, 2, False),
    "edge.m4a": (119.99, "", bytes, 1, 2, False),
    "edge.flac": (119.99, "", bytes, 1, 1, True),
    "bare.mp3": (125, "-b:a 128k -write_xing 0", bytes, 2, 2, True),
    "ima.wav": (125, "-c:a adpcm_ima_wav", bytes, 2, 2, True),
    "ms.wav": (125, "-c:a adpcm_ms", bytes, 2, 2, True),
}


@pytest.mark.parametrize("name", PRICED)
def test_a_price_is_that_of_what_plays_or_in_doubt(name, tmp_path):
    seconds, told, change, credits, most, sure = PRICED[name]
    song, path = tmp_path / "song.wav", tmp_path / name
    run("-f", "lavfi", "-i", f"sine=d={seconds}", str(song))
    assert make(path, song, told)
    path.write_bytes(change(path.read_bytes()))
    found = estimate(path, SepType.BS_ROFORMER)
    assert (found.credits, found.most, found.sure) == (credits, most, sure)
    assert credits <= int(decoded(path) // 60 or 1) <= most
