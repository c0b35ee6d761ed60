"""A song is paid for once, whenever the process that separates it ends, and by whatever."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from contract_tests.conftest import BOTH_JOURNALS, CLIENT_AND_JOURNAL
from contract_tests.harness.clients import do
from mvsep import MVSep, PollPolicy, errors
from mvsep.jobs.reconcile import Verdict
from mvsep.journal.entry import NextStep, State, next_step
from mvsep.settings.policies import Clock
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, Schedule
from tests.postgres import RAN_OUT, needs_postgres

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")


@pytest.fixture
def separate(shell, fake, journal, song, tmp_path):
    """Separate with the journal; the seconds that were slept are in `slept`."""
    # Pauses are not slept here: to ask for late files for a minute would take that minute.
    settings = {"base_url": fake.url, "polling": PollPolicy(empty_for=0)}

    def run(source=song, sep_type=40, *, token=DEMO_TOKEN, **more):
        more = {"journal": journal, "out": tmp_path / "stems", "output_format": 1, **more}

        def act(client):
            return client.separate(source, sep_type, **more)

        return do(shell, act, token=token, sleep=run.slept.append, **settings)

    run.slept = []
    return run


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_second_time_the_stems_are_there_and_nobody_is_asked(fake, separate):
    first = separate()
    asked = sum(fake.state.seen.values())
    second = separate()

    assert (first.already, second.already) == (False, True)
    assert second.files == first.files
    assert sum(fake.state.seen.values()) == asked
    assert fake.state.jobs_created == 1


@pytest.mark.parametrize("again", [False, True])
def test_it_is_paid_once_more_only_when_asked(fake, separate, tmp_path, again):
    separate()
    result = separate(again=again, out=tmp_path / "others")

    assert fake.state.jobs_created == 1 + again
    assert result.files[0].path.parent.name == ("others" if again else "stems")


def test_paying_again_waits_until_the_new_stems_have_a_place(fake, separate):
    separate()
    with pytest.raises(errors.InvalidInput, match="already exists") as caught:
        separate(again=True)

    assert fake.state.jobs_created == 1
    assert caught.value.charged is False


@pytest.mark.parametrize("kept", [False, True], ids=["no journal", "journal"])
def test_stems_whose_names_nobody_could_foresee_get_free_ones(
    fake, separate, journal, tmp_path, kept
):
    unsure = {"options": {"add_opt1": "143"}}
    looked = separate(out=tmp_path / "look", journal=None, **unsure)
    labels = [file.label for file in looked.files]
    asked = {**unsure, "journal": journal if kept else None}
    out = tmp_path / "stems"
    out.mkdir()
    for label in labels:
        (out / f"song_{label}.wav").write_bytes(b"mine")
    result = separate(**asked)

    assert [file.path for file in result.files] == [out / f"song_{each}_2.wav" for each in labels]
    assert all(file.path.read_bytes()[:4] == b"RIFF" for file in result.files)
    assert all((out / f"song_{label}.wav").read_bytes() == b"mine" for label in labels)
    assert sum("taken by another file" in warning for warning in result.warnings) == len(labels)
    assert separate(**asked).files == result.files  # also without a journal: the bytes tell
    assert fake.state.jobs_created == (2 if kept else 3)


def test_two_jobs_that_fetch_stems_of_one_name_at_once_have_each_its_own(
    fake, separate, song, tmp_path
):
    asked = {"out": tmp_path / "stems", "output_format": 1}
    others = []

    def between(*_):
        if not others:
            with MVSep(DEMO_TOKEN, base_url=fake.url) as client:
                others.extend(client.separate(song, 20, **asked).files)

    own = separate(journal=None, on_file=between, parallel=1, **asked).files
    # Their vocals are the same, byte by byte; the rest is not.
    assert [file.path.name for file in own] == ["song_Vocals.wav", "song_Other_2.wav"]
    assert all(file.is_there() for file in (*own, *others))
    assert names(tmp_path / "stems") == sorted({file.path.name for file in (*own, *others)})


@pytest.mark.parametrize("fault", ["reset-after-upload", "redirect-303-after"])
def test_an_answer_that_got_lost_is_found_by_the_marker(fake, separate, journal, fault):
    fake.faults.add(fault, on="separation_create", times=1)
    result = separate()

    assert len(result.files) == 2
    assert fake.state.jobs_created == 1
    assert journal.unfinished() == []


def test_a_job_that_no_look_can_find_is_uncertain_until_a_later_one(fake, separate, journal):
    fake.faults.add("reset-after-upload", on="separation_create", times=1)
    fake.faults.add("http-403", on="app_user", times=None)
    with pytest.raises(errors.SubmitUncertain):
        separate()
    fake.faults.clear()
    (entry,) = journal.unfinished()

    assert entry.state is State.OFFERED
    assert len(separate().files) == 2
    assert fake.state.jobs_created == 1


def test_an_upload_that_was_not_heeded_is_sent_again_after_two_looks_a_minute_apart(
    fake, separate, journal
):
    fake.faults.add("reset-unheeded", on="separation_create", times=1)
    with pytest.raises(errors.SubmitUncertain):
        separate()
    assert fake.state.jobs_created == 0
    separate.slept.clear()
    separate()

    assert 60.0 in separate.slept
    assert fake.state.jobs_created == 1


@pytest.mark.parametrize("twins", [0, 1])
def test_a_link_has_no_marker_and_is_found_where_the_history_has_one_such_job_only(
    fake, separate, tmp_path, twins
):
    link = "https://example.com/song.wav"
    for folder in range(twins):
        separate(f"https://example.com/{folder}/song.wav", out=tmp_path / str(folder))
    fake.faults.add("reset-after-upload", on="separation_create", times=1)
    if twins:
        for _ in range(2):
            with pytest.raises(errors.SubmitUncertain, match="not known"):
                separate(link)
        separate(link, again=True)
    else:
        separate(link)

    assert fake.state.seen["separation_create"] == 1 + 2 * twins


def test_another_accounts_history_tells_nothing(fake, separate, journal):
    fake.faults.add("reset-unheeded", on="separation_create", times=1)
    with pytest.raises(errors.SubmitUncertain):
        separate()
    with pytest.raises(errors.SubmitUncertain) as caught:
        separate(token=FREE_TOKEN)

    assert "another token" in caught.value.message
    assert fake.state.jobs_created == 0


def test_what_was_refused_is_sent_again_by_the_next_call(fake, separate, journal):
    with pytest.raises((errors.PremiumRequired, errors.InvalidRequest)):
        separate(sep_type=28, token=FREE_TOKEN)
    assert journal.unfinished() == []

    separate(sep_type=28)
    assert fake.state.jobs_created == 1


def test_a_job_the_service_forgets_is_kept_for_as_long_as_it_can_be_there(fake, separate, journal):
    fake.faults.add("not-found-200", on="separation_get", times=None)
    for _ in range(2):
        with pytest.raises(errors.JobError):
            separate()
    fake.faults.clear()

    assert len(separate().files) == 2
    assert fake.state.jobs_created == 1


@pytest.mark.parametrize("end", ["deleted", "cancelled", "empty", "failed"])
def test_a_job_that_can_give_no_stems_any_more_does_not_stand_in_the_way(
    fake, separate, journal, end
):
    fake.state.schedule = Schedule(waiting=3600)
    with pytest.raises(errors.JobTimeout) as caught:
        separate(timeout=0)
    with MVSep(DEMO_TOKEN, base_url=fake.url) as client:
        job = client.job(caught.value.hash)
        if end in {"deleted", "cancelled"}:
            job.delete() if end == "deleted" else job.cancel()
    fake.state.schedule = Schedule.at_once()
    for old in fake.state.jobs.values():
        old.schedule = (
            Schedule(0, 0, failure="no luck") if end == "failed" else Schedule(0, 0, unlisted=10**6)
        )
    over = errors.JobNotFound, errors.NoResultFiles, errors.JobFailed
    for kinds in (over, errors.JobError):
        with pytest.raises(kinds) as caught:
            separate()
        assert end != "failed" or "no luck" in str(caught.value)
        assert "ask for it with again=True" in caught.value.next_step
    assert fake.state.jobs_created == 1

    assert len(separate(again=True).files) == 2
    assert fake.state.jobs_created == 2
    assert journal.unfinished() == []
    assert separate().already


def test_a_new_job_is_not_given_up_for_the_wrong_answer_that_an_old_one_is(fake, separate, journal):
    fake.faults.add("not-found-200", on="separation_get", times=None)
    with pytest.raises(errors.JobNotFound):
        separate(again=True)
    assert [entry.state for entry in journal.entries()] == [State.SUBMITTED]

    with pytest.raises(errors.JobNotFound):
        separate(again=True)
    assert fake.state.jobs_created == 2
    assert [entry.state for entry in journal.entries()] == [State.SUBMITTED, State.OVER]


def test_an_old_job_stays_until_the_new_stems_have_a_place(fake, separate, journal, tmp_path):
    fake.faults.add("not-found-200", on="separation_get", times=None)
    with pytest.raises(errors.JobNotFound):
        separate()
    (tmp_path / "stems/song_Vocals.wav").write_bytes(b"mine")
    with pytest.raises(errors.InvalidInput, match="already exists"):
        separate(again=True)

    assert [entry.state for entry in journal.entries()] == [State.SUBMITTED]
    assert fake.state.jobs_created == 1


ANOTHER = textwrap.dedent("""
    import os, signal, sys
    from mvsep import MVSep
    from mvsep.downloads.part_file import PartFile
    from mvsep.journal import Journal

    url, token, song, place, out, method, when = sys.argv[1:]
    kind = PartFile if method == "place" else Journal
    original = getattr(kind, method, None)

    def killing(self, *arguments, **named):
        if when == "after":
            original(self, *arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    if original:
        setattr(kind, method, killing)
    with MVSep(token, base_url=url) as client, Journal(place) as journal:
        client.separate(
            song, 40, journal=journal, out=out, output_format=1,
            on_state=lambda state: print(state.status, flush=True),
        )
""")


@pytest.fixture
def process(fake, song, journal, tmp_path):
    """Start a process that separates the song, and is killed at a call of the journal's."""

    def start(method="-", when="-", place=journal.place):
        arguments = [fake.url, DEMO_TOKEN, song, place, tmp_path / "stems", method, when]
        command = [sys.executable, "-c", ANOTHER, *map(str, arguments)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return start


@pytest.fixture
def buried(request):
    """Let the leases of dead workers run out, as a minute does; a lock ends with its process."""

    def bury(journal):
        if journal.is_shared:
            request.getfixturevalue("postgres").sql(RAN_OUT)

    return bury


@CLIENT_AND_JOURNAL
@pytest.mark.parametrize(
    ("method", "when", "left", "slept"),
    [
        ("begin", "before", None, False),
        ("begin", "after", NextStep.SUBMIT, False),
        ("offered", "before", NextStep.SUBMIT, False),
        ("offered", "after", NextStep.LOOK, True),
        ("submitted", "before", NextStep.LOOK, False),
        ("submitted", "after", NextStep.RESUME, False),
        ("place", "after", NextStep.RESUME, False),  # between two stems
        ("saved", "before", NextStep.RESUME, False),
        ("saved", "after", NextStep.NOTHING, False),
    ],
)
def test_killed_between_any_two_writes_it_goes_on_and_pays_once(
    fake, process, journal, buried, separate, tmp_path, method, when, left, slept
):
    with process(method, when) as killed:
        killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    entries = journal.entries()
    assert [next_step(entry) for entry in entries] == ([left] if left else [])
    buried(journal)

    result = separate()

    assert fake.state.jobs_created == 1
    assert journal.unfinished() == []
    assert names(tmp_path / "stems") == ["song_Other.wav", "song_Vocals.wav"]
    assert len(result.files) == 2
    # A minute only where nothing else can tell.
    assert (60.0 in separate.slept) is slept


@BOTH_JOURNALS
def test_a_living_process_keeps_its_song_and_a_dead_one_leaves_it(
    fake, process, journal, buried, separate
):
    fake.state.schedule = Schedule(waiting=3600)
    living = process()
    with living, contextlib.ExitStack() as stack:
        stack.callback(living.kill)  # whatever fails, nobody waits for it
        assert living.stdout.readline() == "waiting\n"
        (entry,) = journal.unfinished()
        assert journal.is_held(entry.key)
        with pytest.raises(errors.AlreadyUnderWay):
            separate(timeout=0)
        living.kill()
        living.wait()
        assert journal.is_held(entry.key) is journal.is_shared  # until its lease runs out
        buried(journal)
        assert not journal.is_held(entry.key)
        for job in fake.state.jobs.values():
            job.schedule = Schedule.at_once()
        result = separate()

    assert len(result.files) == 2
    assert fake.state.jobs_created == 1


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=needs_postgres())])
def test_processes_that_begin_at_once_pay_once(request, fake, process, tmp_path, kind):
    with contextlib.ExitStack() as stack:
        place = tmp_path / "new/journal.sqlite3"
        if kind == "postgres":
            place = request.getfixturevalue("postgres").clear()
        running = [stack.enter_context(process(place=place)) for _ in range(4)]
        told = [each.communicate()[1] for each in running]

    assert any(each.returncode == 0 for each in running)
    assert all(not err or "AlreadyUnderWay" in err for err in told), told
    assert fake.state.jobs_created == 1


@pytest.mark.parametrize("ahead", [0, 7 * 86400], ids=["right", "a week ahead"])
def test_neither_newer_jobs_nor_the_own_clock_hide_a_job(shell, fake, song, ahead):
    settings = {"base_url": fake.url, "timing": Clock(wall=lambda: time.time() + ahead)}

    def lost(client):
        return client.submit(song, 40)

    fake.faults.add("reset-after-upload", on="separation_create", times=1)
    with pytest.raises(errors.SubmitUncertain) as caught:
        do(shell, lost, **settings)
    with MVSep(DEMO_TOKEN, base_url=fake.url) as client:
        for _ in range(45):
            client.submit(song, 40)
    found = do(shell, lambda client: client.reconcile(caught.value), **settings)

    assert (found.verdict, caught.value.marker in found.job.hash) == (Verdict.FOUND, True)
