"""`mvsep estimate`: the price and the stems of a job, without the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from mvsep.cli.arguments import (
    json_option,
    known_types,
    seconds_option,
    title,
    type_options,
)
from mvsep.cli.goals import goal_options, read_wanted
from mvsep.cli.streams import note, show_json, write
from mvsep.cli.text import number, printable
from mvsep.pricing import estimate as estimates
from mvsep.pricing.estimate import Estimate


@click.command(
    help="""Estimate the price and the stems of a job. Nothing is sent, and no token is needed.

    The length of FILE is read from its header. With --seconds no FILE is needed.
    `mvsep check` also checks plan and balance.
    """,
)
@click.argument("file", required=False)
@goal_options
@seconds_option
@type_options
@json_option
def estimate(file: str | None, as_json: bool, **given: Any) -> None:
    """Show the price and the stems."""
    wanted = read_wanted(given)
    if wanted.why:
        note(wanted.why)
    found = estimates.estimate(file, catalog=known_types(), **{**given, **wanted.arguments})
    if as_json:
        show_json(estimate_json(found))
        return
    write(printable(f"{title(wanted.sep_type)}: {found}"))
    for line in _lines(found):
        write(f"  {printable(line)}")


def _lines(estimate: Estimate) -> Iterator[str]:
    yield f"{float(estimate.seconds):g} s ({estimate.how})"
    yield from map(str, estimate.rules)
    if estimate.sure:
        yield "The price is sure."
    for doubt in estimate.doubts:
        yield f"The price is not sure. {doubt}"
    yield from (f"Warning: {warning}" for warning in estimate.warnings)
    if estimate.captured:
        yield f"By the service's list of {estimate.captured}."
    if not estimate.prediction.sure:
        yield f"The stems are not sure: {estimate.prediction.doubts.text}"


def estimate_json(estimate: Estimate) -> dict[str, Any]:
    """Return an estimate for JSON."""
    return {
        "sep_type": int(estimate.sep_type),
        "credits": estimate.credits,
        "most": estimate.most,
        "seconds": number(estimate.seconds),
        "how": estimate.how,
        "sure": estimate.sure,
        "rules": [
            {"option": rule.option, "choice": rule.choice, "factor": number(rule.factor)}
            for rule in estimate.rules
        ],
        "doubts": list(estimate.doubts),
        "captured": estimate.captured,
        "warnings": list(estimate.warnings),
        "stems": list(estimate.stems),
        "stems_sure": estimate.prediction.sure,
    }
