"""`mvsep cancel` and `mvsep user`: what concerns the account."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from mvsep.answers import truth
from mvsep.attempts import State
from mvsep.cli.arguments import Connect, Keeping, base_url_option, journal_options, json_option
from mvsep.cli.keeping import job_of
from mvsep.cli.words import printable, show_json
from mvsep_api.types import Unset


@click.command(
    help="Cancel the job HASH. Credits come back if it is not being processed yet. "
    "The token is read from MVSEP_API_TOKEN.",
    short_help="Cancel a job.",
)
@click.argument("hash")
@json_option
@base_url_option
@journal_options
@click.pass_obj
def cancel(
    connect: Connect,
    hash: str,
    as_json: bool,
    base_url: str | None,
    journal: Path | None,
    no_journal: bool,
) -> None:
    """Cancel a job."""
    with ExitStack() as stack:
        client = stack.enter_context(connect(base_url=base_url))
        if kept := Keeping(journal=journal, no_journal=no_journal).open():
            stack.enter_context(kept)
        job = job_of(client, kept, hash, here=bool(base_url))
        data = job.cancel().data
        entry = kept.by_hash(hash) if kept else None
        if kept and entry and entry.state is State.SUBMITTED:
            kept.over(entry, "It was cancelled.")
    said = None if isinstance(data, Unset) or isinstance(data.message, Unset) else data.message
    if as_json:
        show_json({"hash": job.hash, "host": job.host, "cancelled": True, "server_text": said})
        return
    click.echo(f"Cancelled {printable(job.hash)}.")
    if said:
        click.echo(f'The service said: "{printable(said)}"')
    click.echo("Credits come back if it was not being processed yet; `mvsep user` shows them.")


@click.command(
    help="Show how many credits are left, and whether they may be spent. "
    "The token is read from MVSEP_API_TOKEN.",
    short_help="Show how many credits are left.",
)
@json_option
@base_url_option
@click.pass_obj
def user(connect: Connect, as_json: bool, base_url: str | None) -> None:
    """Show the account. The answer holds the token as well; only the named fields are shown."""
    with connect(base_url=base_url) as client:
        data = client.api.app.user().data
    minutes = Unset() if isinstance(data, Unset) else data.premium_minutes
    enabled = Unset() if isinstance(data, Unset) else data.premium_enabled
    credits = None if isinstance(minutes, Unset) else minutes
    premium = None if isinstance(enabled, Unset) else truth(enabled)
    if as_json:
        show_json({"credits": credits, "premium_enabled": premium})
        return
    left = "unknown" if credits is None else credits
    state = {None: "unknown", True: "on", False: "off"}[premium]
    click.echo(f"Credits left: {left}\nPremium: {state}")
