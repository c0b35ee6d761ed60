"""A PostgreSQL server of its own, as Debian's package or another installs it, for tests."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

NAME: Final = "journal"
_SETTINGS: Final = {
    "fsync": "off",  # the machine of a test does not lose its power
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "16MB",
}


def programs() -> Path | None:
    """Return the folder of its programs; None where it is not installed."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found += [Path(each) for each in [shutil.which("initdb")] if each]
    return max(found, key=lambda path: path.parts).parent if found else None


def needs_postgres() -> Any:
    """Return the mark of a test that needs a server."""
    return pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")


def _user() -> dict[str, Any]:
    """Return the user that it runs as: it refuses to be root."""
    import os
    import pwd

    if not hasattr(os, "getuid") or os.getuid() != 0:
        return {}
    known = {each.pw_name: each for each in pwd.getpwall()}
    each = known.get("postgres") or known["nobody"]
    return {"user": each.pw_uid, "group": each.pw_gid, "extra_groups": ()}


class Server:
    """A server with a socket in its folder, and no port.

    Args:
        folder: A folder with a short name, for the names of sockets are short.
    """

    def __init__(self, folder: Path) -> None:
        found = programs()
        assert found, "PostgreSQL is not installed"
        self.folder, self._programs, self._user = folder, found, _user()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://postgres@/{NAME}?host={folder}"
        if self._user:
            shutil.chown(folder, self._user["user"], self._user["group"])
        folder.chmod(0o755)
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "-E", "UTF8", "-D")
        self.start()
        self.sql(f"CREATE DATABASE {NAME}", database="postgres")

    def _run(self, program: str, *arguments: str) -> None:
        command: list[Any] = [self._programs / program, *arguments, self.folder / "data"]
        subprocess.run(
            command, check=True, capture_output=True, cwd=self.folder, timeout=120, **self._user
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command: list[Any] = [self._programs / "postgres", "-D", self.folder / "data"]
        command += ["-k", self.folder]
        for name, value in _SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, **self._user
            )
        while self._process.poll() is None:
            try:
                self.sql("SELECT 1", database="postgres")
            except Exception:  # it is on its way
                time.sleep(0.02)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop it, and end all connections; by SIGQUIT at once, as a crash does."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def sql(self, text: str, *values: object, database: str = NAME) -> Sequence[Any]:
        """Execute a statement, and return its rows."""
        import psycopg

        known: dict[str, Any] = {"host": str(self.folder), "user": "postgres", "dbname": database}
        options = "-c search_path=mvsep -c client_min_messages=warning"
        with psycopg.connect(**known, options=options, autocommit=True) as connection:
            result = connection.execute(text, values or None)
            return result.fetchall() if result.description else ()

    def clear(self) -> str:
        """Remove the journal's tables, and return the address for a new one."""
        self.sql("DROP SCHEMA IF EXISTS mvsep CASCADE")
        return self.url


#: What lets each lease run out, as a minute of silence does.
RAN_OUT: Final = "UPDATE holds SET until = now() - interval '1 second'"


@contextmanager
def server() -> Iterator[Server]:
    """Start a server in a temporary folder, and end it."""
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        made = Server(Path(name))
        try:
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server, for all tests of this process."""
    with server() as started:
        yield started
