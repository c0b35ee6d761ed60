# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from enum import StrEnum


class RemoteStatus(StrEnum):
    DONE = "done"
    FAILED = "failed"
    NOT_FOUND = "not_found"
    PROCESSING = "processing"
    WAITING = "waiting"

    @classmethod
    def _missing_(cls, value: object) -> "RemoteStatus | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    def __str__(self) -> str:
        return str(self.value)
