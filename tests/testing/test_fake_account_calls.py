import pytest

from mvsep.testing import DEMO_TOKEN, FREE_TOKEN


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_empty_token_is_none(call, method):
    path = "/api/app/user" if method == "GET" else "/api/app/enable_premium"

    assert call.send(method, f"{path}?api_token=").status_code == 400


def test_fields_in_the_query_of_a_post_count_and_those_of_the_form_come_first(call):
    path = "/api/app/enable_premium?api_token="
    answers = [
        call.send("POST", path + DEMO_TOKEN),
        call.send("POST", path + "x" * 30, data={"api_token": DEMO_TOKEN}),
        call.send("POST", path + DEMO_TOKEN, data={"api_token": "x" * 30}),
        call.send("POST", path + DEMO_TOKEN, data={"api_token": ""}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 400, 400]


@pytest.mark.parametrize("what", ["premium", "long_filenames"])
def test_switches_change_the_profile(call, what):
    for word, kept in (("disable", 0), ("enable", 1)):
        answer = call.post(f"/api/app/{word}_{what}").json()

        assert answer == {"success": True, "message": f"successfully {word}d"}
        # A number, and not a boolean.
        assert repr(call.data("/api/app/user")[f"{what}_enabled"]) == str(kept)


REGISTRATION = {
    "name": "Ada",
    "email": "ada@example.com",
    "password": "secret",
    "password_confirmation": "secret",
}


def test_a_registered_account_can_log_in_and_has_the_free_plan(call):
    said = call.post("/api/app/register", **REGISTRATION).json()
    data = call.post("/api/app/login", **REGISTRATION).json()["data"]
    queue = call.get("/api/app/queue", api_token=data["api_token"]).json()

    assert said["message"] == "Account verification email sent to ada@example.com"
    assert said["success"] is True
    assert (len(data["api_token"]), data["premium_minutes"]) == (30, 0)
    assert queue["current"]["plan"] == "registered"


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"password_confirmation": "other"}, ["password"]),
        ({"password_confirmation": None}, ["password_confirmation", "password"]),
        ({"email": "demo@example.com"}, ["email"]),
    ],
)
def test_registration_errors_are_told_field_by_field(call, change, fields):
    answer = call.post("/api/app/register", **{**REGISTRATION, **change})

    assert answer.status_code == 400
    assert list(answer.json()["message"]) == fields


def test_the_queue_counts_jobs_by_plan_and_takes_no_token(call, clock):
    call.created()
    call.created(api_token=FREE_TOKEN)
    clock.advance(4)
    call.created()
    guest = call.get("/api/app/queue", api_token=None).json()
    free = call.get("/api/app/queue", api_token=FREE_TOKEN).json()

    assert guest == {
        "queue": {"in_process": 2, "premium": 1, "registered": 0, "unregistered": 0},
        "current": {"plan": "unregistered", "queue": 0},
    }
    assert free["current"] == {"plan": "registered", "queue": 0}
    assert free["free_separations"] == {"left": 49, "max": 50}


def test_the_queue_summary_tells_how_far_the_own_job_is(call, clock):
    idle = call.get("/api/app/queue/summary").json()
    call.created()
    clock.advance(1)

    assert idle == {"success": True, "data": {"ahead": 0, "estimated_wait_seconds": None}}
    assert call.data("/api/app/queue/summary") == {"ahead": 1, "estimated_wait_seconds": 2}


def test_a_job_made_as_a_demo_is_listed_once_done(call, clock):
    hash_ = call.created(is_demo=1)
    call.created(is_demo=0)
    early = call.get("/api/app/demo").json()
    clock.advance(5)
    (row,) = call.get("/api/app/demo").json()

    assert early == []
    assert (row["hash"], row["date"]) == (hash_, "2026-01-01 00:00")
    assert row["algorithm"]["render_id"] == 40
    assert call.send("GET", row["input_audio"]).status_code == 200


def test_demos_are_narrowed_to_a_type_and_to_options(call, clock):
    overlap = call.created(is_demo=1, add_opt2="8")
    usual = call.created(is_demo=1)
    other = call.created(is_demo=1, sep_type=63)
    clock.advance(5)

    def found(**query):
        return [row["hash"] for row in call.send("GET", "/api/app/demo", params=query).json()]

    assert found() == [other, usual, overlap]
    assert found(algorithm_id=39) == [usual, overlap]  # the row's id, which is not sep_type
    assert found(**{"options[add_opt2]": "8"}) == [overlap]
    assert found(**{"algorithm_id": 39, "options[add_opt2]": "2"}) == [usual]
    assert found(**{"options[add_opt2]": "9"}) == found(algorithm_id=40) == []


def test_purchases_are_listed_by_status(call):
    def found(**query):
        return call.data("/api/purchases", **query)

    assert [item["credits"] for item in found()] == [1000]
    assert len(found(status="succeeded")) == 1
    assert found(status="unpaid") == found(offset=1) == found(api_token=FREE_TOKEN) == []


@pytest.mark.parametrize("place", ["form", "query"])
def test_a_credit_alert_is_kept_wherever_its_fields_stand(call, place):
    fields = {"api_token": DEMO_TOKEN, "credit_threshold": "25"}
    sent = {"data": fields} if place == "form" else {"params": fields}
    before = call.data("/api/credit_alert")
    answer = call.send("POST", "/api/credit_alert", **sent).json()["data"]

    assert before == {"credit_threshold": 0}
    assert answer == call.data("/api/credit_alert") == {"credit_threshold": 25}
