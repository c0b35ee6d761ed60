"""Answers that a live run kept, turned into examples of the contract marked as captured.

`python -m tools.evidence DIR`, after `make live RECORD=DIR`. Nothing is written unless every
answer keeps to the contract and none holds what looks like a secret.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from contract_tests.harness.secrets import VARIABLES, forms
from contract_tests.live.check import EVIDENCE, examine, operation_of
from contract_tests.live.redact import leftovers
from contract_tests.live.settings import is_the_service
from contract_tests.live.trim import form_of, trimmed
from tools.files import as_json, replace
from tools.operations import resolve
from tools.regenerate import GenerationError, Project, read_contract

CAPTURED: Final = EVIDENCE[-1]
PREFIX: Final = "captured-"

_KEYS: Final = {
    "operation": str,
    "status": int,
    "server": str,
    "date": str,
    "content_type": str,
}


class EvidenceError(Exception):
    """The answers can't become examples as they are; the contract is untouched."""


@dataclass(frozen=True)
class Kept:
    """An answer that a live run kept.

    Args:
        source: The file it is in.
        operation: The operationId.
        status: The HTTP status.
        server: Scheme and host of who answered.
        date: The day, as YYYY-MM-DD.
        content_type: Without its parameters.
        body: The body, long parts shortened: JSON data, or text.
    """

    source: str
    operation: str
    status: int
    server: str
    date: str
    content_type: str
    body: Any

    @property
    def content(self) -> bytes:
        """The body as it would come over the wire."""
        if self.content_type == "application/json":
            return json.dumps(self.body, ensure_ascii=False).encode()
        return str(self.body).encode()


def read_kept(folder: Path) -> list[Kept]:
    """Read the answers of a folder, in the order of their names.

    Raises:
        EvidenceError: When there are none, or a file is not one of a live run.
    """
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            fields = {key: kept[key] for key in _KEYS}
            body = trimmed(kept["body"])
            datetime.date.fromisoformat(kept["date"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EvidenceError(f"{path.name} was not kept by a live run: {error!r}") from error
        if any(type(fields[key]) is not kind for key, kind in _KEYS.items()):
            raise EvidenceError(f"{path.name} was not kept by a live run: a field is of no use")
        found.append(Kept(source=path.name, body=body, **fields))
    if not found:
        what = "holds no answers" if folder.is_dir() else "is no folder"
        raise EvidenceError(f"{folder} {what}; to keep answers: MVSEP_LIVE=1 make live RECORD=dir")
    return found


def objections(
    contract: dict[str, Any],
    kept: Sequence[Kept],
    *,
    secrets: Collection[str] = (),
    any_server: bool = False,
) -> Iterator[str]:
    """Yield each reason for which answers can't become examples.

    Args:
        contract: The contract.
        kept: The answers.
        secrets: Texts that must not be in them.
        any_server: True to accept answers of a server that is not the service.
    """
    strangers = {each.server for each in kept if not is_the_service(each.server)}
    if not any_server:
        for server in sorted(strangers):
            count = sum(each.server == server for each in kept)
            yield f"{server} is not the service: its answers ({count} here) are no evidence"
    for each in kept:
        text = "\n".join(_texts(each.body))
        looks = leftovers(text)
        if any(form in text for form in forms(secrets)):
            looks.append("a token of the environment")
        yield from (f"{each.source}: holds {what}; take it out" for what in looks)
        try:
            verdict = examine(
                contract,
                each.operation,
                status=each.status,
                content_type=each.content_type,
                content=each.content,
            )
        except KeyError:
            yield f"{each.source}: the contract has no operation {each.operation}"
            continue
        for problem in verdict.problems:
            yield f"{each.source}: {problem}\n    first {problem.change}"


def add(contract: dict[str, Any], kept: Sequence[Kept]) -> list[str]:
    """Put answers that are free of objections into the contract, in place.

    An answer of a form that a captured example shows already adds none.

    Returns:
        A line for each change; none when the contract said all of it.
    """
    changed = []
    for each in kept:
        operation = operation_of(contract, each.operation)
        responses = operation["responses"]
        key = str(each.status) if str(each.status) in responses else "default"
        response = resolve(contract, responses[key])
        examples = response["content"][each.content_type].setdefault("examples", {})
        captured = [name for name in examples if name.startswith(PREFIX)]
        if form_of(each.body) not in {form_of(examples[name]["value"]) for name in captured}:
            name = _free(f"{PREFIX}{each.date}", examples)
            examples[name] = {
                "summary": f"An answer of {each.operation}, kept on {each.date}",
                "x-evidence": CAPTURED,
                "value": each.body,
            }
            changed.append(f"{each.operation} {key}: example {name}")
        shared = responses[key].get("$ref", "").rpartition("/")[2]
        raised = [(response, f"{shared}, shared by all" if shared else f"{each.operation} {key}")]
        if key == "200":
            raised.append((operation, each.operation))
        for place, name in raised:
            before = place.get("x-evidence")
            if before != CAPTURED:
                place["x-evidence"] = CAPTURED
                changed.append(f"{name}: x-evidence from {before} to {CAPTURED}")
    return changed


def turn(
    path: Path, folder: Path, *, secrets: Collection[str] = (), any_server: bool = False
) -> list[str]:
    """Turn a folder's answers into examples of the contract at `path`; see `objections`.

    Returns:
        A line for each change; without one the file is not written.

    Raises:
        EvidenceError: When an answer can't become an example; nothing is written.
    """
    try:
        contract = read_contract(path)
    except GenerationError as error:
        raise EvidenceError(str(error)) from error
    kept = read_kept(folder)
    found = list(objections(contract, kept, secrets=secrets, any_server=any_server))
    if found:
        raise EvidenceError("\n".join(found))
    changed = add(contract, kept)
    if changed:
        replace({path: as_json(contract)})
    return changed


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in JSON data, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _free(name: str, taken: Collection[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.evidence", description=__doc__)
    parser.add_argument(
        "folder", metavar="DIR", type=Path, nargs="?", help="what make live RECORD=DIR kept"
    )
    parser.add_argument("--contract", type=Path, default=Project().contract)
    parser.add_argument(
        "--any-server", action="store_true", help="for a try, with a copy of the contract"
    )
    chosen = parser.parse_args(arguments)
    if chosen.folder is None:
        parser.error("which answers? make evidence FROM=dir, as kept by make live RECORD=dir")
    if chosen.any_server and chosen.contract.resolve() == Project().contract.resolve():
        parser.error("--any-server is for a copy of the contract")
    secrets = [os.environ[name] for name in VARIABLES if os.environ.get(name)]
    try:
        changed = turn(
            chosen.contract, chosen.folder, secrets=secrets, any_server=chosen.any_server
        )
    except EvidenceError as error:
        print(f"{error}\nNothing was written.", file=sys.stderr)
        return 1
    if not changed:
        print("The contract shows all of this already.")
        return 0
    print("\n".join(changed))
    print("Look through the difference, set right what the descriptions say of these answers,")
    print("and run `make regenerate`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
