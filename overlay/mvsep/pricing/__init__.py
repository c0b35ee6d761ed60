"""Prices: formula, estimate, spending limit, preflight.

This package gives the public names. Begin at `estimate`. Uses `account`, `catalog`, `files`,
`settings` and `transport`.
"""

from mvsep.core.values import Number
from mvsep.pricing.estimate import Estimate
from mvsep.pricing.formula import MIRROR_CREDITS, credits  # noqa: A004

__all__ = ["MIRROR_CREDITS", "Estimate", "Number", "credits"]
