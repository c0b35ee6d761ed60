"""Many songs: each to its end, whatever becomes of the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve

from mvsep.account.profile import Account
from mvsep.batch.limits import FIRST, MOST, FoundLimit
from mvsep.batch.plan import OnPlan, Plan, PlannedSong, check_songs, hold_prices, planned
from mvsep.batch.queue import Batch, OnEvent, Outcome, QueuedSong
from mvsep.batch.song import Attempted, Listed, Order, orders_of
from mvsep.catalog.sep_type import SepType
from mvsep.core.checks import check_count, check_flag, check_is, check_plain
from mvsep.core.flow import call_back
from mvsep.core.values import shown
from mvsep.downloads.plan import Folder
from mvsep.errors import ConnectionFailed, InvalidInput, InvalidToken, JournalError, MVSepError
from mvsep.jobs.form import JobOptions
from mvsep.jobs.jobs import Jobs
from mvsep.journal.entry import Entry, State
from mvsep.journal.request import Delivery, SongRequest, going_on
from mvsep.journal.separate import separate
from mvsep.journal.store import Journal, OnError
from mvsep.pricing.estimate import check_limit_of_all
from mvsep.settings.client import ClientSettings
from mvsep.settings.policies import PollPolicy
from mvsep.settings.token import required

if TYPE_CHECKING:
    from mvsep.batch.executor import Workers


async def separate_many(
    jobs: Jobs[Any],
    sources: Iterable[Listed],
    sep_type: SepType | int | str | None,
    asked: JobOptions,
    delivery: Delivery,
    journal: Journal | None,
    at_once: int | None,
    on_event: OnEvent | None,
    on_plan: OnPlan | None = None,
    workers: Workers | None = None,
) -> list[Outcome]:
    """Separate many songs; see `MVSep.separate_many`."""
    songs = _listed(sources)
    # A worker may have a token of its own.
    _check_batch(jobs, journal, at_once, needs_token=workers is None)
    check_plain("on_plan", on_plan)
    asked = _patient(asked)
    orders = await jobs.port.disk(orders_of, songs, sep_type, asked, delivery, jobs.catalogs)
    await _learn(jobs, orders)
    batch = Batch(jobs.port, songs, _requests(jobs, orders), on_event)
    limited = asked.max_credits is not None and len(songs) > 1  # one by itself: create checks it
    found: tuple[PlannedSong, ...] = ()
    if limited or on_plan:
        found = await jobs.port.disk(planned, jobs.port.settings.service, batch, journal)
    if limited:
        _check_limit(found, asked)
    asks = workers is not None or at_once is None or asked.once or bool(asked.preflight)
    # Once, before the songs of several workers would each ask. A token that is not accepted would
    # be refused song by song.
    asks = asks and (len(songs) > 1 or on_plan is not None) and bool(jobs.port.settings.token)
    account = await _account_for(jobs, batch, journal, found) if asks else None
    if on_plan:
        found = await jobs.port.disk(check_songs, found, batch)
        if call_back(on_plan, Plan(found, account)) is False:
            return []
        hold_prices(found, batch)
    if workers:
        tasks = workers.tasks(journal, _held(orders, found), at_once)
        return await workers.separate(jobs, batch, tasks)
    return await _run(jobs, batch, journal, at_once, account)


def _requests(jobs: Jobs[Any], orders: Sequence[Order]) -> Callable[[QueuedSong], SongRequest]:
    """Return the function that makes a song ready; it reads the disk."""

    def request(song: QueuedSong) -> SongRequest:
        order = orders[song.number]
        submission = jobs.prepare(
            order.source, order.sep_type, evolve(order.asked, on_upload=song.sent)
        )
        submission.input_name = order.input_name
        return SongRequest(submission, order.delivery, turn=song.turn)

    return request


def _patient(asked: JobOptions) -> JobOptions:
    """Return the choices of many songs: the account is asked once, and its queue waited for."""
    asked = asked.checked_once()
    if asked.wait_for_place is not None:
        return asked
    return evolve(asked, wait_for_place=PollPolicy().timeout)


async def _learn(jobs: Jobs[Any], orders: Sequence[Order]) -> None:
    """Ask for the service's list once for each type that the one at hand lacks."""
    learned: list[object] = []
    for order in orders:
        if order.sep_type not in learned:
            learned.append(order.sep_type)
            await jobs.checks.learn(order.sep_type, order.asked)


def _held(orders: Sequence[Order], found: Sequence[PlannedSong]) -> list[Order]:
    """Return the songs, those of a plan held to prices that are sure."""
    held = list(orders)
    for number, song in enumerate(found):
        price = song.estimate
        if song.error and held[number].asked.max_credits is None:
            # A worker meets the same error when it looks for the price, and sends nothing.
            held[number] = evolve(held[number], asked=evolve(held[number].asked, max_credits=0))
        if song.pays and price and price.sure and held[number].asked.max_credits is None:
            held[number] = evolve(
                held[number], asked=evolve(held[number].asked, max_credits=price.most)
            )
    return held


def _listed(sources: Iterable[Listed]) -> list[Listed]:
    """Return the songs; one song by itself is no list of songs, though a text has letters."""
    if isinstance(sources, str | bytes | os.PathLike) or not isinstance(sources, Iterable):
        raise InvalidInput(
            f"sources is a list of songs, not {shown(sources)}.",
            next_step="Put a single song into a list, or call `separate`.",
            param="sources",
        )
    return list(sources)


def _check_batch(
    jobs: Jobs[Any], journal: Journal | None, at_once: int | None, *, needs_token: bool = True
) -> None:
    if needs_token:
        required(jobs.port.settings.token)
    check_is(Journal)("journal", journal)
    if at_once is not None:
        check_count("at_once", at_once)


async def finish(
    jobs: Jobs[Any],
    journal: Journal,
    hash: str | None,
    chosen: Mapping[str, Any],
    on_event: OnEvent | None,
    submit: bool | OnPlan,
    **more: Any,
) -> list[Outcome]:
    """Go on with all that a journal holds unfinished; see `MVSep.finish`."""
    _check_batch(jobs, journal, None)
    if callable(submit):
        check_plain("submit", submit)
    else:
        check_flag("submit", submit)
    settings, out = jobs.port.settings, chosen.get("out")
    broken: list[JournalError] = []
    entries = await jobs.port.disk(lambda: _unfinished(journal, settings, hash, out, broken.append))
    more.update({name: value for name, value in chosen.items() if value is not None})
    without = await jobs.port.disk(_without_job, entries, journal) if submit is not True else []
    asks = settings.token and (len(entries) > 1 or (without and submit))
    account = await _reached(jobs) if asks else None
    if callable(submit):
        priced = _going_on(jobs, without, None, may_pay=True, **more)
        found = await jobs.port.disk(planned, settings.service, priced, journal)
        submit = bool(call_back(submit, Plan(found, account)))
    if not submit:
        unsent = {entry.id for entry in without if entry.state is State.INTENT}
        entries = [entry for entry in entries if entry.id not in unsent]
    batch = _going_on(jobs, entries, on_event, may_pay=submit, **more)
    outcomes = await _run(jobs, batch, journal, None, account)
    unreadable = [error for error in broken if hash in (None, error.hash)]
    return [*outcomes, *(Outcome(None, error=error) for error in unreadable)]


def _going_on(
    jobs: Jobs[Any],
    entries: Sequence[Entry],
    on_event: OnEvent | None,
    *,
    may_pay: bool,
    **chosen: Any,
) -> Batch:
    """Return the batch that goes on with attempts."""

    def request(song: QueuedSong) -> SongRequest:
        return going_on(
            jobs,
            entries[song.number],
            on_upload=song.sent,
            wait_for_place=PollPolicy().timeout,
            turn=song.turn,
            may_pay=may_pay,
            **chosen,
        )

    sources = [Attempted(entry.details["source"] or entry.name) for entry in entries]
    return Batch(jobs.port, sources, request, on_event)


def _without_job(entries: Sequence[Entry], journal: Journal) -> list[Entry]:
    """Return the attempts that nobody works on, and that no job is known of."""
    open = [entry for entry in entries if entry.state in (State.INTENT, State.OFFERED)]
    return [entry for entry in open if not journal.is_held(entry.key)]


def is_of(entry: Entry, settings: ClientSettings) -> bool:
    """Tell whether an attempt was made at the service of a client."""
    try:
        return settings.at(entry.host).service == settings.service
    except MVSepError:
        return False


def _unfinished(
    journal: Journal,
    settings: ClientSettings,
    hash: str | None,
    out: Folder | None,
    on_error: OnError,
) -> list[Entry]:
    entries = [
        entry
        for entry in journal.unfinished(on_error)
        if is_of(entry, settings) and hash in (None, entry.hash)
    ]
    if hash and not entries and out is None:
        # The stems may be known to be somewhere, where no later attempt took their place.
        entry = journal.by_hash(hash)
        if entry and entry.state is State.SAVED and journal.latest(entry.key) == entry:
            return [entry]
    return entries


def _check_limit(songs: Sequence[PlannedSong], asked: JobOptions) -> None:
    to_pay = [(song.name, song.quote) for song in songs if song.pays and song.quote]
    check_limit_of_all(asked.max_credits, to_pay, allow_unknown=asked.allow_unknown_price)


async def _run(
    jobs: Jobs[Any],
    batch: Batch,
    journal: Journal | None,
    at_once: int | None,
    account: Account | None,
) -> list[Outcome]:
    songs, most = len(batch.outcomes), at_once or (allowed(account))
    batch.limits.jobs = FoundLimit(jobs.port, at_once or min(most, FIRST), most)

    async def worker() -> None:
        while song := await batch.next():
            try:
                request = await jobs.port.disk(batch.request, song)
                batch.ended(song, await separate(jobs, request, journal, song.callbacks))
            except BaseException as error:
                batch.ended(song, error)
                if not isinstance(error, Exception):
                    raise
            finally:
                # After its end is known: it may hold back the next one.
                await song.turn.end()

    try:
        await jobs.port.workers(worker, min(songs, most + batch.limits.beside))
    except BaseException as error:
        batch.stop(error)
        raise
    return batch.settled()


async def _reached(jobs: Jobs[Any]) -> Account | None:
    """Return the account; None where it can't be told: each song meets that by itself.

    Raises:
        InvalidToken: When the token is not accepted.
        ConnectionFailed: When there is no connection. Each song would wait to meet the same.
    """
    try:
        return await jobs.checks.ask()
    except InvalidToken:
        raise
    except ConnectionFailed as error:
        error.charged = False
        raise
    except MVSepError:
        return None


async def _account_for(
    jobs: Jobs[Any], batch: Batch, journal: Journal | None, found: Sequence[PlannedSong]
) -> Account | None:
    """Return the account as `_reached`; None, too, where no song needs the service."""
    try:
        return await _reached(jobs)
    except ConnectionFailed:
        service = jobs.port.settings.service
        songs = found or await jobs.port.disk(planned, service, batch, journal)
        if any(song.needs_service for song in songs):
            raise
        return None


def allowed(account: Account | None) -> int:
    """Return how many jobs at once an account may have, at most."""
    return MOST if account and account.premium_enabled and account.credits else 1


async def allowed_now(jobs: Jobs[Any]) -> int:
    """Ask how many jobs at once the account may have, at most."""
    try:
        return allowed(await _reached(jobs))
    except ConnectionFailed:
        return allowed(None)
