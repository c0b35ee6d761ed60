"""The life-cycle machine finds each fault that is planted."""

import contextlib

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from contract_tests.harness.evidence import ContractBroken
from contract_tests.harness.ledger import Ledger
from contract_tests.harness.machine import LifeCycle
from contract_tests.harness.witness import Witness
from mvsep import AsyncMVSep, MVSep
from mvsep.downloads import transfer
from mvsep.downloads.part_file import PartFile, part_of
from mvsep.errors import DownloadError, SubmitUncertain
from mvsep.testing import ServerState, answers


def answers_otherwise(change):
    def plant(monkeypatch):
        created = answers.created
        monkeypatch.setattr(answers, "created", lambda *a, **k: change(created(*a, **k)))

    return plant


def charges_twice(monkeypatch):
    charge = ServerState.charge

    def twice(state, account, amount):
        charge(state, account, amount)
        charge(state, account, amount)

    monkeypatch.setattr(ServerState, "charge", twice)


def submits_twice(monkeypatch):
    submit, submit_async = MVSep.submit, AsyncMVSep.submit

    def twice(client, *arguments, **more):
        submit(client, *arguments, **more)
        return submit(client, *arguments, **more)

    async def twice_async(client, *arguments, **more):
        await submit_async(client, *arguments, **more)
        return await submit_async(client, *arguments, **more)

    monkeypatch.setattr(MVSep, "submit", twice)
    monkeypatch.setattr(AsyncMVSep, "submit", twice_async)


def submits_again_when_uncertain(monkeypatch):
    submit = MVSep.submit

    def again(client, *arguments, **more):
        with contextlib.suppress(SubmitUncertain):
            return submit(client, *arguments, **more)
        return submit(client, *arguments, **more)

    monkeypatch.setattr(MVSep, "submit", again)


def leaves_its_part(monkeypatch):
    leave = PartFile.__exit__

    def leaving(part, *error):
        leave(part, *error)
        part_of(part.target, part.origin.job).touch()

    monkeypatch.setattr(PartFile, "__exit__", leaving)


def takes_half_a_file(monkeypatch):
    run = transfer.Transfer.run

    async def as_it_is(fetching):
        with contextlib.suppress(DownloadError):
            return await run(fetching)

    monkeypatch.setattr(transfer.Transfer, "run", as_it_is)


PLANTS = [
    (
        answers_otherwise(lambda answer: {**answer, "success": "yes"}),
        r"server\] separation_create > 200: .*'yes' does not match",
    ),
    (
        answers_otherwise(lambda answer: {**answer, "data": {"hash": answer["data"]["hash"]}}),
        r"\$\.data\.link is missing",
    ),
    (charges_twice, "credits charged: 2, not 1"),
    (submits_twice, "jobs created: 2, not 1"),
    (submits_again_when_uncertain, "sync (gave|sent)"),
    (leaves_its_part, r"on disk, and should not be: .*\.part"),
    (takes_half_a_file, "is no .*DownloadError"),
]


@pytest.mark.parametrize(
    ("plant", "what"), PLANTS, ids=lambda value: getattr(value, "__name__", "")
)
def test_the_machine_finds(contract, monkeypatch, plant, what):
    plant(monkeypatch)
    witness = Witness(contract, Ledger(contract), "life cycle")
    settings = hypothesis.settings(
        phases=[hypothesis.Phase.generate],
        report_multiple_bugs=False,
        derandomize=True,
        database=None,
        max_examples=300,
        stateful_step_count=25,
    )
    with pytest.raises(ContractBroken, match=what):
        run_state_machine_as_test(lambda: LifeCycle(witness), settings=settings)
