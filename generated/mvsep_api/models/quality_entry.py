# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="QualityEntry")


@_attrs_define
class QualityEntry:
    """An entry of the quality checker. Its ratings are further keys named sdr_ and a stem; 0 and -1000 stand for a missing
    one.

        Attributes:
            id (int | Unset): Number of the entry.
            dataset_type (int | Unset): The data set.
            dataset_name (str | Unset): Name of the data set.
            date (str | Unset): Time of creation, as text.
            algo_name (str | Unset): Name of the algorithm.
            main_text (None | str | Unset): Description of the algorithm.
            proc (int | Unset): State of the rating; the meaning of its values is unknown.
            proc_remote_date (None | str | Unset): Time of the rating, as text.
            msg (None | str | Unset): OK, or what went wrong.
            metrics (None | str | Unset): Lines of text such as `Metric sdr for vocals: 8.3232`, or empty. Metrics seen:
                sdr, si_sdr, l1_freq, log_wmse, aura_stft, aura_mrstft, bleedless, fullness.
            is_ensemble (int | Unset): 0 or 1.
    """

    id: int | Unset = UNSET
    dataset_type: int | Unset = UNSET
    dataset_name: str | Unset = UNSET
    date: str | Unset = UNSET
    algo_name: str | Unset = UNSET
    main_text: None | str | Unset = UNSET
    proc: int | Unset = UNSET
    proc_remote_date: None | str | Unset = UNSET
    msg: None | str | Unset = UNSET
    metrics: None | str | Unset = UNSET
    is_ensemble: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        dataset_type = self.dataset_type

        dataset_name = self.dataset_name

        date = self.date

        algo_name = self.algo_name

        main_text: None | str | Unset
        if isinstance(self.main_text, Unset):
            main_text = UNSET
        else:
            main_text = self.main_text

        proc = self.proc

        proc_remote_date: None | str | Unset
        if isinstance(self.proc_remote_date, Unset):
            proc_remote_date = UNSET
        else:
            proc_remote_date = self.proc_remote_date

        msg: None | str | Unset
        if isinstance(self.msg, Unset):
            msg = UNSET
        else:
            msg = self.msg

        metrics: None | str | Unset
        if isinstance(self.metrics, Unset):
            metrics = UNSET
        else:
            metrics = self.metrics

        is_ensemble = self.is_ensemble

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if dataset_type is not UNSET:
            field_dict["dataset_type"] = dataset_type
        if dataset_name is not UNSET:
            field_dict["dataset_name"] = dataset_name
        if date is not UNSET:
            field_dict["date"] = date
        if algo_name is not UNSET:
            field_dict["algo_name"] = algo_name
        if main_text is not UNSET:
            field_dict["main_text"] = main_text
        if proc is not UNSET:
            field_dict["proc"] = proc
        if proc_remote_date is not UNSET:
            field_dict["proc_remote_date"] = proc_remote_date
        if msg is not UNSET:
            field_dict["msg"] = msg
        if metrics is not UNSET:
            field_dict["metrics"] = metrics
        if is_ensemble is not UNSET:
            field_dict["is_ensemble"] = is_ensemble

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        id = d.pop("id", UNSET)

        dataset_type = d.pop("dataset_type", UNSET)

        dataset_name = d.pop("dataset_name", UNSET)

        date = d.pop("date", UNSET)

        algo_name = d.pop("algo_name", UNSET)

        def _parse_main_text(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        main_text = _parse_main_text(d.pop("main_text", UNSET))

        proc = d.pop("proc", UNSET)

        def _parse_proc_remote_date(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        proc_remote_date = _parse_proc_remote_date(d.pop("proc_remote_date", UNSET))

        def _parse_msg(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        msg = _parse_msg(d.pop("msg", UNSET))

        def _parse_metrics(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        metrics = _parse_metrics(d.pop("metrics", UNSET))

        is_ensemble = d.pop("is_ensemble", UNSET)

        quality_entry = cls(
            id=id,
            dataset_type=dataset_type,
            dataset_name=dataset_name,
            date=date,
            algo_name=algo_name,
            main_text=main_text,
            proc=proc,
            proc_remote_date=proc_remote_date,
            msg=msg,
            metrics=metrics,
            is_ensemble=is_ensemble,
        )

        quality_entry.additional_properties = d
        return quality_entry

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
