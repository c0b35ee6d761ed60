"""`mvsep api`: any operation of the service by its name."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any, Final

import click

from mvsep.cli.commands.operations import Operation, all_operations, find_operation, read_fields
from mvsep.cli.errors import Interrupted
from mvsep.cli.input.arguments import Connect, base_url_option, json_option, offered
from mvsep.cli.input.confirm import asking, confirm, is_terminal, yes_option
from mvsep.cli.input.tokens import TOKEN_HELP
from mvsep.cli.output.streams import note, show_json, write
from mvsep.cli.output.text import printable
from mvsep.settings.token import MASK

# What an operation does that is asked about; every other POST changes something, too.
_CONSEQUENCES: Final = {
    "separation.create": "This spends credits, and no journal keeps the job; `mvsep separate` does "
    "both with care.",
    "separation.cancel": "This cancels the job.",
    "separation.delete": "This deletes the job and its files for good.",
    "quality_checker.delete": "This deletes the entry for good.",
    "app.enable_premium": "From then on the account's jobs spend credits.",
}
_CHANGES: Final = "This changes something at the service."
_MIRROR: Final = "This costs a credit."


@click.command(
    help=f"""Call an operation of the service, and write its answer as JSON. Without OPERATION, list
    them all with their fields; one in brackets may be left out.

    FIELD is name=value, or name=@file for the contents of a file; a value that begins with @ is
    written @@. A password is not taken as a value, because other users can read arguments: give
    its file, or leave it out and type it. Operations that change something ask first, on a
    terminal. {TOKEN_HELP} It is not shown where an
    answer repeats it.

    \b
    Examples:
      mvsep api
      mvsep api app.news lang=en limit=3
      mvsep api account.set_credit_alert credit_threshold=100 --yes
    """,
)
@click.argument("operation", required=False, shell_complete=offered("operations"))
@click.argument("fields", metavar="[FIELD]...", nargs=-1)
@yes_option
@json_option
@base_url_option
@click.pass_obj
def api(
    connect: Connect,
    /,
    operation: str | None,
    fields: tuple[str, ...],
    yes: bool,
    as_json: bool,
    base_url: str | None,
) -> None:
    """Call an operation, or list them."""
    if operation is None:
        _list(as_json=as_json)
        return
    found = find_operation(operation)
    with ExitStack() as stack:
        values = read_fields(found, fields, stack)
        for secret in found.secrets:
            if secret not in values and not found.fields[secret].is_optional:
                values[secret] = _typed(secret)
        found.check_complete(values)
        consequence = _consequence(found, values)
        if consequence and not confirm(f"{consequence} Go on?", yes=yes):
            note("Nothing was sent.")
            return
        client = stack.enter_context(connect(base_url=base_url))
        answer = _masked(_call(client, found, values))
    if as_json:
        show_json({"operation": found.name, "answer": answer})
    else:
        click.echo(json.dumps(answer, indent=2))  # it may be a list


def _consequence(operation: Operation, values: dict[str, Any]) -> str | None:
    """Return what a call changes or costs; None for one that only reads."""
    if operation.reads:
        return _MIRROR if values.get("mirror") else None
    return _CONSEQUENCES.get(operation.name, _CHANGES)


def _typed(name: str) -> str:
    if not is_terminal():
        raise click.UsageError(f"Not a terminal; pass {name}=@file.")
    with asking():
        typed: str = click.prompt(name.capitalize(), hide_input=True, err=True)
    return typed


def _call(client: Any, operation: Operation, values: dict[str, Any]) -> Any:
    try:
        answer = operation.method(client.api)(**values)
    except KeyboardInterrupt:
        if operation.reads:
            raise
        raise Interrupted(
            "Interrupted before the service answered. It is not known whether it did it.",
            param="source" if operation.name == "separation.create" else None,
        ) from None
    rows = answer if isinstance(answer, list) else [answer]
    told = [row.to_dict() if hasattr(row, "to_dict") else row for row in rows]
    return told if isinstance(answer, list) else told[0]


def _masked(answer: Any) -> Any:
    """Return an answer without the account's token, which a login and the profile repeat."""
    if isinstance(answer, list):
        return [_masked(each) for each in answer]
    if isinstance(answer, dict):
        return {
            name: MASK if name == "api_token" and value else _masked(value)
            for name, value in answer.items()
        }
    return answer


def _list(*, as_json: bool) -> None:
    found = all_operations()
    if as_json:
        show_json({"operations": [_json(each) for each in found]})
        return
    for each in found:
        fields = " ".join(
            f"[{name}]" if field.is_optional else name for name, field in each.fields.items()
        )
        write(f" {fields}".rstrip(), title=each.name)
        write(f"    {printable(each.about)}")


def _json(operation: Operation) -> dict[str, Any]:
    return {
        "name": operation.name,
        "about": operation.about,
        "method": operation.http_method,
        "fields": [
            {"name": name, "type": field.kind, "required": not field.is_optional}
            for name, field in operation.fields.items()
        ],
    }
