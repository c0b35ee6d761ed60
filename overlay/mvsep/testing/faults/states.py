"""What a job's state can look like when it is not as it should be."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from mvsep.testing import refusals
from mvsep.testing.answers import php_json
from mvsep.testing.faults.fault import Fault, Kind, Phase
from mvsep.testing.faults.scene import Answer, Scene
from mvsep.testing.faults.statuses import JSON, Play, instead

_POLL: Final[frozenset[Phase]] = frozenset({"poll"})
_REMOTE: Final[frozenset[Phase]] = frozenset({"remote"})
_BOTH: Final = _POLL | _REMOTE


def _saying(http: int, /, **body: object) -> Play:
    return instead(Answer(http, JSON, php_json(body)))


def _stands(status: object, message: str = "", **data: object) -> Play:
    body = {"message": message, **data} if message else data
    return _saying(200, success=True, status=status, data=body)


def _not_found(status: int) -> Play:
    return _saying(status, success=False, status="not_found", data={"message": refusals.NOT_FOUND})


async def _stale(scene: Scene) -> None:
    answer = scene.earlier or await scene.act()
    await scene.say(evolve(answer, headers={**answer.headers, "age": "30", "x-cache": "HIT"}))


def _fault(
    name: str, about: str, play: Play, phases: frozenset[Phase] = _BOTH, *, kind: Kind = "quirk"
) -> Fault:
    return Fault(name, about, kind, play, phases)


TABLE: Final[tuple[Fault, ...]] = (
    Fault(
        "stale-answer",
        "A cache gives an older state again.",
        "quirk",
        _stale,
        _BOTH,
        applies=lambda asked: asked.seen,
    ),
    _fault(
        "waiting-again",
        "The job waits, whatever it did before.",
        _stands("waiting", "Your file is waiting.", queue_count=9, current_order=5),
    ),
    _fault(
        "processing-again",
        "The job is worked on, whatever it did before.",
        _stands("processing", "Your file is processing."),
    ),
    _fault(
        "distributing-again",
        "The job is worked on in parts, whatever it did before.",
        _stands(
            "distributing",
            "Your file is distributing.",
            finished_chunks=0,
            all_chunks=4,
            queue_count=1,
            current_order=1,
        ),
    ),
    _fault(
        "merging-again",
        "The parts of the job are put together, whatever it did before.",
        _stands("merging", "Your file is merging."),
    ),
    _fault(
        "converting-again",
        "The result is converted, whatever the job did before.",
        _stands("converting", "Your file is converting."),
    ),
    _fault(
        "unknown-status",
        "The status is a word that nobody knows.",
        _stands("pondering", "Your file is pondering."),
    ),
    _fault("status-null", "The status is null.", _stands(None)),
    _fault("status-number", "The status is a number.", _stands(3)),
    _fault("status-empty", "The status is an empty text.", _stands("")),
    _fault("status-missing", "There is no status.", _saying(200, success=True, data={})),
    _fault(
        "data-missing",
        "There is a status and no data.",
        _saying(200, success=True, status="processing"),
    ),
    _fault(
        "data-list",
        "The data is an empty list, as PHP writes an empty object.",
        _saying(200, success=True, status="processing", data=[]),
    ),
    _fault(
        "data-null", "The data is null.", _saying(200, success=True, status="processing", data=None)
    ),
    _fault(
        "place-odd",
        "The place in the queue is negative, and the length of the queue a text.",
        _stands("waiting", queue_count="many", current_order=-1),
    ),
    _fault(
        "message-object",
        "The message is an object.",
        _saying(200, success=True, status="processing", data={"message": {"en": "Working"}}),
    ),
    _fault(
        "message-endless", "The message is a megabyte long.", _stands("processing", "x" * (1 << 20))
    ),
    _fault(
        "message-controls",
        "The message holds control characters of a terminal.",
        _stands("processing", "\x1b[2J\x1b]0;owned\x07\r\n\u202eecorp"),
    ),
    _fault(
        "being-downloaded",
        "The file is being downloaded (the service's text), and there is no status.",
        _saying(200, success=False, data={"message": refusals.BEING_DOWNLOADED}),
        _REMOTE,
    ),
    _fault(
        "done-unlisted", "The job is done and lists no files yet.", _stands("done", files=[]), _POLL
    ),
    _fault(
        "done-without-list",
        "The job is done, and there is no list of files.",
        _stands("done"),
        _POLL,
    ),
    _fault(
        "done-list-null",
        "The job is done, and the list of files is null.",
        _stands("done", files=None),
        _POLL,
    ),
    _fault(
        "done-nowhere",
        "The file is fetched, and its job is not named yet.",
        _stands("done"),
        _REMOTE,
    ),
    _fault(
        "not-found-200",
        "The job is not known, with status 200, though there is one.",
        _not_found(200),
        kind="hostile",
    ),
    _fault(
        "not-found-400",
        "The job is not known, with status 400, though there is one.",
        _not_found(400),
        kind="hostile",
    ),
    _fault(
        "not-found-404",
        "The job is not known, with status 404, though there is one.",
        _not_found(404),
        kind="hostile",
    ),
    _fault("failed", "The job failed.", _stands("failed", "Separation failed."), kind="refusal"),
    _fault(
        "failed-200-false",
        "The job failed, and success is false.",
        _saying(200, success=False, status="failed", data={"message": "Separation failed."}),
        kind="refusal",
    ),
    _fault(
        "failed-without-words",
        "The job failed, and nobody says why.",
        _stands("failed"),
        kind="refusal",
    ),
)
