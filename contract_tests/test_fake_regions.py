"""Several fake servers that are one service: what they share, and what each keeps."""

import httpx
import pytest

from contract_tests.faulty import SONG
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, FakeServer, Schedule


def create(server, token=DEMO_TOKEN, **more):
    return httpx.post(
        f"{server.url}/api/separation/create",
        data={"api_token": token, "sep_type": "40"} | more,
        files={} if "url" in more else {"audiofile": ("song.wav", SONG)},
    )


def asked(server, hash_, call="get"):
    return httpx.get(f"{server.url}/api/separation/{call}", params={"hash": hash_}).json()


@pytest.fixture
def regions():
    one = FakeServer(schedule=Schedule.at_once())
    two = one.region("de2")
    front = one.front()
    with one.run(), two.run(), front.run():
        yield one, two, front
    for server in (one, two, front):
        server.state.close()


def test_a_job_is_known_where_it_was_created_and_nowhere_else(regions):
    one, two, front = regions
    hash_ = create(one).json()["data"]["hash"]

    assert asked(one, hash_)["status"] == "done"
    assert [asked(server, hash_)["status"] for server in (two, front)] == ["not_found"] * 2
    assert [server.state.jobs_created for server in regions] == [1, 0, 0]


def test_a_file_is_where_its_job_is_and_nowhere_else(regions):
    one, two, _ = regions
    made = create(one).json()["data"]
    url = asked(one, made["hash"])["data"]["files"][0]["url"]

    assert made["link"].startswith(one.url)
    assert url.startswith(one.url)
    assert httpx.get(url).status_code == 200
    assert httpx.get(url.replace(one.url, two.url)).status_code == 404


def test_regions_charge_one_account_and_never_give_one_hash_twice(regions):
    one, two, _ = regions
    account = one.state.accounts.find(DEMO_TOKEN)
    before = account.credits
    hashes = {create(server).json()["data"]["hash"] for server in (one, two)}

    assert len(hashes) == 2
    assert before - account.credits == 2
    assert two.state.accounts.find(DEMO_TOKEN) is account


def test_the_history_has_the_jobs_of_all_regions_newest_first(regions):
    one, two, _ = regions
    hashes = [create(server).json()["data"]["hash"] for server in (one, two, one)]
    for server in regions:
        url = f"{server.url}/api/app/separation_history"
        rows = httpx.get(url, params={"api_token": DEMO_TOKEN}).json()["data"]
        assert [row["hash"] for row in rows] == hashes[::-1]
        assert len({row["id"] for row in rows}) == 3


def test_a_free_account_has_one_job_at_a_time_in_all_regions_together():
    one = FakeServer(schedule=Schedule(60))
    two = one.region("de2")
    with one.run(), two.run():
        first, second = create(one, FREE_TOKEN), create(two, FREE_TOKEN)

    assert (first.status_code, second.status_code) == (200, 400)
    assert "unprocessed file in queue" in second.text


@pytest.mark.parametrize("more", [{}, {"url": "https://songs.example/a.wav"}])
def test_a_front_hands_jobs_on_and_names_the_region(regions, more):
    one, _, front = regions
    answer = create(front, **more).json()["data"]
    call = "get-remote" if more else "get"

    assert answer["link"].startswith(f"{one.url}/api/separation/{call}?")
    assert httpx.get(answer["link"]).json()["status"] == "done"
    assert asked(front, answer["hash"], call)["status"] == "not_found"
    assert [server.state.jobs_created for server in regions] == [1, 0, 0]
    assert front.state.seen["separation_create"] == 1


def test_each_region_has_faults_of_its_own(regions):
    one, two, _ = regions
    one.faults.add("http-502", "app_news", times=None)
    statuses = [httpx.get(f"{server.url}/api/app/news").status_code for server in (one, two)]

    assert statuses == [502, 200]


def test_a_front_of_a_server_that_is_on_no_port_says_so():
    front = FakeServer().front()
    with pytest.raises(RuntimeError, match="not on a port"):
        front.state.makes_at()
