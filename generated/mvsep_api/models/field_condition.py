# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="FieldCondition")


@_attrs_define
class FieldCondition:
    """When a field is shown or hidden.

    Attributes:
        id (int | Unset): Number of the condition.
        algorithm_id (int | Unset): Number of the type's row.
        field_id (int | Unset): Number of the field it is about.
        depends_on_field_id (int | Unset): Number of the field whose value decides.
        operator (str | Unset): Seen: in.
        value_json (list[str] | Unset): The deciding option keys: a true array, unlike its neighbours.
        action (str | Unset): show or hide.
        created_at (None | str | Unset): Time of creation, as text without a reliable zone.
        updated_at (None | str | Unset): Time of the last change, as text without a reliable zone.
    """

    id: int | Unset = UNSET
    algorithm_id: int | Unset = UNSET
    field_id: int | Unset = UNSET
    depends_on_field_id: int | Unset = UNSET
    operator: str | Unset = UNSET
    value_json: list[str] | Unset = UNSET
    action: str | Unset = UNSET
    created_at: None | str | Unset = UNSET
    updated_at: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        algorithm_id = self.algorithm_id

        field_id = self.field_id

        depends_on_field_id = self.depends_on_field_id

        operator = self.operator

        value_json: list[str] | Unset = UNSET
        if not isinstance(self.value_json, Unset):
            value_json = self.value_json

        action = self.action

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
        if depends_on_field_id is not UNSET:
            field_dict["depends_on_field_id"] = depends_on_field_id
        if operator is not UNSET:
            field_dict["operator"] = operator
        if value_json is not UNSET:
            field_dict["value_json"] = value_json
        if action is not UNSET:
            field_dict["action"] = action
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

        depends_on_field_id = d.pop("depends_on_field_id", UNSET)

        operator = d.pop("operator", UNSET)

        value_json = _cast(list[str], d.pop("value_json", UNSET))

        action = d.pop("action", UNSET)

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

        field_condition = cls(
            id=id,
            algorithm_id=algorithm_id,
            field_id=field_id,
            depends_on_field_id=depends_on_field_id,
            operator=operator,
            value_json=value_json,
            action=action,
            created_at=created_at,
            updated_at=updated_at,
        )

        field_condition.additional_properties = d
        return field_condition

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
