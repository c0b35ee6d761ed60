"""The form fields of a job that a caller chooses freely: numbers, and `add_opt1` to `add_opt10`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mvsep.errors import InvalidInput

_FIELD = re.compile(r"add_opt([1-9]|10)")


def form_fields(options: Mapping[str, object] | None) -> dict[str, str]:
    """The form fields for a separation type's options.

    Args:
        options: Values by field: `{"add_opt1": "81", "add_opt2": 8}`. A value is an option's key,
            or text where the field takes text. Fields with the value None are left out.

    Raises:
        InvalidInput: When a field is none of the ten, or a value is no text or number.
    """
    fields = {}
    for name, value in (options or {}).items():
        if not _FIELD.fullmatch(name):
            raise InvalidInput(
                f"There is no option field {name!r:.60}.",
                charged=False,
                next_step="The fields are add_opt1 to add_opt10; "
                "Catalog.bundled()[sep_type].fields lists those of a type.",
            )
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise InvalidInput(
                f"{name} can't be {value!r:.60}.",
                charged=False,
                next_step="Give the option's key, or text.",
            )
        fields[name] = str(value)
    return fields


def whole_number(name: str, value: object) -> int:
    """A number that counts from 0, as a plain int.

    Raises:
        InvalidInput: When it is anything else; a boolean is no number here.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return int(value)
    raise InvalidInput(f"{name} can't be {value!r:.60}: it is a number from 0.", charged=False)
