"""Survival of hostile answers: good answers to spoil, and what a client may make of them."""

from __future__ import annotations

import pickle
import unicodedata
from collections.abc import Callable
from typing import Any, Final

import httpx

from contract_tests.harness.answers import Answer, FarEnd, Given
from mvsep import errors
from mvsep.errors import MVSepError, Refused
from tools.examples import examples
from tools.operations import answer_kinds, operations
from tools.regenerate import Project, read_contract

CONTRACT: Final = read_contract(Project().contract)
#: The operations that answer with a JSON object or list: of texts and files nothing is known.
ASKED: Final = {
    found["operationId"]: found
    for method, _, found in operations(CONTRACT)
    if answer_kinds(CONTRACT, method, found) == {200: "json"}
}
#: The bodies of the contract's examples of a success, by operation.
GOOD: Final = {
    operation: [
        each.value
        for each in examples(CONTRACT)
        if each.operation == operation and each.response == "200"
    ]
    for operation in ASKED
}
HASH: Final = "20260819101500-0f1e2d3c4b-mixture.wav"
REMOTE: Final = "n2AwBjy4KsFZfqqR"
TYPED: Final = tuple(
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, MVSepError)
)


def attempt(far_end: FarEnd, shell: str, do: Callable[[Any], Any], *, anew: bool = True) -> Any:
    """Return what a client made of it: a value, or the typed error. Anything else is raised."""
    try:
        return far_end.run(shell, do, anew=anew)
    except MVSepError as error:
        check_error(error)
        return error


def check_error(error: MVSepError) -> None:
    """Check that an error is the SDK's, can be shown anywhere, and survives a process boundary."""
    assert type(error) in TYPED
    text = str(error)
    assert not any(unicodedata.category(each) in {"Cc", "Cs"} for each in text), ascii(text[:300])
    assert len(text) < 20_000
    assert str(pickle.loads(pickle.dumps(error))) == text
    assert not (isinstance(error, Refused) and error.charged)


def stem(url: object = "https://de2.mvsep.com/storage/vocals.wav", **more: Any) -> dict[str, Any]:
    """Return a result file, as the state of a job lists it."""
    return {"type": "Vocals", "url": url, "download": "vocals.wav", **more}


def done(*files: Any, **more: Any) -> dict[str, Any]:
    """Return the state of a job that is done."""
    return {"success": True, "status": "done", "data": {"files": list(files), **more}}


def in_turn(answers: list[Given]) -> tuple[Callable[[httpx.Request], Given], list[Given]]:
    """Each answer once, and the last one for ever; a client that asks on and on is stopped.

    Returns:
        What gives the answers, and a list of those given so far.
    """
    given: list[Given] = []

    def give(request: httpx.Request) -> Given:
        if request.url.path.endswith("/queue/summary"):  # asked on the side; a wait does without
            return Answer(b"", 404)
        given.append(answers[min(len(given), len(answers) - 1)])
        assert len(given) < 1000, "it asks on and on"
        return given[-1]

    return give, given
