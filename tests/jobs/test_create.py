from __future__ import annotations

import math
from typing import Any

import pytest

from mvsep import errors
from mvsep.catalog import Catalog
from mvsep.core.flow import run
from mvsep.jobs.create import create
from mvsep.jobs.form import JobOptions
from mvsep.jobs.lookup import Lookup
from mvsep.jobs.submission import Submission
from mvsep_api.models import QueueAnswer, SeparationCreated, UserAnswer
from tests.ports import ScriptedPort, one_after_the_other
from tests.wav_files import song

REGIONS = ["https://mvsep.com", "https://de.mvsep.com", "https://de2.mvsep.com"]
HOSTS = [url.removeprefix("https://") for url in REGIONS]
HASH = "20250131145833-a0bb276157-mvk123456789-song.wav"


def created(link: Any = None) -> SeparationCreated:
    return SeparationCreated.from_dict({"success": True, "data": {"hash": HASH, "link": link}})


def account(**data: Any) -> UserAnswer:
    return UserAnswer.from_dict({"success": True, "data": data})


def plan(left: int | None) -> QueueAnswer:
    return QueueAnswer.from_dict({"free_separations": {"left": left, "max": 50}})


REFUSED = errors.InvalidRequest("no", server_text="no more today", status=400, charged=False)
UNREACHED = errors.ConnectionFailed("refused", sent=False)
LOST = errors.ConnectionFailed("reset", sent=True)
FULL = errors.QueueFull("full")
NO_ANSWER = errors.ConnectionFailed("lost")


class Run:
    """Creates a job: answers by the operation that is asked; the last answer stays."""

    def __init__(self, regions: list[str] | None = None, /, **answers: list[Any]) -> None:
        replies = {name: one_after_the_other(*given) for name, given in answers.items()}
        names = {"separation_create": "send", "app_user": "account", "app_queue": "plan"}
        self.port = ScriptedPort(lambda call: replies[names[call.operation]](call), regions=regions)

    def __call__(self, source: Any = b"RIFF", **asked: Any) -> Lookup:
        clock = self.port.settings.timing
        submission = Submission(source, 40, JobOptions(**asked), clock, Catalog.bundled())
        return run(create(self.port, submission))  # type: ignore[arg-type]

    @property
    def now(self) -> float:
        return self.port.now - 1000

    @property
    def sent(self) -> list[str]:
        return [c.host for c in self.port.calls if c.operation == "separation_create"]


def test_a_region_that_can_not_be_reached_is_passed_over() -> None:
    job = Run(REGIONS, send=[UNREACHED, UNREACHED, created()])

    found = job()
    assert (found.hash, found.settings.base_url) == (HASH, REGIONS[2])
    assert job.sent == HOSTS


@pytest.mark.parametrize(
    ("answers", "kind", "tried"),
    [
        ([UNREACHED, LOST, created()], errors.SubmitUncertain, 2),
        ([FULL], errors.QueueFull, 1),
        ([errors.PremiumRequired("no")], errors.PremiumRequired, 1),
        ([errors.InvalidToken("no")], errors.InvalidToken, 1),
        ([UNREACHED], errors.ConnectionFailed, 3),
    ],
)
def test_a_job_that_may_exist_or_is_refused_is_sent_to_no_other_region(
    answers: list[Any], kind: type[errors.MVSepError], tried: int
) -> None:
    job = Run(REGIONS, send=answers)
    with pytest.raises(kind) as caught:
        job()

    assert job.sent == HOSTS[:tried]
    if kind is errors.SubmitUncertain:
        assert caught.value.host == HOSTS[1]
    if kind is errors.ConnectionFailed:
        assert caught.value.charged is False


@pytest.mark.parametrize(
    ("link", "home"),
    [
        ("https://de2.mvsep.com/api/separation/get?hash=x", "https://de2.mvsep.com"),
        ("https://mvsep.com/api/separation/get?hash=x", "https://mvsep.com"),
        ("https://sg.mvsep.com/api/separation/get?hash=x", "https://sg.mvsep.com"),
        ("https://mvsep.com.evil.example/x", REGIONS[0]),
        ("https://user:pass@de.mvsep.com/x", REGIONS[0]),
        ("http://de.mvsep.com/x", REGIONS[0]),
        ("http://127.0.0.1:8000/x", REGIONS[0]),
        ("https://[::1", REGIONS[0]),
        ("nonsense", REGIONS[0]),
        (None, REGIONS[0]),
    ],
)
def test_a_job_stays_at_the_host_that_its_link_names_when_that_is_the_services(
    link: str | None, home: str
) -> None:
    assert Run(REGIONS, send=[created(link)])().settings.base_url == home


def test_what_is_tried_on_this_machine_stays_on_it() -> None:
    job = Run(["http://127.0.0.1:8000"], send=[created("https://mvsep.com/x")])

    assert job().settings.base_url == "http://127.0.0.1:8000"


def test_a_full_queue_is_an_error_unless_a_place_is_waited_for() -> None:
    job = Run(send=[FULL, created()], account=[account(current_queue=[])])
    with pytest.raises(errors.QueueFull):
        job()
    assert job.now == 0

    job = Run(send=[FULL, created()], account=[account(current_queue=[])])
    assert job(wait_for_place=600).hash == HASH
    assert len(job.sent) == 2


@pytest.mark.parametrize("busy", [[{"hash": "x"}], [7], 1, 3, "1"])
@pytest.mark.parametrize("free", [[], 0])
def test_while_a_job_is_under_way_the_song_is_not_uploaded_again(busy: Any, free: Any) -> None:
    taken = account(current_queue=busy)
    job = Run(send=[FULL, created()], account=[*[taken] * 50, account(current_queue=free)])
    job(wait_for_place=math.inf)

    assert len(job.sent) == 2
    assert job.port.count("app_user") == 51


@pytest.mark.parametrize("unread", [account(), account(current_queue={}), NO_ANSWER])
def test_where_nobody_can_tell_the_song_is_sent_again_every_ten_minutes(unread: Any) -> None:
    job = Run(send=[FULL], account=[unread])
    with pytest.raises(errors.QueueFull):
        job(wait_for_place=3600)

    assert job.now == 3600
    assert len(job.sent) <= 6


def test_the_wait_for_a_place_ends_when_it_is_up() -> None:
    job = Run(send=[FULL], account=[account(current_queue=None)])
    with pytest.raises(errors.QueueFull):
        job(wait_for_place=100)

    assert job.now == 100


POOR, PREMIUM = (account(premium_enabled=1, premium_minutes=credits) for credits in (3, 4))
FREE = account(premium_enabled=0)


@pytest.mark.parametrize(
    ("user", "queue", "kind"),
    [
        (FREE, plan(0), errors.QuotaExceeded),
        (NO_ANSWER, plan(0), errors.QuotaExceeded),
        (POOR, plan(50), errors.InsufficientCredits),
        (POOR, NO_ANSWER, errors.InsufficientCredits),
        (PREMIUM, plan(50), errors.InvalidRequest),
        (PREMIUM, plan(0), errors.InvalidRequest),
        (NO_ANSWER, plan(7), errors.InvalidRequest),
        (FREE, errors.RateLimited("slow"), errors.InvalidRequest),
        (FREE, plan(7), errors.InvalidRequest),
        (FREE, plan(None), errors.InvalidRequest),
        (account(), QueueAnswer.from_dict({}), errors.InvalidRequest),
    ],
)
def test_a_refusal_is_explained_by_the_account_where_it_can_be(
    user: Any, queue: Any, kind: type
) -> None:
    job = Run(send=[REFUSED], account=[user], plan=[queue])
    with pytest.raises(errors.Refused) as caught:
        job(song(240))

    assert type(caught.value) is kind
    assert (caught.value.server_text, caught.value.status) == ("no more today", 400)
    assert caught.value.charged is False
    assert len(job.sent) == 1
