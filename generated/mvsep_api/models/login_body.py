# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types

T = TypeVar("T", bound="LoginBody")


@_attrs_define
class LoginBody:
    """Credentials of the account.

    Attributes:
        email (str): E-mail address of the account.
        password (str): Password of the account.
    """

    email: str
    password: str = _attrs_field(repr=False)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        email = self.email

        password = self.password

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "email": email,
                "password": password,
            }
        )

        return field_dict

    def to_multipart(self) -> _types.RequestFiles:
        files: _types.RequestFiles = []

        files.extend(_types.form_field("email", self.email))

        files.extend(_types.form_field("password", self.password))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        email = d.pop("email")

        password = d.pop("password")

        login_body = cls(
            email=email,
            password=password,
        )

        return login_body
