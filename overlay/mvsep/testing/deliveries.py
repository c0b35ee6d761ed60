"""Webhooks: the end of a job, posted to the address in its form.

What the service posts, and when, nobody has recorded. That it is the answer of separation/get with
the hash beside it is our invention. Nothing is posted to another machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import httpx
from attrs import define

from mvsep.testing import answers
from mvsep.testing.answers import Json
from mvsep.testing.jobs import Job
from mvsep.testing.state import ServerState

_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_SECONDS: Final = 5.0


@define
class Delivery:
    """A webhook that was posted.

    Args:
        url: Its address.
        body: What was posted.
        status: The HTTP status of the reply; None where none came.
    """

    url: str
    body: Json
    status: int | None = None


class Deliveries:
    """The webhooks of one server, in the order of its jobs' ends."""

    def __init__(self, state: ServerState) -> None:
        self.posted: list[Delivery] = []
        self._state = state
        self._done: set[str] = set()

    def due(self) -> list[Delivery]:
        """Take the webhooks that are to be posted now; each is given once."""
        found = [self._delivery(job) for job in self._ended()]
        self.posted += found
        return found

    async def post(self, delivery: Delivery) -> None:
        """Post a webhook, once and without a token; the receiver's silence is no matter."""
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=_SECONDS) as client:
                content = answers.php_json(delivery.body)
                headers = {"Content-Type": "application/json"}
                reply = await client.post(delivery.url, content=content, headers=headers)
        except httpx.HTTPError:
            return
        delivery.status = reply.status_code

    def _ended(self) -> Iterator[Job]:
        state = self._state
        if any("webhook_url" in remote.order.form for remote in list(state.remotes.values())):
            state.settle()  # what was asked for by a link is a job by now
        now = state.clock()
        for job in list(state.jobs.values()):
            asked = job.hash not in self._done and _is_here(job.order.form.get("webhook_url", ""))
            if asked and not job.gone and job.at(now).finished:
                self._done.add(job.hash)
                yield job

    def _delivery(self, job: Job) -> Delivery:
        now = self._state.clock()
        state = answers.state_of(job, job.at(now), now, job.base, len(self._state.waiting()))
        return Delivery(job.order.form["webhook_url"], {"hash": job.hash, **state})


def _is_here(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.hostname in _HERE
