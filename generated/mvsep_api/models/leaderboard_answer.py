# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="LeaderboardAnswer")


@_attrs_define
class LeaderboardAnswer:
    """The best entries of a data set.

    Attributes:
        data (list[QualityEntry] | Unset): The entries, best first.
        dataset_type (int | str | Unset): The data set.
        sortables (Any | Unset): Keys that `sort` takes for this data set; shape unknown.
        sort (int | None | str | Unset): The key that was sorted by.
    """

    data: list[QualityEntry] | Unset = UNSET
    dataset_type: int | str | Unset = UNSET
    sortables: Any | Unset = UNSET
    sort: int | None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        data: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = []
            for data_item_data in self.data:
                data_item = data_item_data.to_dict()
                data.append(data_item)

        dataset_type: int | str | Unset
        if isinstance(self.dataset_type, Unset):
            dataset_type = UNSET
        else:
            dataset_type = self.dataset_type

        sortables = self.sortables

        sort: int | None | str | Unset
        if isinstance(self.sort, Unset):
            sort = UNSET
        else:
            sort = self.sort

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if data is not UNSET:
            field_dict["data"] = data
        if dataset_type is not UNSET:
            field_dict["dataset_type"] = dataset_type
        if sortables is not UNSET:
            field_dict["sortables"] = sortables
        if sort is not UNSET:
            field_dict["sort"] = sort

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        _data = d.pop("data", UNSET)
        data: list[QualityEntry] | Unset = UNSET
        if _data is not UNSET:
            data = []
            for data_item_data in _data:
                data_item = QualityEntry.from_dict(data_item_data)

                data.append(data_item)

        def _parse_dataset_type(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return _cast(int | str | Unset, data)

        dataset_type = _parse_dataset_type(d.pop("dataset_type", UNSET))

        sortables = d.pop("sortables", UNSET)

        def _parse_sort(data: object) -> int | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(int | None | str | Unset, data)

        sort = _parse_sort(d.pop("sort", UNSET))

        leaderboard_answer = cls(
            data=data,
            dataset_type=dataset_type,
            sortables=sortables,
            sort=sort,
        )

        leaderboard_answer.additional_properties = d
        return leaderboard_answer

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


from ..models.quality_entry import QualityEntry  # noqa: E402

LeaderboardAnswer.__init__.__globals__.update(globals())
