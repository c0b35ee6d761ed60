"""The facts that find a job again, on whatever passes through a call with a job behind it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol

from attrs import frozen

from mvsep.errors import MVSepError, add_job_facts
from mvsep.settings.client import ClientSettings


@frozen
class Lookup:
    """The facts that find a job which exists, or may exist.

    Args:
        settings: The settings for the host that has it.
        name: The name of the song.
        hash: The job's hash; None where it is not known whether there is a job.
        marker: The marker in the upload's name; None for what has no file.
    """

    settings: ClientSettings
    name: str = ""
    hash: str | None = None
    marker: str | None = None

    @property
    def lookup(self) -> Lookup:
        """The same, for `named`."""
        return self

    @property
    def note(self) -> str:
        """The facts and the next step, in sentences."""
        settings = self.settings
        elsewhere = settings.base_url != settings.regions[0]
        host = f", host={settings.base_url!r}" if elsewhere else ""
        if self.hash:
            return (
                f"The job {self.hash} at {settings.host} exists. Come back to it with "
                f"client.job({self.hash!r}{host}).download()."
            )
        maybe = f"A job for {self.name} may have been created at {settings.host}. "
        if self.marker:
            return f"{maybe}Look for it with client.reconcile({self.marker!r}{host})."
        return f"{maybe}See the account's history before you send it again."

    def put_on(self, error: BaseException) -> None:
        """Put the facts on an error: as attributes on one of ours, as a note on any other."""
        if isinstance(error, MVSepError):
            add_job_facts(error, self.hash, self.settings.host, self.marker)
        elif self.note not in getattr(error, "__notes__", ()):
            error.add_note(self.note)


class HasLookup(Protocol):
    """An object that knows a job, or knows that there may be one."""

    @property
    def lookup(self) -> Lookup | None:
        """The facts that find the job; None while there is none."""


class named(AbstractContextManager[None]):  # noqa: N801  it reads as a function
    """Put the facts of a job on whatever leaves a block.

    A cancelled task, Ctrl-C and an error of a caller's own function leave it too. It is a class,
    for that takes 300 bytes less than a generator, of each job that waits.
    """

    __slots__ = ("_known",)

    def __init__(self, known: HasLookup) -> None:
        self._known = known

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None and (lookup := self._known.lookup):
            lookup.put_on(error)
