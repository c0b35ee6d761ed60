"""Pictures of the command line in a terminal: real commands in front of the fake server.

`python -m tools.screens [NAME ...]`, which is what `make screens` runs, draws them into
docs/screens. Two runs give the same bytes.
"""

from __future__ import annotations

import argparse
import calendar
import os
import tempfile
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from attrs import evolve, frozen
from rich.text import Text

from mvsep.testing import DEMO_TOKEN, FakeServer, ManualClock, Schedule, demo_account
from tools.environment import ROOT
from tools.pictures import svg
from tools.screens_terminal import CTRL_C, Terminal

#: The folder of the pictures.
PICTURES: Final = ROOT / "docs" / "screens"

_ROWS: Final = 90
_RATE: Final = 2000  # low, for the fake server separates every sample
_ALBUM: Final = {"Opening": 185, "Blue Hour": 252, "Ferry": 211, "Lanterns": 198, "Last Train": 303}
_WAITING: Final = Schedule(1, 0, places=3)
_PROCESSING: Final = Schedule(0, 1)
_IN_PARTS: Final = Schedule(0, 0, distributing=1, chunks=8)
_FAILING: Final = Schedule(0, 0, failure="The model ran out of memory.")
_ONE: Final = "mvsep separate song.wav --stem vocals"
_FOLDER: Final = "mvsep separate album --stem vocals --out stems"


@frozen
class Stage:
    """A folder with songs, a server whose clock stands still, and a terminal."""

    folder: Path
    server: FakeServer
    terminal: Terminal

    def move(self, song: str, schedule: Schedule, share: float = 0.0) -> None:
        """Give the job of a song another schedule, and let a share of its first second be over."""
        job = next(job for job in self.server.state.jobs.values() if song in job.hash)
        job.created = self.server.state.clock() - share
        job.schedule = evolve(schedule, failure=schedule.failure or job.schedule.failure)


Scene = Callable[[Stage], Text]


@contextmanager
def stage() -> Iterator[Stage]:
    """Build a stage for one scene."""
    clock = ManualClock(calendar.timegm((2026, 1, 31, 14, 58, 33)))
    server = FakeServer([demo_account()], schedule=_WAITING, clock=clock)
    with tempfile.TemporaryDirectory() as home, server.run():
        folder = Path(home).resolve() / "music"
        (folder / "album").mkdir(parents=True)
        _songs(folder)
        terminal = Terminal(folder, _environment(Path(home), server.url), _ROWS)
        _say_what_is_said_once(terminal)
        try:
            yield Stage(folder, server, terminal)
        finally:
            terminal.close()


def _songs(folder: Path) -> None:
    _song(folder / "song.wav", 221)
    for number, (name, seconds) in enumerate(_ALBUM.items(), 1):
        _song(folder / "album" / f"0{number} {name}.wav", seconds)
    _song(folder / "album" / "06 Silence.wav", 0)
    (folder / "album" / "07 Demo.mp3").write_bytes(b"ID3\3\0\0\0\0\0\x20" + bytes(500))
    _song(folder / "album" / "08 Outro.wav", 62)
    (folder / "album" / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(500))


def _song(path: Path, seconds: int) -> None:
    with wave.open(str(path), "wb") as song:
        song.setparams((1, 2, _RATE, 0, "NONE", ""))
        song.writeframes(bytes(range(250)) * (2 * _RATE * seconds // 250))


def _environment(home: Path, url: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join((str(ROOT / "overlay"), str(ROOT / "generated"))),
        **dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"), str(home)),
        **dict.fromkeys(("XDG_CACHE_HOME", "XDG_DATA_HOME"), str(home)),
        "MVSEP_BASE_URL": url,
        "MVSEP_API_TOKEN": DEMO_TOKEN,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }


def _say_what_is_said_once(terminal: Terminal) -> None:
    terminal.run("mvsep account")
    terminal.clear()


def _shown(line: str, last: int | None = None) -> Scene:
    def scene(stage: Stage) -> Text:
        stage.terminal.run(line)
        return stage.terminal.text(last)

    return scene


def one_running(stage: Stage) -> Text:
    """Show one song while it is worked on."""
    stage.terminal.start(_ONE)
    stage.terminal.wait_for("place 3 of 3")
    stage.move("song", _IN_PARTS, 0.4)
    stage.terminal.wait_for("3 of 8 chunks")
    return stage.terminal.text()


def one_done(stage: Stage) -> Text:
    """Show one song from the command to its stems."""
    one_running(stage)
    stage.move("song", Schedule.at_once())
    stage.terminal.finish()
    return stage.terminal.text()


def folder_question(stage: Stage) -> Text:
    """Show the table of a folder and the question."""
    stage.terminal.start(_FOLDER)
    stage.terminal.wait_for(r"\[y/N\]")
    return stage.terminal.text()


def folder_running(stage: Stage) -> Text:
    """Show the songs of a folder under way."""
    folder_question(stage)
    terminal = stage.terminal
    terminal.type("y\r")
    terminal.wait_for(*(rf"album/0{n} .*place 3" for n in (1, 2, 3, 4, 5, 7, 8)))
    for number in (1, 2):
        stage.move(f"-0{number}-", Schedule.at_once())
        terminal.wait_for(rf"✓ album/0{number} .*done")
    stage.move("-03-", _IN_PARTS, 0.7)
    stage.move("-04-", _PROCESSING)
    terminal.wait_for("03 .*in parts", "04 .*Processing", *(f"0{n} .* of 3 " for n in (5, 7, 8)))
    return terminal.text()


def folder_done(stage: Stage) -> Text:
    """Show a folder whose songs are done but for three."""
    folder_running(stage)
    for number in (3, 4, 5):
        stage.move(f"-0{number}-", Schedule.at_once())
        stage.terminal.wait_for(rf"✓ album/0{number} .*done")
    stage.move("-07-", Schedule.at_once())
    stage.terminal.wait_for("✗ album/07")
    stage.move("-08-", _FAILING)
    stage.terminal.finish()
    return stage.terminal.text()


def interrupted(stage: Stage) -> Text:
    """Show Ctrl-C, and the same command again."""
    stage.terminal.start(_ONE)
    stage.terminal.wait_for("place 3 of 3")
    stage.terminal.type(CTRL_C)
    stage.terminal.finish()
    stage.move("song", Schedule.at_once())
    stage.terminal.run(_ONE)
    return stage.terminal.text()


def jobs(stage: Stage) -> Text:
    """Show a job whose stems are saved, one that failed, and one that was left."""
    ends = {"song.wav": Schedule.at_once(), "album/08 Outro.wav": _FAILING}
    for song, end in ends.items():
        stage.server.state.schedule = end
        stage.terminal.run(f'mvsep separate "{song}" --stem vocals --out stems')
    stage.server.state.schedule = _WAITING
    _leave(stage, "mvsep separate 'album/01 Opening.wav' --stem vocals")
    stage.terminal.run("mvsep jobs")
    return stage.terminal.text()


def download(stage: Stage) -> Text:
    """Show how the stems of a job that was left are fetched."""
    _leave(stage, _ONE)
    stage.move("song", Schedule.at_once())
    stage.terminal.run("mvsep download last --out stems")
    return stage.terminal.text()


def _leave(stage: Stage, line: str) -> None:
    stage.terminal.start(line)
    stage.terminal.wait_for("place 3 of")
    stage.terminal.type(CTRL_C)
    stage.terminal.finish()
    stage.terminal.clear()


#: The pictures by name.
SCENES: Final[dict[str, Scene]] = {
    "help": _shown("mvsep --help", 36),
    "goals": _shown("mvsep types --goals", 30),
    "account": _shown("mvsep account"),
    "check": _shown("mvsep check song.wav --stem vocals"),
    "one-running": one_running,
    "one-done": one_done,
    "folder-question": folder_question,
    "folder-running": folder_running,
    "folder-done": folder_done,
    "interrupted": interrupted,
    "jobs": jobs,
    "download": download,
}


def play(name: str) -> Text:
    """Play a scene, and return what the terminal shows then."""
    with stage() as built:
        return SCENES[name](built)


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tools.screens", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENES))
    names = parser.parse_args(arguments).names
    if unknown := set(names) - set(SCENES):
        parser.error(f"there is no scene {', '.join(sorted(unknown))}")
    PICTURES.mkdir(exist_ok=True)
    for name in names or SCENES:
        print(f"{name} ...", flush=True)
        picture = svg(play(name), title="mvsep")
        (PICTURES / f"{name}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
