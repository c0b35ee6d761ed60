"""Many songs: each to its end, whatever becomes of the others.

`separate_many` for an `MVSep`, `separate_many_async` for an `AsyncMVSep`; `finish` and
`finish_async` go on with what a journal holds unfinished.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, TypedDict, Unpack

from attrs import evolve

from mvsep.account.profile import Account
from mvsep.batch.queue import Batch, OnEvent, Outcome, Song
from mvsep.catalog.sep_type import SepType
from mvsep.client.aio import AsyncMVSep
from mvsep.client.sync import MVSep
from mvsep.core.values import DEFAULT, Timeout
from mvsep.downloads.result import Folder
from mvsep.errors import InvalidInput, InvalidToken, MVSepError
from mvsep.files import names
from mvsep.files.sources import Source, name_of
from mvsep.jobs.submission import Submitting
from mvsep.journal.carry_out import Manner, carry_out, carry_out_async
from mvsep.journal.entry import Entry, NextStep, State, todo
from mvsep.journal.separate import SongRequest, going_on
from mvsep.journal.store import Journal
from mvsep.pricing.limit import together
from mvsep.pricing.preflight import JobQuote
from mvsep.settings.client import ClientSettings
from mvsep.settings.policies import PollPolicy
from mvsep.settings.token import required

#: Jobs at once for an account that may have several. The service's documents say "unlimited" for
#: premium accounts, older ones 10; free accounts may have one.
AT_ONCE: Final = 4


class Many(Submitting, total=False):
    """What `separate_many` takes besides the songs and their type.

    Args:
        out: The folder for the stems; "." when absent. Songs of one name get numbers, in their
            order: song_Vocals.wav, song_2_Vocals.wav.
        timeout: Seconds of waiting for each; None waits for ever. The job goes on afterwards.
        template: What the files are called, of {input}, {stem} and {ext}.
        overwrite: Whether files that are there may be replaced.
        at_once: Jobs at once; when absent, what the account may have: 4 for premium, else 1.
        manifest: Whether a manifest is written beside the stems of each.
        again: With a journal, whether to pay for stems that are there, or once more for a job
            that gave none.
        max_credits: The most that all songs may cost together. Their prices are added up before
            the first upload; a song whose stems or job a journal has costs nothing.
        on_event: Called with a song and what there is to tell of it; by one thread at a time, and
            a plain function.
            What it raises ends the batch: jobs that exist go on at the service.
        submitting: What `submit` takes, for all songs; but for `reference` and `on_upload`,
            which are of one song. A full queue is waited for, for an hour unless
            `wait_for_place` says otherwise.
    """

    out: Folder
    timeout: Timeout
    template: str
    overwrite: bool
    at_once: int | None
    manifest: bool
    again: bool
    on_event: OnEvent | None


class Finishing(TypedDict, total=False):
    """What `finish` takes besides the journal.

    Args:
        hash: The job to go on with; all when absent. Of one whose stems are saved it is said where
            they are, and those that are gone are fetched again; with `out` there is nothing to do.
        out: The folder for the stems; where they were to go when absent.
        template: What the files are called; as was asked for when absent.
        overwrite: Whether files that are there may be replaced; as was asked for when absent.
        timeout: Seconds of waiting for each; None waits for ever.
        manifest: Whether a manifest is written beside the stems of each.
        on_event: As for `separate_many`; the source is the input's path or name.
    """

    hash: str | None
    out: Folder | None
    template: str | None
    overwrite: bool | None
    timeout: Timeout
    manifest: bool
    on_event: OnEvent | None


def separate_many(
    client: MVSep,
    sources: Iterable[Source | None],
    sep_type: SepType | int | str,
    *,
    journal: Journal | None = None,
    **how: Unpack[Many],
) -> list[Outcome]:
    """Separate many songs. One that goes wrong does not stop the others.

    Args:
        client: The client.
        sources: The songs, each as for `MVSep.submit`.
        sep_type: The separation type of all.
        journal: Where the jobs are kept, so that the same call goes on after a crash, leaves
            alone what is there, and pays for no song twice.
        how: The rest, by keyword: out, timeout, template, overwrite, at_once, manifest, again,
            on_event, and what `submit` takes; see `Many`.

    Returns:
        What became of each, in their order.

    Raises:
        InvalidToken: When there is no token, or it is not accepted; nothing was sent.
        InvalidInput: When the stems of several songs would have the same names.
        TooExpensive: When they cost more than `max_credits` together; nothing was sent.
        PriceUnknown: When that can't be told for one of them; nothing was sent.
    """
    batch = _many(client, sources, sep_type, how)
    _check_limit(client.session, batch, journal, how)
    return _run(client, batch, journal, how.get("at_once"))


async def separate_many_async(
    client: AsyncMVSep,
    sources: Iterable[Source | None],
    sep_type: SepType | int | str,
    *,
    journal: Journal | None = None,
    **how: Unpack[Many],
) -> list[Outcome]:
    """Separate many songs, with `await`; see `separate_many`."""
    batch = _many(client, sources, sep_type, how)
    await asyncio.to_thread(_check_limit, client.session, batch, journal, how)
    return await _run_async(client, batch, journal, how.get("at_once"))


def finish(
    client: MVSep,
    journal: Journal,
    **how: Unpack[Finishing],
) -> list[Outcome]:
    """Go on with all that a journal holds unfinished at the client's service.

    Jobs that exist are waited for and fetched, to where they were to go. What may have created
    one is looked for; what did not is sent again, where its file is still the same.

    Args:
        client: The client.
        journal: The journal.
        how: The rest, by keyword; see `Finishing`.

    Returns:
        What became of each, the oldest first.
    """
    batch = _unfinished(client, journal, how)
    return _run(client, batch, journal, None)


async def finish_async(
    client: AsyncMVSep,
    journal: Journal,
    **how: Unpack[Finishing],
) -> list[Outcome]:
    """Go on with all that a journal holds unfinished, with `await`; see `finish`."""
    batch = await asyncio.to_thread(_unfinished, client, journal, how)
    return await _run_async(client, batch, journal, None)


def is_of(entry: Entry, session: ClientSettings) -> bool:
    """Whether an attempt was made at the service of a client."""
    try:
        return session.at(entry.host).service == session.service
    except MVSepError:
        return False


def _many(
    client: MVSep | AsyncMVSep,
    sources: Iterable[Source | None],
    sep_type: SepType | int | str,
    how: Many,
) -> Batch:
    songs = list(sources)
    required(client.session.token)
    template = how.get("template", names.DEFAULT_TEMPLATE)
    names.check_template(template)
    if len(songs) > 1 and "{input}" not in template:
        raise InvalidInput(
            f"The template {template!r:.80} calls the stems of all songs the same.",
            charged=False,
            next_step="Put {input} into it.",
        )
    own = Many.__annotations__.keys() - Submitting.__annotations__.keys()
    submitting: Any = {name: value for name, value in how.items() if name not in own}
    if for_one := submitting.keys() & {"reference", "on_upload"}:
        raise TypeError(f"{', '.join(sorted(for_one))} can't be for many songs")
    if submitting.get("wait_for_place") is None:
        submitting["wait_for_place"] = PollPolicy().timeout
    inputs = names.distinct([name_of(each) for each in songs])

    def errand(song: Song) -> SongRequest:
        submission = client.prepare(song.source, sep_type, on_upload=song.sent, **submitting)
        submission.input_name = inputs[song.number]
        return SongRequest(
            submission,
            Path(how.get("out", ".")),
            template,
            how.get("overwrite", False),
            how.get("again", False),
        )

    manner = Manner(how.get("timeout", DEFAULT), manifest=how.get("manifest", False))
    return Batch(songs, errand, manner, how.get("on_event"))


def _check_limit(session: ClientSettings, batch: Batch, journal: Journal | None, how: Many) -> None:
    limit = how.get("max_credits")
    if limit is not None and len(batch.outcomes) > 1:  # one song has no sum, and checks itself
        to_pay = _to_pay(session, batch, journal)
        together(limit, to_pay, allow_unknown=how.get("allow_unknown_price", False))


def _to_pay(
    session: ClientSettings, batch: Batch, journal: Journal | None
) -> Iterator[tuple[str, JobQuote]]:
    """The songs that jobs will have to be created for."""
    seen = set()
    for song in batch.left:
        try:
            errand = batch.errand(song)
            if journal:
                key = errand.key(session.service)
                planned = todo(journal.latest(key), again=errand.again, glance=True)
                # With `again` a job that gives no stems is paid for anew.
                free = planned not in (NextStep.SUBMIT, NextStep.LOOK) and not errand.again
                if key in seen or free:
                    continue
                seen.add(key)
            assert errand.submission  # noqa: S101  of a song that is asked for now
            wanted = errand.submission.wanted()
        except InvalidInput:
            continue  # it meets its error by itself, and costs nothing
        yield errand.name, wanted


def _unfinished(client: MVSep | AsyncMVSep, journal: Journal, how: Finishing) -> Batch:
    wanted = how.get("hash")
    entries = [
        entry
        for entry in journal.unfinished()
        if is_of(entry, client.session) and wanted in (None, entry.hash)
    ]
    if wanted and not entries and how.get("out") is None:
        entries = list(_saved(journal, wanted))

    def errand(song: Song) -> SongRequest:
        errand = going_on(entries[song.number], client.prepare)
        if errand.submission:
            errand.submission.on_upload = song.sent
            errand.submission.wait_for_place = PollPolicy().timeout
        chosen = {name: how.get(name) for name in ("out", "template", "overwrite")}
        if chosen["out"] is not None:
            chosen["out"] = Path(str(chosen["out"]))
        given = {name: value for name, value in chosen.items() if value is not None}
        return evolve(errand, **given)  # type: ignore[arg-type]

    sources = [entry.details["source"] or entry.name for entry in entries]
    manner = Manner(how.get("timeout", DEFAULT), manifest=how.get("manifest", False))
    return Batch(sources, errand, manner, how.get("on_event"))


def _saved(journal: Journal, hash: str) -> Iterator[Entry]:
    """The attempt whose stems are known to be somewhere, where no later one took its place."""
    entry = journal.by_hash(hash)
    if entry and entry.state is State.SAVED and journal.latest(entry.key) == entry:
        yield entry


def _may_have(account: Account | None) -> int:
    """How many jobs at once an account may have."""
    return AT_ONCE if account and account.premium_enabled and account.credits else 1


# Sync: threads


def _run(
    client: MVSep, batch: Batch, journal: Journal | None, at_once: int | None
) -> list[Outcome]:
    count = min(at_once or len(batch.outcomes), len(batch.outcomes))
    if at_once is None and count > 1 and client.session.token:
        account = None
        try:
            account = client.account()
        except InvalidToken:
            raise
        except MVSepError:
            pass  # whatever it is, each song meets it by itself
        count = min(count, _may_have(account))
    work = partial(_work, client, batch, journal)
    if count <= 1:
        work()
        return batch.settled()
    # Daemons: an interrupted program need not wait for them.
    threads = [
        threading.Thread(target=work, name=f"mvsep-song-{number}", daemon=True)
        for number in range(count)
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            # In bits, for Ctrl-C does not end a wait without end on Windows.
            while thread.is_alive():
                thread.join(0.5)
    except BaseException as error:
        batch.stop(error)
        raise
    return batch.settled()


def _work(client: MVSep, batch: Batch, journal: Journal | None) -> None:
    while song := batch.next():
        try:
            batch.ended(song, carry_out(client, batch.errand(song), journal, song.manner()))
        except BaseException as error:
            # A thread has nobody to raise it to.
            batch.ended(song, error)


# Async: tasks


async def _run_async(
    client: AsyncMVSep, batch: Batch, journal: Journal | None, at_once: int | None
) -> list[Outcome]:
    count = min(at_once or len(batch.outcomes), len(batch.outcomes))
    if at_once is None and count > 1 and client.session.token:
        account = None
        try:
            account = await client.account()
        except InvalidToken:
            raise
        except MVSepError:
            pass
        count = min(count, _may_have(account))
    tasks = [asyncio.create_task(_work_async(client, batch, journal)) for _ in range(count)]
    try:
        await asyncio.gather(*tasks)
    except BaseException as error:
        batch.stop(error)
        raise
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return batch.settled()


async def _work_async(client: AsyncMVSep, batch: Batch, journal: Journal | None) -> None:
    while song := batch.next():
        try:
            result = await carry_out_async(client, batch.errand(song), journal, song.manner())
            batch.ended(song, result)
        except Exception as error:
            batch.ended(song, error)
