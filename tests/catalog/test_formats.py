"""Output formats and remote types."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.catalog.formats import OutputFormat, RemoteType
from mvsep.errors import InvalidInput

CONTRACT = Path(__file__).parents[2] / "spec" / "mvsep-openapi-spec.json"


def contract_names(field):
    document = json.loads(CONTRACT.read_text("utf-8"))
    properties = document["components"]["schemas"]["SeparationCreateBody"]["properties"]
    return {entry["value"]: entry["name"] for entry in properties[field]["x-known-values"]}


# number, member, command line, extension, bit depth, premium only
FORMATS = [
    (0, "MP3_320", "mp3", "mp3", None, False),
    (1, "WAV_16", "wav", "wav", 16, False),
    (2, "FLAC_16", "flac", "flac", 16, False),
    (3, "M4A", "m4a", "m4a", None, False),
    (4, "WAV_32", "wav32", "wav", 32, True),
    (5, "FLAC_24", "flac24", "flac", 24, True),
]


@pytest.mark.parametrize(
    ("number", "name", "cli_name", "extension", "bit_depth", "premium_only"), FORMATS
)
def test_a_format_has_its_properties(number, name, cli_name, extension, bit_depth, premium_only):
    member = OutputFormat(number)
    assert member is OutputFormat[name]
    assert member.cli_name == cli_name
    assert member.extension == extension
    assert member.bit_depth == bit_depth
    assert member.lossless is (bit_depth is not None)
    assert member.premium_only is premium_only
    assert OutputFormat.from_name(cli_name) is member


def test_the_formats_are_those_of_the_contract_and_say_the_same():
    names = contract_names("output_format")
    assert [row[0] for row in FORMATS] == [int(member) for member in OutputFormat] == [*names]
    for member in OutputFormat:
        name = names[member]
        assert name.partition(" ")[0] == member.extension
        assert ("lossy" not in name and "kbps" not in name) == member.lossless
        assert f"{member.bit_depth} bit" in name or not member.lossless
        assert re.findall(r"\b\d+\b", name) == re.findall(r"\b\d+\b", member.__doc__)


def test_the_remote_types_are_those_of_the_contract_and_name_the_same_places():
    assert set(RemoteType) == set(contract_names("remote_type"))
    for word, name in contract_names("remote_type").items():
        assert word == "direct" or name.lower() in RemoteType(word).__doc__.lower()


@given(st.integers().filter(lambda number: not 0 <= number <= 5))
def test_of_an_unknown_format_nothing_is_claimed(number):
    unknown = OutputFormat(number)
    assert (unknown, unknown.known) == (number, False)
    for fact in ("cli_name", "extension", "bit_depth", "lossless", "premium_only"):
        assert getattr(unknown, fact) is None


@pytest.mark.parametrize("name", ["FLAC24", " flac24 ", "flac_24", "FLAC_24", "flac-24"])
def test_a_format_name_is_read_forgivingly(name):
    assert OutputFormat.from_name(name) is OutputFormat.FLAC_24


@pytest.mark.parametrize("name", ["", "ogg", "fla", "flac 8", "mp3 128", "5"])
def test_an_unknown_format_name_is_refused_with_the_names_there_are(name):
    with pytest.raises(InvalidInput) as caught:
        OutputFormat.from_name(name)
    assert "mp3, wav, flac, m4a, wav32, flac24" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://mega.co.nz/#!abc", "mega"),
        ("HTTPS://MEGA.NZ/file/abc", "mega"),
        ("https://mega.nz./file/abc", "mega"),
        ("https://mega.nz:443/file/abc", "mega"),
        (" https://mega.nz/file/abc\n", "mega"),
        ("https://drive.google.com/file/d/1/view", "drive"),
        ("https://docs.google.com/uc?id=1", "drive"),
        ("https://www.dropbox.com/s/1/song.mp3?dl=0", "dropbox"),
        ("https://example.com/song.mp3", "direct"),
        ("https://mega.nz.example.com/file", "direct"),
        ("https://mega.nz@example.com/file", "direct"),
        ("https://user:secret@mega.nz/file", "mega"),
        ("https://google.com/file", "direct"),
        ("https://notmega.nz/file", "direct"),
        ("https://example.com/mega.nz/", "direct"),
        ("ftp://mega.nz/file", "direct"),
        ("mega.nz/file", "direct"),
        ("https://[", "direct"),
        ("", "direct"),
    ],
)
def test_a_remote_type_is_told_by_the_host_alone(url, expected):
    assert RemoteType.of_url(url) == expected
