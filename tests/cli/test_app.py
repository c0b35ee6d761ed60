"""The command `mvsep` as a whole."""

from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest

from mvsep.cli.app import mvsep as group
from mvsep.cli.errors import EXIT_CODES
from tests.cli.scenes import Run, commands


def test_no_command_takes_a_token() -> None:
    options = {
        name
        for each in (group, *commands().values())
        for param in each.params
        if not (isinstance(param, click.Option) and param.is_flag)
        for name in param.opts
    }

    assert not [name for name in options if "token" in name or "key" in name]


@pytest.mark.parametrize("name", ["", *commands()])
def test_every_command_explains_itself_in_80_columns(mvsep: Run, name: str) -> None:
    code, out, _ = mvsep(None, *name.split(), "--help")

    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    if name in {"", "separate", "cancel", "account"}:
        assert "MVSEP_API_TOKEN" in out


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("types",), ("show", "40")])
def test_what_asks_no_service_needs_no_http_and_what_is_no_table_no_rich(words: tuple[str]) -> None:
    program = (
        "import sys; from mvsep.cli import main; assert not main(sys.argv[1:]); "
        "sys.stderr.write(' '.join(sys.modules))"
    )
    command = [sys.executable, "-c", program, *words]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)

    assert ended.stdout
    assert not {"httpx", "rich", "asyncio"} & set(ended.stderr.split())


def test_help_lists_every_exit_code(mvsep: Run) -> None:
    _, out, _ = mvsep(None, "--help")
    listed = out[out.index("Exit codes:") :].split()

    assert {str(code) for code in {0, *EXIT_CODES.values()}} <= set(listed)


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_its_extra_it_says_in_a_line_what_to_install(missing: str) -> None:
    # A process of its own: modules imported twice would be two of everything.
    program = (
        f"import sys; sys.modules[{missing!r}] = None; "
        "from mvsep.cli import main; sys.exit(main(['--version']))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f'The command line needs {missing}: pip install "mvsep[cli]"\n'


@pytest.mark.parametrize("fault", ["raise FileNotFoundError(name)", "return None"])
def test_without_the_list_of_types_it_says_in_a_sentence_how_to_build_a_program(fault: str) -> None:
    # A process of its own: in this one the tests' own list takes its place.
    program = (
        f"def get_data(package, name): {fault}\n"
        "from mvsep.catalog import catalog; catalog.get_data = get_data\n"
        "from mvsep.cli import main; raise SystemExit(main(['types']))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Error: The list of types, mvsep/data/catalog.json, is missing")
    assert "pyinstaller --collect-data mvsep" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("group", ["", "quality", "webhook"])
def test_a_group_called_alone_shows_its_help(mvsep: Run, group: str) -> None:
    words = group.split()
    assert mvsep(None, *words)[:2] == mvsep(None, *words, "--help")[:2]


@pytest.mark.parametrize(
    ("words", "meant"), [("seperate", "separate"), ("quality ad", "add"), ("demopage", "demo-page")]
)
def test_a_command_that_is_misspelt_is_named(mvsep: Run, words: str, meant: str) -> None:
    code, out, err = mvsep(None, *words.split())

    assert (code, out) == (2, "")
    assert f"Did you mean {meant}" in err


def test_the_help_has_each_command_under_one_heading(mvsep: Run) -> None:
    _, out, _ = mvsep(None, "--help")
    listed = re.findall(r"^  ([a-z][a-z-]*)  +[A-Z]", out, re.MULTILINE)

    assert sorted(listed) == sorted(group.list_commands(click.Context(group)))
