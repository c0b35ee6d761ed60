"""Drift of the separation types: the service's list against the bundled catalogue."""

import copy
import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.catalog import Catalog
from mvsep.testing.algorithms import rows
from tests.tools.scenes import (
    JSONS,
    choice,
    damage,
    has,
    has_option,
    of_2024,
    option_has,
    rewritten,
    rule_has,
)
from tools.catalogue import NoCatalogue, compare, known, read
from tools.drift import SCOPES, algorithms_address, run

KNOWN = known(Catalog.bundled())
# The fake server's list, in the form of August 2026. It is made of the catalogue, with an
# invented price where that knows none, so only what the service itself listed is compared.
ANSWER = rows("single_upload")
EVERYTHING = rows(SCOPES)


@pytest.fixture
def saved(tmp_path):
    """A function: save an answer (or a text) as a file and return its path."""

    def save(answer, name="algorithms.json"):
        path = tmp_path / name
        path.write_text(answer if isinstance(answer, str) else json.dumps(answer))
        return str(path)

    return save


@pytest.fixture
def answer():
    """An answer of app/algorithms that is what the catalogue says, to be changed by a test."""
    return copy.deepcopy(ANSWER)


@pytest.fixture
def bs_roformer(answer):
    """Its row of type 40: three options, two of them with prices."""
    return next(row for row in answer if row["render_id"] == 40)


def found(answer):
    entries, problems = read(answer)
    return [(each.kind, each.text) for each in problems + compare(KNOWN, entries)]


# How an answer is read


def test_an_answer_that_a_live_run_kept_is_read_like_one_that_came(answer, saved, capsys):
    kept = {"operation": "app_algorithms", "status": 200, "body": answer}
    said = []
    for path in (saved(answer), saved(kept, "kept.json")):
        assert run(["--catalogue", path]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


# The same


def test_the_list_that_the_catalogue_was_made_of_is_no_drift(answer):
    assert found(answer) == []


def test_a_kind_of_input_that_an_answer_leaves_out_is_not_gone():
    assert {entry.audio_widget for entry in KNOWN.values()} == set(SCOPES.split(","))
    for kind in SCOPES.split(","):
        entries, problems = read(rows(kind))
        assert problems == []
        assert [each for each in compare(KNOWN, entries) if each.kind == "gone"] == []


def test_a_price_the_catalogue_does_not_know_is_told_once_it_is_listed():
    findings = found(EVERYTHING)
    assert {kind for kind, _ in findings} == {"repriced"}
    assert len(findings) == sum(entry.price_coefficient is None for entry in KNOWN.values())
    assert all("was not known and is 1" in text for _, text in findings)


@pytest.mark.parametrize("way", [rewritten, of_2024])
def test_another_way_to_write_the_same_is_no_drift(answer, way):
    assert found([way(row) for row in answer]) == []


def test_a_saved_answer_of_2024_has_only_types_that_are_gone_since_it_misses_the_newer(answer):
    early = [of_2024(row) for row in answer if row["render_id"] < 40]
    assert {kind for kind, _ in found(early)} == {"gone"}
    assert "62" not in "".join(text.split()[1] for _, text in found(early))


@pytest.mark.parametrize(
    "fact",
    ["price_coefficient", "is_active", "orientation", "audio_widget", "algorithm_fields"],
)
def test_a_fact_that_an_answer_leaves_out_is_no_drift(answer, bs_roformer, fact):
    del bs_roformer[fact]
    assert found(answer) == []


@pytest.mark.parametrize("fact", ["text", "options", "default_key", "price_rules"])
def test_a_fact_of_an_option_that_an_answer_leaves_out_is_no_drift(answer, bs_roformer, fact):
    for option in bs_roformer["algorithm_fields"]:
        del option[fact]
    assert found(answer) == []


def test_a_type_without_a_name_is_told_and_not_renamed(answer, bs_roformer):
    del bs_roformer["name"]
    assert found(answer) == [("unreadable", "Type 40: it has no name.")]


# Different


CHANGES = {
    "renamed": (has(name="BS"), "renamed", "is now named 'BS'"),
    "repriced": (has(price_coefficient="1.5"), "repriced", "price_coefficient was 1 and is 3/2"),
    "an option repriced": (rule_has(value="3.0000"), "repriced", "by 2 for '8' and does by 3"),
    "an option free": (option_has(1, price_rules=[]), "repriced", "by 2 for '8' and does by 1"),
    "an option with a price": (
        option_has(0, price_rules=[{"option_key": "81", "mode": "multiplier", "value": 2}]),
        *("repriced", "multiplied the price by 1 for '81' and does by 2"),
    ),
    "inactive": (has(is_active=0), "activity", "is no longer offered"),
    "premium only": (has(orientation=2), "access", "orientation was 0 and is 2"),
    "another input": (
        has(audio_widget="double_upload"),
        "input",
        "was single_upload and is 'double",
    ),
    "a new option": (
        has_option(name="add_opt4", text="Speed"),
        "options",
        "add_opt4 (Speed) is new",
    ),
    "an option gone": (
        lambda row: row["algorithm_fields"].pop(),
        "options",
        "add_opt3 (Set of stems) is gone",
    ),
    "another default": (
        option_has(0, default_key="171"),
        "options",
        "add_opt1 (Vocal model type) had the default '81' and has '171'",
    ),
    "no default": (option_has(0, default_key=None), "options", "had the default '81' and has ''"),
    "an option relabelled": (option_has(0, text="Model"), "options", "is now labelled 'Model'"),
    "a new choice": (choice("200", "ver 2027"), "options", "has the new choice '200' (ver 2027)"),
    "a choice relabelled": (choice("81", "old"), "options", "labels the choice '81' now 'old'"),
    "a choice gone": (
        option_has(1, options='{"2": "50%"}'),
        "options",
        "lost the choice '8' (87.5%)",
    ),
}


@pytest.mark.parametrize(("change", "kind", "said"), CHANGES.values(), ids=CHANGES)
def test_what_is_different_is_one_finding_that_names_type_and_change(
    answer, bs_roformer, change, kind, said
):
    change(bs_roformer)
    ((kind_, text),) = found(answer)
    assert kind_ == kind
    assert said in text
    assert text.startswith("Type 40 BS Roformer (vocals, instrumental): ")


def test_a_type_offered_again_is_told(answer):
    (inactive,) = (number for number, entry in KNOWN.items() if entry.is_active is False)
    next(row for row in answer if row["render_id"] == inactive)["is_active"] = 1
    ((kind, text),) = found(answer)
    assert kind == "activity"
    assert text.endswith("is offered again.")


def test_a_new_type_says_what_does_not_know_it_and_one_left_out_is_gone(answer, bs_roformer):
    bs_roformer |= {"render_id": 4321, "name": "Kazoo"}
    assert found(answer) == [
        ("new", "Type 4321 Kazoo is new to the catalogue and SepType."),
        ("gone", "Type 40 BS Roformer (vocals, instrumental) is gone from the answer."),
    ]
    entries, _ = read(ANSWER)
    without = {number: entry for number, entry in KNOWN.items() if number != 40}
    (finding,) = compare(without, entries)
    assert finding.text.endswith("is new to the catalogue.")


# What can't be read


UNREADABLE = {
    "no number": (lambda row: row.pop("render_id"), "has no usable render_id"),
    "a boolean": (has(render_id=True), "has no usable render_id"),
    "name": (has(name=["x"]), "name can't be read: ['x']"),
    "price": (has(price_coefficient="a lot"), "can't be read: 'a lot'"),
    "activity": (has(is_active=7), "is_active can't be read: 7"),
    "fields": (has(algorithm_fields="none"), "algorithm_fields can't be read"),
    "a field": (lambda row: row["algorithm_fields"].append("x"), "an option has no name"),
    "a field twice": (has_option(name="add_opt1"), "has no name, or one that is there twice"),
    "options": (option_has(0, options='{"81": '), "options of the option add_opt1 can't be read"),
    "a way to price": (rule_has(mode="add"), "price_rules of the option add_opt2 can't be read"),
    "default": (option_has(0, default_key=[]), "default_key of the option add_opt1 can't be"),
}


@pytest.mark.parametrize(("change", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_can_not_be_read_is_told_and_hides_nothing_else(answer, bs_roformer, change, said):
    change(bs_roformer)
    answer[0]["name"] = "Renamed"
    kinds = [kind for kind, _ in found(answer)]
    assert [text for kind, text in found(answer) if kind == "unreadable" and said in text]
    assert "renamed" in kinds
    # Without its number a row can't be told from one that is not there.
    assert set(kinds) <= {"unreadable", "renamed", "gone"}


def test_of_two_rows_of_one_number_the_first_counts(answer, bs_roformer):
    answer.append({**bs_roformer, "name": "Again", "price_coefficient": 9})
    assert found(answer) == [("unreadable", "Type 40 is listed twice; the first counts.")]


@given(st.data())
def test_an_answer_damaged_anywhere_is_read_or_refused(data):
    answer = copy.deepcopy(ANSWER[:3])
    damage(data, answer)
    entries, problems = read(answer)
    for finding in problems + compare(KNOWN, entries):
        assert finding.text.endswith(".")


@given(JSONS)
def test_anything_else_than_a_list_of_types_is_refused(nonsense):
    with pytest.raises(NoCatalogue):
        read(nonsense)


# The command


def test_the_command_compares_a_saved_answer_and_nothing_else(saved, capsys, answer):
    assert run(["--catalogue", saved(answer)]) == 0
    assert capsys.readouterr().out == (
        f"The separation types ({len(answer)}) against the catalogue of "
        f"{Catalog.bundled().captured}: nothing new.\n"
    )
    answer[0] |= {"name": "\x1b[0m"}
    assert run(["--catalogue", saved(answer)]) == 1
    assert ": is now named '\\x1b[0m'.\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", "null", '{"success": false}', "[1, 2]", "<html>", "", '[{"id": 3}]', "[" * 99999],
)
def test_the_command_can_not_compare_nonsense(saved, capsys, content):
    assert run(["--catalogue", saved(content)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Could not compare: ")


def test_both_comparisons_in_one_run_say_both_and_the_worse_code(saved, capsys, answer):
    code = run(["--catalogue", saved(answer[1:]), "--upstream", "nowhere"])
    out, err = capsys.readouterr()
    assert code == 2
    assert "is gone from the answer" in out
    assert "nowhere" in err


WHOLE = f"/api/app/algorithms?scopes={SCOPES}"


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://mvsep.com", f"https://mvsep.com{WHOLE}"),
        ("https://mvsep.com/", f"https://mvsep.com{WHOLE}"),
        ("http://127.0.0.1:80/api/", f"http://127.0.0.1:80{WHOLE}"),
        ("https://mvsep.com/api/app/algorithms", f"https://mvsep.com{WHOLE}"),
        (
            "https://mvsep.com/api/app/algorithms?lang=en",
            f"https://mvsep.com/api/app/algorithms?lang=en&scopes={SCOPES}",
        ),
        *(
            (as_it_is, as_it_is)
            for as_it_is in (
                "https://mvsep.com/api/app/algorithms?scopes=no_upload",
                "https://example.com/saved.json",
                "saved.json",
                "https://[",
            )
        ),
    ],
)
def test_a_base_url_stands_for_the_whole_list(source, address):
    assert algorithms_address(source) == address


def test_the_command_reads_the_live_list_without_a_token(capsys, answer):
    asked = []

    def reply(request):
        asked.append(str(request.url))
        return httpx.Response(200, json=answer)

    with httpx.Client(transport=httpx.MockTransport(reply)) as http:
        assert run(["--catalogue", "https://mvsep.com"], http=http) == 0
    (url,) = asked
    assert httpx.URL(url).params["scopes"] == SCOPES
    assert "api_token" not in url
