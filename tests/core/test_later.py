"""Packages that import their names late offer all that type checkers see, and load no more."""

import ast
import importlib
import inspect
import subprocess
import sys

import pytest


def seen_by_type_checkers(module):
    """Return the home and name of each import under TYPE_CHECKING."""
    code = ast.walk(ast.parse(inspect.getsource(module)))
    blocks = [
        each for each in code if isinstance(each, ast.If) and "TYPE_CHECKING" in ast.dump(each.test)
    ]
    for line in (line for block in blocks for line in block.body):
        home = importlib.util.resolve_name("." * line.level + line.module, module.__package__)
        yield from ((home, alias.name) for alias in line.names)


@pytest.mark.parametrize(
    "name", ["mvsep", "mvsep.catalog", "mvsep.client.lazy", "mvsep_api.models"]
)
def test_a_name_is_the_one_that_type_checkers_see(name):
    module = importlib.import_module(name)
    seen = list(seen_by_type_checkers(module))
    assert seen
    for home, each in seen:
        there = importlib.import_module(home)
        own = getattr(there, each, None) if home != name else None
        assert getattr(module, each) is (own or importlib.import_module(f"{home}.{each}")), each
    with pytest.raises(AttributeError, match="nonsense"):
        _ = module.nonsense


def test_the_class_of_the_client_needs_neither_attrs_nor_the_rooms_below_it():
    program = "import sys; from mvsep import MVSep, SepType; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "mvsep.client.sync" in loaded
    assert not loaded & {"attr", "asyncio", "mvsep.jobs", "mvsep.journal", "mvsep_api"}
