"""Refusals: the shapes in which the service says no, and its texts.

The service's texts are spelled as it spells them ("Seperation"). "Our words" stand for a text
that nobody has recorded: no client should match on them.
"""

from __future__ import annotations

from collections.abc import Mapping

SEP_TYPE_NOT_SET = "Seperation type is not set"
PREMIUM_TYPE = "Seperation type is unavailable until you purchase premium membership"
PENDING_JOB = "You already have unprocessed file in queue. Please wait before adding new file!"
DAY_LIMIT = (
    "You have reached the limit of separations for today. "
    "Please try again tomorrow or consider signing up for a premium account."
)
NOT_FOUND = "File or File Hash not found"
BEING_DOWNLOADED = "Your audio file is being downloaded, please wait a while..."
ENTRY_NOT_FOUND = "Job not found"

# Our words.
PREMIUM_FORMAT = "Output format is unavailable until you purchase premium membership"
TOO_FEW_CREDITS = "You do not have enough credits"
INVALID_KEY = "Invalid API key"
WRONG_CREDENTIALS = "These credentials do not match our records."
WRONG_PASSWORD = "Wrong password"  # noqa: S105 - a message, not a secret
NOT_WAITING = "Only a job that waits can be cancelled"
URL_UNREACHABLE = "The file could not be downloaded"


class Refusal(Exception):
    """An answer that is a no: an HTTP status and a JSON body, sent as they stand."""

    def __init__(self, status: int, body: Mapping[str, object]) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


def by_errors(*texts: str) -> Refusal:
    """Refuse with a list under `errors` and no `data`: separation/create."""
    return Refusal(400, {"success": False, "errors": list(texts)})


def by_field_errors(fields: Mapping[str, list[str]]) -> Refusal:
    """Refuse with an object field to texts under `errors`: separation/create too, as observed."""
    return Refusal(400, {"success": False, "errors": dict(fields)})


def by_fields(fields: Mapping[str, list[str]]) -> Refusal:
    """Refuse with an object field to texts under `message`: login and register."""
    return Refusal(400, {"success": False, "message": dict(fields)})


def by_message(text: str) -> Refusal:
    """Refuse with a text under `message`."""
    return Refusal(400, {"success": False, "message": text})


def by_data(text: str, status: int = 400) -> Refusal:
    """Refuse with a text under `data.message`: cancel, delete and the quality checker."""
    return Refusal(status, {"success": False, "data": {"message": text}})


def unauthenticated() -> Refusal:
    """Refuse an unknown token with 401, as create documents; the body is Laravel's (unverified)."""
    return Refusal(401, {"message": "Unauthenticated."})


def required(*names: str) -> dict[str, list[str]]:
    """Return Laravel's texts for form fields that are missing."""
    return {name: [f"The {name.replace('_', ' ')} field is required."] for name in names}
