"""The contract tests that mutants name, in short; and all those that a survivor has to pass."""

from __future__ import annotations

from pathlib import Path
from typing import Final

# These say nothing of a mutant. Those that generate compare hashes, or make the client anew; the
# others test the tools on documents of their own.
_NO_WITNESSES: Final = (
    *("generation", "adopted", "wheel"),
    *("mutants", "mock", "quirks", "harness", "no_secrets", "secret_scan", "witness", "live"),
)

_SENDS = "test_the_client_sends_what_is_asked_and_prism_accepts_it"
_SENDS_ASYNC = "test_the_async_client_sends_it_too"
_KEEPS = "test_every_answer_to_what_keeps_the_contract_keeps_it"


def every(project: Path) -> list[str]:
    """The files of all contract tests that could see a mutant."""
    found = sorted(path.name for path in (project / "contract_tests").glob("test_*.py"))
    unfit = tuple(f"test_{name}" for name in _NO_WITNESSES)
    return [f"contract_tests/{name}" for name in found if not name.startswith(unfit)]


def node(file: str, name: str = "") -> str:
    """A test of a file `contract_tests/test_<file>.py`, with what it is parametrized by.

    Without a name: all tests of the file.
    """
    return f"contract_tests/test_{file}.py" + (f"::{name}" if name else "")


def sends(route: str) -> str:
    """Schemathesis' cases of an operation, such as "GET /api/app/news", through the client."""
    # The tests that Schemathesis makes are found under the name of their function and their own.
    return node("requests", f"{_SENDS}::{_SENDS}[{route}]")


def sends_async(route: str) -> str:
    """The same through the async client."""
    return node("requests", f"{_SENDS_ASYNC}::{_SENDS_ASYNC}[{route}]")


def keeps(route: str) -> str:
    """Schemathesis' cases of an operation, answered by the fake server."""
    return node("fake_keeps_the_contract", f"{_KEEPS}::{_KEEPS}[{route}]")


def enough(operation: str) -> str:
    """One good call of an operation, answered by the fake server."""
    return node("fake_keeps_the_contract", f"test_what_is_enough_is_enough[{operation}]")


def fields(model: str) -> str:
    """The fields of a model against those of its schema."""
    name = "test_a_model_has_the_fields_of_its_schema_and_no_others"
    return node("models_match_schemas", f"{name}[{model}]")


def types(model: str) -> str:
    """The types of a model's fields, and whether they are required, against its schema."""
    name = "test_a_models_fields_are_required_and_typed_as_in_its_schema"
    return node("models_match_schemas", f"{name}[{model}]")


def asks(example: str) -> str:
    """An example of the contract, such as "app_news > 200 > news", answered by Prism."""
    name = "test_an_example_is_asked_for_rightly_and_means_what_it_says"
    return node("examples_against_prism", f"{name}[{example}]")


def becomes(example: str) -> str:
    """The same: it looks at what the generated model reads too."""
    return asks(example)


def reads(answer: str) -> str:
    """Any answer of a schema, such as "app_news-200", in process."""
    return node("responses", f"test_any_answer_of_a_schema_is_read_whole[{answer}]")


def facade(name: str) -> str:
    """A test of the facade."""
    return node("facade", name)


def lives(name: str = "test_both_clients_lose_no_job_no_credit_and_no_file") -> str:
    """A test of the lives of jobs in front of the fake server; the state machine unless named."""
    return node("life_cycles", name)


def hostile(part: str, name: str) -> str:
    """A test with answers that break the contract: of "answers", "states" or "stems"."""
    return node(f"hostile_{part}", name)
