"""A journal that many machines share: leases, a database that goes away, clocks, secrets."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, StemFile, errors
from mvsep.journal.entry import State
from mvsep.journal.port import HoldLost
from mvsep.journal.postgres import PAUSES, PostgresStore
from mvsep.settings.policies import Clock
from tests.journal.test_journal import HASH, begin, submit
from tests.postgres import RAN_OUT, Server, needs_postgres
from tests.scenes import CREATED, VOCALS
from tests.wire import ACCOUNT, Do, Wire, answer, stored

pytestmark = needs_postgres()

HASH_OF_CREATED = CREATED.json()["data"]["hash"]
STEM = stored(vocals=b"RIFFvocals")
SECRET = "pass-word-of-the-database"


@pytest.fixture(name="place")
def _place(postgres: Server) -> str:
    return postgres.clear()


def taken_over(journal: Journal, key: str) -> Any:
    """What another worker does that finds a song free, and no job of it."""
    left = journal.latest(key)
    assert left
    journal.over(left, "No job was found.")
    return begin(journal, key)


# Leases


def test_a_lease_is_renewed_as_long_as_the_song_is_held_and_then_let_go(
    place: str, sql: Any
) -> None:
    with Journal(place, lease=1) as journal, Journal(place) as other:
        with journal.holding("k", "song"):
            (first,) = sql("SELECT until FROM holds")
            while sql("SELECT until FROM holds") == [first]:
                assert other.is_held("k")
        assert sql("SELECT * FROM holds") == []


def test_a_song_whose_worker_is_silent_is_free_after_its_lease(place: str, sql: Any) -> None:
    with Journal(place) as journal, Journal(place) as other:
        with journal.holding("k", "song"):
            begun = begin(journal)
            with pytest.raises(errors.AlreadyUnderWay), other.holding("k", "song"):
                pass
            sql(RAN_OUT)
            assert not other.is_held("k")
            with other.holding("k", "song"):
                assert journal.is_held("k")
                with pytest.raises(errors.JournalError, match="lease"):
                    journal.offered(begun)
        # It did not let go of what was the other's.
        assert [each.state for each in journal.entries()] == [State.INTENT]


def test_a_worker_that_lost_its_lease_does_not_let_go_of_anothers(place: str, sql: Any) -> None:
    with Journal(place) as journal, Journal(place) as other, contextlib.ExitStack() as stack:
        with journal.holding("k", "song"):
            sql(RAN_OUT)
            stack.enter_context(other.holding("k", "song"))
        assert journal.is_held("k")


def test_an_upload_whose_lease_ran_out_is_broken_off_before_its_end(
    do: Do, journal: Journal, sql: Any, tmp_path: Path
) -> None:
    wire = Wire(ACCOUNT, CREATED)
    with pytest.raises(errors.JournalError, match="ran out") as caught:
        do(
            wire,
            "separate",
            b"RIFFsong" + bytes(99_999),
            40,
            journal=journal,
            out=tmp_path,
            on_upload=lambda *_: sql(RAN_OUT),
        )

    assert caught.value.charged is False
    assert caught.value.retryable
    assert "/api/separation/create" not in wire.paths  # it takes whole requests only
    assert [entry.state for entry in journal.entries()] == [State.OVER]


def test_an_upload_whose_song_another_worker_took_leaves_that_one_alone(
    do: Do, place: str, journal: Journal, sql: Any, tmp_path: Path
) -> None:
    others: list[Any] = []
    with Journal(place) as other, contextlib.ExitStack() as stack:

        def take(*_: object) -> None:
            if not others:
                (key,) = (each.key for each in journal.unfinished())
                sql(RAN_OUT)
                stack.enter_context(other.holding(key, "song"))
                others.append(other.offered(taken_over(other, key)))

        more = {"journal": journal, "out": tmp_path, "on_upload": take}
        wire = Wire(ACCOUNT, CREATED)
        with pytest.raises(errors.JournalError, match="ran out"):
            do(wire, "separate", b"RIFFsong", 40, **more)

        assert "/api/separation/create" not in wire.paths
        assert journal.unfinished() == others


def test_a_paid_job_is_kept_though_its_lease_ran_out_and_another_attempt_was_begun(
    do: Do, place: str, journal: Journal, sql: Any, tmp_path: Path
) -> None:
    others: list[Any] = []
    with Journal(place) as other:

        def created(_: httpx.Request) -> httpx.Response:
            (key,) = (each.key for each in journal.unfinished())
            sql(RAN_OUT)
            others.append(taken_over(other, key))
            return CREATED

        def stem(request: httpx.Request) -> httpx.Response:
            kept = journal.by_hash(HASH_OF_CREATED)
            assert kept
            assert kept.state is State.OVER
            return STEM(request)

        wire = Wire(ACCOUNT, created, VOCALS, stem)
        result = do(wire, "separate", b"RIFFsong", 40, journal=journal, out=tmp_path)

        assert result.hash == HASH_OF_CREATED
        kept = journal.by_hash(result.hash)
        assert kept
        assert (kept.state, kept.files) == (State.SAVED, result.files)
        assert journal.unfinished() == others


def test_the_step_before_the_last_byte_holds_the_song_for_much_longer(place: str, sql: Any) -> None:
    with Journal(place, lease=100) as journal, journal.holding("k", "song"):
        entry = begin(journal)
        ((before,),) = sql("SELECT extract(epoch FROM until - now()) FROM holds")
        journal.offered(entry)
        ((after,),) = sql("SELECT extract(epoch FROM until - now()) FROM holds")
    assert 50 < before <= 100
    assert 450 < after <= 500


@pytest.mark.parametrize(("stopped", "refused"), [(9.0, False), (61.0, True)])
def test_a_process_that_was_stopped_in_that_step_does_not_trust_it(
    place: str, stopped: float, refused: bool
) -> None:
    times = iter([0.0, stopped])
    store = PostgresStore(place, lease=60, steady=lambda: next(times))
    with contextlib.closing(store), store.hold("k"):
        values = dict.fromkeys(("state", "name", "details", "host", "account"), "intent")
        number, _ = store.insert({**values, "key": "k", "sep_type": 40})
        ended = pytest.raises(HoldLost) if refused else contextlib.nullcontext()
        with ended:
            assert store.change(number, {"state": "offered"}, held="k")


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_holds_nothing_of_its_parents(journal: Journal) -> None:
    entry = begin(journal)
    with contextlib.ExitStack() as stack:
        stack.enter_context(journal.holding("k", "song"))
        child = os.fork()
        if child == 0:
            code = 1
            try:
                with pytest.raises(errors.JournalError, match="lease"):
                    journal.offered(entry)
                stack.close()  # lets go of nothing
                code = 0
            finally:
                os._exit(code)
        assert os.waitpid(child, 0)[1] == 0
        assert journal.offered(entry).state is State.OFFERED


# Clocks


def test_no_clock_of_a_worker_counts(do: Do, place: str, tmp_path: Path) -> None:
    def clock() -> float:
        return 1e9

    with Journal(place, clock=clock) as early, Journal(place, clock=lambda: 2e9) as late:
        with early.holding("k", "song"):
            entry = begin(early)
            assert late.is_held("k")
        assert 0 <= late.age(entry) < 600
        late.over(entry, "broken off")
        # A job that is not there is kept for 72 hours, by whatever clock.
        more = {"journal": late, "out": tmp_path}
        settings = {"timing": Clock(wall=lambda: 4e9)}
        gone = Wire(CREATED, answer({"success": True, "status": "not_found"}))
        with pytest.raises(errors.JobNotFound):
            do(gone, "separate", b"RIFFsong", 40, settings=settings, **more)
        assert [each.hash for each in early.unfinished()] == [HASH_OF_CREATED]


def test_a_links_job_is_found_whatever_the_clock_of_who_looks(
    do: Do, place: str, tmp_path: Path
) -> None:
    found = {"hash": HASH_OF_CREATED, "time_left": 71}

    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("history"):
            rows = [found] if request.url.params["start"] == "0" else []
            return answer({"success": True, "data": rows})
        if request.url.path.endswith("get"):
            return httpx.Response(200, content=VOCALS.content)
        return STEM(request)

    with Journal(place) as journal:
        more = {"journal": journal, "out": tmp_path}
        given = ("separate", "https://example.com/song.wav", 40)
        with pytest.raises(errors.SubmitUncertain):
            do(Wire(httpx.ReadError("lost"), httpx.Response(404)), *given, **more)
        late = {"timing": Clock(wall=lambda: 1e9)}
        assert do(Wire(reply), *given, settings=late, **more).hash == HASH_OF_CREATED


# A database that goes away


class Patience:
    """Counts the pauses, and starts the server again after some."""

    def __init__(self, own: Server, after: int) -> None:
        self._own, self._after = own, after
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) == self._after:
            self._own.start()


def test_a_database_that_comes_back_is_waited_for_at_each_step(own: Server, tmp_path: Path) -> None:
    patience = Patience(own, 2)

    def away(work: Callable[..., Any], *given: Any) -> Any:
        patience.slept.clear()
        own.stop(signal.SIGQUIT)
        done = work(*given)
        assert len(patience.slept) == 2
        return done

    with Journal(own.url, sleep=patience) as journal:
        holding = journal.holding("k", "song")
        away(holding.__enter__)
        entry = away(begin, journal)
        entry = away(journal.offered, entry)
        entry = away(submit, journal, entry)
        entry = away(journal.saved, entry, [StemFile("Vocals", tmp_path / "v", 1, "ab")])
        assert away(journal.entries) == [entry]
        holding.__exit__(None, None, None)
        assert not away(journal.is_held, "k")


def test_a_database_that_stays_away_takes_no_job(own: Server, do: Do, tmp_path: Path) -> None:
    patience = Patience(own, len(PAUSES) * 3)
    song = b"RIFFsong"

    def created(_: httpx.Request) -> httpx.Response:
        own.stop()
        return CREATED

    with Journal(own.url, sleep=patience) as journal:
        more = {"journal": journal, "out": tmp_path / "stems"}
        wire = Wire(ACCOUNT, CREATED)
        with pytest.raises(errors.JournalError, match="can't be used") as before:
            do(wire, "separate", song, 40, on_upload=lambda *_: own.stop(), **more)
        assert before.value.charged is False
        assert "/api/separation/create" not in wire.paths

        own.start()
        for entry in journal.unfinished():  # it could not be told that it was broken off
            assert entry.state is State.INTENT
        own.sql(RAN_OUT)  # nor could the song be let go
        patience.slept.clear()
        with pytest.raises(errors.JournalError, match="can't be used") as after:
            do(Wire(ACCOUNT, created), "separate", song, 40, **more)
        assert (after.value.hash, after.value.charged) == (HASH_OF_CREATED, None)

        own.start()
        (left,) = journal.unfinished()
        assert (left.state, left.hash) == (State.OFFERED, None)
        queue = {"current_queue": [{"hash": f"{HASH}-{left.marker}"}]}
        wire = Wire(answer({"success": True, "data": queue}), VOCALS, STEM)
        own.sql(RAN_OUT)
        assert do(wire, "separate", song, 40, **more).hash == f"{HASH}-{left.marker}"
        assert "/api/separation/create" not in wire.paths


# What came late


def test_an_attempt_is_not_begun_when_another_worker_had_the_song_meanwhile(
    place: str, sql: Any, tmp_path: Path
) -> None:
    with Journal(place) as journal, Journal(place) as other:
        with journal.holding("k", "song"):
            sql(RAN_OUT)
            with other.holding("k", "song"):
                saved = other.saved(submit(other, begin(other)), ())
            with pytest.raises(errors.JournalError, match=r"lease.*Nothing was sent"):
                begin(journal, was_held=True)
        # Or the next call would not find it, and pay again.
        latest = journal.latest("k")
        assert latest is not None
        assert (latest.id, latest.state) == (saved.id, State.SAVED)


def test_a_place_is_given_back_before_the_others_are_counted(place: str, sql: Any) -> None:
    with Journal(place) as journal, contextlib.ExitStack() as stack:
        places = journal.places("account", 4, 64)
        taken = [places.take() for _ in range(4)]
        for each in taken:
            assert each is not None
            stack.push(each.__exit__)
        # Of four the service refuses the first and the last one.
        for each in (taken[0], taken[3]):
            assert each is not None
            each.__exit__(None, None, None)
            places.refused()
        assert sql("SELECT most FROM limits") == [(2,)]


def test_a_thread_does_not_take_the_song_of_another_one_whose_lease_ran_out(
    place: str, sql: Any
) -> None:
    with Journal(place) as journal, journal.holding("k", "song"):
        sql(RAN_OUT)
        with pytest.raises(errors.AlreadyUnderWay), journal.holding("k", "song"):
            pass
        with pytest.raises(errors.JournalError, match=r"lease.*Nothing was sent"):
            begin(journal, was_held=True)
