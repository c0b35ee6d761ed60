"""Many songs, sync and async: each to its end, whatever becomes of the others."""

from __future__ import annotations

from collections import Counter
from types import NoneType

import pytest

from mvsep import errors
from mvsep.batch.queue import Outcome
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, Schedule, audio, render_song


@pytest.fixture
def songs(tmp_path):
    """Return songs of their own content: song.wav in two folders, and another one."""
    paths = [tmp_path / "a/song.wav", tmp_path / "b/song.wav", tmp_path / "other.wav"]
    for number, path in enumerate(paths):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(render_song()[:-4] + bytes([number] * 4))
    return paths


@pytest.fixture
def many(call, journal, tmp_path):
    def run(sources, **more):
        more = {"journal": journal, "out": tmp_path / "stems", "output_format": 1, **more}
        return call("separate_many", sources, 40, **more)

    return run


def test_songs_of_one_name_do_not_take_each_others_place(fake, many, songs, tmp_path):
    outcomes = many(songs)

    assert [each.error for each in outcomes] == [None] * 3
    assert [each.source for each in outcomes] == songs
    assert sorted(path.name for path in (tmp_path / "stems").iterdir()) == [
        f"{song}_{stem}.wav" for song in ("other", "song_2", "song") for stem in ("Other", "Vocals")
    ]
    assert fake.state.jobs_created == 3


def test_one_that_goes_wrong_does_not_stop_the_others(fake, many, songs, tmp_path):
    (tmp_path / "empty.wav").touch()
    fake.faults.add("premium-required", on="separation_create", times=1)
    outcomes = many(["missing.wav", tmp_path / "empty.wav", *songs], at_once=1)

    kinds = [type(each.error) for each in outcomes]
    assert kinds == [
        errors.InvalidInput,
        errors.InvalidInput,
        errors.PremiumRequired,
        type(None),
        type(None),
    ]
    assert fake.state.jobs_created == 2


def test_the_second_time_nothing_is_sent_and_what_went_wrong_is_made_up_for(
    fake, many, songs, tmp_path
):
    fake.faults.add("premium-required", on="separation_create", times=1)
    first = many(songs)
    second = many(songs)
    third = many(songs)

    assert sum(each.error is not None for each in first) == 1
    assert sum(each.result.already for each in second) == 2
    assert all(each.result.already for each in third)
    assert fake.state.jobs_created == 3


def test_a_song_that_is_there_twice_is_paid_once(fake, many, songs):
    copy = songs[0].with_name("copy.wav")
    copy.write_bytes(songs[0].read_bytes())
    outcomes = many([songs[0], copy], at_once=2)

    assert [each.error for each in outcomes] == [None, None]
    assert sorted(each.result.already for each in outcomes) == [False, True]
    assert fake.state.jobs_created == 1


def test_a_free_account_has_one_job_at_a_time(fake, many, songs):
    fake.state.schedule = Schedule.by_polls(1)
    outcomes = many(songs, token=FREE_TOKEN)

    assert [each.error for each in outcomes] == [None] * 3
    assert fake.state.jobs_created == fake.state.seen["separation_create"] == 3


def test_a_full_queue_is_waited_for(fake, many, songs):
    fake.faults.add("queue-full", on="separation_create", times=1)

    assert [each.error for each in many(songs[:1])] == [None]
    assert fake.state.jobs_created == 1


def test_a_limit_is_for_all_together_and_refuses_before_anything_is_sent(fake, many, songs):
    with pytest.raises(errors.TooExpensive, match="3 songs cost 3 credits together"):
        many(songs, max_credits=2)
    assert fake.state.requests == []

    assert [each.error for each in many(songs[:2], max_credits=2)] == [None, None]
    # Two are there, and cost nothing any more.
    assert [each.error for each in many(songs, max_credits=1)] == [None, None, None]
    assert fake.state.credits_charged == 3


def test_a_song_whose_price_nobody_knows_stops_all_under_a_limit(fake, many, songs, tmp_path):
    (tmp_path / "odd.bin").write_bytes(b"what is this?")
    with pytest.raises(errors.PriceUnknown, match=r"odd\.bin"):
        many([*songs, tmp_path / "odd.bin"], max_credits=100)
    assert fake.state.requests == []


@pytest.fixture
def dear(tmp_path):
    """Return songs of two minutes, which cost 2 credits each."""
    paths = [tmp_path / f"dear-{number}.wav" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(audio.wav_header(1, 1, 100, 12_000) + bytes([number]) * 12_000)
    return paths


@pytest.mark.parametrize("limit", [None, 100], ids=["refused", "seen-beforehand"])
def test_when_credits_run_out_the_rest_is_not_uploaded(fake, many, dear, limit):
    fake.state.by_token(DEMO_TOKEN).credits = 3
    outcomes = many(dear, at_once=1, max_credits=limit)

    kinds = [type(each.error) for each in outcomes]
    assert kinds == [NoneType, errors.InsufficientCredits, errors.InsufficientCredits]
    assert "It was not sent" in str(outcomes[2].error)
    assert outcomes[2].error.charged is False
    assert fake.state.seen["separation_create"] == (1 if limit else 2)
    fake.state.by_token(DEMO_TOKEN).credits = 10
    assert [each.error for each in many(dear)] == [None] * 3
    assert fake.state.credits_charged == 6


def test_when_credits_run_out_jobs_that_exist_are_still_fetched(fake, many, dear):
    fake.state.by_token(DEMO_TOKEN).credits = 3
    fake.state.schedule = Schedule.by_polls(3)
    (late,) = many(dear[:1], timeout=0)
    for _ in range(4):
        fake.state.poll(late.job.hash)  # so that it ends there, as time would have it
    outcomes = many([dear[1], dear[0], dear[2]], at_once=1)

    assert isinstance(late.error, errors.JobTimeout)
    kinds = [type(each.error) for each in outcomes]
    assert kinds == [errors.InsufficientCredits, NoneType, errors.InsufficientCredits]
    assert fake.state.seen["separation_create"] == 1  # the account is asked before an upload


def test_what_is_told_of_each_begins_with_a_plan_and_ends_with_its_outcome(many, songs):
    told = {}
    outcomes = many(songs, on_event=lambda song, event: told.setdefault(song, []).append(event))

    assert told.keys() == set(songs)
    for outcome in outcomes:
        events = told[outcome.source]
        kinds = [type(event).__name__ for event in events]
        assert kinds[0] == "Planned"
        assert events[-1] == outcome
        assert {"Sent", "JobState", "Moved"} <= set(kinds)
        assert Counter(kinds)["Outcome"] == 1


def test_what_the_callers_function_raises_ends_it_and_the_journal_goes_on(
    fake, call, many, songs, journal
):
    class Enough(Exception):
        pass

    def stop(song, event):
        if type(event).__name__ in {"Job", "AsyncJob"}:
            raise Enough

    with pytest.raises(Enough):
        many(songs, on_event=stop, at_once=1)
    (entry,) = journal.unfinished()
    (outcome,) = call("finish", journal)

    assert len(outcome.result.files) == 2
    assert outcome.source == str(songs[0]) == entry.details["source"]
    assert fake.state.jobs_created == 1


@pytest.mark.parametrize("change", ["none", "changed", "gone"])
def test_finish_sends_what_was_not_sent_where_it_is_still_the_same(
    fake, call, many, songs, journal, change
):
    def stop(song, event):
        if type(event).__name__ == "Sent":
            raise KeyboardInterrupt

    # More than one piece, so that its end has not been handed over by the first word of it.
    with pytest.raises(KeyboardInterrupt):
        many(songs[:1], on_event=stop)
    assert fake.state.jobs_created == 0
    if change == "changed":
        songs[0].write_bytes(b"RIFF")
    elif change == "gone":
        songs[0].unlink()
    (outcome,) = call("finish", journal)

    if change == "none":
        assert len(outcome.result.files) == 2
    else:
        assert isinstance(outcome.error, errors.InvalidInput)
        assert change in outcome.error.message
    assert fake.state.jobs_created == (change == "none")
    assert call("finish", journal) == []


def test_finish_leaves_alone_what_is_another_services(call, journal):
    journal.begin(
        "k", name="song.wav", marker="m", sep_type=40, host="https://mvsep.com", account="",
        details={"source": None},
    )  # fmt: skip

    assert call("finish", journal) == []
    assert len(journal.unfinished()) == 1


@pytest.mark.parametrize("token", [None, "WRONGwrong"])
def test_a_token_that_is_missing_or_refused_is_found_before_anything_is_sent(
    fake, call, songs, token
):
    with pytest.raises(errors.InvalidToken):
        call("separate_many", songs, 40, token=token)
    assert fake.state.seen["separation_create"] == 0


def test_what_is_for_one_song_is_refused_for_many(many, songs):
    with pytest.raises(TypeError, match="on_upload"):
        many(songs, on_upload=print)
    with pytest.raises(errors.InvalidInput, match="the same"):
        many(songs, template="{stem}.{ext}")


def test_jobs_that_fail_are_told_with_their_job(fake, many, songs):
    fake.state.schedule = Schedule(0, 0, failure="no luck")
    (outcome,) = many(songs[:1])

    assert isinstance(outcome.error, errors.JobFailed)
    assert isinstance(outcome, Outcome)
    assert outcome.job.hash == outcome.error.hash
