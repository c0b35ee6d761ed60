# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="PriceRule")


@_attrs_define
class PriceRule:
    """How one option changes the price.

    Attributes:
        id (int | Unset): Number of the rule.
        algorithm_id (int | Unset): Number of the type's row.
        field_id (int | Unset): Number of the field.
        option_key (str | Unset): The option key it is about.
        mode (str | Unset): Seen: multiplier.
        value (str | Unset): A decimal number as text: "2.0000".
        created_at (None | str | Unset): Time of creation, as text without a reliable zone.
        updated_at (None | str | Unset): Time of the last change, as text without a reliable zone.
    """

    id: int | Unset = UNSET
    algorithm_id: int | Unset = UNSET
    field_id: int | Unset = UNSET
    option_key: str | Unset = UNSET
    mode: str | Unset = UNSET
    value: str | Unset = UNSET
    created_at: None | str | Unset = UNSET
    updated_at: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        algorithm_id = self.algorithm_id

        field_id = self.field_id

        option_key = self.option_key

        mode = self.mode

        value = self.value

        created_at: None | str | Unset
        if isinstance(self.created_at, Unset):
            created_at = UNSET
        else:
            created_at = self.created_at

        updated_at: None | str | Unset
        if isinstance(self.updated_at, Unset):
            updated_at = UNSET
        else:
            updated_at = self.updated_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if algorithm_id is not UNSET:
            field_dict["algorithm_id"] = algorithm_id
        if field_id is not UNSET:
            field_dict["field_id"] = field_id
        if option_key is not UNSET:
            field_dict["option_key"] = option_key
        if mode is not UNSET:
            field_dict["mode"] = mode
        if value is not UNSET:
            field_dict["value"] = value
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        id = d.pop("id", UNSET)

        algorithm_id = d.pop("algorithm_id", UNSET)

        field_id = d.pop("field_id", UNSET)

        option_key = d.pop("option_key", UNSET)

        mode = d.pop("mode", UNSET)

        value = d.pop("value", UNSET)

        def _parse_created_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        created_at = _parse_created_at(d.pop("created_at", UNSET))

        def _parse_updated_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        updated_at = _parse_updated_at(d.pop("updated_at", UNSET))

        price_rule = cls(
            id=id,
            algorithm_id=algorithm_id,
            field_id=field_id,
            option_key=option_key,
            mode=mode,
            value=value,
            created_at=created_at,
            updated_at=updated_at,
        )

        price_rule.additional_properties = d
        return price_rule

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
