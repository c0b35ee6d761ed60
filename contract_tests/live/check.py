"""The check of one answer against the contract, and what to change where it does not hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

import httpx
from attrs import evolve, field, frozen
from jsonschema import Draft202012Validator, ValidationError

from contract_tests.harness.evidence import Blame
from tools.examples import difference, endpoint_module, parse, plain
from tools.known_values import closed
from tools.operations import operations, resolve

#: From the weakest to the firmest.
EVIDENCE: Final = ("inferred", "documented", "observed", "captured")

_JSON: Final = "application/json"
_SHOWN_KEYS: Final = 12
_SHOWN_WORD: Final = 40

_KIND: Final = "the content type"

Found = TypeVar("Found")
_FREE: Final = (
    "take its type away and name the shapes in its description (a generated model holds no list "
    "or object beside another type)"
)


@frozen
class Problem:
    """One place where an answer and the contract, or the client, differ."""

    place: str  # where in the answer: "$.data.files[0].bytes", "the status", "the content type"
    what: str  # what is there, and what the contract says
    change: str  # what to change
    blame: Blame = "contract"  # who is to change it, as far as can be told
    more: int = 0  # in how many further places of the answer it is the same

    def __str__(self) -> str:
        alike = f" (and {self.more} more alike)" if self.more else ""
        return f"{self.place}: {self.what}{alike}"


@frozen
class NewKey:
    """A key that the contract does not have; answers are open, so nothing is broken."""

    place: str
    shape: str
    owner: str

    def __str__(self) -> str:
        return f"new key {self.place} ({self.shape}): could be a property of {self.owner}"


@frozen
class Verdict:
    """The result of holding one answer against the contract."""

    operation: str  # operationId
    status: int  # HTTP status
    key: str  # contract's key of the response: "200", ..., "default"
    problems: tuple[Problem, ...] = ()  # where they differ; empty when the contract held
    new_keys: tuple[NewKey, ...] = field(default=())  # what the contract does not name yet

    @property
    def held(self) -> bool:
        """True when the answer keeps to the contract."""
        return not self.problems

    @property
    def is_outage(self) -> bool:
        """True when something failed and it was not the service that said so, in its own form."""
        return self.status >= 500 and any(each.place == _KIND for each in self.problems)


def operation_of(contract: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the operation of that operationId."""
    for _, _, found in operations(contract):
        if found["operationId"] == name:
            return found
    raise KeyError(name)


def media_of(content_type: str) -> str:
    """Return a content type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def examine(
    contract: dict[str, Any], operation: str, *, status: int, content_type: str, content: bytes
) -> Verdict:
    """Hold one answer against the contract, and through the generated client."""
    asked = operation_of(contract, operation)
    responses: dict[str, Any] = asked["responses"]
    key = str(status) if str(status) in responses else "default"
    verdict = Verdict(operation, status, key)
    if key not in responses or (key == "default" and status < 500):
        listed = ", ".join(responses)
        change = f'give {operation} a response "{status}" in the contract'
        return evolve(
            verdict,
            problems=(Problem("the status", f"is {status}, contract says {listed}", change),),
        )
    response = resolve(contract, responses[key])
    kind, documented = media_of(content_type), response.get("content", {})
    if kind not in documented:
        what = f"is {kind or 'missing'}, contract says {' or '.join(documented) or 'nothing'}"
        change = (
            f'add "{kind}" to the content of {operation} {key} in the contract, '
            "if the service itself says this and not something before it"
        )
        return evolve(verdict, problems=(Problem(_KIND, what, change),))
    if kind != _JSON:
        return verdict
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        change = "report it to the service: no contract can allow for it"
        return evolve(verdict, problems=(Problem("$", "is no JSON", change, "server"),))
    schema, where = documented[kind]["schema"], f"the schema of {operation} {key}"
    problems = _broken(contract, schema, where, value)
    if not problems:
        answer = httpx.Response(status, content=content, headers={"content-type": _JSON})
        problems = list(_changed_by_client(operation, asked["tags"][0], answer, value))
    news = _first_alike(
        (found.owner + re.sub(r"\[\d+\]", "[]", found.place), found)
        for found in _unknown(contract, schema, where, value, "$")
    )
    return evolve(verdict, problems=tuple(problems), new_keys=tuple(each for each, _ in news))


def evidence_of(contract: dict[str, Any], operation: str, key: str) -> str:
    """Return the weaker `x-evidence` of a response and, of a success, of its operation."""
    asked = operation_of(contract, operation)
    found = [resolve(contract, asked["responses"][key]).get("x-evidence", EVIDENCE[0])]
    if key == "200":
        found.append(asked.get("x-evidence", EVIDENCE[0]))
    return EVIDENCE[min(map(EVIDENCE.index, found))]


def kind_of(value: Any) -> str:
    """Return the JSON type of a value."""
    if value is None:
        return "null"
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return kinds.get(type(value), "object")


def shape_of(value: Any, depth: int = 3) -> str:
    """Return a value's types, without its values: `array of object {id: integer}`."""
    kind = kind_of(value)
    if not value or not depth or kind not in {"array", "object"}:
        return f"empty {kind}" if value in ([], {}) else kind
    if kind == "array":
        inside = dict.fromkeys(shape_of(item, depth - 1) for item in value)
        return f"array of {' or '.join(inside)}"
    keys = [f"{key}: {shape_of(inner, depth - 1)}" for key, inner in value.items()]
    more = ", ..." if len(keys) > _SHOWN_KEYS else ""
    return f"object {{{', '.join(keys[:_SHOWN_KEYS])}{more}}}"


# Inside


def _first_alike(pairs: Iterable[tuple[object, Found]]) -> list[tuple[Found, int]]:
    """Return the first of each key, and how many more there were."""
    kept: dict[object, tuple[Found, int]] = {}
    for key, found in pairs:
        first, more = kept.get(key, (found, -1))
        kept[key] = first, more + 1
    return list(kept.values())


def _broken(
    contract: dict[str, Any], schema: dict[str, Any], where: str, value: Any
) -> list[Problem]:
    # A word that is not known yet breaks no client, but the contract should get it.
    schemas = closed(contract["components"]["schemas"])
    rooted = {**schema, "components": {**contract["components"], "schemas": schemas}}
    alike = _first_alike(
        (key, problem)
        for error in Draft202012Validator(rooted).iter_errors(value)
        for key, problem in _told(contract, schema, where, error)
    )
    return [evolve(problem, more=more) for problem, more in alike]


def _told(
    contract: dict[str, Any], schema: dict[str, Any], where: str, error: ValidationError
) -> Iterator[tuple[object, Problem]]:
    """Return a validator's error as problems, each with what makes it alike to another."""
    pointer = _pointer(contract, schema, where, list(error.absolute_schema_path)[:-1])
    place, rule = error.json_path, str(error.validator)
    wanted: Any = error.validator_value
    instance: Any = error.instance
    path = tuple("[]" if isinstance(step, int) else step for step in error.absolute_path)
    if rule == "required":
        for name in wanted:
            if name not in instance:
                change = f'take "{name}" out of the required keys of {pointer}'
                what = "is missing, contract requires it"
                yield (path, rule, name), Problem(f"{place}.{name}", what, change)
        return
    seen: object = rule
    if rule == "type":
        seen = kind_of(instance)
        what, change = _type(str(seen), wanted, pointer)
    elif rule == "enum":
        seen = str(instance)[:_SHOWN_WORD]
        what = f'is "{seen}", contract says {", ".join(map(str, wanted))}'
        change = f'add "{seen}" to the known values of {pointer}'
    else:
        what = f"does not keep to {rule} {wanted!r}"
        change = f"loosen {rule} of {pointer}"
    yield (path, rule, seen), Problem(place, what, change)


def _type(seen: str, wanted: Any, pointer: str) -> tuple[str, str]:
    kinds = [wanted] if isinstance(wanted, str) else list(wanted)
    what = f"is {seen}, contract says {' or '.join(kinds)}"
    if {"array", "object"} & {seen, *kinds}:
        return what, f"{_FREE}: {pointer}"
    if seen == "number" and "integer" in kinds:
        kinds.remove("integer")
    kinds.append(seen)
    said = json.dumps(kinds if len(kinds) > 1 else kinds[0])
    return what, f"set the type of {pointer} to {said}"


def _pointer(contract: dict[str, Any], schema: Any, where: str, path: list[str | int]) -> str:
    """Return the place in the contract that a path of the validator leads to."""
    node = schema
    # The validator's paths pass over references.
    for step in path:
        if step not in node:
            node, where = _followed(contract, node, where)
        where, node = f"{where}/{step}", node[step]
    return _followed(contract, node, where)[1]


def _followed(contract: dict[str, Any], node: Any, where: str) -> tuple[Any, str]:
    """Return a schema and where it stands, references followed."""
    while "$ref" in node:
        where = node["$ref"].removeprefix("#/")
        node = resolve(contract, {"$ref": node["$ref"]})
    return node, where


def _unknown(
    contract: dict[str, Any], schema: dict[str, Any], where: str, value: Any, place: str
) -> Iterator[NewKey]:
    schema, where = _followed(contract, schema, where)
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            inner = f"{place}[{index}]"
            yield from _unknown(contract, schema["items"], f"{where}/items", item, inner)
    named: Mapping[str, Any] = schema.get("properties", {})
    if not isinstance(value, dict) or not named:
        return
    for key, item in value.items():
        inner = f"{place}.{key}"
        if key in named:
            owner = f"{where}/properties/{key}"
            yield from _unknown(contract, named[key], owner, item, inner)
        elif not any(re.search(each, key) for each in schema.get("patternProperties", ())):
            yield NewKey(inner, shape_of(item), where)


def _changed_by_client(
    operation: str, tag: str, answer: httpx.Response, value: Any
) -> Iterator[Problem]:
    change = "nothing in the contract: the generated client is at fault (spec/codegen)"
    try:
        lost = difference(value, plain(parse(endpoint_module(operation, tag), answer)))
    except Exception as error:  # whatever the generated code raises is what is looked for
        yield Problem("$", f"can't be read by the client: {type(error).__name__}", change, "client")
        return
    if lost:
        # Without the values, which may be somebody's.
        place = lost.partition(": ")[0]
        yield Problem(place, "does not come out of the client as it went in", change, "client")
