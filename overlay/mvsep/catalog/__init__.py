"""Separation types, their options, stems and formats.

This package gives the public names, each imported when it is first used. Begin at `catalog` and
`options`; only `cache` asks the service and touches the disk. Uses `transport`, `files` and
`notebook`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mvsep.catalog.catalog import Catalog
    from mvsep.catalog.fields import Condition, OptionField
    from mvsep.catalog.goals import Goal
    from mvsep.catalog.ranking import Ranked, Ranking
    from mvsep.catalog.search import Found
    from mvsep.catalog.stems import Prediction, Stem
    from mvsep.catalog.types import Description, SeparationType
else:
    from mvsep.core.later import importer

    __getattr__ = importer(
        __name__,
        {
            "mvsep.catalog.catalog": "Catalog",
            "mvsep.catalog.fields": "Condition OptionField",
            "mvsep.catalog.goals": "Goal",
            "mvsep.catalog.ranking": "Ranked Ranking",
            "mvsep.catalog.search": "Found",
            "mvsep.catalog.stems": "Prediction Stem",
            "mvsep.catalog.types": "Description SeparationType",
        },
    )

__all__ = [
    "Catalog",
    "Condition",
    "Description",
    "Found",
    "Goal",
    "OptionField",
    "Prediction",
    "Ranked",
    "Ranking",
    "SeparationType",
    "Stem",
]
