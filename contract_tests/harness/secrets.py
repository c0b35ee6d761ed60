"""Looks for tokens in what a run left behind, and keeps them out of what pytest writes.

`python -m contract_tests.harness.secrets [FOLDER ...]` looks for the tokens of the environment.
Exit code: 0 none found, 1 found, 2 could not look.

As a plugin of pytest it masks them in tracebacks, which show the arguments of each function, and
in captured output.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import html
import io
import json
import os
import sqlite3
import sys
import zipfile
import zlib
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

import pytest
from attrs import frozen

from contract_tests.harness.evidence import scrub

#: Where the tools of this project leave things.
FOLDERS: Final = ("reports", ".hypothesis", ".pytest_cache", ".schemathesis")
#: The variables that hold tokens.
VARIABLES: Final = ("MVSEP_API_TOKEN", "MVSEP_LIVE_TOKEN")
#: A shorter text would be found everywhere.
SHORTEST: Final = 8

_DEPTH: Final = 5  # containers in containers
_BLANKS: Final = b" \t\r\n"


@frozen
class Finding:
    """A secret that was found; it does not say which.

    Args:
        path: The file.
        form: How it stands there: plain, url, json, html, base64 or hex.
        inside: Where within the file, for a container; or "name" for the file's name.
    """

    path: Path
    form: str
    inside: str = ""

    def __str__(self) -> str:
        return f"{self.path}{f' > {self.inside}' if self.inside else ''} ({self.form})"


def forms(secrets: Iterable[str]) -> list[str]:
    """The texts as which secrets can be read by a person, the longest first."""
    found = {text for secret in secrets if secret for _, text in _texts(secret)}
    return sorted(found, key=len, reverse=True)


def scan(folders: Iterable[Path], secrets: Collection[str]) -> list[Finding]:
    """Search every file for every secret.

    Compressed files, ZIP archives and SQLite databases are opened; so are those within them.

    Args:
        folders: Folders, or single files; what is not there is passed over.
        secrets: The texts to look for. An empty one is passed over.

    Raises:
        ValueError: When a secret is so short that it would be found everywhere.
    """
    wanted = [secret for secret in secrets if secret]
    if any(len(secret) < SHORTEST for secret in wanted):
        raise ValueError(f"a secret of less than {SHORTEST} characters can't be looked for")
    needles = [needle for secret in wanted for needle in _needles(secret)]
    found: dict[Finding, None] = {}
    for path in _files(folders):
        for form, _ in _matches(os.fsencode(path), needles):
            found[Finding(path, form, "name")] = None
        try:
            data = path.read_bytes()
        except FileNotFoundError:  # a cache may be tidied up meanwhile
            continue
        for inside, content in _opened(data, "", _DEPTH):
            for form, _ in _matches(content, needles):
                found[Finding(path, form, inside)] = None
    return list(found)


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from sorted(path for path in folder.rglob("*") if path.is_file())
        elif folder.is_file():
            yield folder


# What a secret can look like


_Needle = tuple[str, bytes]


def _texts(secret: str) -> Iterator[tuple[str, str]]:
    yield "plain", secret
    yield "url", quote(secret, safe="")
    yield "url", quote_plus(secret)
    yield "url", "".join(f"%{byte:02X}" for byte in secret.encode())
    yield "json", json.dumps(secret)[1:-1]
    yield "json", json.dumps(secret)[1:-1].replace("/", "\\/")
    yield "html", html.escape(secret)


def _needles(secret: str) -> Iterator[_Needle]:
    raw = secret.encode()
    seen = set()
    for form, text in _texts(secret):
        if text not in seen:
            seen.add(text)
            yield form, text.encode()
    yield "plain", secret.encode("utf-16-le")
    yield "hex", raw.hex().encode()
    for before in range(3):
        # Where it begins within three bytes decides its letters; only those that are all its own.
        coded = base64.b64encode(b"\0" * before + raw)
        start = -(-before * 8 // 6)
        end = (before + len(raw)) * 8 // 6
        yield "base64", coded[start:end]
        yield "base64", coded[start:end].replace(b"+", b"-").replace(b"/", b"_")


def _matches(content: bytes, needles: list[_Needle]) -> Iterator[_Needle]:
    # Base64 and hex are often broken into lines, and hex and %41 come in both cases.
    squeezed = content.translate(None, _BLANKS)
    lowered = squeezed.lower()
    for form, needle in needles:
        if form in {"hex", "url"}:
            hit = needle.lower() in lowered
        elif form == "base64":
            hit = needle in squeezed
        else:
            # A terminal may have broken the line.
            hit = needle in content or needle in squeezed
        if hit:
            yield form, needle


# What is in a file


def _opened(data: bytes, inside: str, depth: int) -> Iterator[tuple[str, bytes]]:
    """A file's bytes, and those of everything packed into it."""
    yield inside, data
    if depth == 0:
        return
    if data.startswith(b"\x1f\x8b"):
        members: Iterable[tuple[str, bytes]] = _gunzipped(data)
    elif data.startswith(b"SQLite format 3\0"):
        members = _rows(data)
    elif zipfile.is_zipfile(io.BytesIO(data)):
        members = _unzipped(data)
    else:
        return
    for name, content in members:
        yield from _opened(content, f"{inside} > {name}" if inside else name, depth - 1)


def _gunzipped(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        yield "gzip", gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        # One that was cut off: as much as can be read.
        try:
            yield "gzip", zlib.decompressobj(31).decompress(data)
        except zlib.error:
            return


def _unzipped(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield member.filename, member.filename.encode()
                if not member.flag_bits & 0x1:  # encrypted: nobody can read it
                    yield member.filename, archive.read(member)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError):
        return


def _rows(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The values of a database: on the disk, a long one is cut into pages."""
    # A database that is written ahead can't be opened from memory, but is the same otherwise.
    plain = data[:18] + b"\x01\x01" + data[20:]
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(plain)
        connection.text_factory = bytes
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for name in [row[0].decode() for row in names.fetchall()]:
            quoted = name.replace('"', '""')
            for row in connection.execute(f'SELECT * FROM "{quoted}"'):
                for value in row:
                    if isinstance(value, bytes):
                        yield name, value
    except sqlite3.DatabaseError:
        return
    finally:
        connection.close()


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
    """Look for the tokens of the environment, and give back the exit code."""
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
    for finding in found:
        sys.stdout.write(f"A token stands in {finding}\n")
    if found:
        return 1
    looked = f"no token in {where}" if tokens else "no token in the environment to look for"
    sys.stdout.write(f"Secrets: {looked}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
