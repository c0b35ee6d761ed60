"""Refreshing the catalogue, SepType and the contract from the service's list; on copies."""

import copy
import json
import re
from contextlib import suppress
from datetime import date
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.catalog_reading import from_file
from mvsep.sep_types import SepType
from mvsep.testing.algorithms import rows
from tests.fixed_catalogue import FIXED_FILE, FIXED_ROWS
from tests.test_catalogue_drift import JSONS, of_2024, rewritten
from tools import refresh
from tools.drift import SCOPES
from tools.member_names import NotOurs, documented, member_names, members, with_members
from tools.record import written
from tools.refresh import refreshed, run, save
from tools.regenerate import Project
from tools.snapshot import documentation

FILES = (
    "overlay/mvsep/data/catalog.json",
    "overlay/mvsep/sep_types.py",
    "spec/mvsep-openapi-spec.json",
)
ANSWER = rows("single_upload")
LATER = "2026-11-01"
NAMES = {row["sep_type"]: row["name"] for row in FIXED_ROWS}
MEMBERS = {number: SepType(number).name for number in NAMES}


def of_that_day():
    """What a refresh reads and writes, as it was when the list of the tests was the shipped one."""
    source, contract = ((Project().root / name).read_text("utf-8") for name in FILES[1:])
    docs = {row["sep_type"]: documentation(row) for row in FIXED_ROWS}
    contract = json.loads(contract)
    body = contract["components"]["schemas"]["SeparationCreateBody"]
    body["properties"]["sep_type"]["x-known-values"] = [
        {"value": number, "name": name} for number, name in NAMES.items()
    ]
    texts = FIXED_FILE.read_text("utf-8"), with_members(source, MEMBERS, docs), written(contract)
    return dict(zip(FILES, texts, strict=True))


PROJECT = of_that_day()
SOURCE = PROJECT[FILES[1]]


def laid_out(root):
    for name, text in PROJECT.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Project(root)


@pytest.fixture
def project(tmp_path):
    """A copy of what a refresh reads and writes."""
    return laid_out(tmp_path / "project")


@pytest.fixture
def answer():
    return copy.deepcopy(ANSWER)


@pytest.fixture
def bs_roformer(answer):
    return next(row for row in answer if row["render_id"] == 40)


@pytest.fixture
def do(project, tmp_path, capsys):
    """Run the command with an answer: its code, and what it printed."""

    def running(answer, captured=LATER):
        path = tmp_path / "answer.json"
        path.write_text(json.dumps(answer), "utf-8")
        code = run(["--from", str(path), "--captured", captured], project=project)
        out, err = capsys.readouterr()
        return code, out.splitlines(), err

    return running


def contents(project):
    return [(project.root / name).read_bytes() for name in FILES]


def catalog(project):
    return json.loads(contents(project)[0])


def row_of(project, number):
    return next(row for row in catalog(project)["types"] if row["sep_type"] == number)


def known_values(project):
    contract = json.loads(contents(project)[2])
    body = contract["components"]["schemas"]["SeparationCreateBody"]
    return body["properties"]["sep_type"]["x-known-values"]


def agree(project):
    """Catalogue, SepType and contract have the same types."""
    names = {row["sep_type"]: row["name"] for row in catalog(project)["types"]}
    assert {each["value"]: each["name"] for each in known_values(project)} == names
    assert members(contents(project)[1].decode()).keys() == names.keys()
    assert list(names) == sorted(names)
    for row in catalog(project)["types"]:
        from_file(row)


# The same


@pytest.mark.parametrize("way", [lambda row: row, rewritten, of_2024])
def test_the_list_that_the_catalogue_was_made_of_changes_no_byte(do, project, answer, way):
    before = contents(project)
    code, out, _ = do([way(row) for row in answer])
    assert code == 0
    assert out == ["Nothing new: catalogue, SepType and contract are as they were."]
    assert contents(project) == before


def test_it_can_be_done_again_without_a_change(do, project, answer, bs_roformer):
    bs_roformer |= {"name": "BS Roformer 2", "price_coefficient": "1.5", "usage": 7}
    answer.append({"render_id": 134, "name": "MVSep Kazoo (kazoo, other)"})
    answer[:] = [row for row in answer if row["render_id"] != 37]
    assert "Written: catalog.json, sep_types.py, mvsep-openapi-spec.json." in do(answer)[1]
    once = contents(project)
    for day in (LATER, "2026-11-02"):
        assert do(answer, day)[1] == [
            "Nothing new: catalogue, SepType and contract are as they were."
        ]
        assert contents(project) == once
    agree(project)


# News


def test_a_new_type_joins_all_three_and_is_told(do, project, answer, bs_roformer):
    new = {**bs_roformer, "render_id": 134, "id": 200, "name": "MVSep Kazoo (kazoo, other)"}
    _, out, _ = do([*answer, new])
    assert out[0] == (
        "- ⚠️ New separation type 134, MVSep Kazoo (kazoo, other): `SepType.MVSEP_KAZOO`."
    )
    assert out[1:] == [
        "Written: catalog.json, sep_types.py, mvsep-openapi-spec.json.",
        "The lines above are for CHANGELOG.md.",
        "README.md states a few names and figures; tests/test_readme.py says if one changed.",
    ]
    agree(project)
    row = row_of(project, 134)
    assert row["stems"] == ["kazoo", "other"]
    assert row["known_from"] == "server"
    same = row_of(project, 40)
    assert {key: row[key] for key in ("fields", "outputs", "price_coefficient")} == {
        key: same[key] for key in ("fields", "outputs", "price_coefficient")
    }
    assert known_values(project)[-1] == {"value": 134, "name": "MVSep Kazoo (kazoo, other)"}
    assert documented(contents(project)[1].decode())[134] == "MVSep Kazoo (kazoo, other)"
    assert catalog(project)["captured"] == LATER


def test_a_renamed_type_keeps_its_member(do, project, answer, bs_roformer):
    bs_roformer["name"] = "Band Split (vocals, instrumental)"
    _, out, _ = do(answer)
    assert out[0] == (
        "- ⚠️ Separation type 40, BS Roformer (vocals, instrumental), is now "
        "Band Split (vocals, instrumental); `SepType.BS_ROFORMER` stays."
    )
    agree(project)
    source = contents(project)[1].decode()
    assert members(source)[40] == "BS_ROFORMER"
    assert documented(source)[40] == "Band Split (vocals, instrumental)"


def test_a_new_price_is_told_and_kept_exactly(do, project, answer, bs_roformer):
    bs_roformer["price_coefficient"] = "1.1000"
    bs_roformer["algorithm_fields"][1]["price_rules"][0]["value"] = "2.5000"
    _, out, _ = do(answer)
    assert out[0].endswith(": credits a minute was 1 and is 11/10.")
    assert out[1].endswith("multiplied the price by 2 for '8' and does by 5/2.")
    row = row_of(project, 40)
    assert str(from_file(row).price_coefficient) == "11/10"
    assert row["fields"][1]["price_rules"][0]["value"] == "2.5000"


def test_a_type_that_is_gone_stays_marked_and_is_told_once(do, project, answer):
    left = [row for row in answer if row["render_id"] != 37]
    _, out, _ = do(left)
    assert out[0] == (
        "- ⚠️ Separation type 37, DrumSep (4-6 stems: kick, snare, cymbals, toms, ride, hh, "
        "crash), was removed; `SepType.DRUMSEP` stays."
    )
    agree(project)
    assert row_of(project, 37)["removed"] == LATER
    assert from_file(row_of(project, 37)).removed == LATER
    text = documented(contents(project)[1].decode())[37]
    assert text.endswith(f"- no longer listed by the service since {LATER}")
    assert do(left, "2026-12-01")[1][0].startswith("Nothing new")
    _, again, _ = do(answer, "2026-12-01")
    assert again[0].endswith("is listed again.")
    assert "removed" not in row_of(project, 37)


def test_of_a_kind_of_input_that_the_answer_leaves_out_nothing_is_said(do, project):
    for kind in SCOPES.split(","):
        assert not any("was removed" in line for line in do(rows(kind))[1])
    assert not any("removed" in row for row in catalog(project)["types"])


def test_a_type_known_from_documentation_gets_the_services_facts(do, project):
    assert row_of(project, 62)["known_from"] == "documentation"
    do(rows("no_upload"))
    row = row_of(project, 62)
    assert row["known_from"] == "server"
    assert row["price_coefficient"] == 1


def test_usage_and_ratings_are_renewed_without_a_word(do, project, answer, bs_roformer):
    bs_roformer |= {"usage": 5, "rating": {"average": "1.0000", "total": 3}}
    _, out, _ = do(answer)
    assert out == [
        "Written: catalog.json.",
        "Only usage, ratings and places in the list changed: nothing for CHANGELOG.md.",
    ]
    entry = from_file(row_of(project, 40))
    assert (entry.usage, entry.rating, entry.votes) == (5, 1.0, 3)


def option(row, place=0):
    return row["algorithm_fields"][place]


QUIET = {
    "other stems": (
        lambda row: row.update(outputs='{"bass": "Bass"}'),
        "gave Vocals, Other and gives Bass",
    ),
    "no stems": (
        lambda row: row.update(outputs=None),
        "gave Vocals, Other and gives nothing that is listed",
    ),
    "other keys": (
        lambda row: row.update(outputs='{"v": "Vocals", "o": "Other"}'),
        "has other keys for its stems: v, o",
    ),
    "another group": (
        lambda row: row.update(algorithm_group={"name": "Roformers"}),
        "stood under 'Vocals / Instrumental' and stands under 'Roformers'",
    ),
    "another id": (lambda row: row.update(id=3900), "algorithm_id was 39 and is 3900"),
    "resampled": (
        lambda row: row.update(allow_resample=not row["allow_resample"]),
        "allow_resample was ",
    ),
    "no price any more": (
        lambda row: row.update(price_coefficient=None),
        "price_coefficient was 1 and is None",
    ),
    "variants": (
        lambda row: row.update(output_variants='{"keys": [], "variants": []}'),
        "has other stems listed for some options",
    ),
    "always on offer": (
        lambda row: option(row, 2).update(conditions=[]),
        "add_opt3 (Set of stems) is offered with all choices of the others now",
    ),
    "on offer with another": (
        lambda row: option(row, 2)["conditions"][0].update(value_json=["81"], action="hide"),
        "add_opt3 (Set of stems) is offered except with Vocal model type in 81 now",
    ),
    "another effect": (
        lambda row: option(row).update(output_overrides=None),
        "add_opt1 (Vocal model type) changes the stems in another way with ",
    ),
    "for registered users": (
        lambda row: option(row).update(registered_only_keys=["171"]),
        "add_opt1 (Vocal model type) has for registered users only: 171",
    ),
    "needed": (
        lambda row: option(row, 2).update(required=1),
        "add_opt3 (Set of stems) has to be given now",
    ),
    "another word": (
        lambda row: option(row).update(server_key="model"),
        "has another server_key: it was 'model_type' and is 'model'",
    ),
    "rules of another kind": (
        lambda row: option(row, 1)["price_rules"][0].update(mode="percent"),
        "add_opt2 (Overlap) does not tell price_rules so that it can be read",
    ),
    "turned round": (
        lambda row: row["algorithm_fields"].reverse(),
        "has its options in another order",
    ),
    "choices turned round": (
        lambda row: option(row, 1).update(options='{"8": "87.5%", "2": "50%"}'),
        "add_opt2 (Overlap) has its choices in another order",
    ),
}


@pytest.mark.parametrize(("change", "said"), QUIET.values(), ids=QUIET)
def test_what_a_comparison_of_prices_and_choices_does_not_see_is_told_too(
    do, answer, bs_roformer, change, said
):
    change(bs_roformer)
    _, out, _ = do(answer)
    assert sum(line.startswith("- ") for line in out) == 1
    assert out[0].startswith("- Separation type 40 BS Roformer (vocals, instrumental): ")
    assert said in out[0]


def test_what_the_answer_does_not_tell_stays(do, project, answer, bs_roformer):
    before = row_of(project, 40)
    for key in ("outputs", "usage", "algorithm_group", "is_active"):
        del bs_roformer[key]
    for option in bs_roformer["algorithm_fields"]:
        for key in ("conditions", "price_rules", "output_overrides", "default_key", "options"):
            del option[key]
    do(answer)
    assert row_of(project, 40) == before


def test_what_can_not_be_read_is_told_and_stays(do, project, answer, bs_roformer):
    before = row_of(project, 40)
    bs_roformer["algorithm_fields"][0]["options"] = "{broken"
    bs_roformer["price_coefficient"] = "a lot"
    _, out, _ = do([*answer, None])
    assert sum(line.startswith("Not read: ") for line in out) == 3
    assert row_of(project, 40) == before


UNPRICED = {
    "a way to price that is not known": lambda row: row["price_rules"][0].update(mode="add"),
    "two rules for a choice": lambda row: row["price_rules"].append(row["price_rules"][0]),
    "rules that are no list": lambda row: row.update(price_rules="x2"),
}


@pytest.mark.parametrize("change", UNPRICED.values(), ids=UNPRICED)
def test_a_price_that_can_not_be_read_is_no_longer_sure(do, project, answer, bs_roformer, change):
    change(bs_roformer["algorithm_fields"][1])
    _, out, _ = do(answer)
    assert any(line.startswith("Not read: ") for line in out)
    entry = from_file(row_of(project, 40))
    assert [option.price_known for option in entry.fields] == [True, False, True]
    do(ANSWER)
    assert all(option.price_known for option in from_file(row_of(project, 40)).fields)


@pytest.mark.parametrize(
    "name", ["sep_type", "api_token", "audiofile", "foo", "add_opt0", "add_opt11", "add_opt1 "]
)
def test_an_option_that_would_be_another_field_of_the_form_is_left_out(
    do, project, answer, bs_roformer, name
):
    bs_roformer["algorithm_fields"][1]["name"] = name
    _, out, _ = do(answer)
    assert any(f"{name!r} is no field for an option" in line for line in out)
    row = row_of(project, 40)
    assert [option["key"] for option in row["fields"]] == ["add_opt1", "add_opt3"]
    assert from_file(row).unread == {"algorithm_fields"}


def test_a_new_type_whose_options_are_not_told_has_no_sure_price(do, project, answer):
    answer.append({"render_id": 134, "name": "MVSep Kazoo", "price_coefficient": 1})
    answer.append({"render_id": 135, "name": "MVSep Gong", "algorithm_fields": []})
    do(answer)
    assert from_file(row_of(project, 134)).unread == {"algorithm_fields"}
    assert from_file(row_of(project, 135)).unread == frozenset()


# All or nothing


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([], "it lists no separation type"),
        ({}, "it is no list"),
        ([{"render_id": 40, "name": "x", "audio_widget": "single_upload"}], "part of the list"),
    ],
)
def test_what_can_not_be_the_list_changes_nothing(do, project, answer, said):
    before = contents(project)
    code, out, err = do(answer)
    assert (code, out) == (2, [])
    assert said in err
    assert contents(project) == before


def test_an_older_answer_changes_nothing(do, project, answer, bs_roformer):
    before = contents(project)
    bs_roformer["name"] = "Old"
    code, _, err = do(answer, "2026-08-18")
    assert code == 2
    assert "an older one would undo what is known" in err
    assert contents(project) == before


def test_a_day_that_is_none_changes_nothing(do, project, answer):
    before = contents(project)
    assert do(answer, "yesterday")[0] == 2
    assert contents(project) == before


@pytest.mark.parametrize("broken", range(len(FILES)))
def test_files_that_are_not_ours_change_nothing(do, project, answer, broken):
    (project.root / FILES[broken]).write_text("{}", "utf-8")
    before = contents(project)
    answer.append({"render_id": 134, "name": "Kazoo"})
    code, _, err = do(answer)
    assert code == 2
    assert "Our own files" in err
    assert contents(project) == before


@pytest.mark.parametrize("failing", [1, 2, 3])
@pytest.mark.parametrize("method", ["write_bytes", "replace"])
def test_a_disk_that_fails_changes_nothing(
    do, project, answer, bs_roformer, monkeypatch, failing, method
):
    before = contents(project)
    answer.append({**bs_roformer, "render_id": 134, "name": "Kazoo"})
    real, calls = getattr(Path, method), []

    def flaky(path, *arguments):
        if path.name.endswith(".part"):
            calls.append(path)
            if len(calls) == failing:
                raise OSError(28, "No space left on device")
        return real(path, *arguments)

    monkeypatch.setattr(Path, method, flaky)
    code, _, err = do(answer)
    assert len(calls) == failing
    assert code == 2
    assert "Nothing was written" in err
    assert contents(project) == before
    assert not list(project.root.rglob("*.part"))


def test_a_result_that_would_not_load_is_not_written(project):
    before = contents(project)
    found = refreshed(project, [*ANSWER, {"render_id": 134, "name": "Kazoo"}], date(2026, 11, 1))
    files = dict(found.files)
    (first, *_) = files
    document = json.loads(files[first])
    document["types"].pop()
    with pytest.raises(refresh.CannotRefresh, match="would not have the types"):
        save({**files, first: json.dumps(document)})
    assert contents(project) == before


def test_the_live_list_is_asked_for_whole_and_dated_today(project, capsys):
    asked = []

    def reply(request):
        asked.append(request)
        return httpx.Response(200, json=rows(SCOPES))

    with httpx.Client(transport=httpx.MockTransport(reply)) as http:
        assert run([], project=project, http=http) == 0
    (request,) = asked
    assert request.url.host == "mvsep.com"
    assert request.url.params["scopes"] == SCOPES
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", catalog(project)["captured"])
    agree(project)


@given(data=st.data())
def test_an_answer_damaged_anywhere_leaves_three_files_that_agree(data, tmp_path_factory):
    project, answer = laid_out(tmp_path_factory.mktemp("project")), copy.deepcopy(ANSWER)
    node = data.draw(st.sampled_from(answer))
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    node[key] = data.draw(JSONS)
    before = {row["sep_type"]: without_daily(row) for row in FIXED_ROWS}
    with suppress(refresh.CannotRefresh):
        found = refreshed(project, answer, date(2026, 11, 1))
        save(found.files)
        for row in catalog(project)["types"]:
            if without_daily(row) != before.get(row["sep_type"]):
                assert any(f" type {row['sep_type']}" in line for line in found.changes)
    agree(project)


def without_daily(row):
    """A row without what may change silently, and the numbers of price rules as numbers."""
    daily = {key: value for key, value in row.items() if key not in ("usage", "rating", "order_id")}
    rules = [multipliers(option) for option in row["fields"]]
    return {**daily, "fields": [{**each, "price_rules": None} for each in row["fields"]]}, rules


def multipliers(option):
    return {rule["option_key"]: float(rule["value"]) for rule in option.get("price_rules", ())}


# Names


def test_the_rule_gives_the_members_there_are():
    assert member_names(NAMES, {}) == MEMBERS


@pytest.mark.parametrize(
    ("new", "named"),
    [
        ({134: "MVSep Kazoo (kazoo, other)"}, ["MVSEP_KAZOO"]),
        ({134: "Whisper (v2)"}, ["WHISPER_V2"]),
        ({134: "Whisper"}, ["WHISPER_134"]),
        ({134: "Twin (a)", 135: "Twin (b)"}, ["TWIN_A", "TWIN_B"]),
        ({134: "Same", 135: "Same"}, ["SAME", "SAME_135"]),
        ({134: "3D Audio"}, ["TYPE_3D_AUDIO"]),
        ({134: "Pianoforte à queue"}, ["PIANOFORTE_A_QUEUE"]),
        ({134: "Рояль"}, ["TYPE_134"]),
        ({134: ""}, ["TYPE_134"]),
        ({134: "Unknown 5"}, ["TYPE_UNKNOWN_5"]),
        ({134: "(kazoo)"}, ["KAZOO"]),
    ],
)
def test_a_new_member_is_named_by_rule_and_no_other_one_is(new, named):
    found = member_names({**NAMES, **new}, MEMBERS)
    assert {**found, **MEMBERS} == found
    assert [found[number] for number in new] == named


@given(
    st.dictionaries(
        st.integers(0, 200), st.text(max_size=30) | st.sampled_from(["Twin (a)", "Twin", "9 (x)"])
    )
)
def test_whatever_the_service_calls_a_type_its_member_is_a_name_of_its_own(types):
    named = member_names(types, {})
    assert named.keys() == types.keys()
    assert len(set(named.values())) == len(named)
    for name in named.values():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", name)
    # Whatever is added later, none of them changes.
    assert {**member_names({**types, 201: "Twin", 202: "9"}, named), **named}.items() >= (
        named.items()
    )


@given(st.text())
def test_no_text_of_the_services_becomes_code(text):
    source = with_members(SOURCE, {0: "SPLEETER", 7: "X"}, {0: text, 7: 'end"""\nimport os\n"'})
    assert members(source) == {0: "SPLEETER", 7: "X"}
    compile(source, "sep_types.py", "exec")
    assert documented(source)[0].split() == (
        "".join(c if c.isprintable() else " " for c in text).split() or ["-"]
    )


def test_a_name_that_would_be_code_is_refused():
    with pytest.raises(NotOurs):
        with_members(SOURCE, {0: "X = 1; Y"}, {0: "text"})


@pytest.mark.parametrize(
    "source",
    ["", "x = 1", "class SepType: pass", "class Other:\n    '''x'''", "def (", "\0"],
)
def test_a_source_that_does_not_define_them_is_refused(source):
    with pytest.raises(NotOurs):
        with_members(source, {0: "X"}, {0: "x"})
