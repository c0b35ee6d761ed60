"""The witness of a server's answers: schema, keys, dates and the shapes of errors."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final, NoReturn

import httpx
from jsonschema import Draft202012Validator

from contract_tests.harness.evidence import ContractBroken, scrub
from contract_tests.harness.ledger import Column, Ledger
from mvsep.core.values import truth
from tools.examples import examples
from tools.operations import operations, resolve

Json = dict[str, Any]
Keys = dict[str, "Keys | None"]
"""Keys an object has, and below each those of its value; "[]" stands for each item of a list.
None: nothing is known."""

_SHOWN: Final = 1500
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


class Witness:
    """A witness of the answers that pass, who raises when one breaks the contract.

    Besides the schema, which allows what the service was ever seen to do, an answer has to have
    the keys that all examples of its kind have, its dates have to be written as in the examples,
    and an error has to have one of the documented shapes.

    Attributes:
        broken: What was found, for the case that somebody swallowed the error.
    """

    def __init__(
        self, contract: Json, ledger: Ledger, column: Column, secrets: Collection[str] = ()
    ) -> None:
        self.broken: list[ContractBroken] = []
        self._contract = contract
        self._ledger = ledger
        self._column = column
        self._secrets = secrets
        self._operations = {(m.upper(), path): found for m, path, found in operations(contract)}
        self._validators: dict[tuple[str, str], Draft202012Validator] = {}
        self._learn(contract)
        self._seen: set[tuple[str, int, bytes]] = set()

    def _learn(self, contract: Json) -> None:
        """Take keys, dates and the shapes of errors from the contract's examples."""
        asked = {found["operationId"]: found for found in self._operations.values()}
        keys: dict[tuple[str, object, bool], list[Keys | None]] = defaultdict(list)
        self._dates: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._shapes: dict[tuple[str, str], set[object]] = defaultdict(set)
        for example in examples(contract):
            if not example.is_json:
                continue
            name, value, operation = example.operation, example.value, asked[example.operation]
            if example.response != "200":
                self._shapes[name, example.response].add(_shape(value))
                continue
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            keys[_kind(operation, value)].append(_keys(contract, schema, value))
            for place, form in _dates(value):
                self._dates[name, place].add(form)
        self._keys = {kind: _common(each) for kind, each in keys.items()}

    def see(self, method: str, path: str, response: httpx.Response) -> None:
        """Look at the answer to one request; what is no operation of the contract is let pass."""
        operation = self._operations.get((method, path))
        if operation is None:
            return
        name = operation["operationId"]
        # Checking is dear for long answers, and many come again and again.
        mark = (name, response.status_code, response.content)
        if mark not in self._seen:
            try:
                self._check(operation, response)
            except ContractBroken as error:
                self.broken.append(error)
                raise
            self._seen.add(mark)
        self._ledger.count(self._column, name, response.status_code)

    def _check(self, operation: Json, response: httpx.Response) -> None:
        status = str(response.status_code)
        key = status if status in operation["responses"] else "default"
        if response.status_code >= 500:
            self._break("the server failed", operation, response)
        if key == "default" and response.status_code < 400:
            self._break("the contract knows no such status", operation, response)
        documented = resolve(self._contract, operation["responses"][key])
        self._check_headers(documented, operation, response)
        kind = response.headers.get("content-type", "").partition(";")[0]
        if kind not in documented["content"]:
            self._break(f"the contract has no {kind or 'untyped'} here", operation, response)
        schema = documented["content"][kind]["schema"]
        body = self._body(kind, operation, response)
        for error in self._validator(operation["operationId"], key + kind, schema).iter_errors(
            body
        ):
            self._break(f"{error.json_path}: {error.message:.300}", operation, response)
        if kind != "application/json":
            return
        if key != "200":
            if _shape(body) not in self._shapes[operation["operationId"], key]:
                self._break("an error of a shape nobody has seen", operation, response)
            return
        wanted = self._keys.get(_kind(operation, body))
        for place in _missing(wanted, _keys(self._contract, schema, body)):
            self._break(f"{place} is missing; all examples have it", operation, response)
        for place, form in _dates(body):
            known_forms = self._dates[operation["operationId"], place]
            if known_forms and form not in known_forms:
                self._break(f"{place} is a date like {form}, in no example", operation, response)

    def _check_headers(self, documented: Json, operation: Json, response: httpx.Response) -> None:
        for header, reference in documented.get("headers", {}).items():
            schema = resolve(self._contract, reference)["schema"]
            text = response.headers.get(header)
            if text is not None and schema["type"] == "integer" and not text.isdecimal():
                self._break(f"the header {header} is no whole number", operation, response)

    def _body(self, kind: str, operation: Json, response: httpx.Response) -> Any:
        if kind != "application/json":
            return response.text
        try:
            return json.loads(response.content, parse_constant=_not_json)
        except ValueError as error:
            self._break(f"not JSON: {error}", operation, response)

    def _validator(self, name: str, answer: str, schema: Json) -> Draft202012Validator:
        if (name, answer) not in self._validators:
            whole = {**schema, "components": self._contract["components"]}
            self._validators[name, answer] = Draft202012Validator(whole)
        return self._validators[name, answer]

    def _break(self, what: str, operation: Json, response: httpx.Response) -> NoReturn:
        body = response.content[:_SHOWN].decode("utf-8", errors="backslashreplace")
        kind = response.headers.get("content-type", "no content type")
        raise ContractBroken(
            what,
            blame="server",
            operation=operation["operationId"],
            status=response.status_code,
            evidence=scrub(f"< {response.status_code} {kind}\n{body}", self._secrets),
        )


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not in JSON")


def _kind(operation: Json, body: Any) -> tuple[str, object, bool]:
    """Answers of one kind have the same keys: those of one state, or a refusal with status 200."""
    fields = body if isinstance(body, dict) else {}
    state = fields.get("status") if operation.get("x-answer") == "state" else None
    return operation["operationId"], state, truth(fields.get("success", True))


# The keys that all examples have


def _keys(contract: Json, schema: Json, value: Any) -> Keys | None:
    """Return the keys of a value that its schema declares."""
    schema = resolve(contract, schema)
    if isinstance(value, dict) and "properties" in schema:
        declared = schema["properties"]
        return {
            key: _keys(contract, declared[key], inner)
            for key, inner in value.items()
            if key in declared
        }
    if isinstance(value, list) and "items" in schema:
        items = _common(_keys(contract, schema["items"], item) for item in value)
        return None if items is None else {"[]": items}
    return None


def _common(several: Iterable[Keys | None]) -> Keys | None:
    known = [each for each in several if each is not None]
    if not known:
        return None
    shared = set.intersection(*(set(each) for each in known))
    return {key: _common(each[key] for each in known) for key in sorted(shared)}


def _missing(wanted: Keys | None, there: Keys | None, place: str = "$") -> Iterator[str]:
    if wanted is None or there is None:
        return
    for key, inner in wanted.items():
        if key in there:
            yield from _missing(inner, there[key], f"{place}.{key}")
        else:
            yield f"{place}.{key}"


# How dates are written


def _dates(value: Any, place: str = "$") -> Iterator[tuple[str, str]]:
    """Yield the places of dates in a value, and how each is written: with 9 for every digit."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _dates(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _dates(inner, f"{place}[]")
    elif isinstance(value, str) and _DATE.match(value):
        yield place, re.sub(r"\d", "9", value)


# The shapes that errors have


def _shape(value: Any) -> object:
    if isinstance(value, dict):
        if value and all(isinstance(inner, list) for inner in value.values()):
            return "texts by field", frozenset(map(_shape, value.values()))
        return frozenset((key, _shape(inner)) for key, inner in value.items())
    if isinstance(value, list):
        return "list", frozenset(map(_shape, value))
    return value if isinstance(value, bool | None) else type(value).__name__
