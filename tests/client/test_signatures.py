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
from mvsep.jobs.form import JobOptions
from mvsep.journal.request import Delivery

CLIENTS = [MVSep, AsyncMVSep]


def fields(kind: type) -> dict[str, Any]:
    """Each field of an attrs class with its default."""
    return {field.name: getattr(kind(), field.name) for field in attrs.fields(kind)}


NOT_GIVEN = {"once", "elsewhen", "only_audio"}
ASKED = {name: default for name, default in fields(JobOptions).items() if name not in NOT_GIVEN}
DELIVERED = {**fields(Delivery), "out": "."}
OF_ONE_SONG = {"on_upload", "parallel"}


def keywords(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(function).parameters)


def public(kind: type) -> list[str]:
    return [name for name in dir(kind) if not name.startswith("_")]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("method", "fields", "without"),
    [
        ("submit", ASKED, set()),
        ("separate", ASKED | DELIVERED, set()),
        ("separate_many", ASKED | DELIVERED, OF_ONE_SONG),
    ],
)
def test_every_field_of_a_job_is_a_keyword_with_the_same_default(
    client: type, method: str, fields: dict[str, Any], without: set[str]
) -> None:
    parameters = keywords(getattr(client, method))

    for name in fields.keys() - without:
        assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY, name
        assert parameters[name].default == fields[name], name


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        *((*CLIENTS, name) for name in ["__init__", *public(MVSep)]),
        *((Job, AsyncJob, name) for name in public(Job)),
    ],
)
def test_both_clients_take_the_same_keywords_with_the_same_defaults(
    one: type, other: type, name: str
) -> None:
    if not callable(getattr(one, name)):
        return
    mine, theirs = (keywords(getattr(kind, name)) for kind in (one, other))

    assert list(mine) == list(theirs)
    for parameter in mine.keys() - {"sleep"}:
        assert mine[parameter].kind == theirs[parameter].kind
        assert mine[parameter].default == theirs[parameter].default


@pytest.mark.parametrize("name", ["submit", "separate", "separate_many", "finish"])
def test_a_misspelt_keyword_is_pythons_own_error(name: str) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'otuput_format'"):
        getattr(MVSep(), name)("song.wav", 40, otuput_format=1)


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
    return [each for each in found if inspect.isfunction(each) and each.__module__ != "enum"]


@pytest.mark.parametrize("function", functions(), ids=lambda each: each.__qualname__)
def test_the_types_of_a_public_function_can_be_read(function: Callable[..., Any]) -> None:
    hints = typing.get_type_hints(function)

    assert hints.keys() >= keywords(function).keys() - {"self", "cls"}
    assert "return" in hints or function.__name__.startswith("_")


def test_the_package_shows_its_public_names_only() -> None:
    assert dir(mvsep) == sorted(mvsep.__all__)
    assert "annotations" not in dir(mvsep)
