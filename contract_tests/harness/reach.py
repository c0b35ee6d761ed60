"""The reasons why an answer was not checked in some way: no run of the harness can reach it.

`python -m contract_tests.harness.reach contract.json` looks through the record of a whole run.
Exit code: 0 every answer was checked in every way that can be, 1 not so, 2 there is no record.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from contract_tests.harness.ledger import COLUMNS, Column, Ledger, LiveRun, UnusableLedgerError
from tools.operations import answer_kinds, token_place
from tools.regenerate import Project, read_contract

NOT_RUN: Final = "there was no live run: MVSEP_LIVE=1 make live"
NOT_PROVOKED: Final = "a live run asks for nothing that has to be refused"
NOT_GIVEN: Final = "the live run called it and got other answers"
NOT_THERE: Final = "the fake server lacks what was adopted and is not completed yet"
NO_OBJECT: Final = "a stub that answers with something else than JSON and 200"
NO_TOKEN: Final = "the call takes no token that could be refused"
TOKEN_IGNORED: Final = "the call works without a token, and the fake server ignores a wrong one"
TOKEN_IS_400: Final = "the fake server refuses a wrong token with 400 here"
NEVER_REFUSES: Final = "the fake server has no reason to refuse this call"

_NEVER_REFUSED: Final = frozenset(
    {
        "app_algorithms",
        "app_demo",
        "app_news",
        "app_queue",
        "quality_checker_leaderboard",
        "quality_checker_queue",
        "separation_get_remote",
    }
)
_REFUSES_A_TOKEN_WITH_400: Final = ("account", "app")


def reason(ledger: Ledger, column: Column, operation: str, status: str) -> str | None:
    """Return why a kind of check does not reach an answer; None where it has to."""
    if column == "life cycle":
        return _not_lived(ledger.contract, ledger.operations[operation], status)
    if column == "live":
        return _not_live(ledger.live, operation, status)
    asked = ledger.operations[operation]
    answers = answer_kinds(ledger.contract, "", asked)
    is_usual = answers in ({200: "json"}, {200: "any"})
    return NO_OBJECT if "x-adopted" in asked and not is_usual else None


def gaps(ledger: Ledger) -> Iterator[str]:
    """Yield each check that a whole run left out, and each reason that no longer holds."""
    for (operation, status), counts in ledger:
        for column in COLUMNS:
            why = reason(ledger, column, operation, status)
            if not counts[column] and why is None:
                yield f"{operation} {status}: no {column}, and nothing says why."
            if counts[column] and why is not None and column != "live":
                yield f"{operation} {status}: {column} is reached, although {why}."


def live_note(ledger: Ledger) -> str:
    """Return whose answers the column "live" is of, and of when."""
    live = ledger.live
    if live is None:
        return "There was no live run."
    said = f"The column 'live' is of the run at {live.server} on {live.date}."
    if live.contract != ledger.digest:
        said += " The contract has changed since: run it again."
    return said


def _not_lived(contract: dict[str, Any], asked: dict[str, Any], status: str) -> str | None:
    name, (tag, *_) = asked["operationId"], asked["tags"]
    if "x-adopted" in asked:
        return NOT_THERE
    if status == "400" and name in _NEVER_REFUSED:
        return NEVER_REFUSES
    if status == "401":
        place, required = token_place(contract, asked)
        if place is None:
            return NO_TOKEN
        if tag in _REFUSES_A_TOKEN_WITH_400:
            return TOKEN_IS_400 if required else TOKEN_IGNORED
    return None


def _not_live(live: LiveRun | None, operation: str, status: str) -> str | None:
    if live is None:
        return NOT_RUN
    if operation in live.not_called:
        return f"not called in the live run: {live.not_called[operation]}"
    return NOT_GIVEN if status == "200" else NOT_PROVOKED


def main(arguments: Sequence[str] | None = None) -> int:
    """Look through a record, print what is amiss, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m contract_tests.harness.reach", description=__doc__
    )
    parser.add_argument("record", type=Path, help="the contract.json of a whole run")
    ledger = Ledger(read_contract(Project().contract))
    try:
        ledger.add(parser.parse_args(arguments).record)
    except UnusableLedgerError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    found = list(gaps(ledger))
    sys.stdout.writelines(f"{each}\n" for each in found)
    if not found:
        sys.stdout.write("Every documented answer was checked in every way, or says why not.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
