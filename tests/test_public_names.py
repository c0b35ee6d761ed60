from __future__ import annotations

import mvsep
from mvsep import errors
from tests.test_errors import KINDS


def _as_listed(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_every_public_name_is_there_and_listed_in_order() -> None:
    assert all(hasattr(mvsep, name) for name in mvsep.__all__)
    names = [name for name in mvsep.__all__ if not name.startswith("_")]
    assert names == sorted(names, key=_as_listed)


def test_every_error_can_be_imported_from_the_package_and_stands_in_the_tree() -> None:
    assert {kind.__name__ for kind in KINDS} <= set(mvsep.__all__)
    assert errors.__doc__
    for kind in KINDS:
        assert f" {kind.__name__} " in f" {errors.__doc__} ".replace("\n", "  ")
