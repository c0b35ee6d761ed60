"""The signatures that a caller sees."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Any

import attrs
import pytest

import mvsep
from mvsep import AsyncJob, AsyncMVSep, Job, MVSep
from mvsep.jobs.submission import JobOptions
from mvsep.journal.request import Delivery

CLIENTS = [MVSep, AsyncMVSep]
ASKED = {field.name for field in attrs.fields(JobOptions)}
OF_ONE_SONG = {"reference", "on_upload"}


def keywords(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(function).parameters)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("submit", ASKED),
        ("separate", ASKED | {field.name for field in attrs.fields(Delivery)}),
        ("separate_many", ASKED - OF_ONE_SONG),
    ],
)
def test_every_field_of_a_job_is_a_keyword_with_the_same_default(
    client: type, method: str, fields: set[str]
) -> None:
    parameters = keywords(getattr(client, method))

    assert fields <= parameters.keys()
    made = JobOptions()
    for name in fields & ASKED:
        assert parameters[name].default == getattr(made, name), name


@pytest.mark.parametrize("name", ["submit", "separate", "separate_many", "finish", "__init__"])
def test_both_clients_take_the_same_keywords_and_nothing_else(name: str) -> None:
    one, other = (keywords(getattr(client, name)) for client in CLIENTS)

    assert list(one) == list(other)
    assert not any(p.kind is p.VAR_KEYWORD or p.kind is p.VAR_POSITIONAL for p in one.values())
    for parameter in one.keys() - {"sleep"}:
        assert one[parameter].default == other[parameter].default


@pytest.mark.parametrize("name", ["submit", "separate", "separate_many", "finish"])
def test_a_misspelt_keyword_is_pythons_own_error(name: str) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'otuput_format'"):
        getattr(MVSep(), name)("song.wav", 40, otuput_format=1)


def public(kind: type) -> list[str]:
    return [name for name in dir(kind) if not name.startswith("_")]


@pytest.mark.parametrize(("one", "other"), [(MVSep, AsyncMVSep), (Job, AsyncJob)])
def test_both_kinds_have_the_same_methods(one: type, other: type) -> None:
    assert public(one) == public(other)


def functions() -> list[Callable[..., Any]]:
    found: list[Callable[..., Any]] = []
    for name in mvsep.__all__:
        value = getattr(mvsep, name)
        if inspect.isclass(value):
            members = [inspect.getattr_static(value, each) for each in public(value)]
            found += [getattr(m, "__func__", m) for m in members]
            found.append(value.__init__)
        found.append(value)
    return [each for each in found if inspect.isfunction(each)]


@pytest.mark.parametrize("function", functions(), ids=lambda each: each.__qualname__)
def test_the_types_of_a_public_function_can_be_read(function: Callable[..., Any]) -> None:
    hints = typing.get_type_hints(function)

    assert hints.keys() >= {"return"} or function.__name__.startswith("_")


def test_the_package_shows_its_public_names_only() -> None:
    assert dir(mvsep) == sorted(mvsep.__all__)
    assert "annotations" not in dir(mvsep)
