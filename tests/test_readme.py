"""The README's samples about separation types say what they print.

They state a few names and figures of what is shipped. So a refresh of the catalogue can make this
red, and nothing else: then the README needs a person.
"""

import ast
import re
from pathlib import Path

import pytest

from mvsep.catalog import catalog
from tests.fixed_catalogue import SHIPPED
from tests.wire import Wire, answer, stored

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
SECTION = README.partition("### Separation types and their options")[2].partition("\n### ")[0]
SAMPLES = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)[:2]

HASH = "20250131145833-a0bb276157-song.wav"
LINK = "http://127.0.0.1:8000/"
FILES = [
    {"type": label, "url": f"{LINK}{label}.wav", "download": "x.wav"}
    for label in ("Vocals", "Other")
]


def expected(sample):
    """What the comments behind the prints promise, by line."""
    found = {}
    for number, line in enumerate(sample.splitlines(), 1):
        if promised := re.match(r"print\(.*\)  # (.*)$", line):
            found[number] = promised[1]
    return found


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_prints_what_it_says(sample, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(catalog, "_bundled", lambda: SHIPPED)
    Path("song.wav").write_bytes(b"song")
    wire = Wire(
        answer({"success": True, "data": {"hash": HASH}}),
        answer({"success": True, "status": "done", "data": {"files": FILES}}),
        stored(Vocals=b"vocals", Other=b"other"),
    )
    printed = {}
    with wire.client() as mvsep:
        names = {"mvsep": mvsep}
        for statement in ast.parse(sample).body:
            lines = []
            names["print"] = lambda *values, lines=lines: lines.append(" ".join(map(str, values)))
            exec(compile(ast.Module([statement], []), "README.md", "exec"), names)
            printed[statement.lineno] = "\n".join(lines)
    assert expected(sample)
    for number, promised in expected(sample).items():
        assert printed[number] in (promised.partition(": ")[0], promised), (
            f"README.md no longer says what is so: mend {sample.splitlines()[number - 1]!r}. "
            f"The catalogue of {SHIPPED.captured} gives {printed[number]!r}."
        )
    if "submit" in sample or "separate" in sample:
        assert b'name="add_opt2"\r\nContent-Type: text/plain\r\n\r\n8\r\n' in wire.bodies[0]


def test_the_section_has_its_samples():
    assert len(SAMPLES) == 2
