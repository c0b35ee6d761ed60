"""Songs on executors: what goes to a worker, what comes back, and what can't."""

from __future__ import annotations

import asyncio
import io
import pickle
import random
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import AsyncMVSep, Journal, MVSep, errors
from mvsep.batch.executor import Task, Workers
from mvsep.batch.queue import Outcome
from mvsep.batch.song import orders_of
from mvsep.catalog.cache import open_store
from mvsep.downloads.plan import Result
from mvsep.files.stem_file import StemFile
from mvsep.jobs.form import JobOptions
from mvsep.jobs.job import AsyncJob, Job
from mvsep.journal.request import Delivery
from mvsep.settings.policies import Clock, Pace
from tests.scenes import HASH
from tests.wire import BASE_URL, TOKEN, Wire


class Pickling(Executor):
    """Keeps each task as another process would get it, and answers with an outcome."""

    def __init__(self, outcome: Outcome | BaseException) -> None:
        self.tasks: list[bytes] = []
        self._outcome = outcome

    def submit(self, task: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.tasks.append(pickle.dumps(task))
        ended: Future[Any] = Future()
        if isinstance(self._outcome, BaseException):
            ended.set_exception(self._outcome)
        else:
            ended.set_result(pickle.loads(pickle.dumps(self._outcome)))
        return ended


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal") as journal:
        yield journal


def separate(
    asynchronous: bool, executor: Any, sources: Any, settings: Any = None, **more: Any
) -> Any:
    """Call it without a token, so that nobody is asked."""
    settings = {"base_url": BASE_URL, **(settings or {})}
    if not asynchronous:
        with MVSep(**settings) as client:
            return client.separate_many(sources, 40, executor=executor, **more)

    async def main() -> Any:
        async with AsyncMVSep(**settings) as client:
            return await client.separate_many(sources, 40, executor=executor, **more)

    return asyncio.run(main())


def job(kind: type[Any] = Job) -> Any:
    wire = Wire()
    client = wire.async_client() if kind is AsyncJob else wire.client()
    made = client.job(HASH, input_name="song.wav")
    made.about["sep_type"] = 40
    return made


ERRORS = [
    errors.JobTimeout("It takes long.", hash=HASH, host="mvsep.com", retryable=True),
    errors.DownloadError("Lost.", finished=(StemFile("V", Path("/v"), 1, "ab"),)),
    errors.SubmitUncertain("Who knows?", marker="mvk1", submitted_at=1.5, file_name="song.wav"),
    errors.ConnectionFailed("Gone.", sent=True),
]


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_comes_back_from_another_process_with_its_notes(error: Any) -> None:
    error.add_note("The job exists.")
    there = Outcome("song.wav", error=error, job=job())
    back = pickle.loads(pickle.dumps(there))

    assert back == there
    assert vars(back.error) == vars(error)
    assert back.error.__notes__ == ["The job exists."]
    other = Outcome("song.wav", error=type(error)("Something else."))
    assert back != other


@pytest.mark.parametrize("kind", [Job, AsyncJob])
def test_a_job_comes_back_without_its_client_and_without_the_token(kind: type[Any]) -> None:
    pickled = pickle.dumps(job(kind))
    assert TOKEN.encode() not in pickled

    back = pickle.loads(pickled)
    assert (type(back), back.hash, back.about) == (kind, HASH, {"sep_type": 40})
    with pytest.raises(errors.InvalidInput, match="no longer knows its client") as caught:
        waited = back.wait()
        asyncio.run(waited)
    assert caught.value.hash == HASH
    assert caught.value.charged is None


def test_an_outcome_has_the_callers_own_song_and_a_job_of_the_callers_client(
    asynchronous: bool, journal: Journal, tmp_path: Path
) -> None:
    result = Result(HASH, (StemFile("Vocals", tmp_path / "v.wav", 3, "ab"),))
    executor, told = Pickling(Outcome(None, result=result, job=job())), list[Any]()
    source = Path("song.wav")
    (outcome,) = separate(
        asynchronous, executor, [source], journal=journal, on_event=lambda *each: told.append(each)
    )

    assert (outcome.source, outcome.result) == (source, result)
    assert isinstance(outcome.job, AsyncJob if asynchronous else Job)
    assert outcome.job.lookup.hash == HASH  # it knows its client
    assert told == [(source, outcome)]


def test_the_token_is_in_the_pickled_task_only(journal: Journal) -> None:
    with MVSep(TOKEN, base_url=BASE_URL) as client:
        pickled = pickle.dumps(task_of(journal, client.settings))
    back: Task = pickle.loads(pickled)

    assert back.settings.token == TOKEN
    assert TOKEN not in repr(back)


CATALOGS = open_store("mvsep.com", local=False, environment={})


def task_of(journal: Journal, settings: Any) -> Task:
    with ThreadPoolExecutor(1) as executor:
        workers = Workers(executor, settings, print, False)
        orders = orders_of(["song.wav"], 40, JobOptions(), Delivery(), CATALOGS)
        (task,) = workers.tasks(journal, orders, None)
    return task


def test_a_dashboard_tells_the_songs_apart_by_their_names(journal: Journal) -> None:
    workers = Pickling(OSError("not here"))
    separate(False, workers, ["a/one.wav", "b/two.wav"], journal=journal, out="stems")

    names = [pickle.loads(each).__name__ for each in workers.tasks]
    assert names == ["separate one.wav", "separate two.wav"]


@pytest.mark.parametrize("timing", [None, Clock(chance=random.random)], ids=["usual", "own"])
def test_no_two_workers_have_the_same_chance(journal: Journal, timing: Any) -> None:
    # Uploads are told apart by it: a copy of it finds another song's job.
    with MVSep(TOKEN, base_url=BASE_URL, timing=timing) as client:
        pickled = pickle.dumps(task_of(journal, client.settings))
    drawn = {pickle.loads(pickled).settings.timing.chance() for _ in range(8)}

    assert len(drawn) == 8


def test_a_worker_gets_whole_paths(asynchronous: bool, journal: Journal) -> None:
    executor = Pickling(Outcome(None))
    separate(asynchronous, executor, [Path("song.wav")], journal=journal, out="stems")
    task: Task = pickle.loads(executor.tasks[0])

    assert task.order.source == str(Path("song.wav").absolute())
    assert task.order.delivery.out == Path("stems").absolute()


def test_a_worker_that_dies_is_an_error_of_its_song(asynchronous: bool, journal: Journal) -> None:
    executor = Pickling(RuntimeError("the pool broke"))
    (outcome,) = separate(asynchronous, executor, ["song.wav"], journal=journal)

    assert "ended without an answer: RuntimeError" in outcome.error.message
    assert outcome.error.charged is None
    assert outcome.error.retryable


def test_a_song_that_another_worker_has_is_asked_for_again_after_the_others(
    asynchronous: bool, journal: Journal
) -> None:
    class Held(Executor):
        def __init__(self) -> None:
            self.asked: list[tuple[str, bool]] = []

        def submit(self, task: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.asked.append((task.order.input_name, task.waits))
            ended: Future[Any] = Future()
            error = errors.AlreadyUnderWay("another has it") if not task.waits else None
            ended.set_result(
                Outcome(None, error=error if task.order.input_name == "a.wav" else None)
            )
            return ended

    executor = Held()
    outcomes = separate(asynchronous, executor, ["a.wav", "b.wav"], journal=journal)

    assert [each.error for each in outcomes] == [None, None]
    # A worker that waits would keep a song waiting that it could separate.
    assert executor.asked == [("a.wav", False), ("b.wav", False), ("a.wav", True)]


def test_a_refusal_that_holds_for_all_takes_back_the_songs_that_nobody_began(
    asynchronous: bool, journal: Journal
) -> None:
    class Refusing(Executor):
        def __init__(self) -> None:
            self.futures: list[Future[Any]] = []

        def submit(self, task: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.futures.append(Future())
            if len(self.futures) == 1:
                refused = errors.InsufficientCredits("Too few credits.", charged=False)
                self.futures[0].set_result(Outcome(None, error=refused))
            return self.futures[-1]

    executor = Refusing()
    outcomes = separate(asynchronous, executor, ["a.wav", "b.wav", "c.wav"], journal=journal)

    assert [each.cancelled() for each in executor.futures] == [False, True, True]
    assert {type(each.error) for each in outcomes} == {errors.InsufficientCredits}
    assert "another song was refused" in str(outcomes[2].error)


def test_an_executor_that_is_shut_down_is_an_error_of_each_song(
    asynchronous: bool, journal: Journal
) -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    outcomes = separate(asynchronous, executor, ["a.wav", "b.wav"], journal=journal)

    for outcome in outcomes:
        assert outcome.error.next_step.startswith("Make a new executor.")


def test_a_journal_in_a_file_of_another_machine_is_refused_there(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MVSep(TOKEN, base_url=BASE_URL) as client:
        task = task_of(journal, client.settings)
    monkeypatch.setattr("socket.gethostname", lambda: "another")
    outcome = task()

    assert isinstance(outcome.error, errors.JournalError)
    assert "another machine" in outcome.error.message
    assert outcome.error.charged is False


@pytest.mark.parametrize(
    ("given", "settings", "match"),
    [
        ({"journal": None}, {}, "needs a journal"),
        ({"executor": 5}, {}, "executor is an Executor"),
        ({}, {"http_client": None}, "http_client of one's own"),
        ({"sources": [io.BytesIO(b"RIFF")]}, {}, "open file"),
    ],
)
def test_what_can_not_go_to_a_worker_is_refused_before_anything_is_begun(
    asynchronous: bool, journal: Journal, given: Any, settings: Any, match: str
) -> None:
    executor = Pickling(Outcome(None))
    if "http_client" in settings:
        settings = {"http_client": (httpx.AsyncClient if asynchronous else httpx.Client)()}
    more = {"executor": executor, "sources": ["song.wav"], "journal": journal, **given}
    with pytest.raises(errors.InvalidInput, match=match):
        separate(asynchronous, settings=settings, **more)

    assert executor.tasks == []


def test_a_function_that_has_no_name_elsewhere_is_refused(journal: Journal) -> None:
    executor = Pickling(Outcome(None))
    with (
        MVSep(base_url=BASE_URL, sleep=lambda seconds: None) as client,
        pytest.raises(errors.InvalidInput, match="sleep can't go to another process"),
    ):
        client.separate_many(["song.wav"], 40, journal=journal, executor=executor)


def test_an_error_of_the_callers_own_function_leaves_songs_that_nobody_began(
    asynchronous: bool, journal: Journal
) -> None:
    class Slow(Executor):
        def __init__(self) -> None:
            self.futures: list[Future[Any]] = []

        def submit(self, task: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.futures.append(Future())
            if len(self.futures) == 1:
                threading.Timer(0, self.futures[0].set_result, [Outcome(None)]).start()
            return self.futures[-1]

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    executor = Slow()
    with pytest.raises(ZeroDivisionError) as caught:
        separate(asynchronous, executor, ["a.wav", "b.wav"], journal=journal, on_event=fail)

    assert [each.cancelled() for each in executor.futures] == [False, True]
    assert any("the journal has them" in note for note in caught.value.__notes__)


def test_a_pace_begins_anew_in_another_process() -> None:
    pace = Pace(60, burst=1)
    pace.reserve(1000.0)
    back = pickle.loads(pickle.dumps(pace))

    assert [back.reserve(0.0), back.reserve(0.0)] == [0.0, 1.0]
