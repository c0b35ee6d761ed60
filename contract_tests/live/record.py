"""The files of kept answers, without what belongs to somebody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import httpx

from contract_tests.live.check import media_of
from contract_tests.live.redact import Redactor
from contract_tests.live.settings import CannotRunError
from contract_tests.live.trim import form_of

#: Headers that say something of the service and nothing of the caller.
HEADERS: Final = ("cache-control", "retry-after", "x-ratelimit-limit", "x-ratelimit-remaining")


class Recorder:
    """A recorder of each form of answer, once: the same form twice teaches nothing."""

    def __init__(self, folder: Path, redactor: Redactor, *, server: str, date: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            kept = any(folder.iterdir())
        except OSError as error:
            reason = f"{folder} can't be made a folder for the answers: {error.strerror}."
            raise CannotRunError(reason) from error
        if kept:
            raise CannotRunError(f"{folder} is not empty, and records of two runs don't mix.")
        self._folder = folder
        self._redactor = redactor
        self._server = server
        self._date = date
        self._known: dict[tuple[str, int], set[str]] = {}

    def keep(self, operation: str, response: httpx.Response) -> None:
        """Keep one answer, if its form is a new one."""
        body = self._redactor.body(operation, _value(response))
        forms = self._known.setdefault((operation, response.status_code), set())
        form = form_of(body)
        if form in forms:
            return
        forms.add(form)
        number = f"-{len(forms)}" if len(forms) > 1 else ""
        kept = {
            "operation": operation,
            "status": response.status_code,
            "server": self._server,
            "date": self._date,
            "content_type": media_of(response.headers.get("content-type", "")),
            "headers": {
                name: self._redactor.text(response.headers[name])
                for name in HEADERS
                if name in response.headers
            },
            "body": body,
        }
        path = self._folder / f"{operation}-{response.status_code}{number}.json"
        text = json.dumps(kept, indent=2, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


def _value(response: httpx.Response) -> Any:
    if media_of(response.headers.get("content-type", "")) == "application/json":
        try:
            return response.json()
        except ValueError:
            pass
    return response.text
