"""Faults of the fake server: ways to go wrong, by name and by schedule.

May use the contract and `mvsep.testing.answers` and `.refusals`. Offers `FAULTS`, all of them by
name, and `Faults`, those that one server is told to show (`server.faults`).

To add a fault:

1. Pick the file by what happens: `statuses` (a status of a front end), `refusals` (the service
   says no), `lines` (the connection breaks or hangs), `framing` (lengths, chunks, heads),
   `garbage` (unreadable), `quirks` (right but odd), `states` (a job's state), `hostile` (hashes,
   links, redirects), `names` (names, labels and sizes of stems), `files` (a stem's bytes).
2. In its `TABLE`, find the `group` of the same kind, phases and `acts` (the request is carried
   out), and add a row: the name, one sentence, and the handler.
3. For the handler take `instead`, `reshaped` or `with_headers` of `handlers`, or write an
   `async def` that answers with the steps of `exchange.Exchange`.
4. Say how a song ends that meets it, in `contract_tests/fault_matrix.toml`.
5. Show it in the `contract_tests/test_fake_*.py` of that file, with `@cases("the-name")`.
"""

from mvsep.testing.faults.active import Faults, Fired
from mvsep.testing.faults.fault import PHASES, PLACES, Fault, Phase
from mvsep.testing.faults.gate import Gate
from mvsep.testing.faults.table import FAULTS, faults_of

__all__ = [
    "FAULTS",
    "PHASES",
    "PLACES",
    "Fault",
    "Faults",
    "Fired",
    "Gate",
    "Phase",
    "faults_of",
]
