# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewsItem")


@_attrs_define
class NewsItem:
    """A news item.

    Attributes:
        id (int | Unset): Number of the item.
        title (str | Unset): Title.
        lang (str | Unset): en or ru.
        text (str | Unset): Text in HTML.
        status (int | Unset): Seen: 1.
        created_at (None | str | Unset): Time of creation, as text without a reliable zone.
        updated_at (None | str | Unset): Time of the last change, as text without a reliable zone.
    """

    id: int | Unset = UNSET
    title: str | Unset = UNSET
    lang: str | Unset = UNSET
    text: str | Unset = UNSET
    status: int | Unset = UNSET
    created_at: None | str | Unset = UNSET
    updated_at: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        title = self.title

        lang = self.lang

        text = self.text

        status = self.status

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

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if title is not UNSET:
            field_dict["title"] = title
        if lang is not UNSET:
            field_dict["lang"] = lang
        if text is not UNSET:
            field_dict["text"] = text
        if status is not UNSET:
            field_dict["status"] = status
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        id = d.pop("id", UNSET)

        title = d.pop("title", UNSET)

        lang = d.pop("lang", UNSET)

        text = d.pop("text", UNSET)

        status = d.pop("status", UNSET)

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

        news_item = cls(
            id=id,
            title=title,
            lang=lang,
            text=text,
            status=status,
            created_at=created_at,
            updated_at=updated_at,
        )

        news_item.additional_properties = d
        return news_item

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
