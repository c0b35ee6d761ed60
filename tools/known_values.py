"""The values known so far of a set that grows, written into the description that a page shows.

No page and no other generator shows `x-known-values`. So a description ends with them, as a list:

    Format of the stems.

    Known so far:

    - `0`: mp3 (320 kbps)
    - `1`: wav (uncompressed, 16 bit)
"""

from __future__ import annotations

from typing import Any

from tools.console import one_line

KNOWN_VALUES = "x-known-values"
_HEAD = "\n\nKnown so far:\n\n"


def listed(schema: dict[str, Any]) -> str:
    """Return the description of a schema, with the list of its known values as its end."""
    return unlisted(schema["description"]) + _HEAD + "\n".join(map(_row, schema[KNOWN_VALUES]))


def _row(known: dict[str, Any]) -> str:
    value, name = str(known["value"]), known["name"]
    # A name that is made of the value tells nothing more.
    return f"- `{name}`" if one_line(value) == name else f"- `{value}`: {name}"


def unlisted(description: str) -> str:
    """Return a description without the list of known values."""
    return description.partition(_HEAD)[0]


def closed(schemas: dict[str, Any]) -> dict[str, Any]:
    """Return component schemas with an enum in place of each set of words that may grow."""
    return {
        name: {**schema, "enum": [each["value"] for each in schema[KNOWN_VALUES]]}
        if schema.get("type") == "string" and KNOWN_VALUES in schema
        else schema
        for name, schema in schemas.items()
    }
