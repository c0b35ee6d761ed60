"""Texts, made fit for a terminal."""

from __future__ import annotations

import ast
import os
import shlex
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.cli.output import text as texts


@given(st.text(st.characters() | st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zs"))))
def test_whatever_comes_is_printed_in_one_line_that_moves_nothing(text: str) -> None:
    line = texts.printable(text)

    assert not {unicodedata.category(c) for c in line} & {"Cc", "Cf", "Cs"}
    assert len(line.splitlines()) <= 1
    line.encode()


@pytest.mark.parametrize("word", ["plain", "two words", "it's", os.fsdecode(b"m\xfcsik/it's o")])
def test_a_shell_takes_back_what_is_shown_to_be_typed(word: str) -> None:
    shown = texts.quoted(word)
    read = ast.literal_eval(f"b{shown[1:]}") if shown.startswith("$") else shlex.split(shown)[0]

    assert texts.printable(shown) == shown
    assert read in (word, os.fsencode(word))
