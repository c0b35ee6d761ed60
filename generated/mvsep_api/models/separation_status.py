# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from enum import StrEnum


class SeparationStatus(StrEnum):
    CONVERTING = "converting"
    DISTRIBUTING = "distributing"
    DONE = "done"
    FAILED = "failed"
    MERGING = "merging"
    NOT_FOUND = "not_found"
    PROCESSING = "processing"
    WAITING = "waiting"

    @classmethod
    def _missing_(cls, value: object) -> "SeparationStatus | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
