"""What is known of an account and a job before anything is uploaded."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import Catalog, OutputFormat, SepType, errors, pricing
from mvsep.account.profile import Account, Quota
from mvsep.catalog.options import resolve
from mvsep.pricing import estimate as estimates
from mvsep.pricing.estimate import JobQuote
from mvsep.pricing.preflight import Preflight, judge, plan_of
from tests.wav_files import song
from tests.wire import TOKEN, Do, Wire, answer

PREMIUM_TYPE = 28
HASH = "20250131145833-a0bb276157-song.wav"


def account(credits: int | None = 100, on: bool | None = True, **raw: Any) -> Account:
    return Account(None, None, credits, on, None, raw)


def quota(left: int | None = 5, plan: str | None = None) -> Quota:
    return Quota(plan, None, left, 50, {})


FREE = account(0, False)


def wanted(
    sep_type: SepType | int = 40,
    *,
    seconds: float | None = 240,
    size: int | None = 1000,
    output_format: int | None = None,
    **options: str,
) -> JobQuote:
    resolved = resolve(Catalog.bundled(), sep_type, options)
    try:
        estimate: Any = estimates.estimate_resolved(resolved, None, seconds)
    except errors.DurationUnknown as error:
        estimate = error
    return JobQuote(resolved, estimate, size, output_format)


def verdicts(found: Preflight) -> dict[str, str]:
    return {check.name: check.verdict for check in found.checks}


@pytest.mark.parametrize(
    ("who", "says", "plan"),
    [
        (None, None, "unregistered"),
        (account(10, True), None, "premium"),
        (account(10, False), "premium", "registered"),
        (account(0, True), "premium", "registered"),
        (account(-1, True), None, "registered"),
        (account(0, None), None, "registered"),
        (account(None, False), None, "registered"),
        (account(None, True), "premium", "premium"),
        (account(10, None), "registered", "registered"),
        (account(10, None), None, None),
        (account(10, None), "gold", None),
    ],
)
def test_premium_is_switched_on_and_has_credits_left(who, says, plan) -> None:
    assert plan_of(who, quota(plan=says)) == plan


def test_a_job_that_a_premium_account_can_pay_passes_every_check() -> None:
    found = judge(wanted(PREMIUM_TYPE, output_format=5), account(), quota())

    assert found.ok
    assert found
    assert set(verdicts(found).values()) == {"pass"}
    found.check()


@pytest.mark.parametrize(
    ("job", "who", "left", "name", "error"),
    [
        (wanted(PREMIUM_TYPE), FREE, 5, "type", errors.PremiumRequired),
        (wanted(output_format=4), FREE, 5, "format", errors.PremiumRequired),
        (wanted(output_format=5), FREE, 5, "format", errors.PremiumRequired),
        (wanted(), FREE, 0, "quota", errors.QuotaExceeded),
        (wanted(seconds=60 * 101), account(100), 5, "balance", errors.InsufficientCredits),
        (wanted(), None, 5, "plan", errors.InvalidToken),
    ],
)
def test_what_is_known_to_be_refused_fails_with_a_reason_and_a_way_out(
    job, who, left, name, error
) -> None:
    found = judge(job, who, quota(left))
    (check,) = (check for check in found.failed if check.name == name)

    assert not found
    assert check.reason
    assert check.way_out
    with pytest.raises(error) as raised:
        found.check()
    assert raised.value.charged is False
    assert raised.value.next_step == check.way_out
    assert f"fail: {name}. {check.reason}" in str(found)


@pytest.mark.parametrize(
    ("who", "seconds", "size", "expected"),
    [
        (FREE, 600, 100_000_000, ("pass", "pass")),
        (FREE, 600.001, 100_000_001, ("warning", "warning")),
        (account(), 6000, 1_000_000_000, ("pass", "pass")),
        (account(), 6000.001, 1_000_000_001, ("warning", "warning")),
        (account(100, None), 60, 1000, ("unknown", "unknown")),
        (account(), None, None, ("unknown", "unknown")),
    ],
)
def test_limits_that_are_not_documented_warn_and_never_fail(who, seconds, size, expected) -> None:
    found = judge(wanted(seconds=seconds, size=size), who, quota())

    assert (verdicts(found)["minutes"], verdicts(found)["megabytes"]) == expected
    assert {"minutes", "megabytes"}.isdisjoint(check.name for check in found.failed)


def test_a_limit_that_is_exceeded_by_little_is_not_rounded_away() -> None:
    found = judge(wanted(seconds=600.001), FREE, quota())

    assert "It has 10.1 minutes" in str(found)
    assert "registered allows 10. This is not documented." in str(found)


def test_premium_that_is_switched_off_is_pointed_at() -> None:
    found = judge(wanted(PREMIUM_TYPE), account(70, False), quota())

    assert found.failed[0].way_out == "Switch premium on: the account has 70 credits."


def test_what_can_not_be_checked_of_the_options_is_a_warning_and_never_fails() -> None:
    found = judge(wanted(int(SepType.BARK), seconds=None), account(), quota())
    told = [check for check in found.checks if check.name == "options"]

    assert [check.verdict for check in told] == ["warning", "warning"]
    assert "warning: options. Whether 'Text prompt' may be left out is not known." in str(found)
    assert found.ok
    assert "options" not in verdicts(judge(wanted(), account(), quota()))


def test_a_job_under_way_is_told_of_where_the_plan_takes_one() -> None:
    busy = [{"hash": "x"}]

    free = judge(wanted(), account(0, False, current_queue=busy), quota())
    premium = judge(wanted(), account(9, True, current_queue=busy), quota())

    assert verdicts(free)["place"] == "warning"
    assert free.ok
    assert "place" not in verdicts(premium)


def test_what_nothing_tells_is_unknown_and_not_passed() -> None:
    found = judge(wanted(9999, seconds=None), account(None, None), None)

    assert set(verdicts(found).values()) <= {"unknown", "pass"}
    assert [name for name, verdict in verdicts(found).items() if verdict == "pass"] == ["format"]
    assert found.estimate is None
    assert "price unknown" in str(found)
    assert verdicts(judge(wanted(), FREE, None))["quota"] == "unknown"
    assert verdicts(judge(wanted(output_format=77), FREE, None))["format"] == "unknown"


def test_it_reads_well() -> None:
    good = judge(wanted(), account(), quota())
    bad = judge(wanted(PREMIUM_TYPE), FREE, quota())

    assert str(good) == "Can be submitted: 4 credits, 2 stems: Vocals, Other.\nPlan: premium."
    assert str(bad).startswith("Would be refused: ")
    assert "Premium needs credits, and premium switched on." in str(bad)


@given(st.integers(0, 300), st.integers(1, 20000), st.sampled_from([None, True, False]))
def test_no_job_passes_that_the_balance_does_not_cover(left, seconds, on) -> None:
    found = judge(wanted(seconds=seconds), account(left, on), quota())

    assert found.plan in ("premium", "registered", None)
    short = found.plan == "premium" and left < pricing.credits(seconds)
    assert ("balance" in [check.name for check in found.failed]) == short
    if found.plan == "registered":
        assert verdicts(found)["balance"] == "pass"


# Both clients

USER = {"success": True, "data": {"premium_minutes": 50, "premium_enabled": 1, "api_token": TOKEN}}
QUEUE = {"queue": {}, "current": {"plan": "premium", "queue": 0}}
CREATED = {"success": True, "data": {"hash": HASH}}


class Service(Wire):
    """Answers by path."""

    def __init__(self, user: Any = USER) -> None:
        self.answers = {"user": user, "queue": QUEUE, "create": CREATED}
        super().__init__(lambda request: answer(self.answers[request.url.path.split("/")[-1]]))


def standing(before: bytes, rest: bytes) -> io.BytesIO:
    """An open file that stands behind its first bytes."""
    file = io.BytesIO(before + rest)
    file.seek(len(before))
    return file


ASKED = ["/api/app/user", "/api/app/queue"]
CREATE = "/api/separation/create"


def test_a_preflight_asks_the_account_and_the_queue_once_and_uploads_nothing(do: Do) -> None:
    service = Service()
    found = do(service, "preflight", song(240), "BS Roformer", options={"Overlap": "87.5%"})

    assert service.paths == ASKED
    assert found.estimate.credits == 8
    assert [str(rule) for rule in found.estimate.rules] == ["Overlap 87.5%: x2"]
    assert found.credits == 50
    assert any(check.reason.startswith("It has 0.1 megabytes") for check in found.checks)
    assert TOKEN not in repr(found) + str(found)


def test_a_preflight_of_a_link_knows_what_seconds_tell(do: Do) -> None:
    link = "https://example.com/song.mp3"

    assert do(Service(), "preflight", link, 40).estimate is None
    found = do(Service(), "preflight", link, 40, seconds=90, output_format=OutputFormat.WAV_32)
    assert found.estimate.seconds == Fraction(90)
    assert verdicts(found)["format"] == "pass"


@pytest.mark.parametrize("method", ["preflight", "submit"])
@pytest.mark.parametrize("seconds", [0, -5, float("nan"), float("inf"), "long", True])
def test_seconds_that_can_be_no_length_are_refused_before_anything_is_asked(
    do, method, seconds
) -> None:
    service = Service()
    with pytest.raises(errors.InvalidInput, match="seconds must"):
        do(service, method, song(240), 40, seconds=seconds)

    assert service.paths == []


@pytest.mark.parametrize("source", [song(240), song(240)[:-9]], ids=["sure", "cut but bounded"])
def test_a_submit_within_its_limit_asks_and_is_created_once(do: Do, source: bytes) -> None:
    service = Service()
    do(service, "submit", source, 40, max_credits=4)

    assert service.paths == [*ASKED, CREATE]
    assert b"max_credits" not in service.bodies[-1]


@pytest.mark.parametrize("method", ["submit", "separate"])
@pytest.mark.parametrize(
    ("source", "more", "error"),
    [
        (song(300), {}, errors.TooExpensive),
        (song(240), {"options": {"Overlap": "87.5%"}}, errors.TooExpensive),
        (song(300)[: len(song(240))], {}, errors.PriceUnknown),
        (standing(song(1), song(300)), {}, errors.TooExpensive),
        (standing(song(300), b""), {}, errors.InvalidInput),
        ("https://example.com/song.mp3", {}, errors.PriceUnknown),
        ("https://example.com/song.mp3", {"seconds": 300}, errors.TooExpensive),
        (song(240)[:-9], {"seconds": 300, "allow_unknown_price": True}, errors.TooExpensive),
        (song(300), {"seconds": 60}, errors.TooExpensive),
    ],
)
def test_a_price_above_the_limit_is_refused_before_anything_is_asked(
    do, method, source, more, error, tmp_path
) -> None:
    service = Service()
    folder = {"out": tmp_path} if method == "separate" else {}
    with pytest.raises(error) as raised:
        do(service, method, source, 40, max_credits=4, **more, **folder)

    assert raised.value.charged is False
    assert service.paths == []


def test_with_a_limit_a_balance_that_does_not_cover_it_is_refused_before_the_upload(do: Do) -> None:
    poor = {"success": True, "data": {"premium_minutes": 3, "premium_enabled": 1}}
    service = Service(poor)
    with pytest.raises(errors.InsufficientCredits, match="3 credits"):
        do(service, "submit", song(240), 40, max_credits=4)

    assert service.paths == ASKED


def test_a_price_that_is_not_known_can_be_allowed(do: Do) -> None:
    service = Service()
    more = {"allow_unknown_price": True, "validate": False}  # nobody lists the type
    do(service, "submit", song(240), 9999, max_credits=4, **more)

    assert service.paths == [*ASKED, CREATE]


def test_an_account_that_can_not_be_read_keeps_the_job_back_and_tells_nothing_of_it(do: Do) -> None:
    odd = {"success": True, "data": [{"email": "me@example.com", "api_token": TOKEN}]}
    service = Service(odd)
    with pytest.raises(errors.MVSepError) as raised:
        do(service, "submit", song(240), 40, max_credits=4)

    assert raised.value.charged is False
    assert CREATE not in service.paths
    assert "me@example.com" not in json.dumps(str(raised.value))


@pytest.mark.parametrize("odd", [{"current": "premium", "free_separations": []}, {"plan": [1]}])
def test_an_odd_answer_about_the_queue_leaves_the_rest_standing(do, odd) -> None:
    service = Service()
    service.answers["queue"] = odd
    assert do(service, "preflight", song(240), 40).ok


def test_a_token_that_is_not_accepted_is_an_error(do: Do) -> None:
    refused = answer({"message": "Unauthenticated."}, 401)
    with pytest.raises(errors.InvalidToken):
        do(Wire(refused), "preflight", song(60), 40)


def test_without_a_token_a_preflight_says_so_and_a_limited_submit_does_not_upload(do: Do) -> None:
    service = Service()
    assert do(service, "preflight", song(60), 40, settings={"token": None}).plan == "unregistered"
    with pytest.raises(errors.InvalidToken):
        do(service, "submit", song(60), 40, settings={"token": None}, max_credits=4)
    assert CREATE not in service.paths
