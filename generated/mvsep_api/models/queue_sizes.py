# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="QueueSizes")


@_attrs_define
class QueueSizes:
    """Unfinished jobs by plan.

    Attributes:
        in_process (int | Unset): Jobs being processed.
        premium (int | Unset): Waiting jobs of premium users.
        registered (int | Unset): Waiting jobs of registered users.
        unregistered (int | Unset): Waiting jobs of guests.
    """

    in_process: int | Unset = UNSET
    premium: int | Unset = UNSET
    registered: int | Unset = UNSET
    unregistered: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        in_process = self.in_process

        premium = self.premium

        registered = self.registered

        unregistered = self.unregistered

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if in_process is not UNSET:
            field_dict["in_process"] = in_process
        if premium is not UNSET:
            field_dict["premium"] = premium
        if registered is not UNSET:
            field_dict["registered"] = registered
        if unregistered is not UNSET:
            field_dict["unregistered"] = unregistered

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        in_process = d.pop("in_process", UNSET)

        premium = d.pop("premium", UNSET)

        registered = d.pop("registered", UNSET)

        unregistered = d.pop("unregistered", UNSET)

        queue_sizes = cls(
            in_process=in_process,
            premium=premium,
            registered=registered,
            unregistered=unregistered,
        )

        queue_sizes.additional_properties = d
        return queue_sizes

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
