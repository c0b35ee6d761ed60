"""The contract as the generator gets it: in the words that it understands.

The contract is written for every reader. Some of its words mean something else to
openapi-python-client, and nothing is lost by their change:

- A set of words that grows is an open text in the contract. The generated enum keeps words that
  it does not know, so the generator gets an enum.
- The lists of known values in descriptions are for pages; a docstring of 115 lines helps nobody.
- A file in an answer has the media type that the service gives it. The generator knows one.
- `security` says where the token goes. The generated functions take the token as an argument. See
  https://github.com/openapi-generators/openapi-python-client/issues/645
- A form without files may be urlencoded too. The client has one way to write a form, multipart.
"""

from __future__ import annotations

import copy
from typing import Any

from tools.known_values import closed, unlisted
from tools.operations import MULTIPART, operations


def generator_input(contract: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of the contract for the generator."""
    copied = multipart_only(contract)
    copied.pop("security", None)
    for _, _, operation in operations(copied):
        operation.pop("security", None)
        for response in operation["responses"].values():
            _files_as_bytes(response.get("content", {}))
    copied["components"].pop("securitySchemes", None)
    copied["components"]["schemas"] = closed(copied["components"]["schemas"])
    _without_lists(copied)
    return copied


def _files_as_bytes(content: dict[str, Any]) -> None:
    for kind in [*content]:
        if content[kind].get("schema", {}).get("format") == "binary":
            content["application/octet-stream"] = content.pop(kind)


def multipart_only(contract: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of the contract in which a form that may be multipart is nothing else."""
    copied = copy.deepcopy(contract)
    for _, _, operation in operations(copied):
        content = operation.get("requestBody", {}).get("content", {})
        if MULTIPART in content:
            operation["requestBody"]["content"] = {MULTIPART: content[MULTIPART]}
    return copied


def _without_lists(node: Any) -> None:
    if isinstance(node, list):
        for inner in node:
            _without_lists(inner)
    elif isinstance(node, dict):
        if isinstance(node.get("description"), str):
            node["description"] = unlisted(node["description"])
        for inner in node.values():
            _without_lists(inner)
