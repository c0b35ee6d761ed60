"""A command of commands."""

from __future__ import annotations

import click

from mvsep.cli.output.streams import write
from mvsep.core.text import close


class Group(click.Group):
    """A group that shows its help when it is called alone, and names what a typing error meant."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Show the help where there are no arguments."""
        if not args and not ctx.resilient_parsing:
            for line in ctx.get_help().splitlines():
                write(line)
            ctx.exit()
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name those that resemble it."""
        names = self.list_commands(ctx)
        if args[0] not in names and not args[0].startswith("-"):
            near = close(args[0], names)
            meant = f" Did you mean {', '.join(near)}?" if near else ""
            ctx.fail(f"There is no command {args[0]!r:.60}.{meant}")
        return super().resolve_command(ctx, args)
