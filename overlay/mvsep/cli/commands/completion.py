"""`mvsep completion`: what lets a shell complete commands, and the words that it is offered."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import PurePath
from typing import Any, Final

import click
from click.shell_completion import CompletionItem, get_completion_class, shell_complete

from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.goals import NAMES
from mvsep.cli.input.arguments import known_types
from mvsep.cli.input.shared import open_journal
from mvsep.cli.output.streams import write
from mvsep.cli.output.text import printable
from mvsep.journal.find import LAST

#: The variable by which a shell asks for words; click reads it.
VARIABLE: Final = "_MVSEP_COMPLETE"

#: The file that each shell reads at its start, and the line for it.
_LINES: Final = {
    "bash": ("~/.bashrc", 'eval "$(mvsep completion bash)"'),
    "zsh": ("~/.zshrc", 'eval "$(mvsep completion zsh)"'),
    "fish": ("~/.config/fish/config.fish", "mvsep completion fish | source"),
    "powershell": ("$PROFILE", "mvsep completion powershell | Out-String | iex"),
}
_SHOWN: Final = "\n    ".join(
    f"  {shell:<11} {file}:  {line}" for shell, (file, line) in _LINES.items()
)
_OWN, _OTHER = "mvsep", "mvsep-sdk"
# What stands before the name that a script completes, and between two of them.
_REGISTERED: Final = {
    "bash": ("-F _mvsep_completion ", " "),
    "zsh": (" compdef _mvsep_completion ", " "),
    "fish": ("--command ", " --command "),
    "powershell": ("-CommandName ", ", "),
}
# A zsh without a configuration has no completion at all.
_COMPINIT: Final = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }"
# Jobs that are offered, the latest ones.
_JOBS: Final = 50

Items = list[CompletionItem[Any]]


@click.command(
    help=f"""Print what lets a shell complete commands, options, types, goals, formats, jobs and
    files. Put the line of your shell into the file that it reads at its start:

    \b
    {_SHOWN}

    \b
    Examples:
      mvsep completion bash
      mvsep completion powershell
    """,
)
@click.argument("shell", type=click.Choice([*_LINES]))
def completion(shell: str) -> None:
    """Print the script of a shell."""
    from mvsep.cli.app import mvsep

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  click has those of the choice
    for line in _for_both(shell, kind(mvsep, {}, _program(), VARIABLE).source()).splitlines():
        write(line)


def _for_both(shell: str, script: str) -> str:
    """Return the script of a shell so that it completes our other name, too.

    Called by that one it does so for that one only: `mvsep` may be the command of another package.
    """
    if shell == "zsh":
        head, _, rest = script.partition("\n")
        script = "\n".join((head, _COMPINIT, rest))
    before, after = _REGISTERED[shell]
    if _program() == _OWN:
        script = script.replace(f"{before}{_OWN}", f"{before}{_OWN}{after}{_OTHER}")
    return script


def complete(group: click.Command) -> int:
    """Answer a shell that asks for words; nothing is sent."""
    with suppress(Exception):  # what goes wrong would tear the line that is typed
        return shell_complete(group, {}, _program(), VARIABLE, os.environ[VARIABLE])
    return 1


def _program() -> str:
    name = PurePath(sys.argv[0]).stem
    return _OTHER if name == _OTHER else _OWN


def _begin(found: dict[str, str], typed: str) -> Items:
    start = typed.casefold()
    return [
        CompletionItem(word, help=printable(about))
        for word, about in found.items()
        if word.casefold().startswith(start)
    ]


def types(ctx: click.Context, param: click.Parameter, typed: str) -> Items:
    """Offer the separation types, by names that are one word, or by numbers."""
    if typed.isdigit():
        return _begin({str(int(each.sep_type)): each.name for each in known_types()}, typed)
    return _begin({each.sep_type.name.lower(): each.name for each in known_types()}, typed)


def goals(ctx: click.Context, param: click.Parameter, typed: str) -> Items:
    """Offer the goals."""
    return _begin(dict.fromkeys(NAMES, ""), typed)


def formats(ctx: click.Context, param: click.Parameter, typed: str) -> Items:
    """Offer the formats of stems."""
    return _begin({each.cli_name: "" for each in OutputFormat if each.cli_name}, typed)


def jobs(ctx: click.Context, param: click.Parameter, typed: str) -> Items:
    """Offer the latest jobs of the journal, by their hashes, and `last`."""
    place, without = ctx.params.get("journal"), bool(ctx.params.get("no_journal"))
    with open_journal(place, no_journal=without) as journal:
        entries = journal.entries(_JOBS, lambda _: None) if journal else []
    known = {entry.hash: entry.name for entry in entries if entry.hash}
    return _begin({**({LAST: "the latest job"} if known else {}), **known}, typed)


def options(ctx: click.Context, param: click.Parameter, typed: str) -> Items:
    """Offer the options of the type or goal that was given, each with its choices."""
    catalog, kind, goal = known_types(), ctx.params.get("sep_type"), ctx.params.get("stem")
    if kind is None and goal:
        kind = catalog.goal(goal).sep_type
    entry = catalog.get(kind) if kind is not None else None
    found = {}
    for each in entry.fields if entry else ():
        name = each.server_key or each.key
        found.update({f"{name}=": each.name} if each.is_text else {})
        for value, label in each.choices.items():
            found[f"{name}={value}"] = f"{each.name}: {label}"
    return _begin(found, typed)


def operations(ctx: click.Context, param: click.Parameter, typed: str) -> Items:
    """Offer the operations of the service."""
    from mvsep.cli.commands.operations import all_operations

    return _begin(dict.fromkeys((each.name for each in all_operations()), ""), typed)


def files(ctx: click.Context, param: click.Parameter, typed: str) -> Items:
    """Let the shell offer files."""
    return [CompletionItem(typed, type="file")]
