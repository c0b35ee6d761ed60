"""The samples of the README and the pages of docs run, against the fake server."""

import asyncio
import re
import textwrap

import pytest

from mvsep import MVSep
from mvsep.testing import DEMO_TOKEN, FakeServer, Schedule, demo_account, render_song
from tools.environment import ROOT

PAGES = (
    "README.md",
    "docs/account.md",
    "docs/jobs.md",
    "docs/journal.md",
    "docs/prices.md",
    "docs/webhooks.md",
)
SAMPLES = [
    (page, number, sample)
    for page in PAGES
    for number, sample in enumerate(
        re.findall(
            r"^```python\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL | re.M
        )
    )
]


@pytest.fixture(scope="module")
def server():
    server = FakeServer(schedule=Schedule.by_polls(1))
    with server.run():
        yield server


@pytest.fixture
def place(server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MVSEP_BASE_URL", server.url)
    monkeypatch.setenv("MVSEP_API_TOKEN", DEMO_TOKEN)
    monkeypatch.setenv("PASSWORD", demo_account().password)
    (tmp_path / "song.wav").write_bytes(render_song())


@pytest.mark.parametrize(
    ("page", "number", "sample"), SAMPLES, ids=[f"{page}-{number}" for page, number, _ in SAMPLES]
)
@pytest.mark.usefixtures("place")
def test_a_sample_of_the_documentation_runs(page, number, sample):
    with MVSep() as mvsep:
        names = {"mvsep": mvsep}
        if "async with" in sample:
            body = textwrap.indent(sample, "    ")
            exec(compile(f"async def sample():\n{body}", page, "exec"), names)
            asyncio.run(names["sample"]())
        else:
            exec(compile(sample, page, "exec"), names)


def test_there_are_samples_to_run():
    assert {page for page, _, _ in SAMPLES} == set(PAGES)
