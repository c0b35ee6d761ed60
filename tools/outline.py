r"""The outline of an OpenAPI 3 document: the parts by which two documents are compared.

An outline is plain JSON:

    {"version": "1.1.1",
     "servers": ["https://mvsep.com", ...],
     "operations": {
         "get /api/app/news": {
             "parameters": {"query lang": "string", ...},
             "required": ["query lang"],
             "responses": {"200": {"$": "array", "$[]": "object", "$[].id": "integer", ...}},
             "facts": {"": ["answer 200"], "query lang": ["value \"en\""],
                       "200 $[].status": ["value 1"]}},
         ...},
     "webhooks": {"job": {"$": "object", "$.status": "string"}}}

A form's field is a parameter too, in the place "form". `required` and `facts` are missing where
they are not known. Status codes keep the document's own words, "default" among them. What is below
`facts` is described in tools/facts.py; those of the operation itself have no key.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from tools.console import one_line
from tools.facts import FORMS, is_json, media, of_operation, of_parameter
from tools.operations import METHODS
from tools.shapes import NotOpenAPI, Reader, Shape, list_at, object_at, paths

Outline = dict[str, Any]

_PLACES = ("query", "path", "header", "cookie")
# OpenAPI itself says that a parameter of these names is to be ignored.
_NO_HEADERS = {"accept", "authorization", "content-type"}
_MAX_SERVERS = 50


@dataclass(frozen=True)
class Field:
    """A value that a request carries.

    Args:
        place: "query", "path", "header", "cookie", "form", or "json" for a key of a JSON body.
        name: Its name.
        required: True if it has to be there.
        shape: Its shape.
        written: The facts that tell how it is written.
    """

    place: str
    name: str
    required: bool
    shape: Shape
    written: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its place and name, as an outline has them."""
        return f"{self.place} {self.name}"

    def facts(self) -> list[str]:
        """Return what is said of it beside its types."""
        items = self.shape.items.facts(with_limits=True) if self.shape.items else ()
        own = self.shape.facts(with_limits=True)
        return [*self.written, *own, *(f"item: {fact}" for fact in items)]


@dataclass(frozen=True)
class Operation:
    """An operation of a document.

    Args:
        method: The HTTP method, in small letters.
        path: The path, with the part that the document has in its servers.
        summary: A few words about it.
        description: More words about it.
        fields: The values of its request, by key.
        responses: Status to the shape of the JSON answer; None where it is not described.
        media: Status to the media types of the answer.
        facts: What is said of it beside the values.
    """

    method: str
    path: str
    summary: str
    description: str
    fields: Mapping[str, Field]
    responses: Mapping[str, Shape | None]
    media: Mapping[str, tuple[str, ...]]
    facts: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its method and path, as an outline has them: a slash at the end does not count."""
        return f"{self.method} {self.path.rstrip('/') or '/'}"


@dataclass(frozen=True)
class Document:
    """An OpenAPI document, as far as it is read.

    Args:
        version: The version it gives itself.
        servers: Scheme and host of each server.
        operations: Its operations by key.
        webhooks: The shape of the JSON that each webhook gets, and each callback.
    """

    version: str
    servers: tuple[str, ...]
    operations: Mapping[str, Operation]
    webhooks: Mapping[str, Shape]

    def outline(self) -> Outline:
        """Return the document as an outline."""
        return {
            "version": self.version,
            "servers": list(self.servers),
            "operations": {key: _outline(found) for key, found in self.operations.items()},
            "webhooks": {name: _parts(shape) for name, shape in self.webhooks.items()},
        }


def _outline(operation: Operation) -> dict[str, Any]:
    fields = operation.fields.values()
    return {
        "parameters": {field.key: field.shape.words for field in fields},
        "required": [field.key for field in fields if field.required],
        "responses": {
            status: _parts(shape)
            for status, shape in operation.responses.items()
            if shape is not None
        },
        "facts": {where: facts for where, facts in _facts(operation) if facts},
    }


def _facts(operation: Operation) -> Iterator[tuple[str, list[str]]]:
    yield "", list(operation.facts)
    for field in operation.fields.values():
        yield field.key, field.facts()
    for status, shape in operation.responses.items():
        for path, part in paths(shape) if shape else ():
            yield f"{status} {path}", list(part.facts(with_limits=False))


def _parts(shape: Shape) -> dict[str, str]:
    return {path: part.words for path, part in paths(shape)}


def read(document: Any) -> Document:
    """Read an OpenAPI 3.0, 3.1 or later 3 document.

    Raises:
        NotOpenAPI: When it is none, with a sentence that says why.
    """
    try:
        return _read(document)
    except RecursionError as error:
        raise NotOpenAPI("it is nested too deep") from error


def _read(document: Any) -> Document:
    if not isinstance(document, dict):
        raise NotOpenAPI("it is no JSON object")
    version = document.get("openapi")
    if not isinstance(version, str) or not re.match(r"3\.\d", version):
        swagger = " but Swagger 2" if "swagger" in document else ""
        raise NotOpenAPI(f"it is not OpenAPI 3{swagger}: its `openapi` is {version!r:.20}")
    reader = Reader(document)
    items = object_at(document, "paths", "the document")
    info = object_at(document, "info", "the document")
    servers, prefix = _servers(document)
    operations: dict[str, Operation] = {}
    for path, node in items.items():
        if path.startswith("x-"):
            continue
        item = reader.resolve(node, path)
        whole = f"{prefix}/{path.lstrip('/')}"
        for method in METHODS:
            if item.get(method) is not None:
                found = _operation(reader, method, whole, item)
                if found.key in operations:
                    raise NotOpenAPI(f"{found.key} is there twice")
                operations[found.key] = found
    if not operations:
        raise NotOpenAPI("it names no operation")
    version = _words(str(info.get("version", "")))[:40]
    return Document(version, servers, operations, dict(_webhooks(reader, document)))


def _webhooks(reader: Reader, document: dict[str, Any]) -> Iterator[tuple[str, Shape]]:
    for name, node in _hooks(reader, document):
        where = f"the webhook {name}"
        item = reader.resolve(node, where)
        for method in METHODS:
            if item.get(method) is not None:
                body = reader.resolve(item[method], where).get("requestBody")
                shape = _answer(reader, body, where) if body is not None else None
                yield name, shape or Shape()


def _hooks(reader: Reader, document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each webhook; a callback is one of its operation, `done of post /api/x`."""
    for key in ("webhooks", "x-webhooks"):
        yield from object_at(document, key, "the document").items()
    for path, node in object_at(document, "paths", "the document").items():
        item = reader.resolve(node, path) if not path.startswith("x-") else {}
        for method in METHODS:
            where = f"{method} {path}"
            if item.get(method) is not None:
                operation = reader.resolve(item[method], where)
                for name, callback in object_at(operation, "callbacks", where).items():
                    for address, hook in reader.resolve(callback, f"{where} {name}").items():
                        if not address.startswith("x-"):
                            yield f"{name} of {where}", hook


def _servers(document: dict[str, Any]) -> tuple[tuple[str, ...], str]:
    """Return the origins of the servers, and the path below which they have the API."""
    origins: dict[str, None] = {}
    prefixes = []
    for server in list_at(document, "servers", "the document"):
        if not isinstance(server, dict) or not isinstance(server.get("url"), str):
            raise NotOpenAPI("a server without a url")
        for url in _expanded(server):
            try:
                parts = urlsplit(url)
            except ValueError as error:
                raise NotOpenAPI(f"the server {url!r:.80} is no address") from error
            prefixes.append(parts.path.rstrip("/"))
            if parts.netloc:
                origins[f"{parts.scheme}://{parts.netloc}".lower()] = None
    return tuple(origins), prefixes[0] if prefixes else ""


def _expanded(server: dict[str, Any]) -> Iterator[str]:
    """Yield a server's addresses: its variables replaced by each of their values."""
    choices = []
    for name, variable in object_at(server, "variables", "a server").items():
        values = list_at(variable, "enum", name) if isinstance(variable, dict) else []
        default = variable.get("default") if isinstance(variable, dict) else None
        choices.append([(name, str(value)) for value in values or [default]])
    for chosen in itertools.islice(itertools.product(*choices), _MAX_SERVERS):
        url = server["url"]
        for name, value in chosen:
            url = url.replace(f"{{{name}}}", value)
        yield url


def _operation(reader: Reader, method: str, path: str, item: dict[str, Any]) -> Operation:
    where = f"{method} {path}"
    node = reader.resolve(item[method], where)
    if method == "head":  # its answers have no body, whatever a document says
        bare: dict[str, Any] = {key: {} for key in object_at(node, "responses", where)}
        node = {**node, "responses": bare}
    fields: dict[str, Field] = {}
    # Those of the operation come last: they replace the ones of the path.
    for each in (*list_at(item, "parameters", path), *list_at(node, "parameters", where)):
        field = _parameter(reader, each, where)
        if field.place != "header" or field.name.lower() not in _NO_HEADERS:
            fields[field.key] = field
    fields |= {field.key: field for field in _body(reader, node, where)}
    answers = {
        status: reader.resolve(answer, f"{where} {status}")
        for status, answer in object_at(node, "responses", where).items()
        if not status.startswith("x-")
    }
    return Operation(
        method,
        path,
        _words(node.get("summary")) or _words(item.get("summary")),
        _words(node.get("description")) or _words(item.get("description")),
        fields,
        {status: _answer(reader, node, f"{where} {status}") for status, node in answers.items()},
        {status: tuple(media(reader, node, where)) for status, node in answers.items()},
        tuple(of_operation(reader, node, where)),
    )


def _parameter(reader: Reader, node: Any, where: str) -> Field:
    node = reader.resolve(node, f"a parameter of {where}")
    name, place = node.get("name"), node.get("in")
    if not isinstance(name, str) or not name or place not in _PLACES:
        raise NotOpenAPI(f"a parameter of {where} has no name, or is in no place that OpenAPI has")
    at = f"{where} {place} {name}"
    schema = node.get("schema")
    if schema is None:
        schema = next(iter(media(reader, node, at).values()), {}).get("schema")
    shape = reader.shape({} if schema is None else schema, at)
    told = _words(node.get("description")) or shape.description
    required = place == "path" or node.get("required") is True
    shape = replace(
        shape,
        description=told,
        deprecated=shape.deprecated or node.get("deprecated") is True,
    )
    return Field(place, name, required, shape, tuple(of_parameter(node, place, shape)))


def _body(reader: Reader, node: dict[str, Any], where: str) -> Iterator[Field]:
    if node.get("requestBody") is None:
        return
    kinds = media(reader, reader.resolve(node["requestBody"], f"the body of {where}"), where)
    form = next((kind for kind in FORMS if kind in kinds), None)
    kind = form or next((kind for kind in kinds if is_json(kind)), None)
    if kind is None or kinds[kind].get("schema") is None:
        return
    place = "form" if form else "json"
    whole = reader.shape(kinds[kind]["schema"], f"the body of {where}")
    for name, shape in whole.properties.items():
        yield Field(place, name, name in whole.required, shape)


def _answer(reader: Reader, node: Any, where: str) -> Shape | None:
    kinds = media(reader, reader.resolve(node, where), where)
    kind = next((kind for kind in kinds if is_json(kind)), None)
    if kind is None or kinds[kind].get("schema") is None:
        return None
    return reader.shape(kinds[kind]["schema"], where)


def _words(value: Any) -> str:
    return one_line(value) if isinstance(value, str) else ""
