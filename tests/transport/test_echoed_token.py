"""No answer makes the SDK repeat the token that it repeats, and no text harms a terminal."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import MVSepError, PollPolicy, SubmitUncertain
from tests.wire import ONCE, TOKEN, Wire, answer

HASH = "20250131145833-a0bb276157-song.wav"
FORMS = {
    "as it is": TOKEN,
    "zero width": "\u200b".join(TOKEN),
    "percent": "".join(f"%{ord(letter):02x}" for letter in TOKEN),
    "json twice": "".join(f"\\u{ord(letter):04x}" for letter in TOKEN),
    "in two halves": f"{TOKEN[:15]}, {TOKEN[15:]}",
    "most of it": TOKEN[3:],
    "tags": "".join(f"<b>{letter}</b>" for letter in TOKEN),
    "nulls": "\0".join(TOKEN),
    "lines": "\n".join(TOKEN),
    "bold letters": "".join(chr(ord(letter) + 0x1D41A - ord("a")) for letter in TOKEN.lower()),
}
PLACES: dict[str, Any] = {
    "status": lambda echo: {"success": True, "status": echo, "data": {}},
    "message": lambda echo: {"success": True, "status": "failed", "data": {"message": echo}},
    "refusal": lambda echo: {"success": False, "errors": [echo]},
    "trouble": lambda echo: {"success": True, "status": [echo]},
    "hash": lambda echo: {"success": True, "status": "done", "data": {"hash": echo}},
    "label": lambda echo: {
        "success": True,
        "status": "done",
        "data": {"files": [{"type": echo, "url": f"https://elsewhere.example/{echo}"}]},
    },
}


def told(error: BaseException) -> str:
    return f"{error} {error!r} {vars(error)}"


def assert_hidden(text: str) -> None:
    read = re.sub("<[^<>]*>|\\\\n|\\\\x00", "", unicodedata.normalize("NFKC", text))
    letters = "".join(filter(str.isalnum, read)).lower()
    assert TOKEN[:12].lower() not in letters


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", PLACES)
def test_no_state_of_a_job_repeats_the_token(
    asynchronous: bool, place: str, form: str, tmp_path: Path
) -> None:
    states: list[Any] = []
    polling = PollPolicy(timeout=0, empty_for=0, retry=ONCE["retry"])
    wire = Wire(answer(PLACES[place](FORMS[form])))

    def act(client: Any) -> Any:
        job = client.job(HASH)
        if not asynchronous:
            return job.wait(on_state=states.append) and job.download(tmp_path)

        async def done() -> Any:
            await job.wait(on_state=states.append)
            return await job.download(tmp_path)

        return done()

    with pytest.raises(MVSepError) as caught:
        wire.act(asynchronous, act, polling=polling)

    assert_hidden(told(caught.value))
    for state in states:
        assert_hidden(f"{state} {state!r} {state.files}")


@pytest.mark.parametrize("form", FORMS)
def test_a_hash_that_repeats_the_token_is_no_hash(asynchronous: bool, form: str) -> None:
    created = {"success": True, "data": {"hash": FORMS[form], "link": FORMS[form]}}
    with pytest.raises(SubmitUncertain) as caught:
        Wire(answer(created)).act(asynchronous, lambda client: client.submit(b"RIFFsong", 40))

    assert_hidden(told(caught.value))


def test_the_account_tells_its_token_and_repeats_it_nowhere_else(asynchronous: bool) -> None:
    account = {"success": True, "data": {"api_token": TOKEN, "name": f"n {TOKEN}"}}
    found = Wire(answer(account)).act(asynchronous, lambda client: client.api.app.user())

    assert found.data.api_token == TOKEN
    assert found.data.name == "n ***"


def test_the_list_of_types_does_not_repeat_the_token(asynchronous: bool) -> None:
    row = {"id": 1, "render_id": 40, "name": f"Type {FORMS['percent']}", "algorithm_fields": []}
    catalog = Wire(answer([row])).act(asynchronous, lambda client: client.catalog(refresh=True))

    assert_hidden(repr([entry.name for entry in catalog]))


def test_what_a_broken_connection_says_is_masked_and_printable(asynchronous: bool) -> None:
    said = f"illegal status line: \x1b[31m\u202eHTTP {TOKEN}"
    for kind in (httpx.RemoteProtocolError, httpx.ProxyError, httpx.DecodingError):
        with pytest.raises(MVSepError) as caught:
            Wire(kind(said)).act(asynchronous, lambda client: client.api.app.user())

        assert TOKEN not in str(caught.value)
        assert str(caught.value).isprintable()


def test_the_words_of_a_refusal_are_short_and_printable(asynchronous: bool) -> None:
    words = "\x1b]8;;https://evil.example\x07[bold]\u202e\u200b" + "a b\n" * 1_000_000
    with pytest.raises(MVSepError) as caught:
        Wire(answer({"success": False, "errors": [words]})).act(
            asynchronous, lambda client: client.api.app.user()
        )

    assert len(caught.value.server_text or "") <= 2000
    assert str(caught.value).isprintable()
    assert json.loads(json.dumps(caught.value.server_text)) == caught.value.server_text
