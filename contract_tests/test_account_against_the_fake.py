"""The account, its switches and its lists, with both clients, against the fake server."""

import httpx
import pytest

from contract_tests.harness.clients import do
from contract_tests.shells import written_once
from mvsep import MVSep, PremiumRequired, webhooks
from mvsep.testing import DEMO_TOKEN, FakeServer, Schedule, demo_account, render_song
from tools.operations import resolve

PREMIUM_TYPE = 28  # for premium accounts only


@pytest.fixture
def owner(fake):
    """Return the demo account as the server knows it, with premium off."""
    owner = fake.state.by_token(DEMO_TOKEN)
    owner.premium_enabled = False
    return owner


@pytest.fixture
def run(fake, shell):
    """Run a block of either client: a coroutine function of the async one, or of one like it."""

    def run(block, token=DEMO_TOKEN, server=fake):
        return do(shell, written_once(shell, block), token=token, base_url=server.url)

    return run


# Logging in and looking


def test_a_login_gives_a_token_that_works(fake, run):
    async def login(mvsep):
        return await mvsep.login("demo@example.com", "demo-password")

    async def look(mvsep):
        return await mvsep.account()

    token = run(login, token=None)
    found = run(look, token=token)

    assert token == DEMO_TOKEN
    assert DEMO_TOKEN not in repr(token) + repr(found)
    assert (found.email, found.credits, found.premium_enabled) == ("demo@example.com", 1000, True)
    assert "api_token" not in found.raw
    assert fake.state.requests[0].fields == {"email": "demo@example.com", "password": "***"}


# Switches


def test_premium_is_on_for_the_block_only(run, owner):
    async def block(mvsep):
        with pytest.raises(PremiumRequired):
            await mvsep.submit(render_song(), PREMIUM_TYPE)
        async with mvsep.premium(), mvsep.long_filenames():
            assert owner.premium_enabled
            assert owner.long_filenames_enabled
            return await mvsep.submit(render_song(), PREMIUM_TYPE)

    job = run(block)

    assert job.hash
    assert owner.credits < 1000
    assert not owner.premium_enabled
    assert not owner.long_filenames_enabled


# Lists

JOBS = 45


@pytest.fixture(scope="module")
def busy():
    """Run a server on which 45 jobs were made."""
    with FakeServer([demo_account()], schedule=Schedule.at_once()).run() as server:
        with MVSep(DEMO_TOKEN, base_url=server.url) as mvsep:
            song = render_song()
            server.hashes = [mvsep.submit(song, 40).hash for _ in range(JOBS)]
        yield server


def read(server, run, **more):
    """Return the hashes of the history, and the pages that were asked for."""

    async def block(mvsep):
        return [row.hash_ async for row in mvsep.history(**more)]

    before = len(server.state.requests)
    found = run(block, server=server)
    asked = [request.fields for request in server.state.requests[before:]]
    return found, [(fields["start"], fields["limit"]) for fields in asked]


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({}, [("0", "20"), ("20", "20"), ("40", "20")]),
        ({"limit": 25}, [("0", "20"), ("20", "5")]),
        ({"page_size": 15}, [("0", "15"), ("15", "15"), ("30", "15"), ("45", "15")]),
    ],
)
def test_the_whole_history_is_read_newest_first(busy, run, more, asked):
    found, seen = read(busy, run, **more)

    assert found == busy.hashes[::-1][: more.get("limit")]
    assert seen == asked


def test_a_page_has_no_more_rows_than_the_contract_allows_to_ask_for(busy):
    asked = {"api_token": DEMO_TOKEN, "limit": 1000}
    answer = httpx.get(f"{busy.url}/api/app/separation_history", params=asked)

    assert [row["hash"] for row in answer.json()["data"]] == busy.hashes[: -20 - 1 : -1]


def test_as_many_rows_are_asked_for_at_once_as_the_contract_allows(fake, run, contract):
    async def block(mvsep):
        return [
            [row async for row in pages]
            for pages in (mvsep.history(), mvsep.news(), mvsep.demo(), mvsep.purchases())
        ]

    run(block)
    asked = {request.path: int(request.fields["limit"]) for request in fake.state.requests}
    most = {}
    for path in asked:
        found = [resolve(contract, each) for each in contract["paths"][path]["get"]["parameters"]]
        (limit,) = [each["schema"] for each in found if each["name"] == "limit"]
        most[path] = limit["maximum"]
    assert asked == most


def test_the_other_lists_are_read_too(run, fake):
    async def block(mvsep):
        await mvsep.submit(render_song(), 40, is_demo=True)
        return [
            [row.id async for row in mvsep.news(page_size=1)],
            [row.title async for row in mvsep.news(lang="en", limit=1)],
            [row.hash_ async for row in mvsep.demo()],
            [row.id async for row in mvsep.quality_queue(page_size=1)],
            [row.id async for row in mvsep.leaderboard(dataset_type="1", page_size=1)],
            [row["credits"] async for row in mvsep.purchases()],
            [row async for row in mvsep.purchases(status="unpaid")],
        ]

    assert run(block) == [
        [4, 3, 2, 1],
        ["The sandbox has a song"],
        list(fake.state.jobs),
        [7720, 7675],
        [7720, 7675],
        [1000],
        [],
    ]


# Webhooks


def test_a_delivery_is_believed_only_as_far_as_the_server_knows(fake):
    with MVSep(DEMO_TOKEN, base_url=fake.url) as mvsep:
        job = mvsep.submit(render_song(), 40)
        told = f'{{"status": "failed", "hash": "{job.hash}"}}'.encode()
        known = webhooks.handle("POST", {}, told, "secret=s3", client=mvsep, secret="s3")
        forged = webhooks.handle(
            "POST", {}, told.replace(b"2", b"3"), "secret=s3", client=mvsep, secret="s3"
        )

    assert (known.status, known.state.status, known.state.hash) == (200, "done", job.hash)
    assert len(known.state.files) == 2
    assert (forged.status, forged.state) == (200, None)
