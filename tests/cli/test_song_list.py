"""CSV files: all bad lines at once, and goals."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mvsep import Journal
from mvsep.catalog import Catalog
from tests.cli.scenes import Run
from tests.wire import Wire, answer


@pytest.fixture
def csv(song: Path, tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def test_all_bad_lines_are_told_at_once_each_with_its_number(mvsep: Run, csv: Path) -> None:
    bad = [f"gone{number}.wav,40" for number in range(3, 15)]
    csv.write_text("\n".join(["source,type", "song.wav,40", *bad, "song.wav,no type"]))
    code, _, err = mvsep(None, "estimate", csv)

    assert code == 2
    for number in range(3, 13):
        assert f"ine {number}: There is no file" in err
    assert "line 13" not in err.lower()
    assert "... and 3 lines more." in err


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_list_is_called_empty(mvsep: Run, csv: Path, text: str) -> None:
    csv.write_text(text)
    code, _, err = mvsep(None, "estimate", csv, "--type=40")

    assert (code, "list.csv is empty." in err, "line" in err) == (2, True, False)


def test_a_goal_of_a_line_is_priced_and_kept_in_the_journal(mvsep: Run, csv: Path) -> None:
    csv.write_text("source,stem\nsong.wav,vocals\n")
    kind = Catalog.bundled().goal("vocals").sep_type
    (told,) = json.loads(mvsep(None, "estimate", csv, "--json")[1])["songs"]
    no = Wire(answer({"success": False, "errors": ["no"]}, 400))
    _, _, err = mvsep(no, "separate", csv, "--out", csv.parent / "stems")
    with Journal(os.environ["MVSEP_JOURNAL"]) as journal:
        (entry,) = journal.entries()

    assert told["estimate"]["sep_type"] == int(kind)
    assert (entry.sep_type, entry.best_for) == (int(kind), "vocals"), err


@pytest.mark.parametrize(
    ("line", "why"), [("40,vocals", "Both a separation type and a goal"), (",kazoo", "kazoo")]
)
def test_a_goal_that_can_not_be_meant_is_told_with_its_line(
    mvsep: Run, csv: Path, line: str, why: str
) -> None:
    csv.write_text(f"source,type,stem\nsong.wav,{line}\n")
    code, _, err = mvsep(None, "estimate", csv)

    assert code == 2
    assert "line 2: " in err
    assert why in err
