"""Names that a module offers, and imports when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def importer(module: str, homes: Mapping[str, str], *, modules: str = "") -> Callable[[str], Any]:
    """Make the `__getattr__` of a module that imports each of its names when it is first used.

    Type checkers need the imports beside it, under TYPE_CHECKING.

    Args:
        module: The module.
        homes: The names from each other module, between spaces.
        modules: The names that are modules below it, between spaces.
    """
    places = {name: home for home, names in homes.items() for name in names.split()}
    below = modules.split()

    def find(name: str) -> Any:
        if name in below:
            return import_module(f"{module}.{name}")
        if name not in places:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        value = getattr(import_module(places[name]), name)
        setattr(sys.modules[module], name, value)
        return value

    return find
