# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="DemoItem")


@_attrs_define
class DemoItem:
    """A separation of the demo page.

    Attributes:
        hash_ (str | Unset): Hash of the separation.
        date (str | Unset): Time without seconds and zone: YYYY-MM-DD HH:MM.
        input_audio (str | Unset): Link to the input.
        size (str | Unset): Size of the input for display. Documented, absent from the saved response.
        algorithm (AlgorithmBrief | Unset): A separation type in short.
    """

    hash_: str | Unset = UNSET
    date: str | Unset = UNSET
    input_audio: str | Unset = UNSET
    size: str | Unset = UNSET
    algorithm: AlgorithmBrief | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        hash_ = self.hash_

        date = self.date

        input_audio = self.input_audio

        size = self.size

        algorithm: dict[str, Any] | Unset = UNSET
        if not isinstance(self.algorithm, Unset):
            algorithm = self.algorithm.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if hash_ is not UNSET:
            field_dict["hash"] = hash_
        if date is not UNSET:
            field_dict["date"] = date
        if input_audio is not UNSET:
            field_dict["input_audio"] = input_audio
        if size is not UNSET:
            field_dict["size"] = size
        if algorithm is not UNSET:
            field_dict["algorithm"] = algorithm

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        hash_ = d.pop("hash", UNSET)

        date = d.pop("date", UNSET)

        input_audio = d.pop("input_audio", UNSET)

        size = d.pop("size", UNSET)

        _algorithm = d.pop("algorithm", UNSET)
        algorithm: AlgorithmBrief | Unset
        if isinstance(_algorithm, Unset):
            algorithm = UNSET
        else:
            algorithm = AlgorithmBrief.from_dict(_algorithm)

        demo_item = cls(
            hash_=hash_,
            date=date,
            input_audio=input_audio,
            size=size,
            algorithm=algorithm,
        )

        demo_item.additional_properties = d
        return demo_item

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


from ..models.algorithm_brief import AlgorithmBrief  # noqa: E402

DemoItem.__init__.__globals__.update(globals())
