"""The census counts lines, docstrings and jumps as its docstring says."""

import importlib
import sys
from pathlib import Path

import pytest

from tools.census import FUNCTION_LINES, Reach, Source, layers, objections, size_rows

TEXT = '''\
"""A module.

With two paragraphs.
"""

# A comment.
VALUE = """text

that counts"""


class Thing:
    """What it is."""

    def method(self):
        """Do it."""
        return (
            1,

            2,
        )
'''


def test_lines_of_code_leave_out_docstrings_comments_and_blank_lines():
    source = Source("overlay/mvsep/thing.py", TEXT)
    assert (source.lines, source.code_lines) == (21, 9)


def test_a_folder_left_out_of_a_row_has_a_row_of_its_own():
    files = [
        Source(f"overlay/mvsep/{name}.py", "x = 1\n" * lines)
        for name, lines in {"client": 1, "cli/show": 2, "testing/app": 4}.items()
    ]
    assert [lines for _, lines, _ in size_rows(files)][:3] == [1, 2, 4]


@pytest.mark.parametrize(
    ("docstring", "named"),
    [
        ("What it is.", True),
        ("Whether it holds.", True),
        ("\n    When it ends.", True),
        ("Whatever is there.", False),
        ("Tell how it ends.", False),
    ],
)
def test_a_docstring_that_begins_with_a_question_word_is_named(docstring, named):
    source = Source("tools/thing.py", f'def work():\n    """{docstring}"""\n')
    assert [name.split(":")[1] for name in source.riddles()] == ["2 work"] * named


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("docstring", ['    """Do it."""\n', ""])
def test_a_function_is_long_by_its_lines_without_the_docstring(more, docstring):
    body = "    x = 1\n" * (FUNCTION_LINES - 1 + more)
    source = Source("tools/thing.py", f"def work():\n{docstring}{body}")
    assert list(source.long_functions()) == ["tools/thing.py:1 work (41)"] * more


def test_tests_are_held_to_the_length_of_files_only():
    text = 'def work():\n    """How."""\n' + "    x = 1\n" * 400
    named = [objections([Source(f"{folder}/a.py", text)]) for folder in ("tools", "tests")]
    assert [[len(places) for places in each.values()] for each in named] == [[1, 1, 1], [0, 0, 1]]


def test_the_layers_are_those_of_import_linter(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[[tool.importlinter.contracts]]\ntype = "forbidden"\n'
        '[[tool.importlinter.contracts]]\ntype = "layers"\nlayers = ["top", "a | b", "errors"]\n',
        encoding="utf-8",
    )
    assert layers(tmp_path) == 3


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of four modules, two of them in one room and one that stands aside."""
    folder = tmp_path / "censused"
    for name, text in {
        "__init__": "",
        "room/__init__": "",
        "room/low": "def low():\n    pass\n",
        "room/high": "from censused.room.low import low\ndef high():\n    low()\n    low()\n",
        "testing/__init__": "def aside(call):\n    call()\n",
        "top": (
            "from censused.room.high import high\nfrom censused.testing import aside\n"
            "def top():\n    high()\n    again()\n    aside(high)\ndef again():\n    pass\n"
        ),
    }.items():
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_a_jump_is_an_entry_into_another_module_than_the_last(package):
    top = importlib.import_module("censused.top").top
    reach = Reach(package)
    sys.setprofile(reach.profile)
    try:
        top()
    finally:
        sys.setprofile(None)
    # top > high > low, low > again, and by the module that stands aside: high > low.
    assert reach.modules == {"top.py", "room/high.py", "room/low.py"}
    assert reach.jumps == {
        ("", "top.py"): 1,
        ("top.py", "room/high.py"): 2,
        ("room/high.py", "room/low.py"): 2,
        ("room/low.py", "top.py"): 1,
    }
    assert reach.into_rooms() == {"top": 2, "room": 2}
