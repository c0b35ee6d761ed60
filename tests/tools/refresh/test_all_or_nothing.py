"""A refresh that can't be done changes nothing, and three files agree after any other."""

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

from mvsep.testing.algorithms import rows
from tests.fixed_catalogue import FIXED_ROWS
from tests.tools.refresh.scenes import ANSWER, FILES, agree, catalog, contents, laid_out
from tests.tools.scenes import damage
from tools import refresh
from tools.drift import SCOPES
from tools.refresh import refreshed, run, save


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


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-08-18", "an older one would undo known facts"), ("yesterday", "yesterday")],
)
def test_a_day_that_is_past_or_none_changes_nothing(do, project, answer, bs_roformer, day, said):
    before = contents(project)
    bs_roformer["name"] = "Old"
    code, _, err = do(answer, day)
    assert code == 2
    assert said in err
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
    damage(data, data.draw(st.sampled_from(answer)))
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
