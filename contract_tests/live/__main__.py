"""`python -m contract_tests.live`: hold the contract against the service itself.

Off unless MVSEP_LIVE=1. Exit code: 0 the contract held, 1 it is broken somewhere, 2 it could not
be told.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from traceback import format_exc

from contract_tests.harness import secrets
from contract_tests.harness.evidence import scrub
from contract_tests.harness.failures import clean
from contract_tests.harness.ledger import Ledger
from contract_tests.live import report, settings, steps
from contract_tests.live.record import Recorder
from contract_tests.live.redact import Redactor
from contract_tests.live.run import Run
from contract_tests.live.settings import CannotRunError, Settings
from mvsep.settings.token import TOKEN_VARIABLE
from tools.regenerate import Project, read_contract


def main(
    arguments: Sequence[str] | None = None,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> int:
    """Run, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m contract_tests.live", description=__doc__)
    parser.add_argument("--record", metavar="DIR", type=Path, help="keep the answers, redacted")
    parser.add_argument("--ledger", metavar="FILE", type=Path, help="save what held, as JSON")
    chosen = parser.parse_args(arguments)
    try:
        allowed = settings.read(os.environ)
        if allowed is None:
            sys.stdout.write(f"{settings.OFF}\n")
            return report.HELD
        # A client that is given no token takes this one.
        os.environ.pop(TOKEN_VARIABLE, None)
        return _run(allowed, chosen.record, chosen.ledger, clock, sleep)
    except CannotRunError as error:
        sys.stderr.write(f"make live could not run: {error}\n")
        return report.COULD_NOT_RUN
    except Exception:  # a fault of ours is no finding about the service
        sys.stderr.write(clean(f"make live broke off by a fault of its own:\n{format_exc()}"))
        return report.COULD_NOT_RUN


def _run(
    allowed: Settings,
    record: Path | None,
    ledger: Path | None,
    clock: Callable[[], float],
    sleep: Callable[[float], object],
) -> int:
    contract = read_contract(Project().contract)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    recorder = None
    if record is not None:
        redactor = Redactor(contract, allowed.secrets)
        recorder = Recorder(record, redactor, server=allowed.url, date=today)
    run = Run(contract, allowed, recorder=recorder, clock=clock, sleep=sleep)
    sys.stdout.write(
        f"The contract against {allowed.url}, {today}; "
        f"{'with an account' if allowed.token else 'without an account'}, "
        f"{'one small job' if allowed.write else 'reads only'}.\n\n"
    )
    sys.stdout.flush()  # a job takes minutes
    genuine = settings.is_the_service(allowed.url)
    try:
        steps.carry_out(run, allowed)
    except BaseException:
        run.troubles.append(("the run", "broke off"))
        raise
    finally:
        run.close()
        shown = report.told(run, contract, genuine=genuine, record=record)
        sys.stdout.write(scrub(shown, secrets.forms(allowed.secrets)))
    if ledger is not None and genuine:
        held = Ledger(contract)
        report.count(run, held, server=allowed.url, date=today)
        held.save(ledger)
    if found := secrets.scan(filter(None, (record, ledger)), allowed.secrets):
        listed = "\n".join(f"    {each}" for each in found)
        raise CannotRunError(f"a token got into what was written; delete it:\n{listed}")
    return report.exit_code(run)


if __name__ == "__main__":
    sys.exit(main())
