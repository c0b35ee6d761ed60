"""`--stem`: the best type for what a person wants."""

from __future__ import annotations

import json
import os
import pty
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mvsep.catalog import Catalog
from mvsep.catalog.cache import SCOPES, CatalogStore
from mvsep.testing.algorithms import rows
from tests.cli.scenes import QUEUE, WHOLE, Run, user
from tests.wire import Wire

WHY = "vocals: BS Roformer, 124 bands: SDR vocals 12.33, the best of 9 listed."
SECONDS = ("estimate", "--seconds=240")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Make standard input a terminal on which a person types, and standard error one too."""
    keyboard, terminal = pty.openpty()
    with os.fdopen(terminal) as standard_input:

        def type_in(text: str) -> None:
            os.write(keyboard, text.encode())
            monkeypatch.setattr(sys, "stdin", standard_input)
            monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

        yield type_in
    os.close(keyboard)


def test_a_goal_takes_the_best_type_and_says_why_and_what_it_costs(mvsep: Run) -> None:
    code, out, err = mvsep(None, *SECONDS, "--stem", "vocals")

    assert (code, err) == (0, f"{WHY}\n")
    assert out.startswith("BS Roformer (vocals, instrumental): 4 credits, 2 stems: Vocals, Instr")


def test_options_that_are_given_count_first(mvsep: Run) -> None:
    given = ("--option=Vocal model type=81", "--option=Overlap=87.5%", "--json")
    _, out, _ = mvsep(None, *SECONDS, "--stem=vocals", *given)
    _, by_hand, _ = mvsep(None, *SECONDS, "--type=40", *given)
    told = json.loads(out)

    assert "your options replace that choice" in told.pop("goal")
    assert {**told, "goal": None} == json.loads(by_hand)


def test_a_song_is_separated_with_the_type_of_its_goal(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    out = tmp_path / "stems"
    wire = Wire(*WHOLE)
    code, _, err = mvsep(wire, "separate", song, "--stem=vocals", "--format=wav", "--out", out)

    assert code == 0
    assert err.splitlines()[:2] == [
        WHY,
        "BS Roformer (vocals, instrumental): 2 credits, 2 stems: Vocals, Instrumental",
    ]
    # The same by hand is the same song.
    again, _, _ = mvsep(
        Wire(), "separate", song, "--type=40", "--set=add_opt1=171", "--format=wav", "--out", out
    )
    assert again == 0


def test_a_job_is_checked_with_the_type_of_its_goal(mvsep: Run, song: Path) -> None:
    code, out, err = mvsep(Wire(user(500), QUEUE), "check", song, "--stem", "drums")

    assert code == 0
    assert err.startswith("drums: MVSep Drums, Mel + SCNet XL + BS Roformer SW: SDR drums 14.35")
    assert out.startswith("MVSep Drums (drums, other)\n")


@pytest.mark.parametrize("command", ["separate", "estimate", "check"])
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "--stem vocals"),
        ([], "`mvsep types`"),
        (["--type=40", "--stem=vocals"], "Both a separation type and a goal are given."),
        (["--stem=voclas"], "Was one of these meant? vocals"),
        (["--stem=voclas"], "Option: --stem"),
        (["--type=vocals"], "To take the best type for it, pass --stem vocals."),
        (["--type=karaok"], "Was one of these meant? 49 MVSep Karaoke"),
    ],
)
def test_what_names_no_type_is_refused_with_what_to_do(
    mvsep: Run, song: Path, command: str, given: list[str], told: str
) -> None:
    wire = Wire()
    code, out, err = mvsep(wire, command, song, *given)

    assert (code, out) == (2, "")
    assert told in err
    assert wire.requests == []


@pytest.mark.parametrize("typing", ["1\n", "vocals\n", "99\nkazoo\n1\n"])
def test_on_a_terminal_a_person_chooses_a_goal(
    mvsep: Run, typed: Callable[[str], None], typing: str
) -> None:
    typed(typing)
    code, out, err = mvsep(None, *SECONDS)

    assert code == 0
    assert out.startswith("BS Roformer (vocals, instrumental): 4 credits")
    lines = err.splitlines()
    assert lines[0] == "What do you want of the song?"
    assert lines[1].split() == ["1", "vocals", "1", "credit/min", "BS", "Roformer"]
    assert WHY in err
    assert ("The numbers are 1 to 17." in err) == ("99" in typing)
    assert ("No separation type is known for the goal 'kazoo'" in err) == ("kazoo" in typing)


def test_without_a_song_nobody_is_asked_for_a_goal(
    mvsep: Run, typed: Callable[[str], None]
) -> None:
    typed("1\n")
    code, _, err = mvsep(Wire(), "separate")

    assert code == 2
    assert "INPUT is missing, and --stem or --type." in err
    assert "What do you want" not in err


def test_who_chooses_none_is_told_that_nothing_was_sent(
    mvsep: Run, song: Path, typed: Callable[[str], None]
) -> None:
    typed("\x04")
    wire = Wire()
    code, _, err = mvsep(wire, "separate", song)

    assert code == 130
    assert "Interrupted. Nothing was sent.\n  Nothing was charged." in err
    assert wire.requests == []


def test_goals_are_listed_with_their_types(mvsep: Run) -> None:
    _, out, err = mvsep(None, "types", "--goals")
    _, told, _ = mvsep(None, "types", "--goals", "--plan=registered", "--json")

    goals = Catalog.bundled().goals()
    cells = [line.split("\t") for line in out.splitlines()]
    assert [(row[0], int(row[1])) for row in cells] == [(g.name, g.sep_type) for g in goals]
    assert cells[0][2:] == [
        "BS Roformer (vocals, instrumental)",
        "1 credit/min",
        "124 bands: SDR vocals 12.33, the best of 9 listed",
    ]
    assert "--stem vocals" in err
    first = json.loads(told)["goals"][0]
    assert (first["goal"], first["options"]) == ("vocals", {"add_opt1": "171"})
    assert first["reason"].endswith("the best of 8 listed")  # the ensemble needs premium


def test_that_a_goal_needs_premium_is_told_with_the_best_type_without(
    mvsep: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listed = [{**row, "orientation": 2} if row["render_id"] == 40 else row for row in rows(SCOPES)]
    monkeypatch.setenv("MVSEP_CACHE_DIR", str(tmp_path))
    CatalogStore("mvsep.com", tmp_path).keep(json.dumps(listed).encode(), "mvsep.com")
    _, goals, _ = mvsep(None, "types", "--goals")
    _, _, why = mvsep(None, *SECONDS, "--stem=vocals")

    assert goals.splitlines()[0].endswith("the best of 9 listed (needs premium)")
    assert "It needs premium; the best without is BS PolarFormer" in why


@pytest.mark.parametrize("given", [["drums"], ["--sort=usage"], ["--best-for=drums"]])
def test_the_list_of_goals_has_its_own_order(mvsep: Run, given: list[str]) -> None:
    assert mvsep(None, "types", "--goals", *given)[0] == 2
