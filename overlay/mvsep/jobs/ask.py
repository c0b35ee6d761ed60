"""One question about a job."""

from __future__ import annotations

from attrs import evolve

from mvsep.errors import InvalidInput, JobNotFound, MVSepError, add_job_facts
from mvsep.job_state import JobState, is_remote, read_state, usable_hash
from mvsep.transport.port import Port


async def ask(port: Port, hash: str) -> JobState:
    """Ask the service for a job's state, once.

    Returns:
        The state; `not_found` where the service knows no such job. Its `hash` is the one the
        service keeps the stems under.

    Raises:
        InvalidInput: When the hash can't be one; nothing was sent.
        MVSepError: As `api.separation.get`.
    """
    if usable_hash(hash) is None:
        raise InvalidInput("That can't be the hash of a job.", param="hash")
    if is_remote(hash):
        state = await _answer(port, hash, remote=True)
        if state.status == "done" and state.hash:
            hash = state.hash  # the download became a job
        elif state.status != "not_found":
            return evolve(state, hash=hash)
    return evolve(await _answer(port, hash, remote=False), hash=hash)


async def _answer(port: Port, hash: str, *, remote: bool) -> JobState:
    api = port.api.separation
    try:
        if remote:
            return read_state(await api.get_remote(hash=hash))
        return read_state(await api.get(hash=hash))
    except JobNotFound:
        return JobState("not_found")
    except MVSepError as error:
        raise add_job_facts(error, hash, port.settings.host) from error.__cause__
