"""A failed test as the report shows it: who is to blame, how to see it again, no secrets."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs
import pytest
from attrs import frozen

from contract_tests.harness.evidence import Blame, ContractBroken, scrub
from contract_tests.harness.quirks import quirk
from contract_tests.mock import MockCrashed

#: Hypothesis' profile where none is chosen.
DEFAULT_PROFILE: Final = "dev"

_TOKENS: Final = re.compile(r"MVSEP_\w*TOKEN\w*")
_FIELD: Final = r"(?:api_token|password(?:_confirmation)?)"
#: A secret in a query, in JSON, and in a form.
_SECRETS: Final = (
    re.compile(rf"(\b{_FIELD}=)[^&\s\"'#]+"),
    re.compile(rf"(\"{_FIELD}\"\s*:\s*\")(?:[^\"\\]|\\.)+"),
    re.compile(rf"(name=\"{_FIELD}\"(?:\r?\n[^\r\n]+)*\r?\n\r?\n).+?(?=\r?\n--|\Z)", re.DOTALL),
)
# Control characters, and the halves of characters.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

# Tests hold somebody's behaviour to the contract: these that of others than the client.
_HELD: Final[dict[str, Blame]] = {
    "contract": "contract",
    "fake_": "server",
    "mock|quirks": "mock",
    "harness_|life_cycles_can_fail|live_|mutants|secrets|witness": "harness",
}


def node_id(item: pytest.Item) -> str:
    """Return the name under which pytest finds a test again."""
    quirk("schemathesis-names-tests-alike")
    labelled = item.nodeid.endswith(f"::{item.name}")
    return item.nodeid if labelled else f"{item.nodeid}::{item.name}"


def leaves(error: BaseException) -> Iterator[BaseException]:
    """Yield the errors of a group: Hypothesis raises one when a test fails in several ways."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from leaves(inner)
    else:
        yield error


def replay(test: str, seed: int | None = None, profile: str = DEFAULT_PROFILE) -> str:
    """Return the command that runs a test again; no seed where the profile leaves no chance."""
    try:  # the one that make set up is in no search path
        python = Path(sys.executable).relative_to(Path.cwd()).as_posix()
    except ValueError:
        python = "python"
    # Double quotes where they do: the shell of Windows knows no others.
    quoted = shlex.quote(test) if re.search(r'["$`\\!]', test) else f'"{test}"'
    said = [python, "-m", "pytest", quoted]
    if seed is not None:
        said.append(f"--hypothesis-seed={seed}")
    if profile != DEFAULT_PROFILE:
        said.append(f"--contract-profile={profile}")
    return " ".join(said)


def clean(text: str) -> str:
    """Mask the secrets in a text and escape what can't be printed.

    Secrets are the tokens of the environment, and tokens and passwords in requests.
    """
    text = scrub(text, [value for name, value in os.environ.items() if _TOKENS.fullmatch(name)])
    for secret in _SECRETS:
        text = secret.sub(r"\1***", text)
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text.replace("\r\n", "\n"))


@frozen
class Failure:
    """A test that failed, and what it knows."""

    test: str  # node id
    what: str
    blame: Blame | None = None  # who is at fault, where the test can tell
    operation: str | None = None  # operationId, where one is concerned
    status: str | None = None  # response's key in the contract, where one is concerned
    evidence: str = ""  # what went over the wire
    # Hypothesis' seed; None when the test is the same in every run of the profile
    seed: int | None = None
    profile: str = DEFAULT_PROFILE  # Hypothesis' profile

    @classmethod
    def of(cls, test: str, error: BaseException, *, calls: str) -> Failure:
        """Take what an error knows; `calls` is the evidence of one that knows nothing."""
        if isinstance(error, ContractBroken):
            place = error.operation, error.status
            return cls(test, error.what, error.blame, *place, error.evidence)
        blame: Blame | None = "mock" if isinstance(error, MockCrashed) else _held_by(test)
        return cls(test, f"{type(error).__name__}: {error}", blame, evidence=calls)

    @property
    def title(self) -> str:
        """Operation and status that are concerned; the test where none is."""
        return " > ".join(filter(None, (self.operation, self.status))) or self.test

    @property
    def blamed(self) -> str:
        """Word for who is to blame."""
        return self.blame or "blame unknown"

    @property
    def seeded(self) -> str:
        """Seed in words."""
        return "none, the same cases in every run" if self.seed is None else str(self.seed)

    @property
    def replay(self) -> str:
        """Command that runs the test again with the same cases."""
        return replay(self.test, self.seed, self.profile)

    def cleaned(self) -> Failure:
        """Return the failure without secrets."""
        return attrs.evolve(
            self, test=clean(self.test), what=clean(self.what), evidence=clean(self.evidence)
        )


def _held_by(test: str) -> Blame | None:
    found = re.match(r"contract_tests/test_(\w+)\.py::", test)
    if found is None:
        return None
    return next((blame for start, blame in _HELD.items() if re.match(start, found[1])), "client")
