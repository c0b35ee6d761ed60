"""The contract's named examples, and the generated client's reading of them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import httpx

from tools.operations import operations, resolve

#: The status with which an example of the `default` response is tried.
DEFAULT_STATUS = 500


@dataclass(frozen=True)
class Example:
    """A named example of an answer.

    Args:
        operation: The operationId.
        tag: The operation's tag.
        method: The HTTP method, in small letters.
        path: The path, with `/api`.
        response: The contract's key of the response: "200", "400", ..., "default".
        status: The status to try it with.
        content_type: The content type the example stands under.
        name: The example's name.
        value: The body.
    """

    operation: str
    tag: str
    method: str
    path: str
    response: str
    status: int
    content_type: str
    name: str
    value: Any

    def __str__(self) -> str:
        kind = "" if self.is_json else f" ({self.content_type})"
        return f"{self.operation} > {self.response} > {self.name}{kind}"

    @property
    def is_json(self) -> bool:
        """True if the body is JSON."""
        return self.content_type.partition(";")[0].strip() == "application/json"

    def http_response(self) -> httpx.Response:
        """Return the example as the answer of a server."""
        if self.is_json:
            return httpx.Response(self.status, json=self.value)
        return httpx.Response(
            self.status, text=self.value, headers={"content-type": self.content_type}
        )


def examples(contract: dict[str, Any]) -> Iterator[Example]:
    """Yield every named example of every response of every operation."""
    for method, path, operation in operations(contract):
        for key, reference in operation["responses"].items():
            response = resolve(contract, reference)
            status = DEFAULT_STATUS if key == "default" else int(key)
            for content_type, media in response.get("content", {}).items():
                for name, example in media.get("examples", {}).items():
                    yield Example(
                        operation=operation["operationId"],
                        tag=operation["tags"][0],
                        method=method,
                        path=path,
                        response=key,
                        status=status,
                        content_type=content_type,
                        name=name,
                        value=resolve(contract, example)["value"],
                    )


def endpoint_module(operation: str, tag: str) -> ModuleType:
    """Import the generated module of an operation."""
    return importlib.import_module(f"mvsep_api.api.{tag}.{operation}")


def parse(module: ModuleType, response: httpx.Response) -> Any:
    """Parse an answer as the generated client does."""
    client = importlib.import_module("mvsep_api").Client(base_url="http://127.0.0.1")
    return module._build_response(client=client, response=response).parsed


def plain(parsed: Any) -> Any:
    """Turn a parsed answer into JSON data again."""
    if hasattr(parsed, "to_dict"):
        return parsed.to_dict()
    if isinstance(parsed, list):
        return [plain(item) for item in parsed]
    return parsed


def difference(before: Any, after: Any, place: str = "$") -> str | None:
    """Return the first difference of two JSON values, by type too (True is not 1), or None."""
    if type(before) is not type(after):
        return f"{place}: {before!r} became {after!r}"
    if isinstance(before, dict):
        if before.keys() != after.keys():
            return f"{place}: keys {sorted(before.keys() ^ after.keys())} on one side only"
        found = (difference(before[key], after[key], f"{place}.{key}") for key in before)
        return next(filter(None, found), None)
    if isinstance(before, list):
        if len(before) != len(after):
            return f"{place}: {len(before)} items became {len(after)}"
        pairs = enumerate(zip(before, after, strict=True))
        found = (difference(one, two, f"{place}[{index}]") for index, (one, two) in pairs)
        return next(filter(None, found), None)
    return None if before == after else f"{place}: {before!r} became {after!r}"


def round_trip(example: Example) -> str | None:
    """Read a JSON example with the generated client and write it again.

    Returns:
        The first thing that was lost or changed on the way, or None.
    """
    module = endpoint_module(example.operation, example.tag)
    return difference(example.value, plain(parse(module, example.http_response())))
