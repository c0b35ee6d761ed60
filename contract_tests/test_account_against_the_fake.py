"""What belongs to the account, with both clients, against the fake server on a port."""

import asyncio

import httpx
import pytest

from mvsep import (
    AsyncMVSep,
    InvalidRequest,
    InvalidToken,
    MVSep,
    MVSepError,
    PremiumRequired,
    SepType,
    webhooks,
)
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, FakeServer, Schedule, demo_account, render_song
from tools.operations import resolve

PREMIUM_TYPE = 28  # for premium accounts only


@pytest.fixture
def fake():
    with FakeServer(schedule=Schedule.at_once()).run() as server:
        yield server


@pytest.fixture
def owner(fake):
    """The demo account as the server knows it, with premium off."""
    owner = fake.state.by_token(DEMO_TOKEN)
    owner.premium_enabled = False
    return owner


@pytest.fixture
def run(fake, shell):
    """Run a block of either client: a coroutine function of what wraps the client's methods."""

    def run(block, token=DEMO_TOKEN):
        async def with_async():
            async with AsyncMVSep(token, base_url=fake.url) as mvsep:
                return await block(mvsep)

        async def with_sync():
            with MVSep(token, base_url=fake.url) as mvsep:
                return await block(_Awaitable(mvsep))

        return asyncio.run(with_sync() if shell == "sync" else with_async())

    return run


class _Awaitable:
    """The sync client in the async one's clothes, so that a test is written once."""

    def __init__(self, mvsep):
        self.mvsep = mvsep

    def __getattr__(self, name):
        method = getattr(self.mvsep, name)
        if name in {"premium", "long_filenames"}:
            return lambda *arguments: _Entered(method(*arguments))
        if name in {"history", "news", "demo", "quality_queue", "leaderboard", "purchases"}:
            return lambda **more: _iterated(method(**more))

        async def call(*arguments, **more):
            return method(*arguments, **more)

        return call


class _Entered:
    def __init__(self, inner):
        self._inner = inner

    async def __aenter__(self):
        return self._inner.__enter__()

    async def __aexit__(self, *ended):
        return self._inner.__exit__(*ended)


async def _iterated(pager):
    for row in pager:
        yield row


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


def test_wrong_credentials_and_tokens_are_refused(run):
    async def login(mvsep):
        await mvsep.login("demo@example.com", "wrong-password")

    async def look(mvsep):
        await mvsep.account()

    with pytest.raises(InvalidRequest) as refused:
        run(login)
    assert refused.value.server_text == "These credentials do not match our records."
    assert "wrong-password" not in str(refused.value)
    with pytest.raises(InvalidToken):
        run(look, token="WRONGwrong")


def test_the_quota_goes_down_with_each_free_job(fake):
    with MVSep(FREE_TOKEN, base_url=fake.url) as mvsep:
        before = mvsep.quota()
        mvsep.submit(render_song(), SepType.BS_ROFORMER)
        after = mvsep.quota()

    assert (before.plan, before.free_left, before.free_most) == ("registered", 50, 50)
    assert after.free_left == 49


# Switches


def test_premium_is_on_for_the_block_only(run, owner):
    async def block(mvsep):
        with pytest.raises(PremiumRequired):
            await mvsep.submit(render_song(), PREMIUM_TYPE)
        async with mvsep.premium():
            assert owner.premium_enabled
            return await mvsep.submit(render_song(), PREMIUM_TYPE)

    job = run(block)

    assert job.hash
    assert owner.credits < 1000
    assert not owner.premium_enabled


@pytest.mark.parametrize("end", [ValueError, KeyboardInterrupt, asyncio.CancelledError])
def test_premium_is_put_back_when_the_block_raises(run, owner, end):
    async def block(mvsep):
        async with mvsep.premium():
            assert owner.premium_enabled
            raise end

    with pytest.raises(end):
        run(block)
    assert not owner.premium_enabled


def test_premium_that_was_on_stays_on(run, owner, fake):
    owner.premium_enabled = True

    async def block(mvsep):
        async with mvsep.premium(), mvsep.premium():
            assert owner.premium_enabled

    run(block)
    assert owner.premium_enabled
    assert {request.path for request in fake.state.requests} == {"/api/app/user"}


def test_nested_blocks_are_put_back_by_the_outer_one(run, owner):
    seen = []

    async def block(mvsep):
        async with mvsep.premium():
            async with mvsep.premium():
                seen.append(owner.premium_enabled)
            seen.append(owner.premium_enabled)
            async with mvsep.premium(False):
                seen.append(owner.premium_enabled)
            seen.append(owner.premium_enabled)

    run(block)
    assert seen == [True, True, False, True]
    assert not owner.premium_enabled


def test_premium_that_can_not_be_put_back_is_said(run, owner, fake):
    accounts = fake.state.accounts

    async def block(mvsep):
        async with mvsep.premium():
            fake.state.accounts = type(accounts)([])  # the token is gone

    with pytest.raises(MVSepError, match="Premium may still be on") as caught:
        run(block)
    assert "disable_premium" in str(caught.value)
    assert owner.premium_enabled


def test_long_filenames_are_on_for_the_block_only(run, owner):
    async def block(mvsep):
        async with mvsep.long_filenames():
            assert owner.long_filenames_enabled

    run(block)
    assert not owner.long_filenames_enabled


# Lists

JOBS = 45


@pytest.fixture(scope="module")
def busy():
    """A server on which 45 jobs were made."""
    with FakeServer([demo_account()], schedule=Schedule.at_once()).run() as server:
        with MVSep(DEMO_TOKEN, base_url=server.url) as mvsep:
            song = render_song()
            server.hashes = [mvsep.submit(song, 40).hash for _ in range(JOBS)]
        yield server


def read(server, shell, **more):
    """The hashes of the history, and what was asked for them."""

    async def with_async():
        async with AsyncMVSep(DEMO_TOKEN, base_url=server.url) as mvsep:
            return [row.hash_ async for row in mvsep.history(**more)]

    before = len(server.state.requests)
    if shell == "async":
        found = asyncio.run(with_async())
    else:
        with MVSep(DEMO_TOKEN, base_url=server.url) as mvsep:
            found = [row.hash_ for row in mvsep.history(**more)]
    asked = [request.fields for request in server.state.requests[before:]]
    return found, [(fields["start"], fields["limit"]) for fields in asked]


def test_the_whole_history_is_read_newest_first(busy, shell):
    found, asked = read(busy, shell)

    assert found == busy.hashes[::-1]
    assert asked == [("0", "20"), ("20", "20"), ("40", "20")]


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({"limit": 0}, []),
        ({"limit": 7}, [("0", "7")]),
        ({"limit": 20}, [("0", "20")]),
        ({"limit": 25}, [("0", "20"), ("20", "5")]),
        ({"limit": 10, "page_size": 4}, [("0", "4"), ("4", "4"), ("8", "2")]),
        ({"page_size": 15}, [("0", "15"), ("15", "15"), ("30", "15"), ("45", "15")]),
    ],
)
def test_no_more_is_asked_for_than_is_wanted(busy, shell, more, asked):
    found, seen = read(busy, shell, **more)

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


def test_jobs_that_are_made_while_the_history_is_read_hide_and_repeat_nothing(fake, run):
    song = render_song()

    async def block(mvsep):
        made = [(await mvsep.submit(song, 40)).hash for _ in range(9)]
        found = []
        async for row in mvsep.history(page_size=4):
            found.append(row.hash_)
            if len(found) in {1, 4, 5}:
                await mvsep.submit(song, 40)
        return made, found

    made, found = run(block)
    assert [hash for hash in found if hash in made] == made[::-1]
    assert len(set(found)) == len(found)


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
        [7002, 7001],
        [7002, 7001],
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
