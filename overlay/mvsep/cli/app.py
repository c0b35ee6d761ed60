"""The command `mvsep` as a whole: its commands, and the one way out of all of them."""

from __future__ import annotations

from collections.abc import Sequence

import click

from mvsep._version import __version__
from mvsep.cli import account, keeping, listing, looking, paying, separating
from mvsep.cli.arguments import Connect
from mvsep.cli.outcome import EXIT_CODES_HELP, Interrupted, tell
from mvsep.client.sync import MVSep
from mvsep.errors import MVSepError
from mvsep.settings.token import TOKEN_VARIABLE


class _InOrder(click.Group):
    """A group that lists its commands in the order they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands' names."""
        return list(self.commands)


@click.group(
    cls=_InOrder,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES_HELP,
    help=f"""Separate songs into stems with the MVSEP service.

    The API token is read from the environment variable {TOKEN_VARIABLE} only, never from an
    argument, which other users of the machine could read.

    \b
    Example:
      mvsep separate song.wav --type "BS Roformer" --format flac --out stems
    """,
)
@click.version_option(__version__, prog_name="mvsep", message="%(prog)s %(version)s")
def mvsep() -> None:
    """All commands."""


for command in (
    separating.separate,
    looking.estimate,
    paying.preflight,
    listing.types,
    looking.show,
    separating.resume,
    keeping.jobs,
    account.cancel,
    account.delete,
    account.user,
):
    mvsep.add_command(command)


def run(arguments: Sequence[str], *, connect: Connect = MVSep) -> int:
    """Run one command, and tell what went wrong.

    Args:
        arguments: What follows the command's name.
        connect: What opens a client.

    Returns:
        The exit code.
    """
    # Looked for here, because parsing itself may fail.
    as_json = "--json" in arguments
    try:
        code = mvsep.main(list(arguments), prog_name="mvsep", standalone_mode=False, obj=connect)
    except (MVSepError, click.ClickException) as error:
        return tell(error, as_json=as_json)
    except click.Abort:
        return tell(Interrupted("Interrupted."), as_json=as_json)
    # `--help` and `--version` end with a code; commands with None.
    return code if isinstance(code, int) else 0
