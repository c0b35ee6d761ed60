"""What goes wrong with a server, by name and by schedule: the faults of the fake one.

`FAULTS` lists them, `FakeServer(faults=...)` and `server.faults` switch them on.
"""

from mvsep.testing.faults.control import Faults, Fired
from mvsep.testing.faults.fault import PHASES, PLACES, Fault, Phase, phase_of
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
    "phase_of",
]
