# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types

T = TypeVar("T", bound="RegisterBody")


@_attrs_define
class RegisterBody:
    """The account to create.

    Attributes:
        name (str): Name of the user.
        email (str): E-mail address of the account.
        password (str): Password of the account.
        password_confirmation (str): The same password again.
    """

    name: str
    email: str
    password: str = _attrs_field(repr=False)
    password_confirmation: str = _attrs_field(repr=False)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        email = self.email

        password = self.password

        password_confirmation = self.password_confirmation

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "email": email,
                "password": password,
                "password_confirmation": password_confirmation,
            }
        )

        return field_dict

    def to_multipart(self) -> _types.RequestFiles:
        files: _types.RequestFiles = []

        files.extend(_types.form_field("name", self.name))

        files.extend(_types.form_field("email", self.email))

        files.extend(_types.form_field("password", self.password))

        files.extend(_types.form_field("password_confirmation", self.password_confirmation))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        name = d.pop("name")

        email = d.pop("email")

        password = d.pop("password")

        password_confirmation = d.pop("password_confirmation")

        register_body = cls(
            name=name,
            email=email,
            password=password,
            password_confirmation=password_confirmation,
        )

        return register_body
