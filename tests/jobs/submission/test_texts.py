"""Options that are texts: an empty one is left out, every other one is sent as it is."""

from __future__ import annotations

from typing import Any

import pytest

from mvsep import errors
from tests.jobs.submission.scenes import Submit, fields
from tests.scenes import CREATED
from tests.wire import Wire

#: Text to speech: a text that is needed, and one that may be left out.
SPEECH, NEEDED = 120, "add_opt1"
EMPTY = pytest.mark.parametrize("empty", ["", " ", "\n\t", "\u2003"])


def sent(submit: Submit, source: Any, options: dict[str, Any], **more: Any) -> dict[str, bytes]:
    wire = Wire(CREATED)
    submit(wire, source, SPEECH, options=options, **more)
    return {name: value for name, value in fields(wire).items() if name.startswith("add_opt")}


@EMPTY
def test_an_optional_text_that_is_empty_is_left_out(submit: Submit, empty: str) -> None:
    options = {NEEDED: "La la", "Reference text in audio": empty}
    assert sent(submit, b"RIFFsong", options) == {NEEDED: b"La la"}


@EMPTY
def test_a_text_that_is_needed_can_not_be_empty(submit: Submit, empty: str) -> None:
    wire = Wire(CREATED)
    with pytest.raises(errors.InvalidInput, match="needs"):
        submit(wire, b"RIFFsong", SPEECH, options={NEEDED: empty})
    assert wire.requests == []


@pytest.mark.parametrize("text", ["0", " La la ", "La\nla", "\u00e4\u4e2d"])
def test_any_other_text_is_sent_as_it_is(submit: Submit, text: str) -> None:
    options = {NEEDED: "x", "Reference text in audio": text}
    found = sent(submit, b"RIFFsong", options)

    assert sorted(found.values()) == sorted([b"x", text.encode()])


@EMPTY
def test_without_checks_an_empty_text_is_sent_too(submit: Submit, empty: str) -> None:
    options = {NEEDED: empty}
    assert sent(submit, b"RIFFsong", options, validate=False) == {NEEDED: empty.encode()}
