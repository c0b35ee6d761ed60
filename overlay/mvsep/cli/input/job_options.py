"""Options of `separate` that go to the service as they are, each by its name in Python."""

from __future__ import annotations

import click

from mvsep.catalog.formats import RemoteType
from mvsep.cli.input.arguments import options_of, reader
from mvsep.core.checks import check_link


def _read_link(text: str) -> str:
    check_link("webhook_url", text)
    return text


job_options = options_of(
    click.option(
        "--reference",
        metavar="FILE",
        help="The track to match, for types of matchering.",
    ),
    click.option(
        "--remote-type",
        type=click.Choice([str(each) for each in RemoteType]),
        help="Where a link leads.  [default: found from the link]",
    ),
    click.option(
        "--webhook",
        "webhook_url",
        type=reader("webhook_url", _read_link),
        metavar="URL",
        help="An address that the service posts the job's state to; see `mvsep webhook listen`.",
    ),
    click.option(
        "--publish",
        "is_demo",
        is_flag=True,
        callback=lambda ctx, param, given: given or None,  # the service's own default, else
        help="Publish song and stems on the service's demo page, for everyone.",
    ),
    click.option(
        "--preset",
        "preset_id",
        type=click.IntRange(0),
        metavar="N",
        help="A preset saved on the service's site; its effect is not documented.",
    ),
)
