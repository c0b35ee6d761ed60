"""A search for tokens in the files that a run left behind, and their masking in pytest's reports.

`python -m contract_tests.harness.secrets [FOLDER ...]` looks for the tokens of the environment.
Exit code: 0 none found, 1 found, 2 could not look.

As a plugin of pytest it masks them in tracebacks, which show the arguments of each function, and
in captured output.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import os
import sys
from collections.abc import Collection, Generator, Iterable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

import pytest

from contract_tests.harness.evidence import scrub

#: Where the tools of this project leave things. None of them packs what it writes.
FOLDERS: Final = ("reports", ".hypothesis", ".pytest_cache", ".schemathesis")
#: The variables that hold tokens.
VARIABLES: Final = ("MVSEP_API_TOKEN", "MVSEP_LIVE_TOKEN")
#: A shorter text would be found everywhere.
SHORTEST: Final = 8


def forms(secrets: Iterable[str]) -> list[str]:
    """Return the texts as which a person can read secrets, the longest first."""
    write = (str, quote, quote_plus, lambda text: quote(text, safe=""), html.escape, _in_json)
    found = {way(secret) for secret in secrets if secret for way in write}
    return sorted(found, key=len, reverse=True)


def scan(paths: Iterable[Path], secrets: Collection[str]) -> list[str]:
    """Search files, and their names, for secrets: plain, in a URL, JSON or HTML, and in base64.

    Paths that are not there and empty secrets are passed over.
    """
    wanted = [secret for secret in secrets if secret]
    if any(len(secret) < SHORTEST for secret in wanted):
        raise ValueError(f"a secret of less than {SHORTEST} characters can't be looked for")
    needles = {text.encode(): "escaped" for text in forms(wanted)}
    needles |= {coded: "base64" for secret in wanted for coded in _base64(secret.encode())}
    needles |= {secret.encode(): "plain" for secret in wanted}
    found = []
    for path in sorted(each for top in paths for each in (top, *top.rglob("*")) if each.is_file()):
        # A line may have been broken, by a terminal or within base64.
        text = (os.fsencode(path) + b"\0" + path.read_bytes()).translate(None, b" \t\r\n")
        found += [f"{path} ({form})" for needle, form in needles.items() if needle in text]
    return found


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _base64(secret: bytes) -> Iterable[bytes]:
    for before in range(3):  # its letters depend on where it begins within three bytes
        coded = base64.b64encode(bytes(before) + secret)
        yield coded[-(-before * 8 // 6) : (before + len(secret)) * 8 // 6]


# As a plugin of pytest


_TOKENS = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Note the tokens; tests may take them out of the environment."""
    config.stash[_TOKENS] = forms(os.environ[name] for name in VARIABLES if name in os.environ)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Mask the tokens in a report before anything is made of it."""
    report = yield
    tokens = item.config.stash[_TOKENS]
    report.sections = [(name, scrub(text, tokens)) for name, text in report.sections]
    if report.longrepr is not None and any(token in str(report.longrepr) for token in tokens):
        report.longrepr = scrub(str(report.longrepr), tokens)
    return report


# On the command line


def main(arguments: Sequence[str] | None = None) -> int:
    """Look for the tokens of the environment, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.harness.secrets", description=__doc__
    )
    parser.add_argument("folders", nargs="*", type=Path, default=[Path(name) for name in FOLDERS])
    folders: list[Path] = parser.parse_args(arguments).folders
    tokens = {os.environ[name] for name in VARIABLES if os.environ.get(name)}
    where = ", ".join(map(str, folders))
    try:
        found = scan(folders, tokens)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"Could not look for tokens in {where}: {error}\n")
        return 2
    for each in found:
        sys.stdout.write(f"There is a token in {each}\n")
    if found:
        return 1
    looked = f"no token in {where}" if tokens else "no token in the environment to look for"
    sys.stdout.write(f"Secrets: {looked}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
