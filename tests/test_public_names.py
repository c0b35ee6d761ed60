from __future__ import annotations

import pickle

import pytest

import mvsep
from mvsep import errors

ERRORS = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, errors.MVSepError)
]


def _as_listed(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_every_public_name_is_there_and_listed_in_order() -> None:
    assert all(hasattr(mvsep, name) for name in mvsep.__all__)
    names = [name for name in mvsep.__all__ if not name.startswith("_")]
    assert names == sorted(names, key=_as_listed)


def test_every_error_can_be_imported_from_the_package() -> None:
    assert {error.__name__ for error in ERRORS} <= set(mvsep.__all__)


def test_the_tree_at_the_top_of_the_errors_names_each_of_them() -> None:
    assert errors.__doc__
    for error in ERRORS:
        assert f" {error.__name__} " in f" {errors.__doc__} ".replace("\n", "  ")


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_says_all_it_knows_and_survives_pickling(kind: type[errors.MVSepError]) -> None:
    error = kind(
        "It broke.",
        server_text="no",
        status=400,
        hash="h",
        host="mvsep.com",
        charged=False,
        retryable=True,
        next_step="Try again.",
    )
    text = 'It broke. The service said: "no". Job: h on mvsep.com. Nothing was charged. Try again.'

    assert str(error) == text
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == text
    assert vars(again) == vars(error)
