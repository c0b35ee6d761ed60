"""The operations as methods of the clients, found by the contract alone."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any, Final

from mvsep_api.operations import OPERATIONS
from tools.operations import operations
from tools.regenerate import Project, read_contract


@functools.cache
def _known() -> dict[str, dict[str, Any]]:
    contract = read_contract(Project().contract)
    return {found["operationId"]: found for _, _, found in operations(contract)}


def method(client: Any, operation: str) -> Callable[..., Any]:
    """Return the facade's method of an operation, such as `client.api.separation.get`."""
    tag: str = _known()[operation]["tags"][0]
    found: Callable[..., Any] = getattr(getattr(client.api, tag), operation.removeprefix(f"{tag}_"))
    return found


def in_python(name: str) -> str:
    """Return a field's name in Python, but for an underscore at its end: `optionsadd_opt1`."""
    words = re.sub(r"[. -]+", "_", re.sub(r"[^\w. -]", "", name))
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words).lower()


def _adopted() -> frozenset[str]:
    return frozenset(name for name, found in _known().items() if "x-adopted" in found)


#: Operations that `make adopt` wrote and nobody has completed yet. What is known of the others
#: from elsewhere, by the fake server or by the service's page, is not known of these.
ADOPTED: Final = _adopted()
#: The others; the fake server has each of them.
COMPLETE: Final = frozenset(_known()) - ADOPTED
#: Those that answer with JSON and the status 200. Some stubs have other answers, such as a file:
#: tests that ask a mock for an answer, or draw one from its schema, leave them out.
USUAL: Final = frozenset(
    name for name, known in OPERATIONS.items() if known.answers in ({200: "json"}, {200: "any"})
)
#: The profile's calls: the service's page gives their 400 one meaning, a wrong token.
OF_THE_PROFILE: Final = frozenset(
    {"app_user", "app_separation_history", "app_queue_summary"}
    | {f"app_{verb}_premium" for verb in ("enable", "disable")}
    | {f"app_{verb}_long_filenames" for verb in ("enable", "disable")}
)
