"""A caller's code, checked by mypy in strict mode; never run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx

from mvsep import (
    AsyncMVSep,
    JobState,
    JobTimeout,
    Journal,
    Moved,
    MVSep,
    MVSepError,
    Outcome,
    OutputFormat,
    Plan,
    Result,
    SepType,
    Song,
)
from mvsep_api.models import NewsItem, SeparationCreated, SeparationState
from mvsep_api.types import File


def in_one_call(song: Path) -> Result:
    with MVSep("token", base_url="https://mvsep.com", http_client=httpx.Client()) as client:
        print(client.estimate(song, SepType.BS_ROFORMER).credits)
        return client.separate(
            song,
            SepType.BS_ROFORMER,
            out="stems",
            options={"add_opt1": "81"},
            output_format=OutputFormat.FLAC_16,
            timeout=None,
        )


def in_steps(song: bytes) -> list[Path]:
    with MVSep() as client:
        job = client.submit(song, 20, is_demo=False)
        for state in job.events(timeout=900):
            status: str = state.status
            print(status, state.place)
        try:
            job.wait(timeout=60)
        except JobTimeout as error:
            print(error.hash, error.host)
        again = client.job(job.hash)
        return [stem.path for stem in again.download("stems").files]


def every_operation(client: MVSep) -> None:
    news: list[NewsItem] = client.api.app.news(lang="en", limit=5)
    state: SeparationState = client.api.separation.get(hash="x")
    with Path("song.wav").open("rb") as file:
        created: SeparationCreated = client.api.separation.create(
            sep_type=SepType.BS_ROFORMER, audiofile=File(payload=file, file_name="song.wav")
        )
    print(news, state.status, created.data)


def every_event(client: MVSep) -> None:
    states: Iterator[JobState] = client.job("x").events()
    events: Iterator[JobState | Moved | Result] = client.job("x").events("stems", overwrite=True)
    print(states, events)


def many_songs(client: MVSep, journal: Journal, songs: list[Path]) -> list[Outcome]:
    outcomes: list[Outcome] = client.separate_many(songs, "BS Roformer", journal=journal)
    return outcomes + client.finish(journal, timeout=None)


def songs_of_several_types(client: MVSep, songs: list[Path]) -> list[Outcome]:
    def affordable(plan: Plan) -> bool:
        names: list[str] = [song.name for song in plan.to_pay]
        return plan.sure and plan.credits < 10 * len(names)

    listed: list[Path | Song] = [*songs, Song(source=songs[0], sep_type="Demucs4 HT", out="stems")]
    return client.separate_many(listed, SepType.BS_ROFORMER, on_plan=affordable)


async def with_await(song: str) -> None:
    async with AsyncMVSep() as client:
        price: int | None = (await client.estimate(song, 40)).credits
        job = await client.submit(song, SepType(999), remote_type="drive")
        async for state in job.events():
            seen: JobState = state
            print(seen)
        result: Result = await job.download("stems")
        news: list[NewsItem] = await client.api.app.news()
        print(price, result.files[0].sha256, news)
        try:
            await client.api.account.set_credit_alert(credit_threshold=5)
        except MVSepError as error:
            print(error.next_step)


def refused_by_mypy(client: MVSep) -> None:
    client.api.app.news(language="en")  # type: ignore[call-arg]
    client.api.separation.get()  # type: ignore[call-arg]
    client.api.separation.get(hash=5)  # type: ignore[arg-type]
    client.submit("song.wav", best_for=5)  # type: ignore[arg-type]
    client.submit("song.wav", SepType.BS_ROFORMER, outputformat=1)  # type: ignore[call-arg]
    client.separate("song.wav", 40, webhook="https://x.example")  # type: ignore[call-arg]
