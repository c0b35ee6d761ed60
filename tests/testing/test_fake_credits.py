import pytest

from mvsep.testing import DEMO_TOKEN, FREE_TOKEN

PREMIUM_TYPE = "Seperation type is unavailable until you purchase premium membership"
DAY_LIMIT = (
    "You have reached the limit of separations for today. Please try again tomorrow or consider "
    "signing up for a premium account."
)
DAY = 24 * 3600


@pytest.mark.parametrize(
    ("seconds", "options", "price"),
    [
        (10, {}, 1),
        (119, {}, 1),
        (119.99, {}, 1),  # fractions of a second count as they are
        (121, {}, 2),
        (180, {"add_opt2": "8"}, 6),
        (180, {"add_opt2": "2"}, 3),
        (180, {"sep_type": 48, "add_opt2": "8"}, 4),
    ],
)
def test_credits_are_taken_at_creation(call, server, seconds, options, price):
    call.created(seconds, **options)

    assert call.credits() == 1000 - price
    assert server.state.credits_charged == price
    assert server.state.jobs_created == 1


def test_a_free_separation_counts_for_24_hours(call, clock):
    def left():
        queue = call.get("/api/app/queue", api_token=FREE_TOKEN).json()
        return queue["free_separations"]["left"]

    before = left()
    call.created(api_token=FREE_TOKEN)
    clock.advance(DAY - 1)
    during = left()
    clock.advance(1)

    assert (before, during, left()) == (50, 49, 50)


def test_a_free_account_is_refused_after_fifty_separations_in_24_hours(call, clock):
    def create():
        clock.advance(60)
        return call.create(1, api_token=FREE_TOKEN)

    answers = [create() for _ in range(51)]
    clock.advance(DAY - 51 * 60)

    assert [answer.status_code for answer in answers] == [200] * 50 + [400]
    assert answers[-1].json() == {"success": False, "errors": [DAY_LIMIT]}
    assert create().status_code == 200


def test_an_account_without_enough_credits_is_refused_and_keeps_them(call, server):
    server.state.accounts.find(DEMO_TOKEN).credits = 2
    answer = call.create(180)

    assert answer.status_code == 400
    assert call.credits() == 2
    assert server.state.jobs == {}


def test_a_job_that_waits_is_cancelled_and_its_credits_are_given_back(call, server):
    hash_ = call.created(300)
    during = call.credits()
    answer = call.cancel(hash_)

    assert answer.json() == {"success": True}
    assert (during, call.credits()) == (995, 1000)
    assert server.state.credits_refunded == 5
    assert call.status(hash_).status == "not_found"


@pytest.mark.parametrize(("passed", "status"), [(4, "processing"), (9, "done")])
def test_a_job_that_does_not_wait_is_not_cancelled(call, server, clock, passed, status):
    hash_ = call.created(300)
    clock.advance(passed)
    answer = call.cancel(hash_)

    assert (answer.status_code, answer.json()["success"]) == (400, False)
    assert server.state.credits_refunded == 0
    assert call.status(hash_).status == status


def test_a_premium_account_has_as_many_jobs_as_it_likes(call):
    assert all(call.create().json()["success"] for _ in range(5))


@pytest.mark.parametrize("switch", ["never paid", "switched off", "used up"])
def test_premium_types_need_premium_that_is_on_and_paid(call, server, switch):
    token = FREE_TOKEN if switch == "never paid" else DEMO_TOKEN
    if switch == "switched off":
        call.post("/api/app/disable_premium")
    if switch == "used up":
        server.state.accounts.find(DEMO_TOKEN).credits = 0
    answer = call.create(sep_type=26, api_token=token)

    assert answer.status_code == 400
    assert answer.json() == {"success": False, "errors": [PREMIUM_TYPE]}


def test_premium_formats_need_premium(call):
    assert call.create(output_format=4, api_token=FREE_TOKEN).status_code == 400
    assert call.create(output_format=3, api_token=FREE_TOKEN).status_code == 200
