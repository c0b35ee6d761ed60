"""The command `mvsep` with all its commands, and the exit code of each run."""

from __future__ import annotations

from collections.abc import Sequence

import click

from mvsep._version import __version__
from mvsep.cli import account, estimate, jobs, preflight, resume, separate, show, types
from mvsep.cli.arguments import Connect
from mvsep.cli.errors import EXIT_CODES_HELP, Interrupted, show_end
from mvsep.cli.streams import check_output, guarded
from mvsep.client.sync import MVSep
from mvsep.errors import MVSepError, own_fault
from mvsep.settings.token import TOKEN_VARIABLE


class _InOrder(click.Group):
    """A group that lists its commands in the order they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(self.commands)


@click.group(
    cls=_InOrder,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES_HELP,
    help=f"""Separate songs into stems with the MVSEP service.

    The API token is read from the environment variable {TOKEN_VARIABLE} only: other users of
    the machine can read arguments. Get your token at https://mvsep.com/user-api.

    \b
    Example:
      mvsep separate song.wav --type "BS Roformer" --format flac --out stems
    """,
)
@click.version_option(__version__, prog_name="mvsep", message="%(prog)s %(version)s")
def mvsep() -> None:
    """Run a command."""


for command in (
    separate.separate,
    estimate.estimate,
    preflight.preflight,
    types.types,
    show.show,
    resume.resume,
    jobs.jobs,
    account.cancel,
    account.delete,
    account.user,
):
    mvsep.add_command(command)


def run(arguments: Sequence[str], *, connect: Connect = MVSep) -> int:
    """Run one command, and show its error.

    Args:
        arguments: The arguments after `mvsep`.
        connect: Opens a client.

    Returns:
        The exit code.
    """
    # Parsing itself may fail, so the parser can't say whether --json was given.
    as_json = "--json" in arguments
    with guarded():
        try:
            check_output()
            code = mvsep.main(
                list(arguments), prog_name="mvsep", standalone_mode=False, obj=connect
            )
        except (MVSepError, click.ClickException) as error:
            return show_end(error, as_json=as_json)
        except click.Abort:
            return show_end(Interrupted("Interrupted."), as_json=as_json)
        except Exception as error:  # a traceback is nothing for the user of a command
            return show_end(own_fault(error), as_json=as_json)
    # `--help` and `--version` end with a code; commands with None.
    return code if isinstance(code, int) else 0
