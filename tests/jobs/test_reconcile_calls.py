from __future__ import annotations

import pickle
from typing import Any

import httpx
import pytest

from mvsep import errors
from mvsep.jobs.reconcile import Verdict
from tests.wire import BASE_URL, Do, Wire, answer


class Service:
    """Loses the answer to a job, and then tells of it in the queue, or in the history."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.wire = Wire(self.reply)

    def reply(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("create"):
            raise httpx.ReadError("reset")
        name = self.wire.bodies[0].split(b'filename="')[1].split(b'"')[0].decode()
        marker = name.partition("-")[0]
        named = [{"hash": f"20260101000000-1234567890-{marker}-song.wav"}]
        if request.url.path.endswith("user"):
            data: Any = {"current_queue": named if self.where == "queue" else None}
        else:
            data = [{"hash": "other.wav"}, *(named if self.where == "history" else [])]
        return answer({"success": True, "data": data})


@pytest.mark.parametrize("where", ["queue", "history"])
def test_a_job_that_is_there_is_found_by_its_marker_by_any_client(do: Do, where: str) -> None:
    service = Service(where)
    with pytest.raises(errors.SubmitUncertain) as caught:
        do(service.wire, "submit", b"RIFFsong", 40)
    other = pickle.loads(pickle.dumps(caught.value))
    with pytest.raises(errors.InvalidInput, match="no longer knows its client"):
        other.reconcile()
    other.host = "localhost:9"  # as if this region had lost the answer
    regions = {"regions": [BASE_URL, "http://localhost:9"]}
    found = do(service.wire, "reconcile", other, settings=regions)

    assert found.verdict is Verdict.FOUND
    assert found.job.hash == f"20260101000000-1234567890-{caught.value.marker}-song.wav"
    assert found.job.host == "localhost:9"
    assert service.wire.paths.count("/api/separation/create") == 1
    # The marker stays out of what the stems are called.
    assert found.job._input == "mixture"
