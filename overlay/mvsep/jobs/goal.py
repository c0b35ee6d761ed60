"""A goal in place of a separation type: the type to take, and those of other days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from mvsep.catalog import Catalog
from mvsep.catalog.cache import CatalogStore
from mvsep.catalog.goals import Goal, choose, others
from mvsep.catalog.options import resolve
from mvsep.catalog.sep_type import SepType
from mvsep.errors import InvalidInput
from mvsep.jobs.form import JobOptions


def with_type(
    catalogs: CatalogStore, sep_type: SepType | int | str | None, asked: JobOptions
) -> tuple[SepType | int | str, JobOptions]:
    """Return the separation type and the choices, of a goal by the list at hand.

    Raises:
        InvalidInput: When a type and a goal are given, or neither, or there is no such goal.
    """
    if sep_type is not None and asked.best_for is None:
        return sep_type, asked
    catalog = catalogs.at_hand()
    goal = choose(catalog, sep_type, asked.best_for, asked.options)
    elsewhen = tuple(_elsewhen(catalog, goal, asked))
    return goal.sep_type, evolve(asked, options=goal.options, best_for=goal.name, elsewhen=elsewhen)


def _elsewhen(catalog: Catalog, goal: Goal, asked: JobOptions) -> Iterator[dict[str, Any]]:
    """Yield the choices that a song may have been separated with for a goal, by another list."""
    for other in others(catalog, goal.name):
        try:
            wanted = other.with_options(asked.options)
            found = resolve(catalog, wanted.sep_type, wanted.options, validate=asked.validate)
        except InvalidInput:
            continue  # the caller's options are not for that type
        yield {"sep_type": int(found.sep_type), "options": found.chosen}
