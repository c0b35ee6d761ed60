"""A census of the code: its size, its longest parts, and the reach of one call.

`python -m tools.census` prints the table; `--list` also names what breaks the rules on length and
on docstrings. Lines of code are those left without docstrings, comments and blank lines.

The reach is that of the second `separate(max_credits=...)` of a process, against the fake server
in a thread of its own: a job that waits for two polls, works for two polls and has two stems.
A profiler in every thread of the client writes down the module of each call of a function (and
of each time a generator or coroutine goes on). Testing and the command line do not count. Modules
entered are the distinct ones; a jump is an entry into another module than the thread's last.
Measured so, one POST of httpx enters 12 modules in 68 jumps. The number of jumps varies by a few
with the timing of the parallel downloads.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
import tempfile
import threading
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

from mvsep import MVSep
from mvsep.testing import DEMO_TOKEN, FakeServer, Schedule, render_song

ROOT: Final = Path(__file__).resolve().parent.parent
OVERLAY: Final = "overlay/mvsep/"

#: The rows of the table of lines: a name, and the folders in it and left out of it.
FOLDERS: Final = (
    (f"{OVERLAY} without cli, testing", (OVERLAY,), (f"{OVERLAY}cli/", f"{OVERLAY}testing/")),
    ("cli", (f"{OVERLAY}cli/",), ()),
    ("testing", (f"{OVERLAY}testing/",), ()),
    ("contract_tests", ("contract_tests/",), ()),
    ("tests", ("tests/",), ()),
    ("tools", ("tools/",), ()),
)
#: Where functions and docstrings keep to the rules; tests need no docstrings.
RULED: Final = ("overlay/", "tools/", "contract_tests/")
HAND_WRITTEN: Final = (*RULED, "tests/", "benchmarks/", "noxfile.py")

FUNCTION_LINES: Final = 40
FILE_LINES: Final = 400
RIDDLE: Final = re.compile(r"(What|Whether|How|Where|Why|When)\b")

_BLANK: Final = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING),
    *(tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
}

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Source:
    """A Python file: its path below the project's root, its text, and what it defines."""

    name: str
    text: str

    @property
    def lines(self) -> int:
        """The number of its lines."""
        return self.text.count("\n")

    @property
    def code_lines(self) -> int:
        """The number of its lines without docstrings, comments and blank lines."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        spans = ((t.start[0], t.end[0]) for t in tokens if t.type not in _BLANK)
        code = {line for start, end in spans for line in range(start, end + 1)}
        return len(code.difference(*(_span(node) for _, node in self.docstrings())))

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    def docstrings(self) -> Iterator[tuple[str, ast.Constant]]:
        """Yield the name and the string of each module, class and function with a docstring."""
        for name, node in (("", self.tree), *_definitions(self.tree)):
            if docstring := _docstring(node):
                yield f"{self.name}:{docstring.lineno} {name}".rstrip(), docstring

    def long_functions(self) -> Iterator[str]:
        """Yield the functions with more than `FUNCTION_LINES` lines, docstrings not counted."""
        for name, node in _definitions(self.tree):
            docstring = _docstring(node)
            lines = len(_span(node)) - (len(_span(docstring)) if docstring else 0)
            if lines > FUNCTION_LINES and not isinstance(node, ast.ClassDef):
                yield f"{self.name}:{node.lineno} {name} ({lines})"

    def riddles(self) -> Iterator[str]:
        """Yield the docstrings that begin with What, Whether, How, Where, Why or When."""
        for name, docstring in self.docstrings():
            text = str(docstring.value).strip()
            if RIDDLE.match(text):
                yield f"{name}: {text.splitlines()[0]}"


def _definitions(tree: ast.Module) -> Iterator[tuple[str, Definition]]:
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            yield node.name, node


def _docstring(node: ast.Module | Definition) -> ast.Constant | None:
    match node.body:
        case [ast.Expr(value=ast.Constant(value=str()) as docstring), *_]:
            return docstring
    return None


def _span(node: ast.stmt | ast.expr) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


@dataclass
class Reach:
    """The modules that one call enters, and the jumps between them.

    Args:
        folder: The package whose modules count.
        aside: Folders in it that do not count.
    """

    folder: Path
    aside: tuple[str, ...] = ("testing/", "cli/")
    modules: set[str] = field(default_factory=set)
    #: The number of jumps by the module they come from and the one they lead to.
    jumps: Counter[tuple[str, str]] = field(default_factory=Counter)
    _last: dict[int, str] = field(default_factory=dict)

    def profile(self, frame: FrameType, event: str, _: Any) -> None:
        """Note the module of a call: the function to give to `sys.setprofile`."""
        path = frame.f_code.co_filename
        if event != "call" or not path.startswith(f"{self.folder}/"):
            return
        module = path.removeprefix(f"{self.folder}/")
        if module.startswith(self.aside):
            return
        thread = threading.get_ident()
        last = self._last.get(thread)
        self._last[thread] = module
        self.modules.add(module)
        if module != last:
            self.jumps[last or "", module] += 1

    def into_rooms(self) -> Counter[str]:
        """Count the jumps into each room from another one; a module in no folder is a room."""
        rooms: Counter[str] = Counter()
        for (source, target), count in self.jumps.items():
            if _room(source) != _room(target):
                rooms[_room(target)] += count
        return rooms


def _room(module: str) -> str:
    return module.partition("/")[0].removesuffix(".py")


def measure_separate() -> Reach:
    """Measure the second `separate(max_credits=...)` of a process."""
    reach = Reach(ROOT / OVERLAY)
    schedule = Schedule.by_polls(2)
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeServer(schedule=schedule).run() as server,
        MVSep(DEMO_TOKEN, base_url=server.url, sleep=lambda seconds: None) as client,
    ):
        song = Path(folder, "song.wav")
        song.write_bytes(render_song())
        client.separate(song, 40, out=Path(folder, "first"), max_credits=100)

        def profile(frame: FrameType, event: str, argument: Any) -> None:
            # The server's own work goes on in threads that it starts while it is asked.
            if "AnyIO" not in threading.current_thread().name:
                reach.profile(frame, event, argument)

        threading.setprofile(profile)
        sys.setprofile(profile)
        try:
            client.separate(song, 40, out=Path(folder, "second"), max_credits=100)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
    return reach


def sources(root: Path = ROOT) -> list[Source]:
    """Read the hand-written Python files of the project."""
    files = (path for name in HAND_WRITTEN for path in _python_files(root / name))
    return [
        Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(files)
    ]


def _python_files(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    return (each for each in path.rglob("*.py") if "node_modules" not in each.parts)


def layers(root: Path = ROOT) -> int:
    """Count the layers that import-linter holds the package to."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return max(len(each["layers"]) for each in contracts if each["type"] == "layers")


def size_rows(files: Sequence[Source]) -> Iterator[tuple[str, int, int]]:
    """Yield a folder's name, its lines and its lines of code."""
    for name, inside, outside in FOLDERS:
        chosen = [
            each
            for each in files
            if each.name.startswith(inside) and not (outside and each.name.startswith(outside))
        ]
        yield name, sum(each.lines for each in chosen), sum(each.code_lines for each in chosen)


def objections(files: Sequence[Source]) -> dict[str, list[str]]:
    """Name what breaks each rule on length and on docstrings."""
    ruled = [each for each in files if each.name.startswith(RULED)]
    long_files = [f"{each.name} ({each.lines})" for each in files if each.lines > FILE_LINES]
    return {
        f"functions over {FUNCTION_LINES} lines": [
            function for each in ruled for function in each.long_functions()
        ],
        "docstrings that begin with What, How ...": [
            riddle for each in ruled for riddle in each.riddles()
        ],
        f"files over {FILE_LINES} lines": long_files,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the census."""
    parser = argparse.ArgumentParser(prog="tools.census", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name what breaks the rules")
    listed = parser.parse_args(arguments).list

    files = sources()
    print(f"{'folder':<40}{'lines':>8}{'code':>8}")
    for name, lines, code in size_rows(files):
        print(f"{name:<40}{lines:>8,}{code:>8,}")

    reach, found = measure_separate(), objections(files)
    rooms = reach.into_rooms()
    figures = {
        "modules entered by one separate": len(reach.modules),
        "jumps between them": reach.jumps.total(),
        "rooms entered": len({_room(module) for module in reach.modules}),
        "jumps between rooms": rooms.total(),
        "layers": layers(),
        **{name: len(places) for name, places in found.items()},
    }
    tables = (figures, {"jumps into each room": rooms.total(), **dict(rooms.most_common())})
    for table in tables:
        print()
        for name, number in table.items():
            print(f"{name:<40}{number:>8,}")
    if listed:
        for name, places in found.items():
            print("", name, *(f"  {place}" for place in places), sep="\n")


if __name__ == "__main__":
    main()
