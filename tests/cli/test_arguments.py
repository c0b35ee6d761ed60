"""Values and options that several commands take."""

from __future__ import annotations

from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import SepType
from mvsep.catalog import Catalog
from mvsep.cli.app import mvsep as command
from mvsep.cli.arguments import read_options, read_sep_type, read_timeout
from mvsep.core.values import DEFAULT


@given(st.integers(min_value=0, max_value=10**60))
def test_a_bare_number_is_a_type_of_any_size(number: int) -> None:
    assert read_sep_type(f" {number} ") == number


@pytest.mark.parametrize("entry", Catalog.bundled(), ids=lambda entry: str(int(entry.sep_type)))
def test_every_type_is_found_by_its_name(entry: Any) -> None:
    assert read_sep_type(entry.name) is entry.sep_type
    assert read_sep_type("BS Roformer") is SepType.BS_ROFORMER


@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="=")).map(str.strip).filter(bool), st.text()
    )
)
def test_settings_keep_their_values_as_they_stand(settings: dict[str, str]) -> None:
    ctx, param = click.Context(command), click.Option(["--set"])
    pairs = tuple(f"{key}={value}" for key, value in settings.items())

    assert read_options(ctx, param, pairs) == settings


@given(st.floats(min_value=0, allow_infinity=False, allow_nan=False))
def test_a_timeout_is_seconds(seconds: float) -> None:
    assert read_timeout(repr(seconds)) == seconds


def test_a_timeout_is_none_or_left_to_the_library() -> None:
    assert read_timeout(" None ") is None
    assert read_timeout(DEFAULT) is DEFAULT


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "", "1 h", "-0.1"])
def test_what_is_no_time_is_no_timeout(text: str) -> None:
    with pytest.raises(click.BadParameter):
        read_timeout(text)
