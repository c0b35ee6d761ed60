# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="SeparationCreatedData")


@_attrs_define
class SeparationCreatedData:
    """Where to find the job.

    Attributes:
        link (str | Unset): URL that answers with the state of the job.
        hash_ (str | Unset): Hash of the job: opaque text. A long one holds dots; a short one without dots is a remote
            job's.
        message (str | Unset): Why the request was refused.
    """

    link: str | Unset = UNSET
    hash_: str | Unset = UNSET
    message: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        link = self.link

        hash_ = self.hash_

        message = self.message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if link is not UNSET:
            field_dict["link"] = link
        if hash_ is not UNSET:
            field_dict["hash"] = hash_
        if message is not UNSET:
            field_dict["message"] = message

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        link = d.pop("link", UNSET)

        hash_ = d.pop("hash", UNSET)

        message = d.pop("message", UNSET)

        separation_created_data = cls(
            link=link,
            hash_=hash_,
            message=message,
        )

        separation_created_data.additional_properties = d
        return separation_created_data

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
