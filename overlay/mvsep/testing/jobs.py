"""A job of the fake server, and the fetching of a URL that comes before one."""

from __future__ import annotations

import re
import threading
import unicodedata
from pathlib import Path, PurePosixPath

from attrs import define, field, frozen

from mvsep.testing import audio
from mvsep.testing.noise import Noise
from mvsep.testing.orders import Order
from mvsep.testing.schedule import Moment, Schedule

KEPT_SECONDS = 72 * 3600  # how long the service keeps files


@frozen
class Stem:
    """A stem of a job: its label, its suggested file name, its file once rendered, its bytes."""

    label: str
    name: str
    path: Path
    size: int


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
        stem_of_source = slug(PurePosixPath(self.source).stem)
        named = f"{stem_of_source}_sep{self.order.algorithm.sep_type}_mt"
        tail = ""
        if self.order.long_filenames:
            tail = f"_{slug(self.order.algorithm.name)}_[mvsep.com]"
        return [
            Stem(
                label,
                f"{named}_{n}_{slug(label)}{tail}.wav",
                self.input_path.with_name(f"{n}.wav"),
                self.wav.file_bytes,
            )
            for n, label in enumerate(self.order.algorithm.labels(self.order.form))
        ]

    def noise(self, stem: Stem) -> Noise:
        """Return the noise that stands for a stem on a server that keeps no uploads."""
        header = b"" if self.wav is None else self.wav.header
        return Noise(f"{self.hash} {stem.label}", header, stem.size)

    def render(self, stem: Stem) -> Path:
        """Separate, unless that was done, and return the stem's file.

        Safe to call from several threads. Takes about a second for each 100 seconds of stereo.
        """
        with self._rendering:
            if not stem.path.exists() and self.wav is not None and not self.gone:
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
        polls: The number of times its state was asked for.
        job: The job, once the file was fetched.
        failure: The reason why there will be no job.
    """

    hash: str
    order: Order
    schedule: Schedule
    created: float
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


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, as in a hash; `audio` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "audio"
