"""The other package whose command is `mvsep`: said once, to a person."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

from mvsep.cli.output.streams import note
from mvsep.core.disk import user_folder

_PACKAGE: Final = "mvsep-cli"


def mention_other() -> None:
    """Say once on a terminal that mvsep-cli is installed too, and how this command is called.

    Whatever goes wrong is passed over. If it can't be remembered that it was said, it is not said.
    """
    with suppress(Exception):
        folder = user_folder("state")
        if folder is None or not sys.stderr.isatty():
            return
        said = folder / f"{_PACKAGE}-mentioned"
        if said.exists() or not _is_installed():
            return
        folder.mkdir(parents=True, exist_ok=True)
        said.touch(exist_ok=False)
        note(
            f"The package {_PACKAGE} is installed too, and its command is called mvsep as well: "
            "the one installed last counts. This one is always `mvsep-sdk`, or `python -m mvsep`."
        )


def _is_installed() -> bool:
    from importlib.metadata import PackageNotFoundError, distribution  # takes 10 ms

    with suppress(PackageNotFoundError):
        return bool(distribution(_PACKAGE))
    return False
