"""The demo: the command line separates the shipped song on a stand-in server of this machine.

`python -m tools.demo OUT_FOLDER`, which is what `make demo` runs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shlex
import sys
import wave
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

from mvsep.cli import main as mvsep
from mvsep.testing import DEMO_TOKEN, FakeServer, Schedule, render_song

#: Slow enough to be watched, and quick enough not to be waited for. In seconds.
SCHEDULE = Schedule(waiting=1.5, processing=2.0)

_LOCAL = "127.0.0.1"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo.

    Returns:
        The exit code: that of `mvsep`, or 1 when the stems don't add up to the song.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("out", type=Path, help="the folder for the song and its stems")
    out: Path = parser.parse_args(arguments).out

    out.mkdir(parents=True, exist_ok=True)
    song = out / "song.wav"
    song.write_bytes(render_song())
    print(
        "The server of this demo is a stand-in on this machine: "
        "nothing leaves it, and nothing is charged.\n",
        flush=True,
    )
    with FakeServer(schedule=SCHEDULE).run() as server:
        # A proxy that this machine may use must not see it either.
        os.environ.update(
            MVSEP_API_TOKEN=DEMO_TOKEN, MVSEP_BASE_URL=server.url, NO_PROXY=_LOCAL, no_proxy=_LOCAL
        )
        code, stems = separate(song, out)
    if code:
        return code
    if not adds_up(song, stems):
        print("\nThe stems do NOT add up to the mixture.", file=sys.stderr)
        return 1
    print(f"\nThe {len(stems)} stems add up to the mixture, sample by sample.")
    print("They are middle and side, not a separation: the real service's models do better.")
    return 0


def separate(song: Path, out: Path) -> tuple[int, list[Path]]:
    """Print and run the command that a user would type.

    Returns:
        Its exit code, and the paths that it wrote to standard output.
    """
    words = ["separate", str(song), "--type", "BS Roformer", "--format", "wav", "--out", str(out)]
    # The server is gone when the demo is over, so there is nothing to come back to.
    words += ["--overwrite", "--no-journal"]
    print(f"$ {shlex.join(['mvsep', *words])}", flush=True)
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        code = mvsep(words)
    print(shown.getvalue(), end="", flush=True)
    return code, [Path(line) for line in shown.getvalue().splitlines()]


def adds_up(mixture: Path, stems: Iterable[Path]) -> bool:
    """Check that the stems, added sample by sample, are exactly the mixture."""
    form, whole = _samples(mixture)
    parts = [_samples(stem) for stem in stems]
    if not parts or any(part_form != form or len(part) != len(whole) for part_form, part in parts):
        return False
    added = (sum(values) for values in zip(*(part for _, part in parts), strict=True))
    return all(sample == total for sample, total in zip(whole, added, strict=True))


def _samples(path: Path) -> tuple[tuple[int, int, int], array[int]]:
    """Return a WAV file's form (channels, bytes a sample, rate) and its samples."""
    with wave.open(str(path), "rb") as file:
        samples = array("h", file.readframes(file.getnframes()))
        if sys.byteorder == "big":
            samples.byteswap()
        return (file.getnchannels(), file.getsampwidth(), file.getframerate()), samples


if __name__ == "__main__":
    sys.exit(main())
