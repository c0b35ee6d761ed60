"""What a job may cost: `mvsep preflight`, and the options of `mvsep separate` for a limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import click
from attrs import evolve

from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.sep_type import SepType
from mvsep.cli.arguments import (
    Connect,
    base_url_option,
    format_option,
    json_option,
    read_number,
    seconds_option,
    sep_type_option,
    settings_option,
)
from mvsep.cli.looking import estimate_json, title
from mvsep.cli.words import printable, show_json
from mvsep.core.values import exact
from mvsep.pricing.preflight import Check, Preflight

_F = TypeVar("_F", bound=Callable[..., Any])

#: The exit code where the service would refuse the job, as where it did.
_REFUSED = 4


def limit_options(command: _F) -> _F:
    """`--max-credits`, `--seconds` and `--allow-unknown-price`."""
    command = click.option(
        "--allow-unknown-price",
        is_flag=True,
        help="With --max-credits, go on though the price is not sure.",
    )(command)
    command = seconds_option(command)
    return click.option(
        "--max-credits",
        type=read_number("max-credits", exact),
        metavar="N",
        help="Refuse to upload what costs more, all songs together, and what plan or balance do "
        "not allow.",
    )(command)


@click.command(
    help="""Ask whether the account may have a job, and pay for it. Nothing is uploaded.

    FILE_OR_LINK is not needed with --seconds. The exit code is 4 when the job would be refused.
    The token is read from MVSEP_API_TOKEN.
    """,
    short_help="Ask whether plan and balance allow a job.",
)
@click.argument("source", metavar="[FILE_OR_LINK]", required=False)
@sep_type_option
@settings_option
@format_option
@seconds_option
@json_option
@base_url_option
@click.pass_obj
@click.pass_context
def preflight(
    ctx: click.Context,
    connect: Connect,
    /,
    source: str | None,
    sep_type: SepType,
    settings: dict[str, str],
    unchecked: bool,
    output_format: OutputFormat | None,
    seconds: str | None,
    as_json: bool,
    base_url: str | None,
) -> None:
    """Show each check that did not pass."""
    with connect(base_url=base_url) as client:
        found = client.preflight(
            source,
            sep_type,
            options=settings,
            validate=not unchecked,
            output_format=output_format,
            seconds=seconds,
        )
    found = evolve(found, checks=tuple(map(_in_options, found.checks)))
    if as_json:
        show_json(_json(found))
    else:
        click.echo(printable(title(sep_type)))
        for line in str(found).splitlines():
            click.echo(f"  {printable(line)}")
    if not found.ok:
        ctx.exit(_REFUSED)


# The ways out that are other ones on the command line than in Python, by name and verdict.
_WAYS_OUT: Final[Mapping[tuple[str, str], str]] = {
    ("place", "warning"): "Wait for it to end, or separate with --wait-for-place 600.",
    ("price", "unknown"): "Pass the length as --seconds.",
    ("type", "warning"): "Ask for today's list: mvsep types --refresh.",
}


def _in_options(check: Check) -> Check:
    if check.way_out is None:
        return check
    return evolve(check, way_out=_WAYS_OUT.get((check.name, check.verdict), check.way_out))


def _json(found: Preflight) -> dict[str, Any]:
    return {
        "ok": found.ok,
        "plan": found.plan,
        "credits": found.credits,
        "estimate": found.estimate and estimate_json(found.estimate),
        "checks": [
            {
                "name": check.name,
                "verdict": check.verdict,
                "reason": check.reason,
                "way_out": check.way_out,
            }
            for check in found.checks
        ],
    }
