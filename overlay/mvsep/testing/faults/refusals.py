"""The service's noes, in every shape that is known. Nothing was created, nothing charged."""

from __future__ import annotations

from typing import Final

from mvsep.testing import refusals
from mvsep.testing.answers import php_json
from mvsep.testing.faults.fault import Fault, Phase
from mvsep.testing.faults.scene import Answer
from mvsep.testing.faults.statuses import JSON, Play, instead

_SUBMIT: Final[frozenset[Phase]] = frozenset({"submit"})
_ASKED: Final[frozenset[Phase]] = frozenset({"poll", "remote"})
# Our words, all three: nobody has recorded the service's.
QUOTA: Final = "You have used all of today's free separations"
TOO_LARGE: Final = "The file is larger than your plan allows"
TOO_LONG: Final = "The file is longer than your plan allows"


def _no(status: int, **body: object) -> Play:
    return instead(Answer(status, JSON, php_json({"success": False, **body})))


def _error(text: str, status: int = 400) -> Play:
    return _no(status, errors=[text])


def _fault(name: str, about: str, play: Play, phases: frozenset[Phase] = _SUBMIT) -> Fault:
    return Fault(name, about, "refusal", play, phases)


TABLE: Final[tuple[Fault, ...]] = (
    _fault(
        "queue-full",
        "400: an unprocessed file is in the queue already (the service's text).",
        _error(refusals.PENDING_JOB),
    ),
    _fault(
        "premium-required",
        "400: the type is for premium accounts (the service's text).",
        _error(refusals.PREMIUM_TYPE),
    ),
    _fault(
        "type-not-set",
        "400: no separation type (the service's text).",
        _error(refusals.SEP_TYPE_NOT_SET),
    ),
    _fault("quota-used-up", "400: the day's separations are used up (our words).", _error(QUOTA)),
    _fault(
        "credits-run-out", "400: too few credits (our words).", _error(refusals.TOO_FEW_CREDITS)
    ),
    _fault(
        "file-too-large", "400: too many megabytes for the plan (our words).", _error(TOO_LARGE)
    ),
    _fault("file-too-long", "400: too many minutes for the plan (our words).", _error(TOO_LONG)),
    _fault(
        "token-refused",
        "401 in Laravel's own words.",
        instead(Answer(401, JSON, php_json({"message": "Unauthenticated."}))),
    ),
    _fault(
        "token-refused-400",
        "400: the key is not known (our words).",
        _no(400, message=refusals.INVALID_KEY),
    ),
    _fault(
        "errors-as-text", "400 whose errors are one text.", _no(400, errors=refusals.PENDING_JOB)
    ),
    _fault(
        "errors-by-field",
        "400 whose errors are an object, field to texts.",
        _no(400, errors=refusals.required("sep_type")),
    ),
    _fault(
        "refusal-in-data",
        "400 whose text stands in data.message.",
        _no(400, data={"message": refusals.PENDING_JOB}),
    ),
    _fault(
        "refusal-in-message",
        "400 whose text stands in message.",
        _no(400, message=refusals.PENDING_JOB),
    ),
    _fault(
        "refusal-in-error", "400 whose text stands in error.", _no(400, error=refusals.PENDING_JOB)
    ),
    _fault(
        "refusal-422",
        "422 as Laravel's validation answers.",
        _no(422, message="The given data was invalid.", errors=refusals.required("sep_type")),
    ),
    _fault("refusal-200", "The queue is full, with status 200.", _error(refusals.PENDING_JOB, 200)),
    _fault(
        "refusal-200-text",
        'The queue is full, with status 200 and success as the text "false".',
        instead(
            Answer(200, JSON, php_json({"success": "false", "errors": [refusals.PENDING_JOB]}))
        ),
    ),
    _fault("refusal-without-words", "400 that says nothing but success: false.", _no(400)),
    _fault(
        "ask-refused-401",
        "401 to a question about a job, in Laravel's own words.",
        instead(Answer(401, JSON, php_json({"message": "Unauthenticated."}))),
        _ASKED,
    ),
)
