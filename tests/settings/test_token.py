from __future__ import annotations

import gc
import logging
import pickle
import string
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import AsyncMVSep, MVSep
from mvsep.errors import InvalidInput, InvalidToken
from mvsep.settings import token as tokens

VISIBLE = "".join(chr(code) for code in range(0x21, 0x7F))
HOSTS = frozenset({"mvsep.com", "127.0.0.1:8000"})


@given(st.text(VISIBLE, min_size=1))
def test_visible_ascii_can_be_a_token_and_stays_as_it_is(text: str) -> None:
    assert tokens.check(text) == text


@pytest.mark.parametrize(
    "bad", ["", " ", "a b", "abc\n", "\tabc", "tokén", "a\x00b", "\u200babc", "a\x7f"]
)
def test_what_can_not_be_a_token_is_refused_without_being_shown(bad: str) -> None:
    with pytest.raises(InvalidToken) as caught:
        tokens.check(bad)

    assert caught.value.charged is False
    assert "MVSEP_API_TOKEN" in str(caught.value)
    if bad.strip():
        assert bad not in str(caught.value)


def test_a_token_hides_in_its_repr_and_in_containers() -> None:
    token = tokens.check("SECRETsecret")

    assert "SECRET" not in f"{token!r} {[token]} { ({'t': token}) }"
    assert str(token) == "SECRETsecret"
    assert pickle.loads(pickle.dumps(token)) == token


def test_the_token_handed_over_wins_over_the_environment() -> None:
    theirs = {"MVSEP_API_TOKEN": "theirs"}
    assert tokens.find("mine", theirs) == "mine"
    assert tokens.find(None, theirs) == "theirs"
    assert tokens.find(None, {"MVSEP_API_TOKEN": ""}) is None
    for wrong, environment in (("", {}), ("", theirs), (None, {"MVSEP_API_TOKEN": "a b"})):
        with pytest.raises(InvalidToken):
            tokens.find(wrong, environment)


def test_a_call_that_needs_a_token_says_where_to_get_one() -> None:
    with pytest.raises(InvalidToken, match=r"mvsep\.com/user-api"):
        tokens.required(None)


@given(st.text(VISIBLE, min_size=1))
def test_the_placeholder_becomes_the_token_and_the_rest_of_the_query_stays(text: str) -> None:
    revealed = tokens.reveal(
        b"hash=a%20b&api_token=TOKEN&x=%5B1%5D", tokens.check(text), host="mvsep.com", hosts=HOSTS
    )

    first, middle, last = revealed.split(b"&")
    assert (first, last) == (b"hash=a%20b", b"x=%5B1%5D")
    unreserved = string.ascii_letters + string.digits + "_.-~"
    plain = all(character in unreserved for character in text)
    assert (middle == b"api_token=" + text.encode()) == plain


def test_a_query_without_the_placeholder_is_left_alone() -> None:
    for query in (b"", b"hash=TOKEN", b"xapi_token=TOKEN", b"api_token=other"):
        assert tokens.reveal(query, None, host="elsewhere", hosts=HOSTS) == query


def test_the_token_is_not_sent_to_another_host() -> None:
    for host in ("evil.example", "mvsep.com.evil.example", "127.0.0.1:9"):
        with pytest.raises(InvalidInput, match="own hosts only"):
            tokens.reveal(b"api_token=TOKEN", tokens.check("x"), host=host, hosts=HOSTS)


@pytest.mark.parametrize("kind", [MVSep, AsyncMVSep])
def test_a_token_goes_with_its_last_client(kind: type[MVSep] | type[AsyncMVSep]) -> None:
    client = kind("SECRETsecretSECRETsecret000001", base_url="http://127.0.0.1:9")
    assert client.settings.token
    token = weakref.ref(client.settings.token)
    logging.getLogger("httpcore.http11").warning("a line that is searched for it")

    del client
    gc.collect()

    assert token() is None
