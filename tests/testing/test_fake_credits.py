import pytest

from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, audio

SILENT_MINUTE = audio.wav_header(1, 1, 100, 6000) + b"\x80" * 6000  # one minute in 6 kB


def silence(seconds: int) -> bytes:
    return audio.wav_header(1, 1, 100, 100 * seconds) + b"\x80" * (100 * seconds)


@pytest.mark.parametrize(
    ("seconds", "options", "price"),
    [
        (10, {}, 1),
        (119, {}, 1),
        (121, {}, 2),
        (180, {"add_opt2": "8"}, 6),
        (180, {"add_opt2": "2"}, 3),
        (180, {"sep_type": 48, "add_opt2": "8"}, 4),
    ],
)
def test_credits_are_taken_at_creation(call, server, seconds, options, price):
    call.created(silence(seconds), **options)

    assert call.credits() == 1000 - price
    assert server.state.credits_charged == price
    assert server.state.jobs_created == 1


def test_a_free_account_pays_nothing(call, server):
    call.created(SILENT_MINUTE, api_token=FREE_TOKEN)

    assert server.state.credits_charged == 0


def test_an_account_without_enough_credits_is_refused_and_keeps_them(call, server):
    server.state.accounts.find(DEMO_TOKEN).credits = 2
    answer = call.create(silence(180))

    assert answer.status_code == 400
    assert call.credits() == 2
    assert server.state.jobs == {}


def test_cancelling_a_waiting_job_gives_the_credits_back(call, server):
    hash_ = call.created(silence(300))
    during = call.credits()
    answer = call.post("/api/separation/cancel", hash=hash_)

    assert answer.json() == {"success": True}
    assert (during, call.credits()) == (995, 1000)
    assert server.state.credits_refunded == 5
    assert call.status(hash_).status == "not_found"


def test_cancelling_a_job_in_work_gives_nothing_back(call, clock):
    hash_ = call.created(silence(300))
    clock.advance(4)
    call.post("/api/separation/cancel", hash=hash_)

    assert call.credits() == 995
    assert call.status(hash_).status == "not_found"


def test_a_free_account_has_one_job_at_a_time(call, clock):
    first = call.created(api_token=FREE_TOKEN)
    second = call.create(api_token=FREE_TOKEN)
    clock.advance(5)
    third = call.create(api_token=FREE_TOKEN)

    assert second.status_code == 400
    assert second.json() == {
        "success": False,
        "errors": [
            "You already have unprocessed file in queue. Please wait before adding new file!"
        ],
    }
    assert (call.status(first).status, third.json()["success"]) == ("done", True)


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
    assert answer.json() == {
        "success": False,
        "errors": ["Seperation type is unavailable until you purchase premium membership"],
    }


def test_premium_formats_need_premium(call):
    assert call.create(output_format=4, api_token=FREE_TOKEN).status_code == 400
    assert call.create(output_format=3, api_token=FREE_TOKEN).status_code == 200


def test_another_mirror_needs_a_token_and_costs_a_credit(call, clock):
    hash_ = call.created()
    clock.advance(5)
    without = call.get("/api/separation/get", hash=hash_, mirror=1, api_token=None)
    with_token = call.get("/api/separation/get", hash=hash_, mirror=1)

    assert (without.status_code, with_token.json()["status"]) == (401, "done")
    assert call.credits() == 998
