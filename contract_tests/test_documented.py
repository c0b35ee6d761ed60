"""The README and the pages of docs, run against the fake server as one would paste them."""

import code
import logging
import re
import sys
import wave
from pathlib import Path

import pytest

from mvsep import Catalog
from mvsep.testing import DEMO_TOKEN, FakeServer, Schedule, demo_account
from tests.fixed_catalogue import SHIPPED
from tools.environment import ROOT

PAGES = (
    "README.md",
    "docs/account.md",
    "docs/generated.md",
    "docs/jobs.md",
    "docs/journal.md",
    "docs/many-machines.md",
    "docs/many-songs.md",
    "docs/prices.md",
    "docs/settings.md",
    "docs/terminal.md",
    "docs/webhooks.md",
)
SECONDS = 240  # as the README says of its song
RATE = 1000  # low, for the fake server separates every sample


def blocks(page):
    """Return the Python blocks of a page, each with the number of its first line."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        (text.count("\n", 0, found.start(1)) + 1, found[1])
        for found in re.finditer(r"^```python\n(.*?)^```", text, re.DOTALL | re.M)
    ]


def one_file(page):
    """Return the blocks of a page as one file, in which each line has its number on the page."""
    lines = []
    for first, block in blocks(page):
        lines += [""] * (first - 1 - len(lines)) + block.splitlines()
    return "\n".join(lines) + "\n"


def promises(page):
    """Return what the comments behind prints promise, by line; some only give an example."""
    return {
        number: found[1]
        for number, line in enumerate(one_file(page).splitlines(), 1)
        if (found := re.match(r" *print\(.*\)  # (?!such as: )(.*)$", line))
    }


def kept(promised, printed):
    """Tell whether a text is what a comment promises; three dots stand for any end."""
    printed = printed.replace("\\", "/").replace("\n", " ")
    if promised.endswith("..."):
        return printed.startswith(promised.removesuffix("..."))
    return printed == promised


class Typed(code.InteractiveConsole):
    """A prompt that reads what is typed, and keeps its complaints; it runs nothing."""

    def __init__(self):
        super().__init__()
        self.said = []

    def runcode(self, code):
        """Leave it at having read the code."""

    def write(self, data):
        self.said.append(data)


@pytest.fixture(scope="module")
def server():
    server = FakeServer(schedule=Schedule.by_polls(1))
    with server.run():
        yield server


@pytest.fixture
def place(server, tmp_path, monkeypatch):
    """Enter a folder with a song, an account's environment, and the shipped catalogue."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MVSEP_BASE_URL", server.url)
    monkeypatch.setenv("MVSEP_API_TOKEN", DEMO_TOKEN)
    monkeypatch.setenv("PASSWORD", demo_account().password)
    monkeypatch.setattr(Catalog, "bundled", staticmethod(lambda: SHIPPED))
    for name, value in (("handlers", []), ("level", logging.NOTSET)):  # a page sets up logging
        monkeypatch.setattr(logging.getLogger("mvsep"), name, value)
    with wave.open("song.wav", "wb") as song:
        song.setparams((1, 2, RATE, 0, "NONE", ""))
        song.writeframes(bytes(range(250)) * (2 * RATE * SECONDS // 250))
    return Path(tmp_path)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("place")
def test_a_page_runs_as_one_file_and_prints_what_it_says(page):
    printed = {}

    def note(*values):
        said = " ".join(map(str, values))
        printed.setdefault(sys._getframe(1).f_lineno, said)

    names = {"__name__": "__main__", "print": note}
    exec(compile(one_file(page), page, "exec"), names)
    if close := getattr(names.get("client"), "close", None):  # a page may leave it open
        close()
    for line, promised in promises(page).items():
        assert kept(promised, printed.get(line, "nothing")), (
            f"Line {line} of {page} promises {promised!r}, and prints {printed.get(line)!r}. "
            f"After a refresh of the catalogue (this one is of {SHIPPED.captured}) mend the page."
        )


@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_typed_at_a_prompt(page):
    prompt = Typed()
    for _, block in blocks(page):
        for line in [*block.splitlines(), ""]:
            unfinished = prompt.push(line)
        assert not unfinished
    assert prompt.said == []


@pytest.mark.usefixtures("place")
def test_the_first_sample_run_twice_stops_before_the_upload(server):
    first = blocks("README.md")[0][1]
    exec(first, {})
    made = server.state.jobs_created
    with pytest.raises(Exception, match=r"already exists.*Nothing was charged.*overwrite=True"):
        exec(first, {})
    assert server.state.jobs_created == made


@pytest.mark.parametrize("page", [*PAGES, "docs/testing.md"])
def test_a_page_has_samples_whose_client_is_called_client(page):
    assert blocks(page)
    assert not re.search(r"MVSep\([^)]*\) as (?!client\b)|\bmvsep = ", one_file(page))


def test_the_readme_and_the_page_on_prices_make_promises():
    assert len(promises("README.md")) >= 12
    assert len(promises("docs/prices.md")) >= 3
