"""Descriptions of separation types, and their HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.catalog import Catalog
from mvsep.catalog.types import plain
from tests.catalog.test_parse import BUNDLED


def test_a_description_comes_without_html_when_asked_for(answer, row):
    row["algorithm_descriptions"] = [
        {"lang": "ru", "short_description": "Коротко", "long_description": None},
        {
            "lang": "en",
            "short_description": "short",
            "long_description": "<h2>Vocals &amp; more</h2>\r\n<p>It is <b>good</b>.<br/>Very"
            "<script>alert('<p>no</p>')</script><style>p{}</style> good &lt;here&gt;</p>",
        },
    ]
    entry = Catalog.from_response(answer)[40]
    assert entry.description() == "Vocals & more\nIt is good.\nVery good <here>"
    assert entry.description("ru") == "Коротко"
    assert entry.description("de") is None
    assert "<h2>" in entry.descriptions[1].long


def test_a_type_without_texts_has_the_short_one_of_its_row(answer, row):
    row["algorithm_descriptions"], row["description"] = [], "A <i>short</i> text"
    assert Catalog.from_response(answer)[40].description() == "A short text"
    assert BUNDLED[40].description() is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("I <3 you", "I <3 you"),
        ("a <!-- 1 > 0, <b> --> z", "a z"),
        ("a <!-- never closed", "a"),
        ('<b title="a>b">x</b>', "x"),
        ("<img alt = 'a > b'/>x<br>", "x"),
        ("<p class=it's>one</p><p class=it's>two</p>", "one\ntwo"),
        ('<a b=">text', "text"),
    ],
)
def test_what_only_looks_like_html_stays_and_html_goes_whole(text, left):
    assert plain(text) == left


@pytest.mark.parametrize(
    "piece",
    [
        *("<", "<a ", "<p>", "&", "&#x", "<script>", "<!--", "</", '<a b="', "<a b='c=\""),
        *("<![", "=\"'"),
    ],
)
def test_a_megabyte_of_html_is_stripped_and_not_choked_on(piece):
    assert len(plain(piece * (1_000_000 // len(piece)))) <= 1_000_000


@given(st.text(alphabet=st.sampled_from("ab<>/&; \nscript")))
def test_any_text_is_stripped(text):
    assert len(plain(text)) <= len(text)
