# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="ErrorAnswer")


@_attrs_define
class ErrorAnswer:
    """Every JSON error the service was seen to give. Which keys there are differs by operation; none can be relied on.

    Attributes:
        success (bool | int | str | Unset): Whether the request succeeded. A boolean as a rule, the text "true" for a
            job made from a link, perhaps 0 or 1.
        errors (Any | Unset): What is wrong. Any shape: a list of texts, one text, or an object of field to texts.
        data (Any | Unset): Any shape: an object with a `message` as a rule.
        message (Any | Unset): What is wrong. Any shape: one text, or an object of field to texts.
        error (Any | Unset): What is wrong. Any shape; clients look here last.
    """

    success: bool | int | str | Unset = UNSET
    errors: Any | Unset = UNSET
    data: Any | Unset = UNSET
    message: Any | Unset = UNSET
    error: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        success: bool | int | str | Unset
        if isinstance(self.success, Unset):
            success = UNSET
        else:
            success = self.success

        errors = self.errors

        data = self.data

        message = self.message

        error = self.error

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if success is not UNSET:
            field_dict["success"] = success
        if errors is not UNSET:
            field_dict["errors"] = errors
        if data is not UNSET:
            field_dict["data"] = data
        if message is not UNSET:
            field_dict["message"] = message
        if error is not UNSET:
            field_dict["error"] = error

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)

        def _parse_success(data: object) -> bool | int | str | Unset:
            if isinstance(data, Unset):
                return data
            return _cast(bool | int | str | Unset, data)

        success = _parse_success(d.pop("success", UNSET))

        errors = d.pop("errors", UNSET)

        data = d.pop("data", UNSET)

        message = d.pop("message", UNSET)

        error = d.pop("error", UNSET)

        error_answer = cls(
            success=success,
            errors=errors,
            data=data,
            message=message,
            error=error,
        )

        error_answer.additional_properties = d
        return error_answer

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
