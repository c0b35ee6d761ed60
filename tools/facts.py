"""Facts of an operation beside the types of its values, each as a short text.

Two documents are compared by them, and what a stub can't carry of them is left to a person:
`deprecated`, `security http bearer`, `body application/octet-stream`, `answer 202`,
`style deepObject`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tools.shapes import NotOpenAPI, Reader, Shape, list_at, object_at

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
#: The style in which a parameter's list or object is written where nothing is said.
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_STATUS = re.compile(r"[1-5]\d\d")


def media(reader: Reader, node: dict[str, Any], where: str) -> dict[str, dict[str, Any]]:
    """Return the media types of a body or an answer, in small letters and without parameters."""
    content = object_at(node, "content", where)
    return {
        kind.partition(";")[0].strip().lower(): reader.resolve(inner, f"{where} {kind}")
        for kind, inner in content.items()
    }


def is_json(kind: str) -> bool:
    """Check that a media type holds JSON."""
    return kind in {"application/json", "*/*", "application/*"} or kind.endswith("+json")


def of_operation(reader: Reader, node: dict[str, Any], where: str) -> Iterator[str]:
    """Yield the facts of an operation."""
    if node.get("deprecated") is True:
        yield "deprecated"
    yield from _security(reader, node, where)
    yield from _body(reader, node, where)
    for status, answer in object_at(node, "responses", where).items():
        if _STATUS.fullmatch(status):
            yield f"answer {status}"
        if status.startswith("2"):
            kinds = media(reader, reader.resolve(answer, where), where)
            yield from (f"answer {status} {kind}" for kind in kinds if not is_json(kind))


def of_parameter(node: dict[str, Any], place: str, shape: Shape) -> Iterator[str]:
    """Yield the facts of a parameter that tell how its list or object is written."""
    if node.get("content") is not None:
        yield f"written as {next(iter(node['content']), 'nothing')}"
    elif shape.types & {"array", "object"}:
        style = node.get("style", _STYLES[place])
        if style != _STYLES[place]:
            yield f"style {style}"
        explode = node.get("explode", style in ("form", "deepObject"))
        if explode is not (_STYLES[place] == "form"):
            yield f"explode {str(explode).lower()}"
        if "object" in shape.types:
            yield "object"


def _security(reader: Reader, node: dict[str, Any], where: str) -> Iterator[str]:
    """Yield each way to prove who one is; none where nobody needs to."""
    holder = node if "security" in node else reader.document
    components = object_at(reader.document, "components", "the document")
    schemes = object_at(components, "securitySchemes", "the components")
    for each in list_at(holder, "security", where):
        if not isinstance(each, dict):
            raise NotOpenAPI(f"the security of {where} is no list of objects")
        ways = [_scheme(reader, schemes, name, where) for name in each]
        yield f"security {' + '.join(ways) or 'none'}"


def _scheme(reader: Reader, schemes: dict[str, Any], name: str, where: str) -> str:
    if name not in schemes:
        raise NotOpenAPI(f"{where} names the security {name!r:.80}, which is not there")
    scheme = reader.resolve(schemes[name], where)
    words = [scheme.get(key) for key in ("type", "scheme", "in", "name")]
    return " ".join(word for word in words if isinstance(word, str))


def _body(reader: Reader, node: dict[str, Any], where: str) -> Iterator[str]:
    """Yield a body that is neither a form nor a JSON object."""
    if node.get("requestBody") is None:
        return
    kinds = media(reader, reader.resolve(node["requestBody"], where), where)
    if any(kind in kinds for kind in FORMS):
        return
    kind = next(filter(is_json, kinds), None)
    if kind is None:
        yield from (f"body {each}" for each in kinds)
    elif not reader.shape(kinds[kind].get("schema", True), where).types <= {"object"}:
        yield f"body {kind}, no object"
