"""Hooks of PyInstaller, which finds them by the entry point in pyproject.toml.

A program that is frozen with them has the data files of this package, such as the list of types.
"""

from pathlib import Path


def get_hook_dirs() -> list[str]:
    """Return the folder of the hooks."""
    return [str(Path(__file__).parent)]
