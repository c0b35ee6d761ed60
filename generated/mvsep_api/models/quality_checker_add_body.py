# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, File, Unset

T = TypeVar("T", bound="QualityCheckerAddBody")


@_attrs_define
class QualityCheckerAddBody:
    """The entry to add.

    Attributes:
        zipfile (File): Zip file of the separated stems.
        algo_name (str): Name of the algorithm.
        main_text (str): Description of the algorithm.
        password (str): Password to delete the entry with later.
        api_token (str): The account's API token. It travels as a form field, never in the URL.
        dataset_type (str | Unset): The data set. The server takes 0 when it is absent. 0 to 12 exist; the names of 5 to
            12 are unknown.
        ensemble (int | Unset): 1 if the algorithm is an ensemble.
    """

    zipfile: File
    algo_name: str
    main_text: str
    password: str = _attrs_field(repr=False)
    api_token: str = _attrs_field(repr=False)
    dataset_type: str | Unset = UNSET
    ensemble: int | Unset = UNSET

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        zipfile = self.zipfile.to_tuple()

        algo_name = self.algo_name

        main_text = self.main_text

        password = self.password

        api_token = self.api_token

        dataset_type = self.dataset_type

        ensemble = self.ensemble

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "zipfile": zipfile,
                "algo_name": algo_name,
                "main_text": main_text,
                "password": password,
                "api_token": api_token,
            }
        )
        if dataset_type is not UNSET:
            field_dict["dataset_type"] = dataset_type
        if ensemble is not UNSET:
            field_dict["ensemble"] = ensemble

        return field_dict

    def to_multipart(self) -> _types.RequestFiles:
        files: _types.RequestFiles = []

        files.append(("zipfile", self.zipfile.to_tuple()))

        files.extend(_types.form_field("algo_name", self.algo_name))

        files.extend(_types.form_field("main_text", self.main_text))

        files.extend(_types.form_field("password", self.password))

        if not isinstance(self.dataset_type, Unset):
            files.extend(_types.form_field("dataset_type", self.dataset_type))

        if not isinstance(self.ensemble, Unset):
            files.extend(_types.form_field("ensemble", self.ensemble))

        files.extend(_types.form_field("api_token", self.api_token))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        zipfile = File(payload=BytesIO(d.pop("zipfile")))

        algo_name = d.pop("algo_name")

        main_text = d.pop("main_text")

        password = d.pop("password")

        api_token = d.pop("api_token")

        dataset_type = d.pop("dataset_type", UNSET)

        ensemble = d.pop("ensemble", UNSET)

        quality_checker_add_body = cls(
            zipfile=zipfile,
            algo_name=algo_name,
            main_text=main_text,
            password=password,
            api_token=api_token,
            dataset_type=dataset_type,
            ensemble=ensemble,
        )

        return quality_checker_add_body
