"""An answer that is kept is short and belongs to nobody."""

from __future__ import annotations

import copy
import json
import string
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contract_tests.live.redact import ADDRESS, MAIL, TOKEN, Redactor, leftovers
from contract_tests.live.trim import KEPT_ITEMS, LONG_LIST, LONG_TEXT, form_of, trimmed
from tests.kept_answers import CONTRACT, SUCCESSES, judged
from tools.examples import Example

SAFE = st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs", "Po"]), max_size=30)
LETTERS = st.text(string.ascii_letters + string.digits, min_size=30, max_size=40)
SECRETS = st.one_of(
    LETTERS,
    st.from_regex(r"[a-z0-9.]{1,10}[a-z0-9]@[a-z]{1,10}\.[a-z]{2,3}", fullmatch=True),
    st.ip_addresses(v=4).map(str),
)


# Redacted


@pytest.mark.parametrize("each", SUCCESSES, ids=str)
def test_a_redacted_example_keeps_its_form_and_still_holds(each: Example) -> None:
    clean = Redactor(CONTRACT).body(each.operation, each.value)
    assert form_of(clean) == form_of(each.value)
    assert judged(each.operation, clean) == []
    assert leftovers(json.dumps(clean, ensure_ascii=False)) == []


@given(st.data(), SECRETS, SAFE, SAFE)
def test_no_secret_is_left_in_any_text_of_an_answer(
    data: st.DataObject, secret: str, before: str, after: str
) -> None:
    each = data.draw(st.sampled_from(SUCCESSES))
    value = copy.deepcopy(each.value)
    places = list(_texts(value))
    assume(places and secret not in f"{MAIL} {TOKEN} {ADDRESS}")
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = f"{before} {secret} {after}"
    clean = json.dumps(Redactor(CONTRACT).body(each.operation, value), ensure_ascii=False)
    assert secret not in clean
    assert leftovers(clean) == []


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8), SAFE)
def test_a_token_that_is_known_is_taken_out_whatever_it_looks_like(token: str, text: str) -> None:
    redactor = Redactor(CONTRACT, [token])
    for form in (token, quote(token, safe="")):
        assert token not in redactor.text(f"{text} {form} {text}").replace(TOKEN, "")


def finished(hash_: str, said: str, title: str, input_: str, stored: str, stem: str) -> Any:
    """Return what the service says of a job that is done."""
    place = "https://de.mvsep.com/storage"
    return {
        "hash": hash_,
        "algorithm_description": said,
        "tags": {"audio": {"dataformat": "mp3"}, "tags": {"id3v2": {"title": [title]}}},
        "input_file": {"url": f"{place}/temp/{hash_}", "download": input_},
        "files": [{"type": "Vocals", "url": f"{place}/processed/{stored}", "download": stem}],
    }


def test_people_jobs_and_links_are_invented_anew_and_alike_each_time() -> None:
    redactor = Redactor(CONTRACT)
    hash_ = "20250131145833-a0bb276157-my_secret_song.wav"
    stem = "my_song_bs_mt_0_vocals.mp3"
    data = finished(hash_, "Text: what I want", "My song", "My.mp3", f"{stem}?key=1", stem)
    link = "https://mvsep.com/api/separation/get?hash="
    made = {"link": f"{link}{hash_}&api_token=abc", "hash": hash_}

    invented = "20260819101500-0000000001-mixture.wav"
    assert redactor.body("separation_create", {"data": made})["data"] == {
        "link": f"{link}{invented}",
        "hash": invented,
    }
    stem = "mixture_bs_mt_0_vocals.mp3"
    done = {"success": True, "status": "done", "data": data}
    assert redactor.body("separation_get", done)["data"] == finished(
        invented, "The chosen options", "Xx xxxx", "mixture.mp3", f"example001-{stem}", stem
    )


def test_what_the_contract_does_not_know_of_an_account_is_masked() -> None:
    purchase = {"id": 8123, "payer": "Jane Doe", "price": 9.99, "status": "succeeded", "big": True}
    clean = Redactor(CONTRACT).body("account_purchases", {"success": True, "data": [purchase]})
    masked = {"id": 0, "payer": "Xxxx Xxx", "price": 0.0, "status": "succeeded", "big": True}
    assert clean == {"success": True, "data": [masked]}


@pytest.mark.parametrize("link", ["https://a.example/b", "https:\\/\\/a.example\\/b"])
def test_what_a_link_asks_for_is_taken_out_of_texts(link: str) -> None:
    text = f'<a href="{link}?key=1&user=jane#top">'
    assert Redactor(CONTRACT).text(text) == f'<a href="{link}#top">'


def test_public_texts_stay() -> None:
    news = [
        {"id": 1, "title": "Jane's model", "text": "<p>Ask about 1.5 at 10:15:00</p>", "new": "x"}
    ]
    assert Redactor(CONTRACT).body("app_news", news) == news


# Shortened


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=2 * LONG_TEXT),
    lambda inner: (
        st.lists(inner, max_size=2 * LONG_LIST)
        | st.dictionaries(st.text(), inner, max_size=9)
        | st.builds(json.dumps, inner)
    ),
    max_leaves=40,
)


@given(JSON)
def test_what_was_shortened_is_not_shortened_again(value: Any) -> None:
    once = trimmed(value)
    assert len(json.dumps(once)) <= len(json.dumps(value)) + LONG_TEXT
    assert trimmed(once) == once


ITEMS = st.dictionaries(st.sampled_from("abcd"), st.none() | st.integers())


@given(st.lists(ITEMS, max_size=LONG_LIST))
def test_a_short_list_keeps_all_its_items(items: list[Any]) -> None:
    assert trimmed(items) == items


@given(st.lists(ITEMS, min_size=LONG_LIST + 1, max_size=30))
def test_a_long_list_keeps_items_of_its_own_in_order_that_show_the_most(items: list[Any]) -> None:
    kept = trimmed(items)
    assert len(kept) == KEPT_ITEMS
    rest = iter(items)
    assert all(item in rest for item in kept)
    assert max(len(item) for item in kept) == max(len(item) for item in items)


def test_json_in_a_text_stays_json_and_keeps_the_default_option() -> None:
    options = {str(number): "a model of some name" for number in range(50)}
    short = trimmed({"options": json.dumps(options), "default_key": "44"})
    kept = json.loads(short["options"])
    assert kept.items() < options.items()
    assert "44" in kept


def _texts(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place of a text, as what holds it and the key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in pairs:
        if isinstance(item, str):
            yield value, key
        elif isinstance(item, dict | list):
            yield from _texts(item)
