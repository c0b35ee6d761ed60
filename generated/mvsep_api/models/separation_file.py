# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="SeparationFile")


@_attrs_define
class SeparationFile:
    """One result file, a stem as a rule. The link works without a token, on the host that it names, for about 72 hours.

    Attributes:
        url (str): Link to the file. Whoever has it can load it.
        type_ (str | Unset): Label of the stem. Labels change; the second stem of a vocal type is often Other.
        size (str | Unset): Size for display.
        bytes_ (int | str | Unset): Size in bytes: a number, or its digits as text.
        download (str | Unset): Suggested file name.
        image (None | str | Unset): Seen as null only.
        peaks (Any | Unset): Points of the waveform, a large array; nothing for a client.
    """

    url: str
    type_: str | Unset = UNSET
    size: str | Unset = UNSET
    bytes_: int | str | Unset = UNSET
    download: str | Unset = UNSET
    image: None | str | Unset = UNSET
    peaks: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        url = self.url

        type_ = self.type_

        size = self.size

        bytes_: int | str | Unset
        if isinstance(self.bytes_, Unset):
            bytes_ = UNSET
        else:
            bytes_ = self.bytes_

        download = self.download

        image: None | str | Unset
        if isinstance(self.image, Unset):
            image = UNSET
        else:
            image = self.image

        peaks = self.peaks

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "url": url,
            }
        )
        if type_ is not UNSET:
            field_dict["type"] = type_
        if size is not UNSET:
            field_dict["size"] = size
        if bytes_ is not UNSET:
            field_dict["bytes"] = bytes_
        if download is not UNSET:
            field_dict["download"] = download
        if image is not UNSET:
            field_dict["image"] = image
        if peaks is not UNSET:
            field_dict["peaks"] = peaks

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        url = d.pop("url")

        type_ = d.pop("type", UNSET)

        size = d.pop("size", UNSET)

        def _parse_bytes_(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return _cast(int | str | Unset, data)

        bytes_ = _parse_bytes_(d.pop("bytes", UNSET))

        download = d.pop("download", UNSET)

        def _parse_image(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        image = _parse_image(d.pop("image", UNSET))

        peaks = d.pop("peaks", UNSET)

        separation_file = cls(
            url=url,
            type_=type_,
            size=size,
            bytes_=bytes_,
            download=download,
            image=image,
            peaks=peaks,
        )

        separation_file.additional_properties = d
        return separation_file

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
