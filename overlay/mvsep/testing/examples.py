"""The jobs that the examples of the contract name, so that those can be sent as they are.

The account is there from the start. The two jobs are made when somebody first asks for them, so
that they count in no test that does not. They are charged nothing.
"""

from __future__ import annotations

from typing import Final

from mvsep.testing import audio
from mvsep.testing.accounts import EXAMPLE_TOKEN
from mvsep.testing.jobs import Job, RemoteJob
from mvsep.testing.orders import read_order
from mvsep.testing.song import render_song
from mvsep.testing.state import ServerState

HASH: Final = "20260819101500-0f1e2d3c4b-mixture.wav"
REMOTE_HASH: Final = "EXAMPLEremote001"
_FORM: Final = {"sep_type": "48", "add_opt1": "11"}


def prepare(state: ServerState, hash_: str, base: str) -> None:
    """Make the job of an example if that is asked for, and is not there.

    Args:
        state: The fake server.
        hash_: The hash that somebody asks for.
        base: The scheme and host under which it is asked for.
    """
    account = state.accounts.find(EXAMPLE_TOKEN)
    if account is None:
        return
    if hash_ == REMOTE_HASH and hash_ not in state.remotes:
        order = read_order({**_FORM, "url": "https://example.com/mixture.wav"}, account)
        state.remotes[hash_] = RemoteJob(hash_, order, state.schedule, state.clock(), base)
    if hash_ == HASH and hash_ not in state.jobs:
        folder = state.spool()
        folder.mkdir()
        path = folder / "mixture"
        path.write_bytes(render_song())
        state.jobs[hash_] = Job(
            hash=hash_,
            id=sum(len(each.jobs) for each in state.family) + 1,
            order=read_order(_FORM, account),
            source="mixture.wav",
            input_path=path,
            wav=audio.read_audio(path),
            schedule=state.schedule,
            created=state.clock(),
            credits=0,
            base=base,
        )
