"""Separation types, and the tolerant enums they rest on."""

import copy
import inspect
import json
import pickle
import pydoc
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mvsep.catalog import Catalog
from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.options import resolve
from mvsep.catalog.sep_type import SepType
from mvsep.core.enums import TolerantIntEnum, TolerantStrEnum
from mvsep.errors import InvalidInput
from tests.catalog.test_formats import contract_names
from tests.fixed_catalogue import SHIPPED_ROWS
from tools.member_names import documented
from tools.snapshot import documentation

# A name is never changed; any other change of that file than a new line breaks somebody's code.
NAMES = json.loads((Path(__file__).parents[1] / "data" / "sep_type_names.json").read_text("utf-8"))
PICKLE_PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


class Size(TolerantIntEnum):
    SMALL = 1


class State(TolerantStrEnum):
    DONE = "done"


def catalogue_names():
    return {row["sep_type"]: row["name"] for row in SHIPPED_ROWS}


def test_no_name_was_changed_or_removed():
    members = {name: int(member) for name, member in SepType.__members__.items()}
    assert {**members, **NAMES} == members


def test_enum_catalogue_and_contract_have_the_same_types_in_the_order_of_their_numbers():
    assert [int(member) for member in SepType] == sorted(catalogue_names())
    assert contract_names("sep_type") == catalogue_names()


@pytest.mark.parametrize("member", SepType, ids=lambda member: member.name)
def test_a_member_is_documented_by_the_name_the_service_uses(member):
    (row,) = (row for row in SHIPPED_ROWS if row["sep_type"] == member)
    text = documented((files("mvsep") / "catalog" / "sep_type.py").read_text("utf-8"))[int(member)]
    assert text == member.__doc__ == documentation(row)
    assert text.startswith(row["name"])


def test_what_an_enum_says_of_itself_and_of_a_number_it_does_not_know():
    assert SepType.__doc__.startswith("A separation type: ")
    assert inspect.getdoc(SepType).startswith("A separation type: ")
    assert "A separation type: " in pydoc.render_doc(SepType)
    assert SepType(134_000).__doc__ is None
    assert OutputFormat.FLAC_24.__doc__ == "flac, lossless, 24 bit."


@given(st.integers(max_value=-1))
def test_no_job_is_created_with_a_number_below_zero(number):
    for kind in (number, SepType(number)):
        with pytest.raises(InvalidInput, match="it is a number from 0"):
            resolve(Catalog.bundled(), kind)


@pytest.mark.parametrize("enum", [SepType, Size])
@pytest.mark.parametrize("value", [True, False, 1.0, 40.0, 0.5, "1", None, b"1", [1]])
def test_what_is_no_integer_is_refused_even_where_it_equals_one(enum, value):
    with pytest.raises(ValueError, match="not a valid"):
        enum(value)


@pytest.mark.parametrize("value", [1, True, None, b"done", ["done"]])
def test_what_is_no_text_is_refused(value):
    with pytest.raises(ValueError, match="not a valid State"):
        State(value)


def test_an_unknown_number_is_named_after_itself():
    assert SepType(99134).name == "UNKNOWN_99134"
    assert SepType(99134).value == 99134
    assert repr(SepType(99134)) == "<SepType.UNKNOWN_99134: 99134>"
    assert Size(-5).name == "UNKNOWN_MINUS_5"


def test_an_unknown_number_does_not_join_the_members():
    before = list(Size)
    assert Size(77) not in before
    assert list(Size) == before
    assert "UNKNOWN_77" not in Size.__members__


def assert_itself(kind, value, member):
    """Assert that a member of an enum is its value in every use."""
    assert type(member) is kind
    assert member == kind(value) == value
    assert hash(member) == hash(kind(value)) == hash(value)
    assert {value: "here"}[member] == "here"
    assert json.loads(json.dumps({"value": member})) == {"value": value}
    assert str(member) == f"{member}" == str(value)
    assert member.name.isidentifier()
    for twin in (copy.copy(member), copy.deepcopy(member), *pickled(member)):
        assert (type(twin), twin, twin.name) == (kind, value, member.name)


@given(st.integers())
@example(1)
@example(2**70)
def test_a_number_is_itself_in_every_use(number):
    assert_itself(Size, number, Size(number))


@given(st.text())
@example("done")
@example("")
@example("x" * 100)
@example("../é\x00 \ud800")
def test_a_word_is_itself_in_every_use(word):
    member = State(word)
    assert_itself(State, word, member)
    assert member.known == (word == "done")
    assert member.name.isascii()
    assert len(member.name) < 50


def pickled(member):
    return [pickle.loads(pickle.dumps(member, protocol)) for protocol in PICKLE_PROTOCOLS]


def test_an_unknown_word_is_named_after_itself():
    assert State("sleeping").name == "UNKNOWN_sleeping"
    assert State("not found!").name == "UNKNOWN_not_found_"
    assert State("").name == "UNKNOWN_EMPTY"
