# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="HistoryItem")


@_attrs_define
class HistoryItem:
    """One separation of the account.

    Attributes:
        id (int | Unset): Number of the row.
        hash_ (str | Unset): Hash of the separation.
        created_at (None | str | Unset): Time of creation, as text without a reliable zone.
        updated_at (None | str | Unset): Time of the last change, as text without a reliable zone.
        job_exists (bool | int | Unset): Whether the job is still known. May be true long after its files have gone.
        credits_ (int | None | Unset): Credits spent; null once the separation is gone.
        time_left (int | Unset): Hours until the files are deleted; negative afterwards.
        algorithm (AlgorithmBrief | Unset): A separation type in short.
    """

    id: int | Unset = UNSET
    hash_: str | Unset = UNSET
    created_at: None | str | Unset = UNSET
    updated_at: None | str | Unset = UNSET
    job_exists: bool | int | Unset = UNSET
    credits_: int | None | Unset = UNSET
    time_left: int | Unset = UNSET
    algorithm: AlgorithmBrief | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        hash_ = self.hash_

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

        job_exists: bool | int | Unset
        if isinstance(self.job_exists, Unset):
            job_exists = UNSET
        else:
            job_exists = self.job_exists

        credits_: int | None | Unset
        if isinstance(self.credits_, Unset):
            credits_ = UNSET
        else:
            credits_ = self.credits_

        time_left = self.time_left

        algorithm: dict[str, Any] | Unset = UNSET
        if not isinstance(self.algorithm, Unset):
            algorithm = self.algorithm.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if hash_ is not UNSET:
            field_dict["hash"] = hash_
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if job_exists is not UNSET:
            field_dict["job_exists"] = job_exists
        if credits_ is not UNSET:
            field_dict["credits"] = credits_
        if time_left is not UNSET:
            field_dict["time_left"] = time_left
        if algorithm is not UNSET:
            field_dict["algorithm"] = algorithm

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        id = d.pop("id", UNSET)

        hash_ = d.pop("hash", UNSET)

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

        def _parse_job_exists(data: object) -> bool | int | Unset:
            if isinstance(data, Unset):
                return data
            return _cast(bool | int | Unset, data)

        job_exists = _parse_job_exists(d.pop("job_exists", UNSET))

        def _parse_credits_(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(int | None | Unset, data)

        credits_ = _parse_credits_(d.pop("credits", UNSET))

        time_left = d.pop("time_left", UNSET)

        _algorithm = d.pop("algorithm", UNSET)
        algorithm: AlgorithmBrief | Unset
        if isinstance(_algorithm, Unset):
            algorithm = UNSET
        else:
            algorithm = AlgorithmBrief.from_dict(_algorithm)

        history_item = cls(
            id=id,
            hash_=hash_,
            created_at=created_at,
            updated_at=updated_at,
            job_exists=job_exists,
            credits_=credits_,
            time_left=time_left,
            algorithm=algorithm,
        )

        history_item.additional_properties = d
        return history_item

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

HistoryItem.__init__.__globals__.update(globals())
