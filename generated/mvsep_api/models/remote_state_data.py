# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="RemoteStateData")


@_attrs_define
class RemoteStateData:
    """What belongs to the state.

    Attributes:
        queue_count (int | Unset): Unfinished jobs in the caller's class of the queue.
        current_order (int | Unset): Place of this job in that queue.
        message (None | str | Unset): Text about the state; the reason when the job failed.
        link (str | Unset): URL that answers with the state of the separation, once done.
        hash_ (str | Unset): Long hash of the separation, once done.
    """

    queue_count: int | Unset = UNSET
    current_order: int | Unset = UNSET
    message: None | str | Unset = UNSET
    link: str | Unset = UNSET
    hash_: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        queue_count = self.queue_count

        current_order = self.current_order

        message: None | str | Unset
        if isinstance(self.message, Unset):
            message = UNSET
        else:
            message = self.message

        link = self.link

        hash_ = self.hash_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if queue_count is not UNSET:
            field_dict["queue_count"] = queue_count
        if current_order is not UNSET:
            field_dict["current_order"] = current_order
        if message is not UNSET:
            field_dict["message"] = message
        if link is not UNSET:
            field_dict["link"] = link
        if hash_ is not UNSET:
            field_dict["hash"] = hash_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        queue_count = d.pop("queue_count", UNSET)

        current_order = d.pop("current_order", UNSET)

        def _parse_message(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        message = _parse_message(d.pop("message", UNSET))

        link = d.pop("link", UNSET)

        hash_ = d.pop("hash", UNSET)

        remote_state_data = cls(
            queue_count=queue_count,
            current_order=current_order,
            message=message,
            link=link,
            hash_=hash_,
        )

        remote_state_data.additional_properties = d
        return remote_state_data

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
