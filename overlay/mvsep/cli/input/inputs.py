"""The songs that a command is given: files, links, folders, patterns, and lists of them."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from attrs import define, evolve, field, frozen

from mvsep.batch.song import Song
from mvsep.catalog.goals import choose
from mvsep.cli.input.arguments import known_types, offered, options_of
from mvsep.cli.input.song_list import read_list
from mvsep.cli.output.text import plural, whole_path
from mvsep.core.disk import path_of
from mvsep.errors import InvalidInput
from mvsep.files.folders import Found, audio_among, audio_files
from mvsep.files.sources import is_link

_FROM_INPUT = "-"
IsStem = Callable[[Path, Path | None], bool]

#: The part of the help about inputs.
INPUTS_HELP = """INPUT is an audio file, an http(s) link that the service fetches itself, a
    folder, a pattern such as "*.flac", or - for a list on standard input, one file or link a line.
    Of folders and patterns only audio files are taken. A .csv file lists songs with settings of
    their own: its first line names the columns source, type, stem, options, format, seconds and
    out, of which only source is needed. Commas, semicolons or tabs divide them, several options are
    divided by |, and relative paths begin at the file's folder."""

input_options = options_of(
    click.argument("inputs", metavar="[INPUT]...", nargs=-1, shell_complete=offered("files")),
    click.option(
        "-r",
        "--recursive",
        is_flag=True,
        help="Take the audio files of the folders within a folder, too.",
    ),
)


@frozen
class Inputs:
    """The songs of a command, and remarks about what was left out."""

    songs: tuple[Song, ...]
    remarks: tuple[str, ...]


def read_inputs(
    words: Iterable[str],
    *,
    recursive: bool = False,
    validate: bool = True,
    is_stem: IsStem = lambda path, folder: False,
) -> Inputs:
    """Read the songs that words of the command line mean, each once. Nothing is sent.

    Args:
        words: The words.
        recursive: True for the folders within folders, too.
        validate: False to take options that the catalogue does not know.
        is_stem: Tells whether a file that was found, in a folder or else by a pattern, is a stem of
            an earlier run, and no song.

    Raises:
        InvalidInput: When a list can't be read, or a folder or a pattern holds no song.
    """
    reader = _Reader(recursive, validate, is_stem)
    for word in words:
        reader.read(word)
    return Inputs(tuple(reader.songs.values()), tuple(reader.remarks()))


def need_type(songs: Iterable[Song]) -> bool:
    """Tell whether a song has neither a type nor a goal of its own."""
    return any(song.sep_type is None and song.best_for is None for song in songs)


def completed(songs: Iterable[Song], common: Mapping[str, Any]) -> tuple[Song, ...]:
    """Give each song the common settings that it has none of its own for."""
    found = []
    for song in map(_with_type, songs):
        settings = dict(common)
        if song.sep_type is not None:  # the options are those of another type
            settings.pop("options", None)
        chosen = {name: each for name, each in settings.items() if getattr(song, name) is None}
        found.append(evolve(song, **chosen))
    return tuple(found)


def _with_type(song: Song) -> Song:
    """Return a song with the type of its goal, where it has one."""
    if song.best_for is None:
        return song
    goal = choose(known_types(), song.sep_type, song.best_for, song.options)
    return evolve(song, sep_type=goal.sep_type, options=goal.options, best_for=None)


@define
class _Reader:
    recursive: bool
    validate: bool
    is_stem: IsStem
    songs: dict[object, Song] = field(factory=dict)
    others: int = 0
    stems: int = 0
    repeated: int = 0

    def read(self, word: str) -> None:
        if word == _FROM_INPUT:
            for line in _lines_of_input():
                self._read_place(line)
        else:
            self._read_place(word)

    def _read_place(self, word: str) -> None:
        path = path_of(word)
        if is_link(word):
            self._add(Song(source=word))
        elif path.suffix.lower() == ".csv":
            for song in read_list(path, validate=self.validate):
                self._add(song)
        elif path.is_dir():
            self._add_found(word, audio_files(path, recursive=self.recursive), path)
        elif glob.has_magic(word) and not path.exists():
            self._add_found(word, self._matching(str(path)))
        else:
            self._add(Song(source=word))

    def _matching(self, pattern: str) -> Found:
        paths = map(Path, sorted(glob.glob(pattern, recursive=True)))  # noqa: PTH207  it may be absolute
        return audio_among(path for path in paths if not path.is_dir())

    def _add_found(self, word: str, found: Found, folder: Path | None = None) -> None:
        files = sorted((*found.files, *found.unfit))
        songs = [path for path in files if not self.is_stem(path, folder)]
        self.others += len(found.others)
        self.stems += len(files) - len(songs)
        if not songs:
            raise InvalidInput(
                f"No song was found in {word}.",
                charged=False,
                next_step="Check the path; for the folders within it, pass --recursive.",
            )
        for path in songs:
            # Each tells by itself that it can't be sent, as if it had been named.
            self._add(Song(source=str(path), only_audio=path in found.unfit))

    def _add(self, song: Song) -> None:
        source = song.source
        if isinstance(source, str) and not is_link(source):
            source = whole_path(source)
        options = tuple(sorted((song.options or {}).items(), key=str))
        kind = (song.sep_type, str(song.best_for), options, song.output_format)
        key = (source, *kind, song.seconds, str(song.out))
        self.repeated += key in self.songs
        self.songs.setdefault(key, song)

    def remarks(self) -> Iterator[str]:
        if self.others:
            yield f"{plural(self.others, 'file')} skipped: no audio of a known kind."
        if self.stems:
            yield f"{plural(self.stems, 'file')} skipped: stems of earlier runs."
        if self.repeated:
            yield f"{plural(self.repeated, 'song')} listed twice: each is taken once."


def _lines_of_input() -> list[str]:
    raw = getattr(sys.stdin, "buffer", None)
    lines = map(os.fsdecode, raw) if raw is not None else iter(sys.stdin)
    found = [line.rstrip("\r\n") for line in lines]
    found = [line.removeprefix("\ufeff") for line in found if line.strip()]
    if not found:
        raise InvalidInput("The list on standard input is empty.", charged=False)
    return found
