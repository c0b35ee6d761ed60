"""States of a job that are not as they should be."""

from __future__ import annotations

from typing import Final

from mvsep.testing import refusals
from mvsep.testing.faults.exchange import Exchange
from mvsep.testing.faults.fault import POLL, REMOTE, Fault, Handler, Rows, group
from mvsep.testing.faults.handlers import instead_json


def _status(status: object, message: str = "", **data: object) -> Handler:
    body = {"message": message, **data} if message else data
    return instead_json(200, success=True, status=status, data=body)


def _again(status: str, **data: object) -> Handler:
    return _status(status, f"Your file is {status}.", **data)


def _working(**body: object) -> Handler:
    return instead_json(200, success=True, status="processing", **body)


def _not_found(http: int) -> Handler:
    message = {"message": refusals.NOT_FOUND}
    return instead_json(http, success=False, status="not_found", data=message)


async def _stale(exchange: Exchange) -> None:
    answer = exchange.earlier or await exchange.perform()
    await exchange.respond(answer.with_headers(age="30", x_cache="HIT"))


async def _being_downloaded(exchange: Exchange) -> None:
    # The question counts: behind it the job is made, and the history shows it.
    answer = await exchange.perform()
    data = {"message": refusals.BEING_DOWNLOADED}
    await exchange.respond(answer.with_data({"success": False, "data": data}))


_MESSAGE: Final = "Separation failed."
_UNKNOWN: Final = "The job is not known, with status"

_STALE: Final[Rows] = {"stale-answer": ("A cache gives an older state again.", _stale)}
_ODD: Final[Rows] = {
    "waiting-again": (
        "The job waits, whatever it did before.",
        _again("waiting", queue_count=9, current_order=5),
    ),
    "processing-again": ("The job is worked on once more.", _again("processing")),
    "distributing-again": (
        "The job is worked on in parts, whatever it did before.",
        _again("distributing", finished_chunks=0, all_chunks=4, queue_count=1, current_order=1),
    ),
    "merging-again": ("The parts are put together once more.", _again("merging")),
    "converting-again": ("The result is converted once more.", _again("converting")),
    "unknown-status": ("The status is a word that nobody knows.", _again("pondering")),
    "status-null": ("The status is null.", _status(None)),
    "status-number": ("The status is a number.", _status(3)),
    "status-empty": ("The status is an empty text.", _status("")),
    "status-missing": ("There is no status.", instead_json(200, success=True, data={})),
    "data-missing": ("There is a status and no data.", _working()),
    "data-list": ("The data is an empty list, PHP's empty object.", _working(data=[])),
    "data-null": ("The data is null.", _working(data=None)),
    "place-odd": (
        "The place in the queue is negative, and the length of the queue a text.",
        _status("waiting", queue_count="many", current_order=-1),
    ),
    "message-object": ("The message is an object.", _working(data={"message": {"en": "Working"}})),
    "message-endless": ("The message is 1 MB long.", _status("processing", "x" * (1 << 20))),
    "message-controls": (
        "The message holds control characters of a terminal.",
        _status("processing", "\x1b[2J\x1b]0;owned\x07\r\n\u202eecorp"),
    ),
}
_LINKS: Final[Rows] = {
    "being-downloaded": (
        "The file is being downloaded (the service's text), and there is no status.",
        _being_downloaded,
    ),
    "done-nowhere": ("The file is fetched, and its job is not named yet.", _status("done")),
}
_NO_FILES: Final[Rows] = {
    "done-unlisted": ("The job is done and lists no files yet.", _status("done", files=[])),
    "done-without-list": ("The job is done without a list of files.", _status("done")),
    "done-list-null": ("The job is done, its list of files null.", _status("done", files=None)),
}
_UNTRUE: Final[Rows] = {
    "not-found-200": (f"{_UNKNOWN} 200, though there is one.", _not_found(200)),
    "not-found-400": (f"{_UNKNOWN} 400, though there is one.", _not_found(400)),
    "not-found-404": (f"{_UNKNOWN} 404, though there is one.", _not_found(404)),
}
_FAILED: Final[Rows] = {
    "failed": ("The job failed.", _status("failed", _MESSAGE)),
    "failed-200-false": (
        "The job failed, and success is false.",
        instead_json(200, success=False, status="failed", data={"message": _MESSAGE}),
    ),
    "failed-without-words": ("The job failed, and nobody says why.", _status("failed")),
}

TABLE: Final[tuple[Fault, ...]] = (
    *group("quirk", POLL | REMOTE, _STALE, applies=lambda request: request.seen),
    *group("quirk", POLL | REMOTE, _ODD),
    *group("quirk", REMOTE, _LINKS),
    *group("quirk", POLL, _NO_FILES),
    *group("hostile", POLL | REMOTE, _UNTRUE),
    *group("refusal", POLL | REMOTE, _FAILED),
)
