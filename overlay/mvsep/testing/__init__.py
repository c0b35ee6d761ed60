"""A fake MVSEP server: stateful, offline, free of charge.

It answers like the real one as far as that is known, and proves nothing about the real one.
May use the contract (`mvsep_api`), the pure rules and the lengths of files, not the client. Needs
the extra `testing` (Starlette, uvicorn, python-multipart). From a shell: `python -m mvsep.testing`.
"""

try:
    import python_multipart as python_multipart
    import starlette as starlette
    import uvicorn as uvicorn
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        f'The fake server needs {missing.name}: pip install "mvsep[testing]"', name=missing.name
    ) from missing

from mvsep.testing.accounts import DEMO_TOKEN, FREE_TOKEN, Account, demo_account, free_account
from mvsep.testing.faults import FAULTS, PHASES, Fault, Faults, Gate, faults_of
from mvsep.testing.records import Tally
from mvsep.testing.schedule import ManualClock, Schedule
from mvsep.testing.server import FakeServer
from mvsep.testing.song import render_song
from mvsep.testing.state import ServerState

__all__ = [
    "DEMO_TOKEN",
    "FAULTS",
    "FREE_TOKEN",
    "PHASES",
    "Account",
    "FakeServer",
    "Fault",
    "Faults",
    "Gate",
    "ManualClock",
    "Schedule",
    "ServerState",
    "Tally",
    "demo_account",
    "faults_of",
    "free_account",
    "render_song",
]
