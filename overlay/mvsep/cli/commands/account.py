"""`mvsep account`: credits, plan and switches."""

from __future__ import annotations

from typing import Any, Final

import click
from attrs import frozen

from mvsep.account.profile import Account, Quota
from mvsep.account.switches import Switch, operation
from mvsep.cli.input.arguments import Connect, base_url_option, json_option
from mvsep.cli.input.tokens import TOKEN_HELP, Place, place_words, token_place
from mvsep.cli.output.streams import show_json, warn, write
from mvsep.cli.output.text import printable
from mvsep.client.sync import MVSep
from mvsep.errors import InvalidToken, MVSepError

_UNKNOWN: Final = "unknown"
_STATES: Final = {None: _UNKNOWN, True: "on", False: "off"}


@frozen
class _Found:
    """The facts about the account, and where its token is from."""

    service: str
    account: Account
    quota: Quota | None
    token_from: Place | None


@click.group(
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",
    help=f"""Show the account: credits, plan, what is left of it, and its switches.

    The service spends credits only while premium is on. {TOKEN_HELP} Which of them it is, is
    shown; the token never is.

    \b
    Examples:
      mvsep account
      mvsep account --json
      mvsep account premium off
      mvsep account long-names on
    """,
)
@json_option
@base_url_option
@click.pass_context
def account(context: click.Context, /, as_json: bool, base_url: str | None) -> None:
    """Show the account, unless a switch is turned."""
    if context.invoked_subcommand is None:
        with context.obj(base_url=base_url) as client:
            _show(_look(client), as_json=as_json)


def _switch(name: str, switch: Switch, about: str) -> None:
    """Add the command that turns a switch of the account."""

    @account.command(
        name,
        help=f"""{about}

        \b
        Examples:
          mvsep account {name} on
          mvsep account {name} off --json
        """,
    )
    @click.argument("state", type=click.Choice(["on", "off"]))
    @json_option
    @base_url_option
    @click.pass_context
    def turn(context: click.Context, /, state: str, as_json: bool, base_url: str | None) -> None:
        """Turn it, and show the account as it is then."""
        before = context.parent.params if context.parent else {}
        connect: Connect = context.obj
        with connect(base_url=base_url or before.get("base_url")) as client:
            getattr(client.api.app, operation(switch, state == "on"))()
            try:
                _show(_look(client), as_json=as_json or before.get("as_json", False))
            except MVSepError as error:
                error.add_note(f"The service has turned {switch.replace('_', ' ')} {state}.")
                raise


_switch(
    "premium",
    "premium",
    "Turn premium on or off. Only while it is on, jobs spend credits and use premium types.",
)
_switch(
    "long-names",
    "long_filenames",
    "Turn the service's own long names of new stems on or off.",
)


def _look(client: MVSep) -> _Found:
    service = client.settings.service
    found, quota = client.account(), None
    try:
        quota = client.quota()
    except InvalidToken:
        raise
    except MVSepError as error:  # the credits are known all the same
        warn([f"The plan is not known. {error.message}"])
    return _Found(service, found, quota, token_place(service))


def _show(found: _Found, *, as_json: bool) -> None:
    if as_json:
        show_json(_json(found))
        return
    for name, value in _lines(found):
        write(f"{name}: {printable(value)}")


def _lines(found: _Found) -> list[tuple[str, object]]:
    quota, account = found.quota, found.account
    lines: list[tuple[str, object]] = [
        ("Service", found.service),
        ("Credits left", _known(account.credits)),
        ("Premium", _STATES[account.premium_enabled]),
        ("Long names", _STATES[account.long_filenames]),
        ("Plan", _known(quota and quota.plan)),
    ]
    if quota and quota.free_left is not None:
        of = "" if quota.free_most is None else f" of {quota.free_most}"
        lines.append(("Free separations left today", f"{quota.free_left}{of}"))
    if quota and quota.queue is not None:
        lines.append(("Jobs waiting on that plan", quota.queue))
    return [*lines, ("Token from", place_words(found.token_from))]


def _known(value: object) -> object:
    return _UNKNOWN if value is None else value


def _json(found: _Found) -> dict[str, Any]:
    account, quota = found.account, found.quota
    return {
        "service": found.service,
        "credits": account.credits,
        "premium_enabled": account.premium_enabled,
        "long_names": account.long_filenames,
        "plan": quota and quota.plan,
        "free_left": quota and quota.free_left,
        "free_most": quota and quota.free_most,
        "queue": quota and quota.queue,
        "token_from": found.token_from,
    }
