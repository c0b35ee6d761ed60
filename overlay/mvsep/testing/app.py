"""The fake server as an ASGI application: requests in, answers out, nothing decided here."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from mvsep.testing import admin, answers, examples
from mvsep.testing.faults import Faults
from mvsep.testing.faults.middleware import FaultyApp
from mvsep.testing.operations import OPERATIONS, Call, Operation, separation_create
from mvsep.testing.orders import Upload
from mvsep.testing.records import LoggedRequest
from mvsep.testing.refusals import Refusal
from mvsep.testing.state import ServerState

_SECRET = ("token", "password")
_GZIP_FROM = 1024  # bytes; smaller answers are sent as they are
_GZIP_LEVEL = 1
_KEPT_BYTES = 1 << 16  # of an upload that is not kept


def create_app(state: ServerState, faults: Faults | None = None) -> ASGIApp:
    """Build the application over a state, which tests may read and change while it runs."""
    faults = Faults() if faults is None else faults
    by_path: dict[str, dict[str, _Endpoint]] = {}
    for method, path, operation in OPERATIONS:
        by_path.setdefault(path, {})[method] = _endpoint(state, operation)
    # One route a path, so that a refused method is told all the others.
    routes = [Route(path, _chosen(found), methods=[*found]) for path, found in by_path.items()]
    routes += [
        Route("/storage/processed/{name}", _results(state)),
        Route("/storage/temp/{hash}", _mixtures(state)),
    ]
    routes += admin.routes(state, faults)
    app = Starlette(routes=routes, exception_handlers={HTTPException: _http_error})
    return FaultyApp(app, faults, state.seen)


_Endpoint = Callable[[Request], Awaitable[Response]]


def _chosen(endpoints: Mapping[str, _Endpoint]) -> _Endpoint:
    async def answer(request: Request) -> Response:
        return await endpoints["GET" if request.method == "HEAD" else request.method](request)

    return answer


def _endpoint(state: ServerState, operation: Operation) -> _Endpoint:
    async def answer(request: Request) -> Response:
        logged = LoggedRequest(request.method, request.url.path, {}, {})
        state.requests.append(logged)
        uploads: dict[str, Upload] = {}
        try:
            fields: Mapping[str, str] = request.query_params
            if request.method == "POST":
                fields = {**fields, **await _form(request, state, uploads)}
            # As Laravel does: an empty text is none.
            fields = {name: text for name, text in fields.items() if text}
            logged.fields = {name: _masked(name, text) for name, text in fields.items()}
            logged.files = {name: upload.name for name, upload in uploads.items()}
            server, base = state, str(request.base_url).rstrip("/")
            if operation is separation_create and state.makes_at is not None:
                server, base = state.makes_at()
            call = Call(server, base, fields, uploads)
            response = _decided(call, operation, request)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it
        finally:
            for upload in uploads.values():
                upload.path.unlink(missing_ok=True)
        logged.status = response.status_code
        return response

    return answer


def _decided(call: Call, operation: Operation, request: Request) -> Response:
    left = call.state.rate_left(call.text("api_token"))
    headers = {
        "Cache-Control": "no-cache, private",
        "X-RateLimit-Limit": str(call.state.rate_limit),
        "X-RateLimit-Remaining": str(max(0, left)),
    }
    status: int = 200
    body: object
    if left < 0 and call.state.enforce_rate_limit:
        # The body is Laravel's own; what the service sends is unverified.
        status, body = 429, {"message": "Too Many Attempts."}
        headers["Retry-After"] = str(60 - int(call.state.clock() % 60))
    else:
        examples.prepare(call.state, call.text("hash"), call.base)
        try:
            body = operation(call)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
    return _json(body, status, headers, request)


def _json(body: object, status: int, headers: dict[str, str], request: Request) -> Response:
    content = answers.php_json(body)
    if len(content) >= _GZIP_FROM and "gzip" in request.headers.get("Accept-Encoding", ""):
        content = gzip.compress(content, _GZIP_LEVEL, mtime=0)
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(content, status, headers, "application/json")


async def _form(
    request: Request, state: ServerState, uploads: dict[str, Upload]
) -> Mapping[str, str]:
    """Read a form: its texts are returned, its files are spooled to disk and put in `uploads`."""
    fields: dict[str, str] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                fields[name] = value
                continue
            uploads[name] = Upload(value.filename or "", state.spool())
            await run_in_threadpool(_save, value, uploads[name].path, state.keep_uploads)
    return fields


def _save(upload: UploadFile, path: Path, whole: bool) -> None:
    riff = upload.file.read(4) == b"RIFF"
    upload.file.seek(0)
    with path.open("wb") as file:
        if whole or not riff:
            shutil.copyfileobj(upload.file, file, 1 << 20)
        else:  # a WAV's beginning, which says how long it plays, and its length
            file.write(upload.file.read(_KEPT_BYTES))
            file.truncate(upload.file.seek(0, os.SEEK_END))


def _results(state: ServerState) -> _Endpoint:
    async def send(request: Request) -> Response:
        name = request.path_params["name"]
        now = state.clock()
        for job in reversed(state.jobs.values()):
            if not name.startswith(job.hash[:25]) or job.gone or job.expired(now):
                continue
            for stem in job.stems:
                if stem.stored == name and job.at(now).status == "done":
                    etag = f'"{job.hash[:25]}-{stem.path.name}"'
                    if not state.keep_uploads and stem.content is None:
                        _note(state, request)
                        return job.noise(stem).response(request, etag)
                    path = await run_in_threadpool(job.render, stem)
                    return _file(state, request, path, etag, stem.name)
        raise HTTPException(404)

    return send


def _mixtures(state: ServerState) -> _Endpoint:
    async def send(request: Request) -> Response:
        job = state.jobs.get(request.path_params["hash"])
        if job is None or job.gone or job.expired(state.clock()):
            raise HTTPException(404)
        return _file(state, request, job.input_path, f'"{job.hash[:25]}-mixture"', job.source)

    return send


def _file(state: ServerState, request: Request, path: Path, etag: str, name: str) -> Response:
    """Serve a file with Content-Length, ETag, Range and If-Range: Starlette answers those."""
    _note(state, request)
    kind = "audio/x-wav" if name.endswith(".wav") else "application/octet-stream"
    return FileResponse(path, headers={"ETag": etag}, media_type=kind)


def _note(state: ServerState, request: Request) -> None:
    fields = {
        name: request.headers[name] for name in ("range", "if-range") if name in request.headers
    }
    state.requests.append(LoggedRequest(request.method, request.url.path, fields, {}, 200))


async def _http_error(request: Request, error: Exception) -> Response:
    """Answer as Laravel does to an unknown path, and nginx to an unreadable request."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    path = request.url.path.lstrip("/")
    if status == 404 and not path.startswith("storage/"):
        return _json({"message": f"The route {path} could not be found."}, 404, {}, request)
    if status == 405 and isinstance(error, HTTPException) and error.headers:
        message = (
            f"The {request.method} method is not supported for route {path}. "
            f"Supported methods: {error.headers['Allow']}."
        )
        return _json({"message": message}, 405, dict(error.headers), request)
    reason = {400: "400 Bad Request", 404: "404 Not Found"}.get(status, str(status))
    page = f"<html><head><title>{reason}</title></head><body><h1>{reason}</h1></body></html>"
    return HTMLResponse(page, status)


def _masked(name: str, text: str) -> str:
    return "***" if any(word in name for word in _SECRET) else text
