"""A job of the fake server, and the fetching of a URL that comes before one."""

from __future__ import annotations

import threading
from pathlib import Path

from attrs import define, field, frozen

from mvsep.testing import audio, outputs
from mvsep.testing.noise import Noise
from mvsep.testing.orders import Order
from mvsep.testing.schedule import Moment, Schedule

KEPT_SECONDS = 72 * 3600  # how long the service keeps files


@frozen
class Stem:
    """A result file of a job.

    Args:
        label: Its `type`.
        name: The name that is suggested for it.
        stored: The last part of its URL, which no other job's file has.
        path: The file, once it is rendered.
        size: Its bytes.
        content: What is in it, unless that is audio.
    """

    label: str
    name: str
    stored: str
    path: Path
    size: int
    content: bytes | None = None


@define(eq=False)
class Job:
    """A separation.

    Args:
        hash: Its long hash.
        id: Its row number in the history.
        order: The separation that was asked for.
        source: The file name of the input.
        input_path: The input.
        wav: The input as WAV; None where it can't be read, and then the job fails.
        base: Scheme and host under which it was asked for.
        schedule: Its stages.
        created: Seconds since 1970.
        credits: Credits it was charged.
        polls: The number of times its state was asked for.
        gone: Whether it was cancelled or deleted.
    """

    hash: str
    id: int
    order: Order
    source: str
    input_path: Path
    wav: audio.Wav | None
    schedule: Schedule
    created: float
    credits: int
    base: str
    polls: int = 0
    gone: bool = False
    _rendering: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def at(self, now: float) -> Moment:
        """Return its state."""
        return self.schedule.at(self.polls if self.schedule.polls else now - self.created)

    def finished(self, now: float) -> float:
        """Return its end, in seconds since 1970; `now` if that can't be told."""
        if self.schedule.polls:
            return now
        return self.created + self.schedule.length

    def expired(self, now: float) -> bool:
        """Tell whether its files were removed because of their age."""
        return now - self.created > KEPT_SECONDS

    @property
    def stems(self) -> list[Stem]:
        """The files it ends with."""
        if self.wav is None:
            return []
        order = self.order
        found = []
        for n, output in enumerate(outputs.outputs(order.algorithm, order.form)):
            name, stored = outputs.names(
                output, order.algorithm, order.form, self.source, self.hash
            )
            if order.long_filenames:
                name = outputs.long_name(stored)
            content = outputs.CONTENTS.get(output.kind)
            size = self.wav.file_bytes if content is None else len(content)
            path = self.input_path.with_name(str(n))
            found.append(Stem(output.label, name, stored, path, size, content))
        return found

    def noise(self, stem: Stem) -> Noise:
        """Return the noise that stands for a stem on a server that keeps no uploads."""
        header = b"" if self.wav is None else self.wav.header
        return Noise(f"{self.hash} {stem.label}", header, stem.size)

    def render(self, stem: Stem) -> Path:
        """Separate, unless that was done, and return the stem's file.

        Safe to call from several threads. Takes about a second for each 100 seconds of stereo.
        """
        with self._rendering:
            if stem.path.exists() or self.wav is None or self.gone:
                pass
            elif stem.content is not None:
                stem.path.write_bytes(stem.content)
            elif self.wav.offset is None:
                audio.tone(self.wav, stem.path, int(stem.path.name))
            else:
                first, *others = self.stems
                if others:
                    audio.split(self.wav, first.path, others[0].path)
                else:
                    audio.copy(self.wav, first.path)
                for silent in others[1:]:
                    audio.silence(self.wav, silent.path)
        return stem.path


@define(eq=False)
class RemoteJob:
    """A URL that the server fetches before there is a job.

    Args:
        hash: Its short hash, for get-remote.
        order: The separation that was asked for.
        schedule: The stages: first of fetching, then of the job.
        created: Seconds since 1970.
        base: Scheme and host under which it was asked for.
        polls: The number of times its state was asked for.
        job: The job, once the file was fetched.
        failure: The reason why there will be no job.
    """

    hash: str
    order: Order
    schedule: Schedule
    created: float
    base: str
    polls: int = 0
    job: Job | None = None
    failure: str | None = None

    @property
    def pending(self) -> bool:
        """True while it is being fetched."""
        return self.job is None and self.failure is None

    @property
    def due(self) -> float:
        """The end of the download, in seconds since 1970, unless polls are counted instead."""
        return self.created + self.schedule.downloading

    def fetched(self, now: float) -> bool:
        """Tell whether fetching has had its time."""
        if self.schedule.polls:
            return self.polls >= self.schedule.downloading
        return now >= self.due
