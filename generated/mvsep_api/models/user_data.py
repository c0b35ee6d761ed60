# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="UserData")


@_attrs_define
class UserData:
    """The account.

    Attributes:
        name (str | Unset): Name of the user.
        email (str | Unset): E-mail address.
        api_token (None | str | Unset): The API token; may be null after a login.
        created_at (None | str | Unset): Time of creation, as text without a reliable zone.
        updated_at (None | str | Unset): Time of the last change, as text without a reliable zone.
        premium_minutes (int | Unset): Credits left. Not minutes, whatever the name says.
        premium_enabled (int | Unset): 0 or 1: may credits be spent.
        long_filenames_enabled (int | Unset): 0 or 1: more detail in the names of stems.
        current_queue (Any | Unset): The running separations. A list in one client, null or a number in others: any
            shape. Not after a login.
        copy_metadata (int | Unset): 0 or 1. Newer answers only.
    """

    name: str | Unset = UNSET
    email: str | Unset = UNSET
    api_token: None | str | Unset = _attrs_field(repr=False, default=UNSET)
    created_at: None | str | Unset = UNSET
    updated_at: None | str | Unset = UNSET
    premium_minutes: int | Unset = UNSET
    premium_enabled: int | Unset = UNSET
    long_filenames_enabled: int | Unset = UNSET
    current_queue: Any | Unset = UNSET
    copy_metadata: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        email = self.email

        api_token: None | str | Unset
        if isinstance(self.api_token, Unset):
            api_token = UNSET
        else:
            api_token = self.api_token

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

        premium_minutes = self.premium_minutes

        premium_enabled = self.premium_enabled

        long_filenames_enabled = self.long_filenames_enabled

        current_queue = self.current_queue

        copy_metadata = self.copy_metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if email is not UNSET:
            field_dict["email"] = email
        if api_token is not UNSET:
            field_dict["api_token"] = api_token
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if premium_minutes is not UNSET:
            field_dict["premium_minutes"] = premium_minutes
        if premium_enabled is not UNSET:
            field_dict["premium_enabled"] = premium_enabled
        if long_filenames_enabled is not UNSET:
            field_dict["long_filenames_enabled"] = long_filenames_enabled
        if current_queue is not UNSET:
            field_dict["current_queue"] = current_queue
        if copy_metadata is not UNSET:
            field_dict["copy_metadata"] = copy_metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        name = d.pop("name", UNSET)

        email = d.pop("email", UNSET)

        def _parse_api_token(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        api_token = _parse_api_token(d.pop("api_token", UNSET))

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

        premium_minutes = d.pop("premium_minutes", UNSET)

        premium_enabled = d.pop("premium_enabled", UNSET)

        long_filenames_enabled = d.pop("long_filenames_enabled", UNSET)

        current_queue = d.pop("current_queue", UNSET)

        copy_metadata = d.pop("copy_metadata", UNSET)

        user_data = cls(
            name=name,
            email=email,
            api_token=api_token,
            created_at=created_at,
            updated_at=updated_at,
            premium_minutes=premium_minutes,
            premium_enabled=premium_enabled,
            long_filenames_enabled=long_filenames_enabled,
            current_queue=current_queue,
            copy_metadata=copy_metadata,
        )

        user_data.additional_properties = d
        return user_data

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
