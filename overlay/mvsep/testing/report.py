"""A report on a fake server for tests: what was created, charged and asked."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import asdict

from mvsep.testing.faults import Faults
from mvsep.testing.jobs import Job
from mvsep.testing.state import ServerState


def report(state: ServerState, faults: Faults) -> dict[str, object]:
    """Report on a server, as JSON and without tokens."""
    state.settle()
    now = state.clock()
    jobs = state.jobs.values()
    return {
        "region": state.region,
        "jobs_created": state.jobs_created,
        "credits_charged": state.credits_charged,
        "credits_refunded": state.credits_refunded,
        "names": _by_name(jobs),
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


def _by_name(jobs: Iterable[Job]) -> dict[str, dict[str, int]]:
    names: dict[str, dict[str, int]] = {}
    for job in jobs:
        entry = names.setdefault(job.source, {"jobs": 0, "credits": 0})
        entry["jobs"] += 1
        entry["credits"] += job.credits
    return names
