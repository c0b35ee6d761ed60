"""A text that repeats a secret is masked, however it writes it."""

from __future__ import annotations

import html
import json
import random
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.settings.echo import repeats
from mvsep.settings.token import Token, hidden

SECRET = Token("q7Rw2ZpLk9XcV4bNm1TyH6sDf3GjQa")


def each(form: str) -> Callable[[str], str]:
    return lambda secret: "".join(form.format(ord(character)) for character in secret)


def each_in(form: str) -> Callable[[str], str]:
    return lambda secret: "".join(map(form.format, secret))


def bold(secret: str) -> str:
    """Write a text in the bold letters and digits of mathematics."""
    above = {True: 0x1D7CE - ord("0"), False: 0x1D41A - ord("a")}
    return "".join(chr(ord(each) + above[each.isdigit()]) for each in secret.lower())


FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in another case": str.swapcase,
    "percent": each("%{:02X}"),
    "percent, small": each("%{:02x}"),
    "percent twice": each("%25{:02x}"),
    "quoted-printable": each("={:02X}"),
    "html, decimal": each("&#{};"),
    "html, hexadecimal": each("&#x{:04x};"),
    "html, no semicolon": lambda secret: " ".join(each("&#{}")(one) for one in secret),
    "html twice": lambda secret: html.escape(each("&#{};")(secret)),
    "json": each("\\u{:04x}"),
    "json in json": lambda secret: json.dumps(each("\\u{:04x}")(secret)),
    "program": each("\\x{:02x}"),
    "octal": each("\\{:03o}"),
    "javascript": each("\\u{{{:x}}}"),
    "zero width": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "direction marks": "\u202e".join,
    "combining marks": "\u0301".join,
    "control characters": "\x00".join,
    "spaces": " ".join,
    "hyphens": "-".join,
    "quotes": "','".join,
    "full width": lambda secret: "".join(chr(ord(character) + 0xFEE0) for character in secret),
    "bold letters": bold,
    "bold letters in json": lambda secret: json.dumps(bold(secret)),
    "tags": each_in("<b>{}</b>"),
    "tags in json": each_in("\\u003ci class='x'\\u003e{}"),
    "tags in html": each_in("&lt;b&gt;{}&lt;/b&gt;"),
    "nulls in json": lambda secret: json.dumps("\0".join(secret)),
    "line ends in json": lambda secret: json.dumps("\n".join(secret)),
    "query": lambda secret: f"?api_token={quote(secret)}&x=1",
}


@pytest.mark.parametrize("form", FORMS)
def test_an_echo_is_masked_in_every_form(form: str) -> None:
    echo = FORMS[form](SECRET)
    shown = hidden(f"The value {echo}, was refused.", SECRET)

    assert shown.startswith("The value ")
    assert shown.endswith(" was refused.")
    assert "***" in shown
    assert not repeats(shown, SECRET)


@given(
    parts=st.lists(st.integers(1, 29), min_size=1, max_size=2, unique=True),
    between=st.sampled_from(["</b> <b>", " and ", '", "rest": "']),
)
def test_good_parts_of_a_token_are_masked(parts: list[int], between: str) -> None:
    cuts = [0, *sorted(parts), len(SECRET)]
    pieces = [SECRET[start:end] for start, end in pairwise(cuts)]
    shown = hidden(between.join(pieces), SECRET)

    assert all(piece not in shown for piece in pieces if len(piece) >= 8)


@given(st.text(max_size=200))
def test_a_text_that_repeats_nothing_stays_as_it_is(text: str) -> None:
    if SECRET not in text:
        assert hidden(text, SECRET) == text


def test_words_that_a_text_shares_with_an_address_are_no_echo() -> None:
    text = "See https://example.com: user@example.com may not do this."

    assert hidden(text, "someone@example.com") == text


def test_a_long_text_is_masked_from_end_to_end() -> None:
    letters = random.Random(1).choices("abc %&;=", k=20_000)
    noise = "".join(letters)
    shown = hidden(f"{FORMS['json'](SECRET)}{noise}{FORMS['percent'](SECRET)}", SECRET)

    assert shown == f"***{noise}***"


def test_many_backslashes_before_an_echo_take_no_minutes() -> None:
    noise = "\\" * 65_536
    shown = hidden(f"{noise} {SECRET}", SECRET)

    assert shown == f"{noise} ***"
