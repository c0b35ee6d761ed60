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
from tests.fixed_catalogue import SHIPPED_ROWS
from tools.member_names import documented
from tools.snapshot import documentation

CONTRACT = Path(__file__).parents[2] / "spec" / "mvsep-openapi-spec.json"

# A name is never changed; any other change here than a new line breaks somebody's code.
NAMES = {
    "SPLEETER": 0,
    "UNMIX": 3,
    "MDX_A_B": 7,
    "ULTIMATE_VOCAL_REMOVER_VR": 9,
    "DEMUCS3_MODEL": 10,
    "MDX_B_KARAOKE": 12,
    "DEMUCS2": 13,
    "ZERO_SHOT": 14,
    "DANNA_SEP": 15,
    "BYTE_DANCE": 16,
    "UVRV5_DEMUCS": 17,
    "MVSEP_DNR": 18,
    "MVSEP_OLD_VOCAL_MODEL": 19,
    "DEMUCS4_HT": 20,
    "REVERB_REMOVAL": 22,
    "MDX_B": 23,
    "MVSEP_DEMUCS4HT_DNR": 24,
    "MDX23C": 25,
    "ENSEMBLE_VOCALS_INSTRUM": 26,
    "DEMUCS4_VOCALS_2023": 27,
    "ENSEMBLE_VOCALS_INSTRUM_BASS_DRUMS_OTHER": 28,
    "MVSEP_PIANO": 29,
    "ENSEMBLE_ALL_IN": 30,
    "MVSEP_GUITAR": 31,
    "VIT_LARGE_23": 33,
    "MVSEP_CROWD_REMOVAL": 34,
    "MVSEP_MELBAND_ROFORMER": 35,
    "BANDIT_PLUS": 36,
    "DRUMSEP": 37,
    "LARSNET": 38,
    "WHISPER": 39,
    "BS_ROFORMER": 40,
    "MVSEP_BASS": 41,
    "MVSEP_MULTISPEAKER": 42,
    "MVSEP_MULTICHANNEL_BS": 43,
    "MVSEP_DRUMS": 44,
    "BANDIT_V2": 45,
    "SCNET": 46,
    "DENOISE_BY_AUFR33_AND_GABOX": 47,
    "MELBAND_ROFORMER": 48,
    "MVSEP_KARAOKE": 49,
    "ASPIRATION": 50,
    "APOLLO_ENHANCERS": 51,
    "MVSEP_BOWED_STRINGS": 52,
    "MEDLEY_VOX": 53,
    "MVSEP_WIND": 54,
    "PHANTOM_CENTRE_EXTRACTION": 55,
    "MVSEP_DNR_V3": 56,
    "MVSEP_MALE_FEMALE_SEPARATION": 57,
    "MVSEP_ORGAN": 58,
    "AUDIOSR": 59,
    "FLASHSR": 60,
    "MVSEP_SAXOPHONE": 61,
    "STABLE_AUDIO_OPEN_GEN": 62,
    "BS_ROFORMER_SW": 63,
    "PARAKEET": 64,
    "MVSEP_VIOLIN": 65,
    "MVSEP_ACOUSTIC_GUITAR": 66,
    "MVSEP_FLUTE": 67,
    "MATCHERING": 68,
    "MVSEP_VIOLA": 69,
    "MVSEP_CELLO": 70,
    "MVSEP_TRUMPET": 71,
    "MVSEP_HARP": 72,
    "MVSEP_DOUBLE_BASS": 73,
    "MVSEP_MANDOLIN": 74,
    "MVSEP_TROMBONE": 75,
    "MVSEP_TAMBOURINE": 76,
    "MVSEP_OBOE": 77,
    "MVSEP_CLARINET": 78,
    "MVSEP_DIGITAL_PIANO": 79,
    "SOME": 80,
    "MVSEP_ELECTRIC_GUITAR": 81,
    "MVSEP_FRENCH_HORN": 82,
    "MVSEP_BANJO": 83,
    "MVSEP_MARIMBA": 84,
    "MVSEP_GLOCKENSPIEL": 85,
    "MVSEP_TIMPANI": 86,
    "MVSEP_HARMONICA": 87,
    "MVSEP_SYNTH": 88,
    "MVSEP_TRIANGLE": 89,
    "MVSEP_SITAR": 90,
    "MVSEP_HARPSICHORD": 91,
    "MVSEP_TUBA": 92,
    "MVSEP_BASSOON": 93,
    "MVSEP_CONGAS": 94,
    "MVSEP_BELLS": 95,
    "MVSEP_UKULELE": 96,
    "MVSEP_DOBRO": 97,
    "MVSEP_WIND_CHIMES": 98,
    "MVSEP_ACCORDION": 99,
    "MVSEP_LEAD_RHYTHM_GUITAR": 101,
    "MVSEP_PLUCKED_STRINGS": 102,
    "VIBEVOICE_VOICE_CLONING": 103,
    "VIBEVOICE_TTS": 104,
    "MVSEP_PERCUSSION": 105,
    "MVSEP_KEYS": 106,
    "MVSEP_BRASS": 107,
    "MVSEP_WOODWIND": 108,
    "MVSEP_XYLOPHONE": 109,
    "MVSEP_CELESTA": 110,
    "MVSEP_SATB_CHOIR": 111,
    "MVSEP_CHOIR": 112,
    "TRANSKUN": 113,
    "BASIC_PITCH": 114,
    "BARK": 115,
    "MVSEP_BAGPIPES": 116,
    "MVSEP_BRAAM": 117,
    "QWEN3_TTS_CUSTOM_VOICE": 118,
    "QWEN3_TTS_VOICE_DESIGN": 119,
    "QWEN3_TTS_VOICE_CLONING": 120,
    "HEARTMULA": 121,
    "MVSEP_FX": 122,
    "BS_POLARFORMER": 123,
    "MVSEP_PEDAL_STEEL_GUITAR": 124,
    "MVSEP_RISERS": 125,
    "MEGA_53_STEM_MODEL": 126,
    "ADTOF_PLUS": 127,
    "MVSEP_COWBELL": 128,
    "MVSEP_VIBRAPHONE": 129,
    "MVSEP_METAL_BARS": 130,
    "MVSEP_RHODES": 131,
    "MVSEP_WHISTLE": 132,
    "MVSEP_CLAP": 133,
}


class Size(TolerantIntEnum):
    SMALL = 1


class State(TolerantStrEnum):
    DONE = "done"


PICKLE_PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def catalogue_names():
    return {row["sep_type"]: row["name"] for row in SHIPPED_ROWS}


def contract_names():
    document = json.loads(CONTRACT.read_text("utf-8"))
    properties = document["components"]["schemas"]["SeparationCreateBody"]["properties"]
    return {entry["value"]: entry["name"] for entry in properties["sep_type"]["x-known-values"]}


def test_no_name_was_changed_or_removed():
    members = {name: int(member) for name, member in SepType.__members__.items()}
    assert {**members, **NAMES} == members


def test_the_types_are_those_of_the_catalogue():
    assert {int(member) for member in SepType} == set(catalogue_names())


def test_the_types_are_those_of_the_contract():
    assert {int(member) for member in SepType} == set(contract_names())


def test_the_contract_and_the_catalogue_name_the_types_alike():
    assert contract_names() == catalogue_names()


@pytest.mark.parametrize("member", SepType, ids=lambda member: member.name)
def test_a_member_is_documented_by_the_name_the_service_uses(member):
    (row,) = (row for row in SHIPPED_ROWS if row["sep_type"] == member)
    text = documented((files("mvsep") / "catalog" / "sep_type.py").read_text("utf-8"))[int(member)]
    assert text == member.__doc__ == documentation(row)
    assert text.startswith(row["name"])


def test_members_stand_in_the_order_of_their_numbers():
    assert [int(member) for member in SepType] == sorted(SepType)


def test_what_an_enum_says_of_itself_and_of_a_number_it_does_not_know():
    assert SepType.__doc__.startswith("A separation type: ")
    assert inspect.getdoc(SepType).startswith("A separation type: ")
    assert "A separation type: " in pydoc.render_doc(SepType)
    assert SepType(134_000).__doc__ is None
    assert OutputFormat.FLAC_24.__doc__ == "flac, lossless, 24 bit."


@given(st.integers())
@example(-1)
def test_any_number_is_kept(number):
    sep_type = SepType(number)
    assert isinstance(sep_type, SepType)
    assert sep_type == number
    assert sep_type.known == (number in catalogue_names())


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


def test_a_known_value_is_the_member_itself():
    assert Size(1) is Size.SMALL
    assert Size(1).known
    assert State("done") is State.DONE
    assert State("done").known


@given(st.integers())
@example(1)
@example(2**70)
def test_a_number_is_itself_in_every_use(number):
    member = Size(number)
    same = Size(number)
    assert member == same == number
    assert hash(member) == hash(same) == hash(number)
    assert {number: "here"}[member] == "here"
    assert json.loads(json.dumps({"value": member})) == {"value": number}
    assert str(member) == f"{member}" == str(number)
    assert member.name.isidentifier()
    for twin in (copy.copy(member), copy.deepcopy(member), *pickled(member)):
        assert (type(twin), twin, twin.name) == (Size, number, member.name)


@given(st.text())
@example("done")
@example("")
@example("x" * 100)
@example("../é\x00 \ud800")
def test_a_word_is_itself_in_every_use(word):
    member = State(word)
    same = State(word)
    assert member == same == word
    assert hash(member) == hash(same) == hash(word)
    assert {word: "here"}[member] == "here"
    assert json.loads(json.dumps({"value": member})) == {"value": word}
    assert str(member) == f"{member}" == word
    assert member.known == (word == "done")
    assert member.name.isidentifier()
    assert member.name.isascii()
    assert len(member.name) < 50
    for twin in (copy.copy(member), copy.deepcopy(member), *pickled(member)):
        assert (type(twin), twin, twin.name) == (State, word, member.name)


def pickled(member):
    return [pickle.loads(pickle.dumps(member, protocol)) for protocol in PICKLE_PROTOCOLS]


def test_an_unknown_word_is_named_after_itself():
    assert State("sleeping").name == "UNKNOWN_sleeping"
    assert State("not found!").name == "UNKNOWN_not_found_"
    assert State("").name == "UNKNOWN_EMPTY"
