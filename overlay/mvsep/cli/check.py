"""`mvsep check`: check plan and balance before a job is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import click
from attrs import evolve

from mvsep.cli.arguments import (
    Connect,
    base_url_option,
    format_option,
    json_option,
    seconds_option,
    title,
    type_options,
)
from mvsep.cli.errors import EXIT_CODES
from mvsep.cli.estimate import estimate_json
from mvsep.cli.goals import goal_options, read_wanted
from mvsep.cli.streams import note, show_json, write
from mvsep.cli.text import printable
from mvsep.cli.tokens import token_step
from mvsep.errors import Refused
from mvsep.pricing.preflight import Check, Preflight

# The ways out that differ from the library's, by the check's name and verdict.
_WAYS_OUT: Final[Mapping[tuple[str, str], str]] = {
    ("place", "warning"): "Wait for it to end, or separate with --queue-timeout 600.",
    ("plan", "fail"): f"Register on the service's site. {token_step()}",
    ("price", "unknown"): "Pass the length as --seconds.",
    ("type", "warning"): "Get today's list: mvsep types --refresh.",
}


@click.command(
    help="""Check whether plan and balance allow a job. Nothing is uploaded.

    With --seconds no FILE_OR_LINK is needed. The exit code is 4 if the service would refuse the
    job. The token is read from MVSEP_API_TOKEN.
    """,
)
@click.argument("source", metavar="[FILE_OR_LINK]", required=False)
@goal_options
@type_options
@format_option
@seconds_option
@json_option
@base_url_option
@click.pass_obj
def check(
    connect: Connect,
    /,
    source: str | None,
    as_json: bool,
    base_url: str | None,
    **given: Any,
) -> int:
    """Show each check that does not pass."""
    wanted = read_wanted(given)
    if wanted.why:
        note(wanted.why)
    with connect(base_url=base_url) as client:
        found = client.preflight(source, **{**given, **wanted.arguments})
    found = evolve(found, checks=tuple(map(_with_options, found.checks)))
    if as_json:
        show_json(_json(found))
    else:
        write(printable(title(wanted.sep_type)))
        for line in str(found).splitlines():
            write(f"  {printable(line)}")
    return 0 if found.ok else EXIT_CODES[Refused]


def _with_options(row: Check) -> Check:
    """Return a check whose way out names options of the command line."""
    if row.way_out is None:
        return row
    return evolve(row, way_out=_WAYS_OUT.get((row.name, row.verdict), row.way_out))


def _json(found: Preflight) -> dict[str, Any]:
    return {
        "ok": found.ok,
        "plan": found.plan,
        "credits": found.credits,
        "estimate": found.estimate and estimate_json(found.estimate),
        "checks": [
            {
                "name": row.name,
                "verdict": row.verdict,
                "reason": row.reason,
                "way_out": row.way_out,
            }
            for row in found.checks
        ],
    }
