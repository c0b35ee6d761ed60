# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="InputFile")


@_attrs_define
class InputFile:
    """The input of the job.

    Attributes:
        url (str | Unset): Link to the input. Whoever has it can load it.
        size (str | Unset): Size for display.
        download (str | Unset): Suggested file name.
    """

    url: str | Unset = UNSET
    size: str | Unset = UNSET
    download: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        url = self.url

        size = self.size

        download = self.download

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if url is not UNSET:
            field_dict["url"] = url
        if size is not UNSET:
            field_dict["size"] = size
        if download is not UNSET:
            field_dict["download"] = download

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        url = d.pop("url", UNSET)

        size = d.pop("size", UNSET)

        download = d.pop("download", UNSET)

        input_file = cls(
            url=url,
            size=size,
            download=download,
        )

        input_file.additional_properties = d
        return input_file

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
