"""What a test wants to know of a fake server: what was created, charged and asked."""

from __future__ import annotations

from attrs import asdict

from mvsep.testing.faults import Faults
from mvsep.testing.state import ServerState


def report(state: ServerState, faults: Faults) -> dict[str, object]:
    """What a server was asked and did, as JSON and without tokens.

    Args:
        state: The server.
        faults: Its faults.
    """
    state.settle()
    now = state.clock()
    jobs = state.jobs.values()
    return {
        "region": state.region,
        "jobs_created": state.jobs_created,
        "credits_charged": state.credits_charged,
        "credits_refunded": state.credits_refunded,
        "names": {name: asdict(state.tally(name)) for name in {job.source for job in jobs}},
        "jobs": [
            {
                "hash": job.hash,
                "source": job.source,
                "sep_type": job.order.algorithm.sep_type,
                "credits": job.credits,
                "polls": job.polls,
                "status": job.at(now).status,
                "gone": job.gone,
            }
            for job in jobs
        ],
        "remotes": [
            {
                "hash": remote.hash,
                "url": remote.order.form["url"],
                "job": remote.job and remote.job.hash,
                "failure": remote.failure,
            }
            for remote in state.remotes.values()
        ],
        "seen": dict(state.seen),
        "fired": [asdict(fired) for fired in faults.fired],
    }
