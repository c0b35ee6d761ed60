"""The record spec/upstream.json: the official document when last compared, and what is accepted.

An object of three keys: `document`, the address; `accepted`, a list of `{"subject", "reason"}`;
and `outline`, as tools/outline.py has it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.files import as_json
from tools.outline import Outline

OFFICIAL = "https://mvsep.com/misc/mvsep-openapi-spec.json"


class RecordError(Exception):
    """The file is not of its form; the message is a sentence that says how."""


@dataclass(frozen=True)
class Record:
    """The record of the official document.

    Args:
        document: The address of the official document.
        accepted: Subject to reason of each accepted difference.
        outline: The official document when last compared.
    """

    document: str
    accepted: dict[str, str]
    outline: Outline

    def text(self) -> str:
        """Return the file's text."""
        rows = [{"subject": key, "reason": reason} for key, reason in self.accepted.items()]
        return as_json({"document": self.document, "accepted": rows, "outline": self.outline})


def read_record(path: Path) -> Record:
    """Read spec/upstream.json.

    Raises:
        RecordError: When it is missing or not of its form, or accepts a difference without a
            reason.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        accepted: dict[str, str] = {}
        for row in content["accepted"]:
            subject, reason = row["subject"], row["reason"]
            if subject in accepted or not reason.strip():
                raise RecordError(f"{path.name}: {subject} is accepted twice or without a reason.")
            accepted[subject] = reason
        outline = content["outline"]
        _check(outline)
        return Record(str(content["document"]), accepted, outline)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecordError(f"{path.name} can't be read: {type(error).__name__}: {error}.") from error


def _check(outline: Any) -> None:
    texts: list[Any] = [outline["version"], *outline["servers"]]
    for operation in outline["operations"].values():
        texts += [*operation.get("required", ()), *operation["parameters"].values()]
        for parts in operation["responses"].values():
            texts += parts.values()
        for facts in operation.get("facts", {}).values():
            texts += facts
    for parts in outline.get("webhooks", {}).values():
        texts += parts.values()
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("its outline holds something else than texts")
