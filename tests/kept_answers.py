"""The contract and its examples, for the tests of what a live run keeps and tells."""

from __future__ import annotations

import copy
import json
from functools import partial
from typing import Any

from contract_tests.live.check import examine, operation_of
from tools.environment import ROOT
from tools.examples import examples
from tools.operations import operations, resolve

SPEC = ROOT / "spec/mvsep-openapi-spec.json"
CONTRACT: dict[str, Any] = json.loads(SPEC.read_text(encoding="utf-8"))
EXAMPLES = [each for each in examples(CONTRACT) if each.is_json]
SUCCESSES = [each for each in EXAMPLES if each.response == "200"]
DAY = "2026-11-24"


def judged(operation: str, value: Any, status: int = 200) -> list[str]:
    """Return the problems of an answer, each with what to change."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    verdict = examine(
        CONTRACT, operation, status=status, content_type="application/json", content=content
    )
    return [f"{problem} -> {problem.change}" for problem in verdict.problems]


def uncaptured() -> dict[str, Any]:
    """Return a copy of the contract as if nothing had been captured yet."""
    contract = copy.deepcopy(CONTRACT)
    for _, _, operation in operations(contract):
        for holder in (
            operation,
            *map(partial(resolve, contract), operation["responses"].values()),
        ):
            holder["x-evidence"] = "documented"
            for media in holder.get("content", {}).values():
                for name in [name for name in media["examples"] if name.startswith("captured-")]:
                    del media["examples"][name]
    return contract


def responses_in(contract: dict[str, Any], operation: str) -> tuple[Any, Any]:
    """Return an operation, and its success."""
    asked = operation_of(contract, operation)
    return asked, resolve(contract, asked["responses"]["200"])
