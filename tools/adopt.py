"""Adoption of what is new in the official document into our contract, as stubs to complete.

`python -m tools.adopt --upstream FILE-OR-URL` adds new operations, parameters, fields of answers
and servers to spec/mvsep-openapi-spec.json, and puts on record in spec/upstream.json what the
document offers. What a stub can't carry is accepted there with the reason. It never removes or
changes anything in the contract: that is left to a person.

Exit code: 0 all is adopted, 1 something is left to a person, 2 it could not be done.
"""

from __future__ import annotations

import argparse
import copy
import json
import re
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from tools import files, stubs
from tools.comparison import BY_HAND, Finding, Subject, answering, compare, is_own, parent, steps
from tools.console import leave, shown
from tools.drift import CannotCompare, read_project, read_upstream, record_of
from tools.operations import operations, resolve
from tools.outline import Document, Outline, read
from tools.record import Record
from tools.regenerate import GenerationError, Project, read_contract, validate
from tools.shapes import NotOpenAPI, paths
from tools.stub_answers import answer_schema
from tools.stub_parts import holdable, pascal, reference


@dataclass(frozen=True)
class Adoption:
    """The outcome of an adoption.

    Args:
        contract: The contract with the stubs.
        record: The record of what the official document offers and of what is accepted.
        done: A sentence for each thing that was done.
        left: A sentence for each thing that is left to a person.
    """

    contract: dict[str, Any]
    record: Record
    done: Sequence[str]
    left: Sequence[str]


def adopt(contract: dict[str, Any], record: Record, upstream: Document) -> Adoption:
    """Add what is new to a copy of a contract and of its record.

    Args:
        contract: Our contract.
        record: What was recorded when it was last compared.
        upstream: The official document.
    """
    grown = copy.deepcopy(contract)
    offered = upstream.outline()
    done: list[str] = []
    added: set[str] = set()
    accepted = dict(record.accepted)
    for finding in compare(offered, read(grown).outline(), record.outline, accepted):
        if finding.kind == "stale":
            del accepted[finding.subject]
            done.append(f"{finding.subject} is no longer accepted: the difference is gone.")
        elif finding.kind in ("gone", "changed"):
            became = "is gone" if finding.kind == "gone" else "has changed"
            done.append(f"{finding.about.words} {became}: noted. Check if that concerns us.")
        elif finding.kind == "new" and (text := _add(grown, finding.about, upstream)):
            added.add(finding.subject)
            done.append(text)
    # A second comparison finds what a stub could not carry.
    ours = read(grown).outline()
    left: list[str] = []
    for finding in compare(offered, ours, offered, accepted):
        if reason := _reason(finding, added, ours, upstream):
            version = upstream.version or "unknown"
            accepted[finding.subject] = f"{reason} Noted when version {version} was adopted."
            done.append(f"Accepted: {finding.subject}. {accepted[finding.subject]}")
        else:
            left.append(_left(finding, upstream))
    return Adoption(grown, Record(record.document, accepted, offered), done, sorted(left))


def _add(contract: dict[str, Any], about: Subject, upstream: Document) -> str:
    """Add what a finding is about and say so; return "" where a person has to do it."""
    if about.server:
        return _add_server(contract, about.server, upstream.version)
    if about.fact:
        return _deprecate(contract, about)
    theirs = upstream.operations[about.operation]
    if about.parameter:
        return _add_parameter(contract, about, upstream)
    if about.status:
        return _add_part(contract, about, upstream)
    if stubs.unwritable(theirs):
        return ""
    name = stubs.write(contract, theirs, upstream.version)
    return f"{about.words}: added as {name}."


def _deprecate(contract: dict[str, Any], about: Subject) -> str:
    """Mark an operation as deprecated, or a parameter that the contract has as one."""
    node = _operation(contract, about.operation)
    if about.parameter:
        place, _, name = about.parameter.partition(" ")
        own = [each for each in node.get("parameters", []) if "$ref" not in each]
        found = [each for each in own if (each["in"], each["name"]) == (place, name)]
        if not found:
            return ""
        node = found[0]
    node["deprecated"] = True
    return f"{about.words}: noted."


def _add_server(contract: dict[str, Any], server: str, version: str) -> str:
    if not is_own(server):
        return ""
    text = f"Named by the official document, version {version or 'unknown'}."
    contract["servers"].append({"url": server, "description": text})
    return f"The server {server}: added."


def _add_parameter(contract: dict[str, Any], about: Subject, upstream: Document) -> str:
    node = _operation(contract, about.operation)
    field = upstream.operations[about.operation].fields[about.parameter]
    form = node.get("requestBody", {}).get("content", {}).get(stubs.FORM)
    ours = read(contract).operations[about.operation].fields.values()
    if stubs.unsendable(field, [each.name for each in ours]):
        return ""
    if field.place in ("form", "json") and form is None:
        if not about.operation.startswith("post "):
            return ""
        node["requestBody"] = stubs.body(contract, node["operationId"], [])
        form = node["requestBody"]["content"][stubs.FORM]
    if form is not None:
        if field.place == "header":
            return ""
        schema = _own_schema(contract, node, form)
        stubs.add_field(schema, form, field, required=False)
        _mark(schema["properties"][field.name])
    else:
        added = stubs.parameter(field, required=False)
        _mark(added.get("schema", {"$ref": ""}))
        node.setdefault("parameters", []).append(added)
    required = " The official document requires it." if field.required else ""
    return f"{about.words}: added, optional.{required}"


def _add_part(contract: dict[str, Any], about: Subject, upstream: Document) -> str:
    """Add a property to the answer of an operation."""
    theirs = upstream.operations[about.operation].responses[about.status]
    assert theirs is not None
    shape = dict(paths(theirs))[about.path]
    responses = _operation(contract, about.operation)["responses"]
    answer = resolve(contract, responses.get(answering(about.status, responses), {}))
    node = answer.get("content", {}).get("application/json", {}).get("schema", {})
    *above, name = steps(about.path) or [None]
    for step in above:
        node = resolve(contract, node)
        node = node["items"] if step is None else node["properties"][step]
    model = node.get("$ref", "").rpartition("/")[2]
    node = resolve(contract, node)
    if name is None or node.get("type") != "object":
        return ""
    properties = node.setdefault("properties", {})
    if not holdable(name, properties, model):
        return f"{about.words}: no generated model can have this name."
    properties[name] = answer_schema(shape)
    _mark(properties[name])
    return f"{about.words}: added."


def _operation(contract: dict[str, Any], key: str) -> dict[str, Any]:
    found = ((f"{method} {path.rstrip('/')}", node) for method, path, node in operations(contract))
    return next(node for each, node in found if each == key.rstrip("/"))


def _own_schema(
    contract: dict[str, Any], node: dict[str, Any], form: dict[str, Any]
) -> dict[str, Any]:
    """Return the schema of an operation's form; copy it first where others share it."""
    schema = resolve(contract, form["schema"])
    own = form["schema"]
    said = json.dumps(own)
    if json.dumps(contract["paths"]).count(said) == json.dumps(node).count(said):
        return schema
    schema = copy.deepcopy(schema)
    copied = reference(contract, f"{pascal(node['operationId'])}Body", schema)
    for media in node["requestBody"]["content"].values():  # multipart, and urlencoded
        if media["schema"] == own:
            media["schema"] = copied
    return schema


def _mark(schema: dict[str, Any]) -> None:
    # A token's schema is the same everywhere, and of a component others say how firm it is.
    if "$ref" not in schema and "pattern" not in schema:
        schema["x-evidence"] = "documented"


def _reason(finding: Finding, added: Collection[str], ours: Outline, upstream: Document) -> str:
    """Return why a difference is accepted; "" where it is left to a person."""
    about = finding.about
    if finding.kind == "undescribed":
        return f"Our contract takes any shape at {parent(about.path)}."
    if finding.kind not in ("new", "different") or not _is_added(about, added):
        return ""
    if about.fact:
        is_error = re.fullmatch(r"answer [1345]\d\d", about.fact) is not None
        return "`default` stands for every other error in our contract." if is_error else ""
    if about.path and finding.kind == "new":
        return "Our contract does not have it; additional_properties keeps the value."
    if about.parameter and finding.kind == "different":
        operation = ours["operations"][about.operation]
        if not stubs.carries(upstream.operations[about.operation].fields[about.parameter]):
            return ""
        if about.parameter not in operation["parameters"]:
            return "Sent in the form: only there the service is known to read what a POST carries."
        return "Our contract has it in a form that a request can carry as text."
    return ""


def _is_added(about: Subject, added: Collection[str]) -> bool:
    """Check that adopting has added the subject, or something that holds it."""
    subject = str(about)
    whole = {str(Subject(operation=about.operation)), subject}
    return bool(whole & set(added)) or any(
        subject.startswith((f"{each}.", f"{each}[")) for each in added if " response " in each
    )


def _left(finding: Finding, upstream: Document) -> str:
    """Return the sentence about what is left to a person, with the reason where there is one."""
    about = finding.about
    why = ""
    if finding.kind == "new" and not (about.fact or about.server or about.status):
        theirs = upstream.operations[about.operation]
        if about.parameter:
            why = stubs.unsendable(theirs.fields[about.parameter])
            why = f"it {why}" if why else "its name is taken, or there is no place for it"
        else:
            why = stubs.unwritable(theirs)
    return f"{about.words} is new, and left out: {why}. {BY_HAND}" if why else finding.text


def save(project: Project, adoption: Adoption) -> list[str]:
    """Write what changed.

    Returns:
        The names of the files that were written.

    Raises:
        GenerationError: When the contract with the stubs is not a valid one; nothing is written
            then.
    """
    validate(adoption.contract, project.contract.name)
    return files.replace(
        {
            project.contract: files.as_json(adoption.contract),
            record_of(project): adoption.record.text(),
        }
    )


def run(
    arguments: Sequence[str] | None = None,
    *,
    project: Project | None = None,
    http: httpx.Client | None = None,
) -> int:
    """Run the command on the project and return its exit code."""
    parser = argparse.ArgumentParser(prog="tools.adopt", description=__doc__)
    parser.add_argument("--upstream", metavar="FILE-OR-URL", help="the official document")
    asked = parser.parse_args(arguments)
    project = project or Project()
    try:
        _, record = read_project(project)
        upstream = read_upstream(asked.upstream or record.document, http)
        adoption = adopt(read_contract(project.contract), record, upstream)
        written = save(project, adoption)
    except (CannotCompare, NotOpenAPI, GenerationError) as error:
        print(f"Could not adopt: {shown(str(error))}", file=sys.stderr)
        return 2
    for line in adoption.done:
        print(f"- {shown(line)}")
    if not written:
        print("Nothing new: the contract and the record are as they were.")
    elif project.contract.name in written:
        print("Complete the stubs in the contract, then run `make regenerate`.")
    else:
        print("The record is renewed; the contract is as it was.")
    for line in adoption.left:
        print(f"Left to you: {shown(line)}")
    return 1 if adoption.left else 0


if __name__ == "__main__":
    leave(run)
