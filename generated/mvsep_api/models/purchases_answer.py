# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="PurchasesAnswer")


@_attrs_define
class PurchasesAnswer:
    """The purchases. The form is unknown: any object.

    Attributes:
        success (bool | int | str | Unset): Whether the request succeeded. A boolean as a rule, the text "true" for a
            job made from a link, perhaps 0 or 1.
        data (Any | Unset): Form unknown: any value.
    """

    success: bool | int | str | Unset = UNSET
    data: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        success: bool | int | str | Unset
        if isinstance(self.success, Unset):
            success = UNSET
        else:
            success = self.success

        data = self.data

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if success is not UNSET:
            field_dict["success"] = success
        if data is not UNSET:
            field_dict["data"] = data

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)

        def _parse_success(data: object) -> bool | int | str | Unset:
            if isinstance(data, Unset):
                return data
            return _cast(bool | int | str | Unset, data)

        success = _parse_success(d.pop("success", UNSET))

        data = d.pop("data", UNSET)

        purchases_answer = cls(
            success=success,
            data=data,
        )

        purchases_answer.additional_properties = d
        return purchases_answer

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
