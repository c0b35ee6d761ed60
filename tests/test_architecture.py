"""ARCHITECTURE.md names what exists: paths, functions, and the rooms in their layers."""

import ast
import re
import subprocess
import textwrap
import tomllib

import pytest

from tools.environment import ROOT

PAGE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
HOUSE = ROOT / "overlay" / "mvsep"
NAMED = sorted(set(re.findall(r"`([\w./]+\.py|[\w./]+/[\w.]*)(?::([\w.]+))?`", PAGE)))
LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
][0]["layers"]


ARROWS = re.findall(r"`(\S+?):(\S+?)`(?=[^`\n]* → `\S+?:([\w.]+)`)", PAGE)


def source(path, name):
    """Return the text of a function, a class, or a method written `Class.method`."""
    text = (HOUSE / path).read_text("utf-8")
    node = ast.parse(text)
    for part in name.split("."):
        node = next(each for each in node.body if getattr(each, "name", None) == part)
    return ast.get_source_segment(text, node)


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_what_the_page_names_exists(path, name):
    assert (HOUSE / path).exists() or (ROOT / path).exists()
    assert not name or source(path, name)


@pytest.mark.parametrize(("path", "name", "called"), ARROWS)
def test_the_left_of_an_arrow_calls_the_right(path, name, called):
    assert called.rpartition(".")[2] in named_in(path, name)


def named_in(path, name):
    """Return the names that a function's code has; what is imported counts by its own name."""
    module = ast.parse((HOUSE / path).read_text("utf-8"))
    imports = [each for each in ast.walk(module) if isinstance(each, ast.ImportFrom)]
    own = {alias.asname: alias.name for each in imports for alias in each.names if alias.asname}
    code = list(ast.walk(ast.parse(textwrap.dedent(source(path, name)))))
    names = {each.id for each in code if isinstance(each, ast.Name)}
    names |= {each.attr for each in code if isinstance(each, ast.Attribute)}
    return {own.get(each, each) for each in names}


def test_the_page_draws_each_room_in_the_layer_that_the_linter_holds():
    drawn = re.findall(r"^(\w+) {2,}\w", PAGE.partition("```\n")[2].partition("```")[0], re.M)
    for layer in LAYERS:
        rooms = re.findall(r"\w+", layer)
        assert sorted(drawn[: len(rooms)]) == sorted(rooms)
        del drawn[: len(rooms)]
    assert drawn == []


ROOMS = [
    folder
    for folder in sorted(HOUSE.iterdir())
    if (folder / "__init__.py").exists() and folder.name not in ("cli", "client", "testing")
]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_says_which_others_it_uses(room):
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text("utf-8")))
    code = "\n".join(file.read_text("utf-8") for file in room.glob("*.py"))
    used = set(re.findall(r"^ *from mvsep(?:\.| import )(\w+)", code, re.M))
    names = used - {room.name, "core", "errors", "_version"}
    assert names <= set(re.findall(r"`(\w+)`", said.rpartition("Uses ")[2]))


def test_the_page_fits_one_screen_and_a_half():
    assert len(PAGE.splitlines()) <= 100
    assert len(NAMED) >= 40
    assert len(ARROWS) >= 25


def test_every_system_can_have_files_of_these_names():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a clone of the repository")
    names = listed.stdout.decode().split("\0")
    assert [name for name in names if not re.fullmatch(r"[\w./+-]*", name, re.ASCII)] == []
