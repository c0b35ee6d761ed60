"""A bridge from Schemathesis' cases to calls of the generated client, and to the wire.

The two ways to the wire have nothing in common but the contract: the case is written by
Schemathesis and requests, the call by the generated client and httpx. So what the client sends
can be held against what the case says.
"""

from __future__ import annotations

import asyncio
import copy
import functools
import inspect
import io
from collections.abc import Collection, Mapping
from types import ModuleType, TracebackType
from typing import Any, Final, Literal, Self, TypeAlias, get_args, get_type_hints
from urllib.parse import quote, quote_plus

import attrs
import httpx
import requests
import schemathesis
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import BaseSchema

from contract_tests.harness.evidence import ContractBroken, Tape, scrub
from contract_tests.harness.facade import USUAL, in_python
from contract_tests.harness.quirks import quirk
from contract_tests.harness.wire import FORM, Sent, difference, read, sent
from contract_tests.mock import MockCrashed, Prism, violations
from mvsep_api import Client
from mvsep_api.types import File
from tools.examples import endpoint_module
from tools.generator_input import multipart_only
from tools.operations import form_schema, operations
from tools.regenerate import Project, read_contract

Case: TypeAlias = schemathesis.Case[Any]
Shell = Literal["sync", "async"]
Mode = Literal["positive", "negative"]

# A shorter text is no real secret, and masking it would blot out half of the evidence.
_SECRET_LENGTH: Final = 8
_SECRETS: Final = frozenset({"api_token", "password", "password_confirmation"})


# Cases


def cases(mode: Mode) -> BaseSchema:
    """Return the contract as a source of cases; use it as `@schema.parametrize()`."""
    quirk("schemathesis-forgets-cases-of-own-files")
    quirk("prism-sends-no-allow-header")
    phases: dict[str, Any] = {"coverage": {"unexpected-methods": []}}
    contract = multipart_only(read_contract(Project().contract))  # as the client writes forms
    for item in contract["paths"].values():
        for name in [name for name in item if item[name]["operationId"] not in USUAL]:
            del item[name]
    if mode == "negative":
        phases["examples"] = {"enabled": False}  # they are positive
        contract = _with_files_as_texts(contract)
    config = schemathesis.Config.from_dict(
        {
            "base-url": "http://127.0.0.1",  # a call names its server itself
            "generation": {"mode": mode},
            "phases": phases,
            # It sends calls of its own, past the client: a mock takes any token.
            "checks": {"ignored_auth": {"enabled": False}},
        }
    )
    return schemathesis.openapi.from_dict(contract, config=config)


def _with_files_as_texts(contract: dict[str, Any]) -> dict[str, Any]:
    """Return the contract with texts for files; for Prism a file is a text too."""
    quirk("schemathesis-fails-to-break-a-file")
    changed = copy.deepcopy(contract)
    for _, _, operation in operations(changed):
        for schema in form_schema(changed, operation).get("properties", {}).values():
            if schema.get("format") == "binary":
                del schema["format"]
        if operation["operationId"] in uploads():
            del operation["requestBody"]["content"][FORM]["encoding"]
    return changed


@functools.cache
def uploads() -> dict[str, dict[str, str]]:
    """Return the operations that take files, with the content type asked for of each field."""
    contract = read_contract(Project().contract)
    forms = {
        found["operationId"]: found["requestBody"]["content"][FORM].get("encoding", {})
        for _, _, found in operations(contract)
        if "requestBody" in found
    }
    return {
        operation: {name: each["contentType"] for name, each in encoding.items()}
        for operation, encoding in forms.items()
        if encoding
    }


def operation_of(case: Case) -> str:
    """Return the operationId of a case."""
    return str(case.operation.definition.raw["operationId"])


def secrets_of(case: Case) -> set[str]:
    """Return the token and passwords of a case, in all ways to write them."""
    body = case.body if isinstance(case.body, Mapping) else {}
    values = [
        str(value)
        for fields in (case.query or {}, body)
        for name, value in fields.items()
        if name in _SECRETS and len(str(value)) >= _SECRET_LENGTH
    ]
    return {write(value) for value in values for write in (str, quote, quote_plus)}


# From a case to a call


@functools.cache
def _endpoint(operation: str, tag: str) -> tuple[ModuleType, dict[str, Any]]:
    """Return the generated module of an operation, and its arguments with their types."""
    module = endpoint_module(operation, tag)
    hints = get_type_hints(module._get_kwargs)
    return module, {name: hints[name] for name in inspect.signature(module._get_kwargs).parameters}


def endpoint(case: Case) -> ModuleType:
    """Return the generated module that a case calls."""
    return _endpoint(operation_of(case), (case.operation.tags or [""])[0])[0]


def arguments(case: Case) -> dict[str, Any]:
    """Return the arguments with which the generated function says what a case says."""
    _, types = _endpoint(operation_of(case), (case.operation.tags or [""])[0])
    parameters = {**(case.query or {}), **dict(case.headers or {}), **(case.cookies or {})}
    said = {_known(case, name, types): value for name, value in parameters.items()}
    # Schemathesis writes some of its query values as text already.
    called = {
        name: int(value) if int in get_args(types[name]) or types[name] is int else value
        for name, value in said.items()
    }
    if isinstance(case.body, Mapping):
        called["body"] = _form(case, case.body, types["body"])
    return called


def _form(
    case: Case, body: Mapping[str, Any], model: type[attrs.AttrsInstance]
) -> attrs.AttrsInstance:
    kinds = uploads().get(operation_of(case), {})
    fields = attrs.fields_dict(model)
    said: dict[str, Any] = {}
    for name, value in body.items():
        if name in kinds:
            content = getattr(value, "data", value)
            if isinstance(content, str):  # an example of the contract has a file as a text
                content = content.encode()
            value = File(io.BytesIO(content), f"{name}.bin", kinds[name])
        said[_known(case, name, fields)] = value
    return model(**said)


def _known(case: Case, name: str, known: Collection[str]) -> str:
    """Return a field's name in Python: `hash_`, `client_query`, `optionsadd_opt1`."""
    plain = in_python(name)
    for candidate in (plain, f"{plain}_", f"{plain}_query"):
        if candidate in known:
            return candidate
    raise ContractBroken(
        f"the client has no argument for the field {name}",
        blame="client",
        operation=operation_of(case),
    )


class Callers:
    """The generated client in front of a server, sync and async, and what they said."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.tapes: dict[Shell, Tape] = {"sync": Tape(), "async": Tape()}
        self._runner = asyncio.Runner()
        hooks = self.tapes["sync"].hooks
        self._sync = httpx.Client(base_url=url, trust_env=False, event_hooks=hooks)
        hooks = self.tapes["async"].async_hooks
        self._async = httpx.AsyncClient(base_url=url, trust_env=False, event_hooks=hooks)
        self._client = Client(base_url=url)
        self._client.set_httpx_client(self._sync).set_async_httpx_client(self._async)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._sync.close()
        self._runner.run(self._async.aclose())
        self._runner.close()

    def call(self, shell: Shell, case: Case) -> Any:
        """Say through the generated client what a case says; its answer, as the client read it."""
        module, said = endpoint(case), arguments(case)
        self.tapes[shell].clear()
        if shell == "sync":
            return module.sync_detailed(client=self._client, **said)
        return self._runner.run(module.asyncio_detailed(client=self._client, **said))


# What a case says, beside the client


def asked(case: Case) -> Sent:
    """Return what a case says, in Schemathesis' own writing."""
    request = prepared(case)
    kind = str(request.headers.get("Content-Type", ""))
    return read(str(request.method), str(request.url), kind, _bytes(request.body))


def prepared(case: Case) -> requests.PreparedRequest:
    """Return the raw request of a case."""
    return requests.Request(**case.as_transport_kwargs()).prepare()


def _bytes(body: object) -> bytes:
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b""


# Both together


def exchange(prism: Prism, callers: Callers, shell: Shell, case: Case) -> Any:
    """Say what a case says through the generated client, and hold both sides to the contract."""
    tape = callers.tapes[shell]
    secrets = secrets_of(case)

    def broken(what: str, blame: Literal["contract", "client", "mock"]) -> ContractBroken:
        return ContractBroken(
            scrub(what, secrets),
            blame=blame,
            operation=operation_of(case),
            status=200,
            evidence=scrub(str(tape), secrets),
        )

    failure: Exception | None = None
    answer: Any = None
    try:
        answer = callers.call(shell, case)
    except ContractBroken:
        raise
    except Exception as error:
        failure = error
    response = tape.response
    if response is None:
        check_alive(prism, operation_of(case))
        raise broken(f"the client sent nothing: {failure!r}", "client") from failure
    found = difference(asked(case), sent(response.request))
    if found:
        raise broken(found, "client")
    if response.status_code != 200 or violations(response):
        said = "; ".join(violations(response)) or "without a reason"
        raise broken(f"Prism refused what keeps to the contract ({said})", "contract")
    try:
        case.validate_response(response)
    except FailureGroup as group:
        said = "; ".join(" ".join(str(each).split()) for each in group.exceptions)
        raise broken(f"the answer breaks the contract: {said}", "contract") from None
    if failure is not None or answer.parsed is None:
        raise broken(f"the client could not read the answer: {failure!r}", "client") from failure
    return answer


def check_alive(prism: Prism, operation: str) -> None:
    """Tell a death of Prism from a fault of the client, and start it again for the next test."""
    try:
        prism.check()
    except MockCrashed as crash:
        prism.restart()
        raise ContractBroken(
            "Prism crashed", blame="mock", operation=operation, evidence=crash
        ) from crash
