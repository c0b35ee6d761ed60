"""The annotations of the generated package can be read at run time."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from typing import Any, get_type_hints

import pytest

import mvsep_api
from mvsep_api.api import Api, AsyncApi
from mvsep_api.api.app import AppApi
from mvsep_api.api.separation import AsyncSeparationApi, SeparationApi
from mvsep_api.models import DemoItem, NewsItem, SeparationCreated, SeparationState

MODULES = [each.name for each in pkgutil.walk_packages(mvsep_api.__path__, "mvsep_api.")]


def defined_in(module: Any) -> Iterator[tuple[str, Any]]:
    """Every class and function of a module, and every method of a class."""
    for name, value in list(vars(module).items()):
        if inspect.isclass(value) and value.__module__ == module.__name__:
            yield name, value
            for method, inner in vars(value).items():
                function = getattr(inner, "__func__", inner)
                if isinstance(inner, property | cached_property):
                    function = inner.fget if isinstance(inner, property) else inner.func
                if inspect.isfunction(function):
                    yield f"{name}.{method}", function
        elif inspect.isfunction(value) and value.__module__ == module.__name__:
            yield name, value


@pytest.mark.parametrize("name", MODULES)
def test_every_annotation_of_a_generated_module_can_be_read(name):
    unread = {}
    for place, value in defined_in(importlib.import_module(name)):
        try:
            get_type_hints(value)
        except NameError as error:
            unread[place] = str(error)
    assert not unread


@pytest.mark.parametrize(
    ("function", "name", "kind"),
    [
        (Api.separation.func, "return", SeparationApi),
        (AsyncApi.separation.func, "return", AsyncSeparationApi),
        (SeparationApi.create, "return", SeparationCreated),
        (AsyncSeparationApi.get, "return", SeparationState),
        (AppApi.news, "return", list[NewsItem]),
        (DemoItem, "additional_properties", dict[str, Any]),
    ],
)
def test_an_annotation_is_the_class_itself(function, name, kind):
    assert get_type_hints(function)[name] == kind


def test_the_facade_imports_a_tag_when_it_is_first_used():
    program = """
import sys
from mvsep_api.api import Api
tags = lambda: sorted(name[14:] for name in sys.modules if name.startswith("mvsep_api.api."))
before = tags()
Api(None).account
print(before, tags())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[] ['account']\n"
