# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..models.separation_status import SeparationStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="SeparationState")


@_attrs_define
class SeparationState:
    """The state of a job.

    Attributes:
        success (bool | int | str): Whether the request succeeded. A boolean as a rule, the text "true" for a job made
            from a link, perhaps 0 or 1.
        status (SeparationStatus | Unset): State of a job. done, failed and not_found are final. The server has added
            states before and may do so again.
        data (SeparationData | Unset): What belongs to the state. Most keys come with `done` only.
        message (str | Unset): A message, should one come outside `data`.
    """

    success: bool | int | str
    status: SeparationStatus | Unset = UNSET
    data: SeparationData | Unset = UNSET
    message: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        success: bool | int | str
        success = self.success

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        data: dict[str, Any] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = self.data.to_dict()

        message = self.message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "success": success,
            }
        )
        if status is not UNSET:
            field_dict["status"] = status
        if data is not UNSET:
            field_dict["data"] = data
        if message is not UNSET:
            field_dict["message"] = message

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)

        def _parse_success(data: object) -> bool | int | str:
            return _cast(bool | int | str, data)

        success = _parse_success(d.pop("success"))

        _status = d.pop("status", UNSET)
        status: SeparationStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = SeparationStatus(_status)

        _data = d.pop("data", UNSET)
        data: SeparationData | Unset
        if isinstance(_data, Unset):
            data = UNSET
        else:
            data = SeparationData.from_dict(_data)

        message = d.pop("message", UNSET)

        separation_state = cls(
            success=success,
            status=status,
            data=data,
            message=message,
        )

        separation_state.additional_properties = d
        return separation_state

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

SeparationState.__init__.__globals__.update(globals())
