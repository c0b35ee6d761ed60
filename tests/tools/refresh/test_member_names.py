"""How the members of SepType are named, and that nothing the service says becomes code."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.refresh.scenes import MEMBERS, NAMES, SOURCE
from tools.member_names import NotOurs, documented, member_names, members, with_members


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
    compile(source, "sep_type.py", "exec")
    assert documented(source)[0].split() == (
        "".join(c if c.isprintable() else " " for c in text).split() or ["-"]
    )


def test_a_name_that_would_be_code_is_refused():
    with pytest.raises(NotOurs):
        with_members(SOURCE, {0: "X = 1; Y"}, {0: "text"})


@pytest.mark.parametrize(
    "source", ["", "x = 1", "class SepType: pass", "class Other:\n    '''x'''", "def (", "\0"]
)
def test_a_source_that_does_not_define_them_is_refused(source):
    with pytest.raises(NotOurs):
        with_members(source, {0: "X"}, {0: "x"})
