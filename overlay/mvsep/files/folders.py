"""Audio files in folders, told from others by their content."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

from mvsep.core.disk import path_of
from mvsep.errors import InvalidInput
from mvsep.files.audio import is_audio

# Names that only audio has; of the kinds that are known.
_NAMES: Final = frozenset(
    {
        *(".aac", ".ac3", ".aif", ".aifc", ".aiff", ".amr", ".caf", ".flac", ".m4a", ".mka"),
        *(".mp3", ".oga", ".ogg", ".opus", ".wav", ".wave", ".wma", ".wv"),
    }
)


@frozen
class Found:
    """The audio files among others.

    Args:
        files: The audio files, sorted by their paths.
        others: The files that are no audio of a known kind.
        unfit: The files that are none though they are named so, and those that can't be read.
    """

    files: tuple[Path, ...]
    others: tuple[Path, ...]
    unfit: tuple[Path, ...] = ()


def audio_files(folder: str | os.PathLike[str], *, recursive: bool = False) -> Found:
    """Find the audio files in a folder. Hidden files are passed over.

    Args:
        folder: The folder.
        recursive: True for those of the folders within, too. Links to folders are not followed.

    Raises:
        InvalidInput: When the folder can't be read.
    """
    place = path_of(folder, "folder")
    try:
        return audio_among(sorted(_files(place, recursive=recursive)))
    except OSError as error:
        raise InvalidInput(
            f"The folder {place} can't be read: {error.strerror or error}.",
            next_step="Check its permissions.",
        ) from error


def audio_among(paths: Iterable[Path]) -> Found:
    """Tell audio files from others by their first bytes."""
    files, others, unfit = list[Path](), list[Path](), list[Path]()
    for path in paths:
        fit = _is_audio(path)
        named = path.suffix.lower() in _NAMES
        (files if fit else unfit if fit is None or named else others).append(path)
    return Found(tuple(files), tuple(others), tuple(unfit))


def _files(folder: Path, *, recursive: bool) -> Iterator[Path]:
    for each in folder.iterdir():
        if each.name.startswith("."):
            continue
        if not each.is_dir():
            yield each
        elif recursive and not each.is_symlink():
            yield from _files(each, recursive=True)


def _is_audio(path: Path) -> bool | None:
    """Tell whether a file is audio; None where it can't be read."""
    if not path.is_file():  # a pipe would be waited for
        return False
    try:
        with path.open("rb") as file:
            return is_audio(file)
    except OSError:
        return None
