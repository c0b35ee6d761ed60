# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="WebhookPayload")


@_attrs_define
class WebhookPayload:
    """What the service posts to a webhook. Never confirmed: any object, probably in the shape of the answer of
    separation_get.

        Attributes:
            success (bool | int | str | Unset): Whether the request succeeded. A boolean as a rule, the text "true" for a
                job made from a link, perhaps 0 or 1.
            status (str | Unset): State of the job.
            hash_ (str | Unset): Hash of the job, if it is not in `data`.
            data (SeparationData | Unset): What belongs to the state. Most keys come with `done` only.
    """

    success: bool | int | str | Unset = UNSET
    status: str | Unset = UNSET
    hash_: str | Unset = UNSET
    data: SeparationData | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        success: bool | int | str | Unset
        if isinstance(self.success, Unset):
            success = UNSET
        else:
            success = self.success

        status = self.status

        hash_ = self.hash_

        data: dict[str, Any] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if success is not UNSET:
            field_dict["success"] = success
        if status is not UNSET:
            field_dict["status"] = status
        if hash_ is not UNSET:
            field_dict["hash"] = hash_
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

        status = d.pop("status", UNSET)

        hash_ = d.pop("hash", UNSET)

        _data = d.pop("data", UNSET)
        data: SeparationData | Unset
        if isinstance(_data, Unset):
            data = UNSET
        else:
            data = SeparationData.from_dict(_data)

        webhook_payload = cls(
            success=success,
            status=status,
            hash_=hash_,
            data=data,
        )

        webhook_payload.additional_properties = d
        return webhook_payload

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


from ..models.separation_data import SeparationData  # noqa: E402

WebhookPayload.__init__.__globals__.update(globals())
