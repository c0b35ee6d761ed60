"""The command `mvsep` with all its commands, and the exit code of each run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

from mvsep._version import __version__
from mvsep.cli.errors import EXIT_CODES_HELP, Interrupted, show_end
from mvsep.cli.groups import Group
from mvsep.cli.input.tokens import stored_token
from mvsep.cli.other_mvsep import mention_other
from mvsep.cli.output.streams import check_output, guarded
from mvsep.core.shell import set_line
from mvsep.errors import MVSepError, own_fault
from mvsep.settings.token import TOKEN_PAGE, TOKEN_VARIABLE

if TYPE_CHECKING:
    from mvsep.cli.input.arguments import Connect
    from mvsep.client.sync import MVSep

#: The commands under the headings of the help, each with its module here and its line.
_COMMANDS: Final = {
    "Songs": {
        "separate": ("separate", "Separate songs and fetch their stems."),
        "estimate": ("estimate", "Estimate the price and the stems of a job."),
        "check": ("check", "Check whether plan and balance allow a job."),
    },
    "Jobs": {
        "jobs": ("jobs", "List the jobs in the journal, or remove some."),
        "resume": ("resume", "Resume a job, or all unfinished ones."),
        "status": ("job", "Show the state of a job."),
        "wait": ("job", "Wait until a job is done."),
        "download": ("job", "Fetch the stems of a job."),
        "cancel": ("ending", "Cancel a job."),
        "delete": ("ending", "Delete a job at the service."),
    },
    "Types": {
        "types": ("types", "List the separation types, or find some."),
        "show": ("show", "Show a separation type and its options."),
    },
    "Account": {
        "login": ("login", "Log in, and keep the token."),
        "logout": ("login", "Remove the token that is kept."),
        "account": ("account", "Show the account, or turn its switches."),
        "history": ("service", "List the account's jobs at the service."),
        "purchases": ("service", "List the account's purchases."),
    },
    "Service": {
        "queue": ("service", "Show the queues, and your place in them."),
        "news": ("service", "List the news of the service."),
        "demo-page": ("service", "List the separations that users published."),
        "leaderboard": ("quality", "List the best entries of the quality checker."),
        "quality": ("quality", "Add, show and delete entries of the quality checker."),
        "webhook": ("webhook", "Take the service's webhooks on this machine."),
        "api": ("api", "Call any operation of the service."),
    },
    "Shell": {
        "completion": ("completion", "Print what lets a shell complete commands."),
    },
}
_BY_NAME: Final = {name: known for group in _COMMANDS.values() for name, known in group.items()}


class _Commands(Group):
    """The commands, each imported when it is called: most need httpx, and the help needs none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(_BY_NAME)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in _BY_NAME:
            return None
        module, line = _BY_NAME[cmd_name]
        found = getattr(import_module(f"mvsep.cli.commands.{module}"), cmd_name.replace("-", "_"))
        command: click.Command = found
        command.short_help = line
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of the commands, under their headings."""
        width = max(map(len, _BY_NAME))
        for heading, group in _COMMANDS.items():
            with formatter.section(heading):
                formatter.write_dl([(f"{name:{width}}", line) for name, (_, line) in group.items()])


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES_HELP,
    help=f"""Separate songs into stems with the MVSEP service.

    Log in once with `mvsep login`, or set {TOKEN_VARIABLE}. A token is never an argument: other
    users of the machine can read those.

    \b
    Get your token at {TOKEN_PAGE}
      {set_line(TOKEN_VARIABLE, "...")}

    \b
    Examples:
      mvsep separate song.wav --stem vocals
      mvsep separate album --type "BS Roformer" --format flac --out stems
    """,
)
@click.version_option(__version__, prog_name="mvsep", message="%(prog)s %(version)s")
def mvsep() -> None:
    """Run a command."""


def _connect(
    *, base_url: str | None = None, token: str | None = None, stored: bool = True
) -> MVSep:
    """Open a client with a token, else that of the environment, else the one that is kept."""
    from mvsep.client.sync import MVSep  # with it comes httpx

    context = click.get_current_context(silent=True)
    if not (context and (context.params.get("as_json") or context.params.get("quiet"))):
        mention_other()
    if stored and token is None and not os.environ.get(TOKEN_VARIABLE):
        token = stored_token(base_url)
    return MVSep(token, base_url=base_url)


def run(arguments: Sequence[str], *, connect: Connect = _connect) -> int:
    """Run one command, and show its error.

    Args:
        arguments: The arguments after `mvsep`.
        connect: Opens a client.

    Returns:
        The exit code.
    """
    if os.environ.get("_MVSEP_COMPLETE"):
        return int(import_module("mvsep.cli.commands.completion").complete(mvsep))
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
