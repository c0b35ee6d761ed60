"""Songs of one batch with settings of their own, and the plan before anything is sent."""

from __future__ import annotations

import pickle
import re
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from mvsep import Journal, Plan, Song, errors
from mvsep.batch.queue import Outcome
from mvsep.catalog import Catalog
from mvsep.journal.entry import NextStep
from tests.batch.test_executor import separate
from tests.batch.test_limits import CREATE, USER, service
from tests.wav_files import song
from tests.wire import Do, Wire


@pytest.fixture
def songs(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "one.wav", tmp_path / "two.wav"]
    for number, path in enumerate(paths):
        path.write_bytes(song(125, rate=100 + number))
    return paths


def sent(wire: Wire) -> list[dict[str, str]]:
    """Return the fields of each create."""
    found = re.compile(rb'name="(\w+)"\r\nContent-Type: text/plain\r\n\r\n([^\r]*)')
    bodies = [b for b, path in zip(wire.bodies, wire.paths, strict=True) if path == CREATE]
    return [{key.decode(): value.decode() for key, value in found.findall(b)} for b in bodies]


def test_each_song_goes_with_its_own_type_options_format_and_folder(
    do: Do, songs: list[Path], tmp_path: Path
) -> None:
    own = Song(source=songs[1], sep_type=20, output_format="flac", out=tmp_path / "own")
    wire = service()
    outcomes = do(
        wire, "separate_many", [songs[0], own], 40, options={"Overlap": "87.5%"},
        output_format="wav", out=tmp_path / "common", at_once=1,
    )  # fmt: skip
    first, second = sorted(sent(wire), key=lambda form: form["sep_type"], reverse=True)

    assert (first["sep_type"], first["add_opt2"], first["output_format"]) == ("40", "8", "1")
    # The options of the call are those of another type.
    assert (second["sep_type"], second["output_format"]) == ("20", "2")
    assert "add_opt2" not in second
    assert [each.source for each in outcomes] == [songs[0], own]
    folders = [each.result.files[0].path.parent.name for each in outcomes]
    assert folders == ["common", "own"]


def test_songs_of_one_name_are_numbered_within_a_folder_only(
    do: Do, songs: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "x").mkdir()
    songs[1] = songs[1].rename(tmp_path / "x" / "one.wav")
    apart = [Song(source=songs[0], out=tmp_path / "a"), Song(source=songs[1], out=tmp_path / "b")]
    outcomes = do(service(), "separate_many", apart, 40, at_once=1)
    together = do(service(), "separate_many", songs, 40, out=tmp_path / "c", at_once=1)

    for found, names in ((outcomes, ["one", "one"]), (together, ["one", "one_2"])):
        paths = [each.result.files[0].path.name for each in found]
        assert paths == [f"{name}_Vocals.wav" for name in names]


def test_a_song_without_any_type_is_refused_before_anything_is_sent(
    do: Do, songs: list[Path]
) -> None:
    wire = Wire()
    with pytest.raises(errors.InvalidInput, match=r"two\.wav has no separation type"):
        do(wire, "separate_many", [Song(source=songs[0], sep_type=40), songs[1]], None)
    assert wire.requests == []


def test_a_journal_keeps_the_types_of_one_song_apart(
    do: Do, songs: list[Path], tmp_path: Path
) -> None:
    with Journal(tmp_path / "journal") as journal:
        both = [Song(source=songs[0], sep_type=40), Song(source=songs[0], sep_type=20)]
        named = {"out": tmp_path / "out", "template": "{input}_{type}_{stem}.{ext}"}
        wires = [service(), service()]
        for wire in wires:
            outcomes = do(wire, "separate_many", both, None, journal=journal, **named)

    assert [wire.paths.count(CREATE) for wire in wires] == [2, 0]
    assert [each.result.already for each in outcomes] == [True, True]


def test_templates_make_folders_and_number_the_songs(
    do: Do, songs: list[Path], tmp_path: Path
) -> None:
    template = "{n} {input}/{stem}.{ext}"
    do(service(), "separate_many", songs, 40, out=tmp_path / "out", template=template)

    made = [p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*.wav")]
    assert sorted(made) == ["1 one/Vocals.wav", "2 two/Vocals.wav"]


def test_a_file_in_the_place_of_a_folder_is_found_before_anything_is_paid_for(
    do: Do, songs: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "one").touch()
    wire = service()
    (outcome,) = do(
        wire, "separate_many", songs[:1], 40, out=tmp_path, template="{input}/{stem}.{ext}"
    )

    assert "wants a folder of that name" in outcome.error.message
    assert CREATE not in wire.paths


def test_a_plan_tells_what_is_done_what_costs_and_what_can_not_be_sent(
    do: Do, songs: list[Path], tmp_path: Path
) -> None:
    text = tmp_path / "text.wav"
    text.write_text("These are no sounds at all. " * 9)
    plans: list[Plan] = []
    with Journal(tmp_path / "journal") as journal:
        named = {"journal": journal, "out": tmp_path / "out"}
        do(service(), "separate_many", songs[:1], 40, **named)
        wire = service()
        more = [*songs, songs[1], text, "gone.wav", "https://songs.example/x.wav"]
        outcomes = do(
            wire, "separate_many", more, 40, on_plan=lambda p: bool(plans.append(p)), **named
        )
    (plan,) = plans

    assert outcomes == []
    assert wire.paths == [USER]
    assert [each.next_step for each in plan.songs[:2]] == [NextStep.NOTHING, NextStep.SUBMIT]
    assert [each.repeats for each in plan.songs] == [False, False, True, False, False, False]
    assert [each.error is not None for each in plan.songs] == [False] * 3 + [True] * 2 + [False]
    assert [each.source for each in plan.to_pay] == [songs[1], more[-1]]
    assert (plan.credits, plan.sure, len(plan.unknown)) == (2, False, 1)
    assert plan.account
    assert plan.account.credits == 100


def test_a_song_that_changes_after_the_plan_is_not_sent(
    do: Do, songs: list[Path], tmp_path: Path
) -> None:
    wire = service()
    outcomes = do(
        wire, "separate_many", songs, 40, out=tmp_path,
        on_plan=lambda plan: songs[1].write_bytes(song(1000, rate=100)),
    )  # fmt: skip

    assert wire.paths.count(CREATE) == 1
    assert outcomes[0].result
    assert "changed since its price was found" in outcomes[1].error.message
    assert outcomes[1].error.charged is None or not outcomes[1].error.charged


def test_an_error_of_the_function_that_sees_the_plan_ends_the_batch(
    do: Do, songs: list[Path]
) -> None:
    def leave(plan: Plan) -> None:
        raise KeyboardInterrupt

    wire = service()
    with pytest.raises(KeyboardInterrupt):
        do(wire, "separate_many", songs, 40, on_plan=leave)
    assert CREATE not in wire.paths


class Keeping(Executor):
    """Keeps each task as another process would get it."""

    def __init__(self) -> None:
        self.tasks: list[Any] = []

    def submit(self, task: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.tasks.append(pickle.loads(pickle.dumps(task)))
        ended: Future[Any] = Future()
        ended.set_result(Outcome(None))
        return ended


def test_workers_get_the_settings_of_each_song_and_hold_it_to_its_price(
    asynchronous: bool, songs: list[Path], tmp_path: Path
) -> None:
    executor = Keeping()
    listed = [songs[0], Song(source=songs[1], sep_type=20, out=tmp_path / "own")]
    with Journal(tmp_path / "journal") as journal:
        separate(asynchronous, executor, listed, journal=journal, on_plan=lambda plan: None)
    orders = [task.order for task in executor.tasks]

    assert [int(order.sep_type) for order in orders] == [40, 20]
    assert orders[1].delivery.out == tmp_path / "own"
    assert [order.asked.max_credits for order in orders] == [2, 2]


def test_a_song_has_a_goal_of_its_own_which_the_journal_keeps(
    do: Do, songs: list[Path], tmp_path: Path
) -> None:
    own = Song(source=songs[1], best_for="drums")
    taken = Catalog.bundled().goal("drums").sep_type
    wire = service()
    with Journal(tmp_path / "journal") as journal:
        do(
            wire, "separate_many", [songs[0], own], 40, options={"Overlap": "87.5%"},
            out=tmp_path / "stems", journal=journal,
        )  # fmt: skip
        goals = {entry.sep_type: entry.best_for for entry in journal.entries()}

    assert goals == {40: None, int(taken): "drums"}


def test_a_song_has_no_type_besides_a_goal(do: Do, songs: list[Path]) -> None:
    wire = service()
    with pytest.raises(errors.InvalidInput, match="Both"):
        do(wire, "separate_many", [Song(source=songs[0], sep_type=40, best_for="drums")])

    assert CREATE not in wire.paths
