"""Separation types, their options, stems and formats.

This package gives the public names. Begin at `catalog` and `options`; only `cache` asks the
service and touches the disk. Uses `transport` and `files`.
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
