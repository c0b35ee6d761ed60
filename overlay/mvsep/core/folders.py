"""Folders of the user for what mvsep keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Literal


def user_folder(kind: Literal["cache", "data"]) -> Path | None:
    """Return this user's folder for mvsep; None where the user has no home.

    XDG_CACHE_HOME and XDG_DATA_HOME count on Linux and macOS.
    """
    from platformdirs import PlatformDirs

    folders = PlatformDirs("mvsep", appauthor=False, opinion=False)
    try:
        folder = folders.user_cache_path if kind == "cache" else folders.user_data_path
    except (RuntimeError, ValueError, KeyError):  # as its versions and systems differ
        return None
    return folder if folder.is_absolute() else None
