"""Many songs: each to its end, whatever becomes of the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve

from mvsep.batch.limits import FIRST, MOST, FoundLimit
from mvsep.batch.queue import Batch, OnEvent, Outcome, Song
from mvsep.catalog.sep_type import SepType
from mvsep.core.checks import check_count, check_is
from mvsep.core.values import shown
from mvsep.downloads.plan import Folder
from mvsep.errors import InvalidInput, InvalidToken, JournalError, MVSepError
from mvsep.files import names
from mvsep.files.sources import Source, name_of
from mvsep.jobs.form import JobOptions
from mvsep.jobs.jobs import Jobs
from mvsep.journal.entry import Entry, NextStep, State, next_step
from mvsep.journal.request import Delivery, SongRequest, going_on
from mvsep.journal.separate import separate
from mvsep.journal.store import Journal, OnError
from mvsep.pricing.estimate import JobQuote, check_limit_of_all
from mvsep.settings.client import ClientSettings
from mvsep.settings.policies import PollPolicy
from mvsep.settings.token import required

if TYPE_CHECKING:
    from mvsep.batch.executor import Workers


async def separate_many(
    jobs: Jobs[Any],
    sources: Iterable[Source | None],
    sep_type: SepType | int | str,
    asked: JobOptions,
    delivery: Delivery,
    journal: Journal | None,
    at_once: int | None,
    on_event: OnEvent | None,
    workers: Workers | None = None,
) -> list[Outcome]:
    """Separate many songs; see `MVSep.separate_many`."""
    songs = _listed(sources)
    # A worker may have a token of its own.
    _check_batch(jobs, journal, at_once, needs_token=workers is None)
    names.check_template(delivery.template)
    if len(songs) > 1 and "{input}" not in delivery.template:
        raise InvalidInput(
            f"The template {delivery.template!r:.80} calls the stems of all songs the same.",
            next_step="Put {input} into it.",
        )
    asked = asked.checked_once()
    if asked.wait_for_place is None:
        asked = evolve(asked, wait_for_place=PollPolicy().timeout)
    await jobs.checks.learn(sep_type, asked)
    inputs = names.distinct([name_of(each) for each in songs])

    def request(song: Song) -> SongRequest:
        submission = jobs.prepare(song.source, sep_type, evolve(asked, on_upload=song.sent))
        submission.input_name = inputs[song.number]
        return SongRequest(submission, delivery, turn=song.turn)

    batch = Batch(jobs.port, songs, request, on_event)
    if asked.max_credits is not None and len(songs) > 1:  # a single song is checked by create
        await jobs.port.disk(lambda: _check_limit(jobs, batch, journal, asked))
    if workers:
        if jobs.port.settings.token:
            await allowed_at_once(jobs)  # one that is not accepted would be refused song by song
        tasks = workers.tasks(journal, songs, inputs, sep_type, asked, delivery, at_once)
        return await workers.separate(jobs, batch, tasks)
    return await _run(jobs, batch, journal, at_once, asks=asked.once or bool(asked.preflight))


def _listed(sources: Iterable[Source | None]) -> list[Source | None]:
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
    **more: Any,
) -> list[Outcome]:
    """Go on with all that a journal holds unfinished; see `MVSep.finish`."""
    _check_batch(jobs, journal, None)
    settings, out = jobs.port.settings, chosen.get("out")
    broken: list[JournalError] = []
    entries = await jobs.port.disk(lambda: _unfinished(journal, settings, hash, out, broken.append))
    more.update({name: value for name, value in chosen.items() if value is not None})

    def request(song: Song) -> SongRequest:
        return going_on(
            jobs,
            entries[song.number],
            on_upload=song.sent,
            wait_for_place=PollPolicy().timeout,
            turn=song.turn,
            **more,
        )

    sources = [entry.details["source"] or entry.name for entry in entries]
    outcomes = await _run(
        jobs, Batch(jobs.port, sources, request, on_event), journal, None, asks=True
    )
    unreadable = [error for error in broken if hash in (None, error.hash)]
    return [*outcomes, *(Outcome(None, error=error) for error in unreadable)]


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


def _check_limit(jobs: Jobs[Any], batch: Batch, journal: Journal | None, asked: JobOptions) -> None:
    to_pay = _to_pay(jobs.port.settings.service, batch, journal)
    check_limit_of_all(asked.max_credits, to_pay, allow_unknown=asked.allow_unknown_price)


def _to_pay(service: str, batch: Batch, journal: Journal | None) -> Iterator[tuple[str, JobQuote]]:
    """Yield the songs that jobs have to be created for, with their prices."""
    seen = set()
    for number in batch.left:
        try:
            request = batch.request(batch.song(number))
            if journal:
                key, entry = request.latest(journal, service)
                planned = next_step(entry, again=request.delivery.again, glance=True)
                # With `again` a job that gives no stems is paid for anew.
                free = (
                    planned not in (NextStep.SUBMIT, NextStep.LOOK) and not request.delivery.again
                )
                if key in seen or free:
                    continue
                seen.add(key)
            quote = request.to_send.quote()
        except InvalidInput:
            continue  # it meets its error by itself, and costs nothing
        yield request.name, quote


async def _run(
    jobs: Jobs[Any], batch: Batch, journal: Journal | None, at_once: int | None, *, asks: bool
) -> list[Outcome]:
    songs, most = len(batch.outcomes), at_once
    if songs > 1 and jobs.port.settings.token and (asks or at_once is None):
        # Once, before the songs of several workers would each ask.
        allowed = await allowed_at_once(jobs)
        most = at_once or allowed
    most = most or 1
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


async def allowed_at_once(jobs: Jobs[Any]) -> int:
    """Return how many jobs at once the account may have, at most."""
    try:
        found = await jobs.checks.ask()
    except InvalidToken:
        raise
    except MVSepError:
        return 1  # whatever it is, each song meets it by itself
    return MOST if found.premium_enabled and found.credits else 1
