# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
"""Contains some shared types for properties"""

from collections.abc import Mapping, MutableMapping
from typing import IO, BinaryIO, Generic, Literal, TypeVar

from attrs import AttrsInstance, define, field, fields


class Unset:
    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _shown(value: object) -> str:
    if isinstance(value, list | dict) and value:
        return f"<{len(value)}>"
    return _cut(repr(value), 60)


def short_repr(model: AttrsInstance) -> str:
    """One line of at most 200 characters: the fields that were given; lists and objects are counted"""
    kind = type(model)
    given = [(each.name, getattr(model, each.name)) for each in fields(kind) if each.repr]
    shown = [
        f"{name}={_shown(value)}" for name, value in given if value is not UNSET and value != {}
    ]
    return _cut(f"{kind.__name__}({', '.join(shown)})", 200)


# The types that `httpx.Client(files=)` can accept, copied from that library.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    # (filename, file (or bytes), content_type)
    tuple[str | None, FileContent, str | None]
    # (filename, file (or bytes), content_type, headers)
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


def form_field(name: str, value: object) -> RequestFiles:
    """The parts a form value becomes: none for null, 0 or 1 for a boolean, else its text"""
    if value is None:
        return []
    if isinstance(value, bool):
        value = int(value)
    return [(name, (None, str(value).encode(), "text/plain"))]


@define
class File:
    """Contains information for file uploads"""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """Return a tuple representation that httpx will accept for multipart/form-data"""
        return self.file_name, self.payload, self.mime_type


T = TypeVar("T")


@define
class Response(Generic[T]):
    """A response from an endpoint"""

    status_code: int
    content: bytes = field(repr=False)
    headers: MutableMapping[str, str]
    parsed: T | None


__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset"]
