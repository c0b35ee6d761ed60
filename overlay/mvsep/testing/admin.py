"""Routes beside the service's own, for tests on this machine: reports and faults.

GET /__fake__/state, GET /__fake__/stems/HASH, POST and DELETE /__fake__/faults.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mvsep.testing.faults import Faults
from mvsep.testing.report import report
from mvsep.testing.state import ServerState

_HERE = frozenset({"127.0.0.1", "::1"})
_Endpoint = Callable[[Request], Awaitable[Response]]


def routes(state: ServerState, faults: Faults) -> list[Route]:
    """Make the routes that report on a server and switch its faults."""

    async def tell(request: Request) -> Response:
        return JSONResponse(report(state, faults))

    async def stems(request: Request) -> Response:
        job = state.jobs.get(request.path_params["hash"])
        if job is None:
            return JSONResponse({"message": "There is no such job here."}, 404)
        found = []
        for stem in job.stems:
            if state.keep_uploads:
                return JSONResponse({"message": "Its stems are files: fetch them."}, 409)
            checksum = await run_in_threadpool(job.noise(stem).sha256)
            found.append({"label": stem.label, "bytes": stem.size, "sha256": checksum})
        return JSONResponse(found)

    async def add(request: Request) -> Response:
        try:
            faults.add(**json.loads(await request.body()))
        except (ValueError, TypeError) as error:
            return JSONResponse({"message": str(error)}, 400)
        return Response(status_code=204)

    async def clear(request: Request) -> Response:
        faults.clear()
        return Response(status_code=204)

    return [
        Route("/__fake__/state", _from_here(tell), methods=["GET"]),
        Route("/__fake__/stems/{hash}", _from_here(stems), methods=["GET"]),
        Route("/__fake__/faults", _from_here(add), methods=["POST"]),
        Route("/__fake__/faults", _from_here(clear), methods=["DELETE"]),
    ]


def _from_here(endpoint: _Endpoint) -> _Endpoint:
    """Answer this machine only, and no web page that it shows."""

    async def guarded(request: Request) -> Response:
        if (
            request.client is None
            or request.client.host not in _HERE
            or "origin" in request.headers
        ):
            return JSONResponse({"message": "Only for tests on this machine."}, 403)
        return await endpoint(request)

    return guarded
