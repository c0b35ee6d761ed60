"""Faults of the fake server: ways to go wrong, by name and by schedule.

May use the contract, and `answers` and `refusals` of `mvsep.testing`. Offers `FAULTS`, all of
them by name, and `Faults`, those that one server shows (`server.faults`).

To add a fault:

1. Pick its file: `statuses` (of a front end), `refusals` (the service's no), `lines` (broken and
   hanging connections), `framing` (lengths, chunks, heads), `garbage` (unreadable), `quirks`
   (right, but odd), `states` (of a job), `hostile` (hashes, links, redirects), `names` (of stems,
   their labels and sizes), `files` (a stem's bytes).
2. Find the rows of its kind and phases: `TABLE`, at the end of the file, names them. `acts` there
   means that the request is carried out. Add a row: `"its-name": ("One sentence.", handler)`.
3. As the handler take `instead`, `reshaped` or `with_headers` of `handlers`, or write an
   `async def` that answers with the steps of `exchange.Exchange`.
4. Put the name into `contract_tests/fault_matrix.toml`: in each of its phases, under the end
   that a song comes to.
5. Show what it does in the `contract_tests/test_fake_*.py` that imports its file: a test under
   `@cases("its-name")`.
"""

from mvsep.testing.faults.active import Faults, Fired
from mvsep.testing.faults.fault import PHASES, PLACES, Fault, Phase
from mvsep.testing.faults.gate import Gate
from mvsep.testing.faults.table import FAULTS, faults_of

__all__ = ["FAULTS", "PHASES", "PLACES", "Fault", "Faults", "Fired", "Gate", "Phase", "faults_of"]
