"""A model of accounts, jobs and prices, worked out apart from client and fake server.

The prices and labels here are written out, not taken from the catalogue, so that a mistake there
shows.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import PurePath
from typing import Final, Literal

from attrs import Factory, define, frozen

from mvsep.errors import (
    InsufficientCredits,
    InvalidInput,
    InvalidRequest,
    InvalidToken,
    MVSepError,
    PremiumRequired,
    QueueFull,
    Refused,
)
from mvsep.testing import Schedule, render_song
from mvsep.testing.audio import wav_header

# Seconds that the stages of a job last. Powers of two of a second only: the clocks add exactly.
FETCHING, WAITING, PROCESSING, MERGING = 5.0, 6.0, 8.0, 2.0
LARGE_SECONDS = 150
"""Mixtures that play longer are worked on in parts."""

SCHEDULE: Final = Schedule(WAITING, PROCESSING, downloading=FETCHING)
FAILURE: Final = "The file could not be decoded"
FAILING: Final = Schedule(WAITING, PROCESSING, downloading=FETCHING, failure=FAILURE)
STAGES: Final = (
    "downloading",
    "waiting",
    "processing",
    "distributing",
    "merging",
    "done",
    "failed",
)

_RATE = 100  # one byte a frame: a minute in 6 kB

Given = Literal["file", "two files", "link", "nothing"]


@frozen
class Song:
    """A mixture."""

    name: str
    seconds: int | None  # None where it is no audio

    @property
    def content(self) -> bytes:
        """Its bytes: silence."""
        if self.seconds is None:
            return b"\0This is no audio."  # text would be refused before it is sent
        frames = _RATE * self.seconds
        return wav_header(1, 1, _RATE, frames) + b"\x80" * frames


SONGS: Final = (
    Song("song.wav", 119),
    Song("Mon Été.wav", 121),
    Song("long one.wav", 200),
    Song("noise.wav", None),
)
GENERATED: Final = Song("generated.wav", 9)
LINKS: Final = {
    "https://songs.example/a/short.wav": Song("short.wav", 30),
    "https://songs.example/long.wav?x=1": Song("long.wav", 200),
    "https://songs.example/gone.wav": None,
}


@frozen
class Kind:
    """A separation type with its options."""

    sep_type: int
    coefficient: int  # credits a minute, the options' multipliers included
    labels: tuple[str, ...]
    takes: Given = "file"  # what it separates
    premium: bool = False  # whether it is for premium accounts
    options: tuple[tuple[str, str], ...] = ()


KINDS: Final = (
    Kind(40, 1, ("Vocals", "Other")),
    Kind(40, 2, ("Vocals", "Other"), options=(("add_opt2", "8"),)),
    Kind(20, 1, ("Vocals", "Drums", "Bass", "Other", "Instrumental")),
    Kind(26, 2, ("Vocals", "Other"), premium=True),
    Kind(68, 1, ("Other",), takes="two files"),
    Kind(115, 1, ("Other",), takes="nothing", options=(("add_opt1", "Hello"),)),
)
UNKNOWN: Final = Kind(9999, 0, ())


@define
class Account:
    """An account, as it should stand."""

    token: str
    credits: int = 0
    enabled: bool = False

    @property
    def premium(self) -> bool:
        """True when its jobs are paid with credits."""
        return self.enabled and self.credits > 0


@define(eq=False)
class Track:
    """A job, as it should stand."""

    owner: str  # name of its account
    kind: Kind
    song: Song | None  # mixture; None where a link leads nowhere
    failing: bool  # whether it fails at its end
    began: float  # when it was put into the queue, or the fetching of its link began
    stem: str  # how the names of its files begin
    # whether it has left the link behind; None for jobs that are no link's
    fetched: bool | None = None
    price: int = 0  # credits it took
    gone: bool = False  # whether it was cancelled or deleted
    broke: bool = False  # whether its link could not be fetched, or not be paid for
    known: bool = False  # whether the client at hand knows its files

    def stage(self, now: float) -> str:
        """Return the state that the service shows."""
        if self.broke:
            return "failed"
        if self.fetched is False:
            return "downloading"
        if self.gone:
            return "not_found"
        for status, length in self._stages:
            if now < self.began + length:
                return status
        return "failed" if self.failing else "done"

    def finished(self, now: float) -> bool:
        """Return whether it stays as it is."""
        return self.stage(now) in {"done", "failed", "not_found"}

    @property
    def size(self) -> int:
        """Bytes of each of its files."""
        if self.song is GENERATED:
            return len(render_song())
        return len(self.song.content) if self.song else 0

    @property
    def _stages(self) -> tuple[tuple[str, float], ...]:
        end = WAITING + PROCESSING
        if self.song and (self.song.seconds or 0) > LARGE_SECONDS:
            return ("waiting", WAITING), ("distributing", end), ("merging", end + MERGING)
        return ("waiting", WAITING), ("processing", end)


@frozen
class Refusal:
    """A no that is to come."""

    kinds: tuple[type[MVSepError], ...]  # the last ones where the client knows by itself
    text: str
    status: int = 400


UNAUTHENTICATED: Final = Refusal((InvalidToken,), "Unauthenticated.", 401)
NOT_FOUND: Final = Refusal((Refused,), "File or File Hash not found")
NOT_WAITING: Final = Refusal((Refused,), "Only a job that waits can be cancelled")


@define
class Model:
    """The whole service, as it should stand."""

    accounts: dict[str, Account]
    tracks: list[Track] = Factory(list)
    charged: int = 0
    refunded: int = 0

    @property
    def created(self) -> int:
        """Count of all jobs there ever were."""
        return sum(track.fetched is not False and not track.broke for track in self.tracks)

    def refusal(
        self, name: str, kind: Kind, given: Given, song: Song | None, format: int | None, now: float
    ) -> Refusal | None:
        """Return the refusal that a separation meets, or None."""
        account = self.accounts.get(name)
        if account is None:
            return UNAUTHENTICATED
        unclear: tuple[type[MVSepError], ...] = (InvalidRequest, InvalidInput)
        if account.enabled and account.credits < self._cost(kind, song):
            # It would be refused for that too, and nobody knows in which words the service does.
            unclear = (*unclear, InsufficientCredits)
        busy = any(t.owner == name and not t.gone and not t.finished(now) for t in self.tracks)
        names = ("target audiofile", "reference audiofile")
        wanted = names if kind.takes == "two files" else ("audiofile",)
        missing = "; ".join(f"The {each} field is required." for each in wanted)
        paid = "is unavailable until you purchase premium membership"
        in_turn: tuple[tuple[bool, tuple[type[MVSepError], ...], str], ...] = (
            (kind is UNKNOWN, unclear, "Seperation type is not set"),
            (kind.premium and not account.premium, (PremiumRequired,), f"Seperation type {paid}"),
            ((format or 0) > 5, unclear, "The selected output format is invalid."),
            (
                format in {4, 5} and not account.premium,
                (PremiumRequired,),
                f"Output format {paid}",
            ),
            (
                busy and not account.premium,
                (QueueFull,),
                "You already have unprocessed file in queue. Please wait before adding new file!",
            ),
            (kind.takes != "nothing" and given not in {kind.takes, "link"}, unclear, missing),
            (
                given != "link" and self.price(account, kind, song) > account.credits,
                (Refused,),
                "You do not have enough credits",
            ),
        )
        return next((Refusal(kinds, text) for holds, kinds, text in in_turn if holds), None)

    def take(
        self, name: str, kind: Kind, given: Given, song: Song | None, failing: bool, now: float
    ) -> Track:
        """Note a separation that was not refused."""
        # A link that leads nowhere has a name all the same, but no stem will ever bear it.
        stem = PurePath(song.name).stem if song and given != "nothing" else "text"
        if kind.takes == "nothing":
            song = GENERATED
        unreadable = song is not None and song.seconds is None
        track = Track(name, kind, song, failing or unreadable, now, stem)
        self.tracks.append(track)
        if given == "link":
            track.fetched = False
        else:
            self._charge(track)
        return track

    def settle(self, now: float) -> None:
        """Turn the links that were fetched by now into jobs."""
        for track in self.tracks:
            if track.fetched is False and not track.broke and track.began + FETCHING <= now:
                account = self.accounts[track.owner]
                if track.song is None or (
                    self.price(account, track.kind, track.song) > account.credits
                ):
                    track.broke = True
                    continue
                track.fetched = True
                track.began += FETCHING
                self._charge(track)

    def drop(self, track: Track, now: float, *, refund: bool) -> None:
        """Note that a job was cancelled or deleted."""
        if refund:
            self.accounts[track.owner].credits += track.price
            self.refunded += track.price
        track.gone = True

    def price(self, account: Account, kind: Kind, song: Song | None) -> int:
        """Return the credits for a mixture: minutes times coefficient, rounded down, at least 1."""
        return self._cost(kind, song) if account.premium else 0

    def _cost(self, kind: Kind, song: Song | None) -> int:
        seconds = (song.seconds or 0) if song and kind.takes != "nothing" else 0
        return max(1, int(Fraction(seconds * kind.coefficient, 60)))

    def _charge(self, track: Track) -> None:
        account = self.accounts[track.owner]
        track.price = self.price(account, track.kind, track.song)
        account.credits -= track.price
        self.charged += track.price


@define
class Disk:
    """The folders of one client, as they should stand.

    A file is under its name only when it is whole. What came of one that broke off is kept beside
    it, with a record of the job, for the next try of that job; the record of a whole file is kept
    until its job has all of them, so that none is fetched twice. Where another file has the name,
    the next free one is taken; one of the same size is the same, for the songs are silence.
    """

    files: dict[str, int] = Factory(dict)  # size by folder and name
    # by job and name: the name that its file got, or None where it is not whole
    records: dict[tuple[Track, str], str | None] = Factory(dict)

    def download(self, track: Track, out: str, *, overwrite: bool, broken: int | None) -> bool:
        """Note a download of one file after the other, and return whether all came.

        Of those that are asked for, number `broken` does not come whole, counted from 0.
        """
        names = [f"{out}/{track.stem}_{label}" for label in track.kind.labels]
        asked = 0
        for name in names:
            placed = self.records.get((track, name))
            if placed and self.files[placed] == track.size:
                continue
            if track.gone:
                return False
            if asked == broken:
                self.records[track, name] = None
                return False
            asked += 1
            free = (f"{name}{n}.wav" for n in ("", *(f"_{number}" for number in range(2, 99))))
            placed = next(
                each for each in free if overwrite or self.files.get(each, track.size) == track.size
            )
            self.files[placed], self.records[track, name] = track.size, placed
        for name in names:
            del self.records[track, name]
        return True

    @property
    def listing(self) -> Counter[str]:
        """The names of all that stands there, what is hidden included."""
        hidden = []
        for (_, path), placed in self.records.items():
            folder, _, name = path.rpartition("/")
            hidden.append(f"{folder}/.{name}.wav.part.json")
            if not placed:
                hidden.append(f"{folder}/.{name}.wav.part")
        return Counter([*self.files, *hidden])
