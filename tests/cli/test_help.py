"""The examples in the help of each command, run as they stand."""

from __future__ import annotations

import re
import shlex
from importlib.resources import files

import pytest

from tests.cli.scenes import commands

_EXAMPLE = re.compile(r"^ +mvsep (.+)$", re.MULTILINE)


def examples(name: str) -> list[list[str]]:
    text = commands()[name].help or ""
    return [shlex.split(each) for each in _EXAMPLE.findall(text)]


@pytest.mark.parametrize("name", commands())
def test_every_command_has_two_examples_of_its_own_and_a_schema_of_its_json(name: str) -> None:
    words = name.split()
    assert len([each for each in examples(name) if each[: len(words)] == words]) >= 2
    takes_json = any("--json" in each.opts for each in commands()[name].params)
    assert takes_json == files("mvsep.cli").joinpath("schemas", f"{'-'.join(words)}.json").is_file()
