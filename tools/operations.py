"""The contract's operations, and the table of what the generator's templates can't see of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MULTIPART = "multipart/form-data"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_HEADER = '''"""The facts of each operation that its types do not show."""

from typing import Literal, NamedTuple


class Operation(NamedTuple):
    """An operation of the contract.

    Attributes:
        id: The operationId, `<tag>_<name>`.
        method: The HTTP method, in capitals.
        path: The path below the server, with the prefix `/api`.
        token: The place of the API token: the query, the form, or none.
        token_required: True if the service refuses the call without a token.
        idempotent: True if the call may be sent again after it failed.
        is_state: True if `success: false` is a state to read, not a refusal.
        evidence: How firm the contract is here: captured, observed, documented or inferred.
        answers: What the body of each success is, by status: a JSON object or list, any JSON or
            nothing where the contract does not know, another JSON value, a text, a file, or no
            body at all.
    """

    id: str
    method: str
    path: str
    token: Literal["query", "form"] | None
    token_required: bool
    idempotent: bool
    is_state: bool
    evidence: str
    answers: dict[int, Literal["json", "any", "value", "text", "file", "nothing"]]

'''


def operations(contract: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each operation of the contract as (method in small letters, path, operation)."""
    for path, item in contract["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def resolve(contract: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follow a local `$ref`, as often as there is one."""
    while "$ref" in node:
        target: Any = contract
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def form_schema(contract: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an operation's multipart form, or an empty one."""
    body = resolve(contract, operation.get("requestBody", {}))
    media = body.get("content", {}).get(MULTIPART, {})
    return resolve(contract, media.get("schema", {}))


def token_place(contract: dict[str, Any], operation: dict[str, Any]) -> tuple[str | None, bool]:
    """Return the place of an operation's token (query, form or None), and if it is required."""
    for parameter in operation.get("parameters", []):
        found = resolve(contract, parameter)
        if found["name"] == "api_token" and found["in"] == "query":
            return "query", bool(found.get("required", False))
    form = form_schema(contract, operation)
    if "api_token" in form.get("properties", {}):
        return "form", "api_token" in form.get("required", [])
    return None, False


def answer_kinds(
    contract: dict[str, Any], method: str, operation: dict[str, Any]
) -> dict[int, str]:
    """Return what the body of each success of an operation is, by status."""
    return {
        int(status): "nothing" if method == "head" else _answer_kind(contract, response)
        for status, response in operation["responses"].items()
        if status.startswith("2")
    }


def _answer_kind(contract: dict[str, Any], response: dict[str, Any]) -> str:
    content = resolve(contract, response).get("content", {})
    if not content:
        return "nothing"
    kind, media = next(iter(content.items()))
    if kind != "application/json":
        return "text" if kind.startswith("text/") else "file"
    schema = resolve(contract, media.get("schema", {}))
    if "type" not in schema and "properties" not in schema:
        return "any"
    return "json" if schema.get("type", "object") in ("object", "array") else "value"


def render(contract: dict[str, Any]) -> str:
    """Return the source of `operations.py` for a contract."""
    lines = [_HEADER, "", "OPERATIONS: dict[str, Operation] = {"]
    for method, path, operation in operations(contract):
        token, required = token_place(contract, operation)
        idempotent = method in {"get", "head"} or bool(operation.get("x-idempotent", False))
        is_state = operation.get("x-answer") == "state"
        row = (
            f"id={operation['operationId']!r}, method={method.upper()!r}, path={path!r}, "
            f"token={token!r}, token_required={required!r}, idempotent={idempotent!r}, "
            f"is_state={is_state!r}, "
            f"evidence={operation.get('x-evidence', 'inferred')!r}, "
            f"answers={answer_kinds(contract, method, operation)!r}"
        )
        lines.append(f"    {operation['operationId']!r}: Operation({row}),")
    lines += ["}", "", "SERVERS: tuple[str, ...] = ("]
    lines += [f"    {server['url']!r}," for server in contract["servers"]]
    lines += [")", ""]
    return "\n".join(lines)
