# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="AlgorithmBrief")


@_attrs_define
class AlgorithmBrief:
    """A separation type in short.

    Attributes:
        name (str | Unset): Name of the separation type.
        algorithm_group_id (int | Unset): Number of the group.
        orientation (int | Unset): Who may use it: 0 everyone, 1 registered users, 2 premium users.
        render_id (int | Unset): The separation type.
        order_id (int | Unset): Place in the site's list.
        created_at (None | str | Unset): Time of creation, as text without a reliable zone.
        updated_at (None | str | Unset): Time of the last change, as text without a reliable zone.
        algorithm_group (AlgorithmGroup | Unset): A group of separation types.
    """

    name: str | Unset = UNSET
    algorithm_group_id: int | Unset = UNSET
    orientation: int | Unset = UNSET
    render_id: int | Unset = UNSET
    order_id: int | Unset = UNSET
    created_at: None | str | Unset = UNSET
    updated_at: None | str | Unset = UNSET
    algorithm_group: AlgorithmGroup | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        algorithm_group_id = self.algorithm_group_id

        orientation = self.orientation

        render_id = self.render_id

        order_id = self.order_id

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

        algorithm_group: dict[str, Any] | Unset = UNSET
        if not isinstance(self.algorithm_group, Unset):
            algorithm_group = self.algorithm_group.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if algorithm_group_id is not UNSET:
            field_dict["algorithm_group_id"] = algorithm_group_id
        if orientation is not UNSET:
            field_dict["orientation"] = orientation
        if render_id is not UNSET:
            field_dict["render_id"] = render_id
        if order_id is not UNSET:
            field_dict["order_id"] = order_id
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if algorithm_group is not UNSET:
            field_dict["algorithm_group"] = algorithm_group

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        name = d.pop("name", UNSET)

        algorithm_group_id = d.pop("algorithm_group_id", UNSET)

        orientation = d.pop("orientation", UNSET)

        render_id = d.pop("render_id", UNSET)

        order_id = d.pop("order_id", UNSET)

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

        _algorithm_group = d.pop("algorithm_group", UNSET)
        algorithm_group: AlgorithmGroup | Unset
        if isinstance(_algorithm_group, Unset):
            algorithm_group = UNSET
        else:
            algorithm_group = AlgorithmGroup.from_dict(_algorithm_group)

        algorithm_brief = cls(
            name=name,
            algorithm_group_id=algorithm_group_id,
            orientation=orientation,
            render_id=render_id,
            order_id=order_id,
            created_at=created_at,
            updated_at=updated_at,
            algorithm_group=algorithm_group,
        )

        algorithm_brief.additional_properties = d
        return algorithm_brief

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


from ..models.algorithm_group import AlgorithmGroup  # noqa: E402

AlgorithmBrief.__init__.__globals__.update(globals())
