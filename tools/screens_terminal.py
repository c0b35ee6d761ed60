"""A terminal that real commands run in, and the text of its screen, the same at each run."""

from __future__ import annotations

import codecs
import itertools
import os
import pty
import re
import select
import shlex
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Final

import pyte
from pyte.screens import Char
from rich.console import Console
from rich.style import Style
from rich.text import Text

COLUMNS: Final = 80
PROMPT: Final = "\x1b[1;36m$\x1b[0m "
CTRL_C: Final = "\x03"

# It makes the terminal the process's own, so that Ctrl-C reaches it, and becomes `mvsep`.
_CHILD: Final = """
import fcntl, runpy, signal, sys, termios
# Whoever runs this may have switched them off for everything below.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
sys.argv[0] = "mvsep"
runpy.run_module("mvsep", run_name="__main__", alter_sys=True)
"""
_LONGEST: Final = 200.0

# Seconds without output after which a screen is whole, and the tries after which half is enough:
# on a busy machine a view that is redrawn ten times a second is never quiet for so long.
_QUIET: Final = 0.04
_TRIES: Final = 20
_PLAIN: Final = Console()

#: What differs from run to run, and what stands in its place, of the same length.
MASKS: Final = (
    (re.compile(r"\b0:00:\d\d\b"), "0:00:05"),
    (re.compile(r"about \d:\d\d left"), "about 0:20 left"),
    (re.compile(r"\b20\d\d-\d\d-\d\d \d\d:\d\d\b"), "2026-01-31 14:58"),
    (
        re.compile(r"\b2026\d{10}-[0-9a-f]{10}-mv[0-9a-z]{10}"),
        "20260131145833-a0bb276157-mvk3b7xqz2pd",
    ),
    (re.compile(r"[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]"), "⠹"),
)
#: The same, where it is shorter: the rest of the line moves.
SHOWN_HOST: Final = (re.compile(r"\b127\.0\.0\.1:\d+"), "mvsep.com")
SHOWN_FOLDER: Final = "/home/me/music"
_BAR: Final = re.compile("[━╸╺]{8,}")
# A bar that moves has more colours than one that is filled in part.
_FEW: Final = 3


class ScreenError(Exception):
    """A command that did not show what a scene waits for."""


class Terminal:
    """A terminal of 80 columns.

    Args:
        folder: The folder that the commands run in.
        environment: All variables that they have.
        rows: The number of its lines.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], rows: int) -> None:
        self._folder, self._rows = folder, rows
        self._environment = environment
        self._screen = pyte.Screen(COLUMNS, rows)
        self._stream = pyte.Stream(self._screen)
        self._process: subprocess.Popen[bytes] | None = None
        self._descriptor = -1

    def start(self, line: str) -> None:
        """Show a line at the prompt, and begin to run it; it is one of `mvsep`."""
        self._stream.feed(f"{PROMPT}{line}\r\n")
        words = shlex.split(line)[1:]
        self._descriptor, inner = pty.openpty()
        termios.tcsetwinsize(inner, (self._rows, COLUMNS))
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, *words],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            cwd=self._folder,
            env=self._environment,
            start_new_session=True,
        )
        os.close(inner)

    def run(self, line: str) -> None:
        """Run a line to its end."""
        self.start(line)
        self.finish()

    def clear(self) -> None:
        """Clear the screen."""
        self._screen.reset()

    def type(self, keys: str) -> None:
        """Type keys."""
        os.write(self._descriptor, keys.encode())

    def wait_for(self, *patterns: str) -> None:
        """Wait until all these patterns match the screen, and nothing more is being written.

        Raises:
            ScreenError: They did not come.
        """
        until = time.monotonic() + _LONGEST
        for tried in itertools.count():
            pause = _QUIET / (1 + tried // _TRIES)
            quiet = not select.select([self._descriptor], [], [], pause)[0]
            if quiet and all(re.search(each, self.plain) for each in patterns):
                return
            if not self._read(until) or time.monotonic() > until:
                raise ScreenError(f"{patterns} did not come. The screen:\n{self.plain}")

    def finish(self) -> None:
        """Wait for the end of the command."""
        until = time.monotonic() + _LONGEST
        while self._read(until):
            pass
        self.close()

    def close(self) -> None:
        """End the command that still runs, if one does."""
        if self._process is None:
            return
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        try:
            self._process.wait(_LONGEST)
        finally:
            if self._process.poll() is None:
                self._process.kill()
            self._process = None

    def _read(self, until: float) -> bool:
        """Take what the command has written; False once it has ended, or took too long."""
        left = until - time.monotonic()
        if not select.select([self._descriptor], [], [], max(left, 0))[0]:
            raise ScreenError(f"Nothing came for a long time. The screen:\n{self.plain}")
        try:
            written = os.read(self._descriptor, 65536)
        except OSError:  # so Linux says that the other end is closed
            return False
        self._stream.feed(self._decoder.decode(written))
        return bool(written)

    @property
    def plain(self) -> str:
        """The text of the screen as it is."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def text(self, last: int | None = None) -> Text:
        """Return the masked text of the screen, without the empty lines at its end.

        Args:
            last: The number of lines; None for all.
        """
        cells = [self._screen.buffer[y][x] for y in range(self._rows) for x in range(COLUMNS)]
        characters = "".join(cell.data or " " for cell in cells)
        for mask, instead in MASKS:  # a line that is too long goes on in the next row
            characters = mask.sub(instead, characters)
        folder = re.compile(re.escape(str(self._folder))), SHOWN_FOLDER
        lines = []
        for first in range(0, len(cells), COLUMNS):
            row = slice(first, first + COLUMNS)
            text = Text(characters[row])
            for x, style in enumerate(_steady([_style(cell) for cell in cells[row]], text.plain)):
                text.stylize(style, x, x + 1)
            lines.append(_replaced(_replaced(text, *SHOWN_HOST), *folder))
        while lines and not lines[-1].plain:
            lines.pop()
        return Text("\n").join(_in_order(lines)[:last])


def _in_order(lines: list[Text]) -> list[Text]:
    """Return lines, neighbouring downloads in a fixed order: they begin at once."""
    ordered = []
    for is_download, found in groupby(lines, key=lambda line: "Download " in line.plain):
        group = list(found)
        ordered += sorted(group, key=lambda line: line.plain) if is_download else group
    return ordered


def _replaced(text: Text, pattern: re.Pattern[str], instead: str) -> Text:
    """Replace what matches, and take the spaces from the end."""
    while found := pattern.search(text.plain):
        style = text.get_style_at_offset(_PLAIN, found.start())
        text = Text.assemble(text[: found.start()], (instead, style), text[found.end() :])
    text.rstrip()
    return text


def _steady(styles: list[Style], line: str) -> list[Style]:
    """Return the styles of a line; where the light of a bar is depends on the time."""
    for bar in _BAR.finditer(line):
        first, last = bar.span()
        if len(set(styles[first:last])) > _FEW:
            darkest = min(range(first, last), key=lambda x: (str(styles[x]), x)) - first
            styles[first:last] = _turned(styles[first:last], darkest)
    return styles


def _turned(styles: list[Style], by: int) -> list[Style]:
    return styles[by:] + styles[:by]


def _style(cell: Char) -> Style:
    return Style(
        color=_color(cell.fg),
        bgcolor=_color(cell.bg),
        bold=cell.bold or None,
        italic=cell.italics or None,
        underline=cell.underscore or None,
        reverse=cell.reverse or None,
    )


def _color(name: str) -> str | None:
    if name == "default":
        return None
    if re.fullmatch("[0-9a-f]{6}", name):
        return f"#{name}"
    return "yellow" if name == "brown" else name.replace("bright", "bright_")
