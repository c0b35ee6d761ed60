from hypothesis import given
from hypothesis import strategies as st

from mvsep.testing import Schedule
from mvsep.testing.schedule import Moment

lengths = st.one_of(st.just(0.0), st.floats(0.001, 1000))
schedules = st.builds(
    Schedule,
    lengths,
    lengths,
    distributing=lengths,
    merging=lengths,
    converting=lengths,
    places=st.integers(1, 50),
    chunks=st.integers(1, 50),
)
ORDER = ["waiting", "processing", "distributing", "merging", "converting", "done"]


def test_a_job_goes_through_its_stages_and_counts_its_place_down():
    schedule = Schedule(3, 2, distributing=4, merging=1, converting=1, places=3, chunks=4)

    seen = [schedule.at(elapsed) for elapsed in (0, 1, 2.5, 3, 5, 7.5, 9, 10, 11, 1e9)]

    assert seen == [
        Moment("waiting", 3),
        Moment("waiting", 2),
        Moment("waiting", 1),
        Moment("processing"),
        Moment("distributing", 1, 0, 4),
        Moment("distributing", 1, 2, 4),
        Moment("merging"),
        Moment("converting"),
        Moment("done"),
        Moment("done"),
    ]


@given(schedules, st.lists(st.floats(0, 6000), min_size=2).map(sorted))
def test_no_job_moves_backwards_or_shows_more_places_and_chunks_than_were_set(schedule, times):
    moments = [schedule.at(elapsed) for elapsed in times]
    stages = [ORDER.index(moment.status) for moment in moments]
    places = [moment.place for moment in moments if moment.status == "waiting"]

    assert stages == sorted(stages)
    assert places == sorted(places, reverse=True)
    for moment in moments:
        assert (moment.status == "waiting") <= moment.place <= schedule.places
        assert 0 <= moment.finished_chunks <= moment.all_chunks <= schedule.chunks


def test_faster_divides_every_length():
    faster = Schedule(3, 2, distributing=4, merging=1, converting=1, downloading=6).faster(2)

    assert faster == Schedule(1.5, 1, distributing=2, merging=0.5, converting=0.5, downloading=3)


def test_a_walk_shows_its_words_one_a_poll_and_then_ends():
    words = ("waiting", "processing", "waiting", "distributing", "pondering", "done", "merging")
    walk = Schedule.walk(*words)

    assert walk.polls
    assert walk.for_large_file() == walk
    assert [walk.at(poll).status for poll in range(9)] == [*words, "done", "done"]
    assert (walk.at(0), walk.at(4)) == (Moment("waiting", place=3), Moment("pondering"))
    assert walk.at(3) == Moment("distributing", place=1, finished_chunks=0, all_chunks=4)
    assert Schedule.walk("waiting", failure="No.").at(1).status == "failed"


def test_a_job_that_is_done_may_list_no_files_for_a_while():
    schedule = Schedule(3, 2, unlisted=4)

    assert schedule.at(5) == Moment("done", listed=False)
    assert schedule.at(8.9) == Moment("done", listed=False)
    assert schedule.at(9) == Moment("done")
    assert schedule.faster(2).at(4.5) == Moment("done")
