"""The README and the other pages lead to what is there: links, headings, commands, make targets.

Their Python samples need a server; contract_tests/test_documented.py runs them.
"""

import re
from itertools import chain

import pytest

from mvsep.cli import main
from tools.environment import ROOT

PAGES = sorted(chain(ROOT.glob("*.md"), ROOT.glob("docs/*.md"), ROOT.glob("contract_tests/*.md")))
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)

#: Commands of the shell samples, such as ("separate", ("--type", "--out")).
SHELL = sorted(
    {
        (found[1], tuple(re.findall(r" (--[a-z-]+)", found[2])))
        for page in PAGES
        for found in re.finditer(r"^mvsep ([a-z]+)([^#\n]*)", page.read_text("utf-8"), re.MULTILINE)
    }
)


def prose(page):
    """Return the text of a page without its samples."""
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(page):
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


@EACH_PAGE
def test_the_links_of_a_page_lead_to_files_and_headings(page):
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", prose(page)):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@EACH_PAGE
def test_the_make_targets_of_a_page_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = page.read_text("utf-8")
    named = re.findall(r"(?:`|^)(?:[A-Z_]+=\S+ )?make ([a-z-]+)", text, re.MULTILINE)
    assert set(named) <= targets


@pytest.mark.parametrize(("command", "options"), SHELL)
def test_a_command_of_the_shell_samples_takes_its_options(command, options, capsys):
    assert main([command, "--help"]) == 0
    assert set(options) <= set(re.findall(r"--[a-z-]+", capsys.readouterr().out))


def test_the_readme_says_how_to_try_it_and_where_a_token_comes_from():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "\nmake demo " in readme
    assert "\nmake test " in readme
    assert re.search(r"https://mvsep\.com/user-api\b.*MVSEP_API_TOKEN", readme)
    assert len(SHELL) >= 10
