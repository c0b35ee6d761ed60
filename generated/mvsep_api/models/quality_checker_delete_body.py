# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types

T = TypeVar("T", bound="QualityCheckerDeleteBody")


@_attrs_define
class QualityCheckerDeleteBody:
    """The entry to delete.

    Attributes:
        id (int): Number of the entry.
        password (str): Password given when the entry was added.
    """

    id: int
    password: str = _attrs_field(repr=False)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        password = self.password

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "password": password,
            }
        )

        return field_dict

    def to_multipart(self) -> _types.RequestFiles:
        files: _types.RequestFiles = []

        files.extend(_types.form_field("id", self.id))

        files.extend(_types.form_field("password", self.password))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        id = d.pop("id")

        password = d.pop("password")

        quality_checker_delete_body = cls(
            id=id,
            password=password,
        )

        return quality_checker_delete_body
