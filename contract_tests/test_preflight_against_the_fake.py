"""Whether an account may have a job, asked of the fake server and then tried."""

import asyncio

import pytest

from mvsep import AsyncMVSep, MVSep, MVSepError, TooExpensive
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, FakeServer, Schedule, render_song


@pytest.fixture
def fake():
    with FakeServer(schedule=Schedule.at_once()).run() as server:
        yield server


@pytest.mark.parametrize("token", [DEMO_TOKEN, FREE_TOKEN])
@pytest.mark.parametrize(
    ("sep_type", "more"),
    [(40, {}), (28, {}), (40, {"output_format": 5}), (40, {"output_format": 2})],
)
def test_what_a_preflight_says_is_what_a_submit_meets(fake, token, sep_type, more):
    with MVSep(token, base_url=fake.url) as mvsep:
        found = mvsep.preflight(render_song(), sep_type, **more)
        if found.ok:
            mvsep.submit(render_song(), sep_type, **more)
            return
        with pytest.raises(MVSepError) as raised:
            mvsep.submit(render_song(), sep_type, **more)
        assert type(raised.value) in {check.error for check in found.failed}


def test_both_clients_say_the_same(fake):
    async def asked():
        async with AsyncMVSep(FREE_TOKEN, base_url=fake.url) as mvsep:
            return await mvsep.preflight(render_song(), 28)

    with MVSep(FREE_TOKEN, base_url=fake.url) as mvsep:
        assert str(mvsep.preflight(render_song(), 28)) == str(asyncio.run(asked()))


def test_a_limit_below_the_price_leaves_the_balance_as_it_was(fake):
    with MVSep(DEMO_TOKEN, base_url=fake.url) as mvsep:
        before = mvsep.account().credits
        with pytest.raises(TooExpensive):
            mvsep.submit(render_song(), 40, max_credits=0)
        assert mvsep.account().credits == before
        mvsep.submit(render_song(), 40, max_credits=1)
        assert mvsep.account().credits == before - 1
