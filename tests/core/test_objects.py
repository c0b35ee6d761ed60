"""Objects people look at: a repr is one short line, and a dictionary holds JSON types only."""

from __future__ import annotations

import inspect
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mvsep
from mvsep import Catalog, Estimate, InvalidInput, Outcome, Pager, Result, SepType, StemFile
from mvsep.core.objects import LONGEST_REPR, Brief, Plain
from mvsep.settings.policies import Pace
from mvsep.settings.token import Token
from mvsep_api import models
from mvsep_api.types import UNSET
from tests.wire import TOKEN, Wire, answer

HASH = "20250131145833-a0bb276157-song.wav"
MODULES = (mvsep, mvsep.catalog, mvsep.journal, mvsep.manifest, mvsep.pricing, mvsep.webhooks)
PUBLIC = {
    getattr(module, name)
    for module in MODULES
    for name in {*getattr(module, "__all__", ()), *dir(module)}
    if inspect.isclass(found := getattr(module, name)) and found.__module__.startswith("mvsep.")
}
ATTRS = sorted((kind for kind in PUBLIC if attrs.has(kind)), key=lambda kind: kind.__name__)
MODELS = [kind for name in models.__all__ if attrs.has(kind := getattr(models, name))]
ERRORS = sorted(
    (kind for kind in PUBLIC if issubclass(kind, mvsep.MVSepError)), key=lambda kind: kind.__name__
)
HOSTILE = st.one_of(
    st.text(max_size=5000),
    st.sampled_from(["a\nb", "\x1b[31mred\x07", "\u202eabc", "\ud800", "x" * 10_000, "\x7f" * 500]),
)
VALUES = st.recursive(
    st.none() | st.integers() | st.floats() | HOSTILE | st.binary() | st.fractions(),
    lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def is_one_short_line(text: str) -> bool:
    return len(text) <= LONGEST_REPR and text.isprintable() and " at 0x" not in text


def free(kind: type) -> bool:
    """Tell whether any value can be in the fields of a class."""
    return all(field.validator is None and field.converter is None for field in attrs.fields(kind))


@pytest.mark.parametrize("kind", ATTRS, ids=lambda kind: kind.__name__)
def test_each_public_class_has_the_short_repr(kind: type) -> None:
    assert issubclass(kind, Brief)


@given(st.data())
def test_a_repr_is_one_short_line_whatever_is_in_the_object(data: st.DataObject) -> None:
    kind: Any = data.draw(st.sampled_from([kind for kind in ATTRS if free(kind)]))
    values = {field.alias: data.draw(VALUES) for field in attrs.fields(kind) if field.init}
    made = kind(**values)

    assert is_one_short_line(repr(made)), repr(made)
    assert repr(made).startswith(f"{kind.__name__}(")


@given(st.sampled_from(ERRORS), HOSTILE)
def test_the_repr_of_an_error_is_one_short_line(kind: type[Exception], text: str) -> None:
    assert is_one_short_line(repr(kind(text)))


@given(st.data())
def test_the_repr_of_a_generated_model_is_one_short_line_of_what_was_given(
    data: st.DataObject,
) -> None:
    kind: Any = data.draw(st.sampled_from(MODELS))
    given = {
        field.alias: data.draw(VALUES | st.just(UNSET))
        for field in attrs.fields(kind)
        if field.init
    }
    text = repr(kind(**given))

    assert is_one_short_line(text), text


def test_the_repr_of_a_model_leaves_out_what_was_not_given_and_the_token() -> None:
    assert repr(models.QueueAnswer()) == "QueueAnswer()"
    assert repr(models.LoginBody(email="a@b.c", password=TOKEN)) == "LoginBody(email='a@b.c')"
    assert repr(UNSET) == "UNSET"


def test_it_tells_what_it_is_and_how_many() -> None:
    stem = StemFile("Vocals", Path("a") / "Vocals.wav", 5, "0" * 64)
    shown = {
        "Catalog": repr(Catalog.bundled()),
        "Result": repr(Result(HASH, (stem, stem))),
        "SeparationType": repr(Catalog.bundled()[40]),
    }

    assert shown["Catalog"] == (
        f"Catalog({len(Catalog.bundled())} types, captured='{Catalog.bundled().captured}', "
        "source='bundled')"
    )
    assert shown["Result"] == f"Result(hash='{HASH}', 2 files)"
    assert shown["SeparationType"].startswith("SeparationType(sep_type=SepType.BS_ROFORMER, name=")


def test_clients_jobs_lists_and_journals_tell_what_they_are(tmp_path: Path) -> None:
    with mvsep.Journal(tmp_path / "a\nb.db") as journal, Wire(answer({})).client() as client:
        shown = [
            repr(each)
            for each in (
                *(client, client.job(HASH), client.history(limit=5), journal, Pace()),
                *(client.api, client.api.app),
            )
        ]

    assert all(map(is_one_short_line, shown)), shown
    assert TOKEN not in "".join(shown)
    assert shown[2] == "Pager(separation_history, limit=5, page_size=20)"
    assert shown[4] == "Pace(100 a minute, burst=20)"
    assert shown[5] == "Api(separation, app, quality_checker, account)"
    assert shown[6].startswith("AppApi(")
    assert isinstance(client.history(), Pager)


def test_a_token_is_masked_in_each_repr() -> None:
    for kind in ATTRS:
        if free(kind):
            names = [field.alias for field in attrs.fields(kind) if field.init]
            assert TOKEN not in repr(kind(**dict.fromkeys(names, Token(TOKEN))))


# Dictionaries


PLAIN = [kind for kind in ATTRS if issubclass(kind, Plain)]


def test_these_have_a_dictionary() -> None:
    assert {kind.__name__ for kind in PLAIN} == {
        *("Account", "Estimate", "Goal", "JobState", "Outcome", "Plan", "PlannedSong"),
        *("Preflight", "Quota", "Result", "SeparationType"),
    }


def is_json(value: object) -> bool:
    """Tell whether a value is of JSON's own types; an enum of a number is not."""
    if isinstance(value, dict):
        return all(type(key) is str and is_json(each) for key, each in value.items())
    if isinstance(value, list):
        return all(map(is_json, value))
    return value is None or type(value) in (bool, int, float, str)


@pytest.mark.parametrize("entry", Catalog.bundled(), ids=lambda entry: entry.sep_type.name)
def test_each_type_of_the_catalogue_becomes_json(entry: Any) -> None:
    told = entry.to_dict()

    assert is_json(told)
    assert told["sep_type"] == int(entry.sep_type)


@pytest.mark.parametrize("goal", Catalog.bundled().goals(), ids=lambda goal: goal.name)
def test_each_goal_becomes_json(goal: Any) -> None:
    assert is_json(goal.to_dict())


def test_an_estimate_and_an_account_become_json(asynchronous: bool) -> None:
    data = {"name": "Ada", "api_token": TOKEN, "premium_minutes": 7, "premium_enabled": 1}
    wire = Wire(answer({"success": True, "data": data}))
    account = wire.act(asynchronous, lambda client: client.account()).to_dict()
    price = Wire(answer({})).act(asynchronous, lambda client: client.estimate(119.5, 40)).to_dict()

    assert is_json(price)
    assert (price["seconds"], price["sep_type"], price["sure"]) == (119.5, 40, True)
    assert account == {
        "name": "Ada",
        "email": None,
        "credits": 7,
        "premium_enabled": True,
        "long_filenames": None,
    }


def test_an_outcome_tells_its_error_and_its_job_in_json(tmp_path: Path) -> None:
    error = InvalidInput("no", param="source")
    job = Wire(answer({})).client().job(HASH)
    told = Outcome(tmp_path / "song.wav", error=error, job=job).to_dict()

    assert is_json(told)
    assert told["source"] == str(tmp_path / "song.wav")
    assert told["error"]["type"] == "InvalidInput"
    assert told["error"]["param"] == "source"
    assert told["job"]["hash"] == HASH
    assert told["ok"] is False
    assert is_json(Outcome(b"RIFF" * 999_999).to_dict())


@given(st.data())
def test_a_dictionary_has_json_types_only(data: st.DataObject) -> None:
    values = data.draw(st.dictionaries(st.text(), VALUES | st.just(SepType(40))))
    told = Result(HASH, (), None, (values, Fraction(1, 2), frozenset({3})))  # type: ignore[arg-type]

    assert is_json(told.to_dict())


def test_what_is_in_it_can_be_written(tmp_path: Path) -> None:
    stem = StemFile("Vocals", tmp_path / "Vocals.wav", 5, "00")
    told = json.loads(json.dumps(Result(HASH, (stem,), tmp_path / "m.json").to_dict()))

    assert told == {
        "hash": HASH,
        "files": [
            {"label": "Vocals", "path": str(stem.path), "size": 5, "sha256": "00"},
        ],
        "manifest": str(tmp_path / "m.json"),
        "warnings": [],
        "already": False,
    }
    assert "price" in Estimate._keys.split()
