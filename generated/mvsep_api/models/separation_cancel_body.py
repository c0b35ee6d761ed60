# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types

T = TypeVar("T", bound="SeparationCancelBody")


@_attrs_define
class SeparationCancelBody:
    """The job to cancel.

    Attributes:
        hash_ (str): Hash of the job: opaque text.
        api_token (str): The account's API token. It travels as a form field, never in the URL.
    """

    hash_: str
    api_token: str = _attrs_field(repr=False)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        hash_ = self.hash_

        api_token = self.api_token

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "hash": hash_,
                "api_token": api_token,
            }
        )

        return field_dict

    def to_multipart(self) -> _types.RequestFiles:
        files: _types.RequestFiles = []

        files.extend(_types.form_field("hash", self.hash_))

        files.extend(_types.form_field("api_token", self.api_token))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        hash_ = d.pop("hash")

        api_token = d.pop("api_token")

        separation_cancel_body = cls(
            hash_=hash_,
            api_token=api_token,
        )

        return separation_cancel_body
