"""Files of the project, written all together or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def as_json(document: Any) -> str:
    """Write JSON as this project's files have it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def replace(texts: Mapping[Path, str]) -> list[str]:
    """Write the files that differ, each by a rename.

    Returns:
        The names of the files that were written.

    Raises:
        OSError: When one can't be written; all are as they were.
    """
    before = {path: path.read_bytes() for path in texts}
    new = {path: text.encode() for path, text in texts.items() if text.encode() != before[path]}
    parts = {path: path.with_name(f".{path.name}.part") for path in new}
    done = []
    try:
        for path, part in parts.items():
            part.write_bytes(new[path])
        for path, part in parts.items():
            part.replace(path)
            done.append(path)
    except OSError:
        for path in done:
            path.write_bytes(before[path])
        raise
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return [path.name for path in parts]
