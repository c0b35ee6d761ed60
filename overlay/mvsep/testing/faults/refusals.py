"""The service's noes, in every known shape. Nothing was created, nothing charged."""

from __future__ import annotations

from typing import Final

from mvsep.testing import refusals
from mvsep.testing.faults.fault import POLL, REMOTE, SUBMIT, Fault, Handler, Rows, group
from mvsep.testing.faults.handlers import instead_json
from mvsep.testing.refusals import PENDING_JOB, required

# Our words, both: nobody has recorded the service's.
TOO_LARGE: Final = "The file is larger than your plan allows"
TOO_LONG: Final = "The file is longer than your plan allows"


def _no(http: int, /, **body: object) -> Handler:
    return instead_json(http, success=False, **body)


def _error(text: str, http: int = 400) -> Handler:
    return _no(http, errors=[text])


_UNAUTHENTICATED: Final = instead_json(401, message="Unauthenticated.")

_CREATE: Final[Rows] = {
    "queue-full": (
        "400: an unprocessed file is in the queue already (the service's text).",
        _error(PENDING_JOB),
    ),
    "premium-required": (
        "400: the type is for premium accounts (the service's text).",
        _error(refusals.PREMIUM_TYPE),
    ),
    "type-not-set": (
        "400: no separation type (the service's text).",
        _error(refusals.SEP_TYPE_NOT_SET),
    ),
    "quota-used-up": (
        "400: the day's separations are used up (the service's text).",
        _error(refusals.DAY_LIMIT),
    ),
    "credits-run-out": ("400: too few credits (our words).", _error(refusals.TOO_FEW_CREDITS)),
    "file-too-large": ("400: too many megabytes for the plan (our words).", _error(TOO_LARGE)),
    "file-too-long": ("400: too many minutes for the plan (our words).", _error(TOO_LONG)),
    "token-refused": ("401 in Laravel's own words.", _UNAUTHENTICATED),
    "token-refused-400": (
        "400: the key is not known (our words).",
        _no(400, message=refusals.INVALID_KEY),
    ),
    "errors-as-text": ("400 whose errors are one text.", _no(400, errors=PENDING_JOB)),
    "errors-by-field": (
        "400 whose errors are an object, field to texts.",
        _no(400, errors=required("sep_type")),
    ),
    "refusal-in-data": (
        "400 with its text in data.message.",
        _no(400, data={"message": PENDING_JOB}),
    ),
    "refusal-in-message": ("400 with its text in message.", _no(400, message=PENDING_JOB)),
    "refusal-in-error": ("400 with its text in error.", _no(400, error=PENDING_JOB)),
    "refusal-422": (
        "422 as Laravel's validation answers.",
        _no(422, message="The given data was invalid.", errors=required("sep_type")),
    ),
    "refusal-200": ("The queue is full, with status 200.", _error(PENDING_JOB, 200)),
    "refusal-200-text": (
        'The queue is full, with status 200 and success as the text "false".',
        instead_json(200, success="false", errors=[PENDING_JOB]),
    ),
    "refusal-without-words": ("400 that says nothing but success: false.", _no(400)),
}
_ASK: Final[Rows] = {
    "ask-refused-401": ("401 to a question about a job, in Laravel's own words.", _UNAUTHENTICATED)
}

TABLE: Final[tuple[Fault, ...]] = (
    *group("refusal", SUBMIT, _CREATE),
    *group("refusal", POLL | REMOTE, _ASK),
)
