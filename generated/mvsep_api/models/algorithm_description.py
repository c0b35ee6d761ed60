# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="AlgorithmDescription")


@_attrs_define
class AlgorithmDescription:
    """A description of a separation type in one language.

    Attributes:
        id (int | Unset): Number of the description.
        short_description (str | Unset): Short text.
        long_description (str | Unset): Long text in HTML.
        lang (str | Unset): en or ru.
        algorithm_id (int | Unset): Number of the type's row.
        created_at (None | str | Unset): Time of creation, as text without a reliable zone.
        updated_at (None | str | Unset): Time of the last change, as text without a reliable zone.
    """

    id: int | Unset = UNSET
    short_description: str | Unset = UNSET
    long_description: str | Unset = UNSET
    lang: str | Unset = UNSET
    algorithm_id: int | Unset = UNSET
    created_at: None | str | Unset = UNSET
    updated_at: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        short_description = self.short_description

        long_description = self.long_description

        lang = self.lang

        algorithm_id = self.algorithm_id

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
        if short_description is not UNSET:
            field_dict["short_description"] = short_description
        if long_description is not UNSET:
            field_dict["long_description"] = long_description
        if lang is not UNSET:
            field_dict["lang"] = lang
        if algorithm_id is not UNSET:
            field_dict["algorithm_id"] = algorithm_id
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        id = d.pop("id", UNSET)

        short_description = d.pop("short_description", UNSET)

        long_description = d.pop("long_description", UNSET)

        lang = d.pop("lang", UNSET)

        algorithm_id = d.pop("algorithm_id", UNSET)

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

        algorithm_description = cls(
            id=id,
            short_description=short_description,
            long_description=long_description,
            lang=lang,
            algorithm_id=algorithm_id,
            created_at=created_at,
            updated_at=updated_at,
        )

        algorithm_description.additional_properties = d
        return algorithm_description

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
