"""Standard output and standard error: the command line's only way to the terminal.

Each line is written without characters that could change the terminal, and in the stream's own
encoding. A fault of standard error is passed over: a job goes on without its progress. A fault of
standard output is an `Unwritable`.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import select
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from mvsep.cli.output.text import harmless, is_text, printable
from mvsep.errors import InvalidInput, MVSepError

if TYPE_CHECKING:
    from rich.console import Console


class Unwritable(MVSepError):
    """Standard output takes nothing more.

    Args:
        unread: True if the program that read it has ended.
    """

    def __init__(self, reason: object, *, unread: bool = False) -> None:
        super().__init__(f"Standard output can't be written: {reason}.")
        self.unread = unread


# Writing


def write(line: str = "", *, title: str = "") -> None:
    """Write a line to standard output, after a title in bold letters."""
    click.echo(_styled(title, bold=True) + harmless(line))


def note(line: str = "", *, alarm: str = "") -> None:
    """Write a line to standard error, after an alarm in bold red letters."""
    plain = False if os.environ.get("NO_COLOR") else None
    click.echo(_styled(alarm, fg="red", bold=True) + harmless(line), err=True, color=plain)


def _styled(text: str, **style: Any) -> str:
    return click.style(harmless(text), **style) if text else ""


def warn(warnings: Iterable[str], *, about: str = "") -> None:
    """Write warnings to standard error, each with the song it is about."""
    for warning in warnings:
        note(f"Warning: {printable(f'{about}: {warning}' if about else warning)}")


def write_paths(paths: Iterable[Path]) -> None:
    """Write paths to standard output: byte by byte for a program, harmless on a terminal."""
    stream, lost = cast(_Stream, sys.stdout), False
    encoding = stream.encoding or "utf-8"
    for path in map(str, paths):
        if stream.isatty():
            write(path)
        elif is_text(path):
            lost = lost or path.encode(encoding, "replace").decode(encoding) != path
            click.echo(path)
        else:
            stream.write_bytes(os.fsencode(path))
    if lost:
        warn([f"{encoding} lacks some characters of the paths. Pass --json to get them whole."])


def show_json(value: dict[str, Any], *, compact: bool = False) -> None:
    """Write an object of `--json` to standard output, or one of `--json-lines` in a line.

    It is pure ASCII, so that no terminal setting and no odd file name can break it.
    """
    click.echo(json.dumps(value, indent=None if compact else 2))


def console(*, err: bool = False) -> Console:
    """Return a console for tables and bars, which takes no text for markup."""
    from rich.console import Console

    file = sys.stderr if err else sys.stdout
    return Console(file=file, markup=False, highlight=False, emoji=False)


# Faults


@contextmanager
def guarded() -> Iterator[None]:
    """Guard the standard streams for the block against faults and characters they don't have."""
    closed = io.StringIO()
    closed.close()
    # Without it the next file that is opened, such as the journal, would be standard error.
    with Path(os.devnull).open("w") as nowhere:
        out, err = sys.stdout or closed, sys.stderr or nowhere
        with redirect_stdout(_Stream(out, _refuse)), redirect_stderr(_Stream(err, _pass_over)):
            yield


def check_output(*, read: bool = False) -> None:
    """Check that standard output takes something, before anything is sent.

    Args:
        read: True to check as well that a program at the other end of a pipe still reads.

    Raises:
        InvalidInput: When it takes nothing.
    """
    reason = _reason_against(sys.stdout, read=read)
    if reason:
        raise InvalidInput(
            f"Standard output can't be written: {reason}.",
            next_step=f"Send it to a file, or to {os.devnull}.",
        )


def _reason_against(file: Any, *, read: bool) -> str | None:
    if file.closed:
        return "it is closed"
    with contextlib.suppress(io.UnsupportedOperation):  # it is no stream of the system
        descriptor = file.fileno()
        try:
            os.write(descriptor, b"")  # takes no room, and yet /dev/full refuses it
        except OSError as error:
            return error.strerror
        if read and _is_unread(descriptor):
            return os.strerror(errno.EPIPE)
    return None


def _is_unread(descriptor: int) -> bool:
    if not hasattr(select, "poll") or not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        return False
    poll = select.poll()
    poll.register(descriptor, 0)
    return bool(poll.poll(0))


@contextmanager
def keeping(*facts: str) -> Iterator[None]:
    """Add facts to an `Unwritable` of the block, so that they are told elsewhere."""
    try:
        yield
    except Unwritable as error:
        for fact in facts:
            error.add_note(fact)
        raise


class _Stream:
    """A standard stream that writes what its encoding has, and hands faults on."""

    def __init__(self, file: Any, failed: Callable[[Exception], None]) -> None:
        self._file, self._failed = file, failed
        self._fault: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":  # click would write past this stream
            raise AttributeError(name)
        return getattr(self._file, name)

    def write(self, text: str) -> Any:
        """Write a piece of text."""
        return self._try(lambda: self._file.write(self._encodable(text)))

    def write_bytes(self, line: bytes) -> None:
        """Write a line as it is."""
        self.flush()
        self._try(lambda: self._file.buffer.write(line + b"\n"))
        self.flush()

    def flush(self) -> None:
        """Write out what is kept back."""
        self._try(self._file.flush)

    def _encodable(self, text: str) -> str:
        encoding = self._file.encoding or "utf-8"
        # A person is better off with one mark for a character, a program with its number.
        errors = "replace" if self._file.isatty() else "backslashreplace"
        return text.encode(encoding, errors).decode(encoding)

    def _try(self, write: Callable[[], Any]) -> Any:
        if self._fault is None:  # click tries a stream out first, and forgets what came of it
            try:
                return write()
            except (OSError, ValueError) as error:  # ValueError: it is closed
                self._fault = error
                _unplug(self._file)
        return self._failed(self._fault)


def _refuse(error: Exception) -> None:
    reason = error.strerror if isinstance(error, OSError) else error
    raise Unwritable(reason, unread=isinstance(error, BrokenPipeError)) from error


def _pass_over(error: Exception) -> None:
    """Go on: what can't be shown must not end a job."""


def _unplug(file: Any) -> None:
    """Lead a stream to nowhere, so that what it keeps back is no fault when the process ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, file.fileno())
        os.close(nowhere)
