"""A profile as the service tells it, for the tests of accounts and their switches."""

from __future__ import annotations

import pickle
import traceback
from typing import Any

import httpx

from tests.wire import TOKEN, Wire, answer

EMAIL, PASSWORD = "ada@example.com", 'pass "word" & more'
PROFILE: dict[str, Any] = {
    "name": "Ada",
    "email": EMAIL,
    "api_token": TOKEN,
    "created_at": "2026-01-01 00:00:00",
    "premium_minutes": 12,
    "premium_enabled": 0,
    "long_filenames_enabled": 1,
    "current_queue": None,
    "shoe_size": 38,
}
FINE = answer({"success": True, "message": "successfully enabled"})


def profile(**change: Any) -> httpx.Response:
    return answer({"success": True, "data": {**PROFILE, **change}})


def calls(wire: Wire) -> list[str]:
    return [path.removeprefix("/api/app/") for path in wire.paths]


def everything(error: BaseException) -> str:
    """All that a person or a log may get to see of an error."""
    seen: list[BaseException] = [error]
    for each in seen:
        seen += [link for link in (each.__cause__, each.__context__) if link and link not in seen]
    texts = [f"{each} {each!r} {vars(each)} {each.args}" for each in seen]
    lines = traceback.TracebackException.from_exception(error).format()
    return "".join([*texts, *lines, repr(pickle.dumps(error))])
