"""The plan of a batch: which songs have to be paid for, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import field, frozen

from mvsep.account.profile import Account
from mvsep.batch.queue import Batch
from mvsep.batch.song import Listed, source_of
from mvsep.catalog.sep_type import SepType
from mvsep.core.objects import Plain
from mvsep.errors import DurationUnknown, InvalidInput
from mvsep.files.sources import name_of
from mvsep.journal.entry import Entry, NextStep, next_step
from mvsep.journal.request import SongRequest
from mvsep.journal.store import Journal
from mvsep.pricing.estimate import Estimate, JobQuote


@frozen(repr=False)
class PlannedSong(Plain):
    """A song of a plan.

    Args:
        source: The song, as it was handed over.
        next_step: The next thing to do for it; None where it can't be separated.
        quote: The job with its price; None where it can't be separated.
        entry: The latest attempt in the journal, if any.
        repeats: Whether an earlier song of the list is the same and has the same settings; with a
            journal it is not paid for again.
        pays: Whether a job has to be created. For one that is looked for that is not sure.
        error: The reason why it can't be separated.
    """

    _keys = "name next_step sep_type credits estimate pays repeats error"

    source: Listed
    next_step: NextStep | None = None
    quote: JobQuote | None = None
    entry: Entry | None = None
    repeats: bool = False
    pays: bool = False
    error: InvalidInput | None = field(default=None, eq=str)

    @property
    def name(self) -> str:
        """The name of the song."""
        return name_of(source_of(self.source))

    @property
    def estimate(self) -> Estimate | None:
        """The price; None where the length is not known."""
        if self.quote is None or isinstance(self.quote.estimate, DurationUnknown):
            return None
        return self.quote.estimate

    @property
    def sep_type(self) -> SepType | None:
        """The separation type; None where the song can't be separated."""
        return self.quote.resolved.sep_type if self.quote else None

    @property
    def needs_service(self) -> bool:
        """False where the stems are there, and where nothing can be done."""
        steps = (NextStep.SUBMIT, NextStep.LOOK, NextStep.RESUME)
        return self.error is None and (self.pays or self.next_step in steps)

    @property
    def credits(self) -> int | None:
        """The credits that its job costs; None where not known."""
        return self.estimate.credits if self.estimate else None


@frozen(repr=False)
class Plan(Plain):
    """The songs of a batch before anything is sent.

    Args:
        songs: The songs, in the order of the list.
        account: The account; None where it was not asked or could not be.
    """

    _keys = "songs account credits sure free"

    songs: tuple[PlannedSong, ...]
    account: Account | None = None

    @property
    def to_pay(self) -> tuple[PlannedSong, ...]:
        """The songs that jobs have to be created for."""
        return tuple(song for song in self.songs if song.pays)

    @property
    def free(self) -> bool:
        """True where the account's plan takes no credits."""
        found = self.account
        return found is not None and (found.premium_enabled is False or found.credits == 0)

    @property
    def credits(self) -> int:
        """The credits of all songs to pay for whose price is known; 0 on a free plan."""
        return 0 if self.free else sum(song.credits or 0 for song in self.to_pay)

    @property
    def unknown(self) -> tuple[PlannedSong, ...]:
        """The songs to pay for whose price is not known."""
        return tuple(song for song in self.to_pay if song.credits is None)

    @property
    def sure(self) -> bool:
        """True where each price is sure."""
        return all(song.estimate and song.estimate.sure for song in self.to_pay)


#: Called with the plan before anything is sent; False ends the batch.
OnPlan = Callable[[Plan], object]


def planned(service: str, batch: Batch, journal: Journal | None) -> tuple[PlannedSong, ...]:
    """Plan the songs of a batch by their files and the journal. This reads the files whole.

    Raises:
        JournalError: When the journal can't be read.
    """
    seen = set[str]()
    songs = []
    for number in batch.left:
        try:
            request = batch.request(batch.song(number))
            songs.append(_planned(batch.sources[number], request, service, journal, seen))
        except InvalidInput as error:
            songs.append(PlannedSong(batch.sources[number], error=error))
    return tuple(songs)


def _planned(
    source: Listed, request: SongRequest, service: str, journal: Journal | None, seen: set[str]
) -> PlannedSong:
    if journal is None:
        return PlannedSong(source, NextStep.SUBMIT, request.to_send.quote(), pays=True)
    (key, entry), again = request.latest(journal, service), request.delivery.again
    step = next_step(entry, again=again, glance=True)
    repeats = key in seen
    seen.add(key)
    # With `again` a job that gives no stems is paid for anew.
    pays = not repeats and (again or step in (NextStep.SUBMIT, NextStep.LOOK))
    return PlannedSong(source, step, request.to_send.quote(), entry, repeats, pays)


def check_songs(songs: Sequence[PlannedSong], batch: Batch) -> tuple[PlannedSong, ...]:
    """Check the songs to pay for as they will be before their uploads: their files and places."""
    checked = []
    for number, song in zip(batch.left, songs, strict=True):
        try:
            if song.pays:
                batch.request(batch.song(number)).check_before(song.entry)
            checked.append(song)
        except InvalidInput as error:
            checked.append(PlannedSong(song.source, error=error))
    return tuple(checked)


def hold_prices(songs: Sequence[PlannedSong], batch: Batch) -> None:
    """Hold the songs to a plan: no file is sent that changed since, or that it had no price for."""
    for number, song in zip(batch.left, songs, strict=True):
        if song.error:
            batch.hold_back(number, song.error)
        if song.pays and song.quote:
            batch.request(batch.song(number)).to_send.price_holds = True
