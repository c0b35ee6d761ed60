"""Separation types, their options, stems and formats: the public names of this room.

It uses `core` and `files`; only `cache` touches the disk.
"""

from mvsep.catalog.catalog import Catalog
from mvsep.catalog.fields import Condition, OptionField
from mvsep.catalog.ranking import Ranked, Ranking
from mvsep.catalog.search import Found
from mvsep.catalog.stems import Prediction, Stem
from mvsep.catalog.types import Description, SeparationType

__all__ = [
    "Catalog",
    "Condition",
    "Description",
    "Found",
    "OptionField",
    "Prediction",
    "Ranked",
    "Ranking",
    "SeparationType",
    "Stem",
]
