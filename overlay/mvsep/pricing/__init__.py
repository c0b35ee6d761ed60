"""Prices: formula, estimate, spending limit and preflight.

It uses `catalog`, `files` and `account`.
"""

from mvsep.core.values import Number
from mvsep.pricing.estimate import Estimate
from mvsep.pricing.formula import MIRROR_CREDITS, credits  # noqa: A004

__all__ = ["MIRROR_CREDITS", "Estimate", "Number", "credits"]
