# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="SeparationData")


@_attrs_define
class SeparationData:
    """What belongs to the state. Most keys come with `done` only.

    Attributes:
        queue_count (int | Unset): Unfinished jobs in the caller's class of the queue.
        current_order (int | Unset): Place of this job in that queue.
        finished_chunks (int | Unset): Chunks done so far, while distributing.
        all_chunks (int | Unset): All chunks of the file, while distributing.
        message (None | str | Unset): Text about the state; the reason when the job failed.
        hash_ (str | Unset): Hash of the job. Newer answers only.
        algorithm (str | Unset): Name of the separation type, for display.
        algorithm_description (str | Unset): The chosen options, for display.
        output_format (str | Unset): Name of the output format, for display.
        size (str | Unset): Size of the input for display. Seen in 2024 only.
        tags (Any | Unset): Dump of the input's audio properties and tags by getID3. Any shape: an object as a rule,
            perhaps an empty array.
        input_file (InputFile | Unset): The input of the job.
        files (list[SeparationFile] | Unset): The stems. May be empty though the job is done.
        date (str | Unset): Time of processing, in the server's local time without a zone: YYYY-MM-DD HH:MM:SS.
        transcription (Any | Unset): Seen as an empty array only; its content is unknown. Newer answers only.
    """

    queue_count: int | Unset = UNSET
    current_order: int | Unset = UNSET
    finished_chunks: int | Unset = UNSET
    all_chunks: int | Unset = UNSET
    message: None | str | Unset = UNSET
    hash_: str | Unset = UNSET
    algorithm: str | Unset = UNSET
    algorithm_description: str | Unset = UNSET
    output_format: str | Unset = UNSET
    size: str | Unset = UNSET
    tags: Any | Unset = UNSET
    input_file: InputFile | Unset = UNSET
    files: list[SeparationFile] | Unset = UNSET
    date: str | Unset = UNSET
    transcription: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        queue_count = self.queue_count

        current_order = self.current_order

        finished_chunks = self.finished_chunks

        all_chunks = self.all_chunks

        message: None | str | Unset
        if isinstance(self.message, Unset):
            message = UNSET
        else:
            message = self.message

        hash_ = self.hash_

        algorithm = self.algorithm

        algorithm_description = self.algorithm_description

        output_format = self.output_format

        size = self.size

        tags = self.tags

        input_file: dict[str, Any] | Unset = UNSET
        if not isinstance(self.input_file, Unset):
            input_file = self.input_file.to_dict()

        files: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.files, Unset):
            files = []
            for files_item_data in self.files:
                files_item = files_item_data.to_dict()
                files.append(files_item)

        date = self.date

        transcription = self.transcription

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if queue_count is not UNSET:
            field_dict["queue_count"] = queue_count
        if current_order is not UNSET:
            field_dict["current_order"] = current_order
        if finished_chunks is not UNSET:
            field_dict["finished_chunks"] = finished_chunks
        if all_chunks is not UNSET:
            field_dict["all_chunks"] = all_chunks
        if message is not UNSET:
            field_dict["message"] = message
        if hash_ is not UNSET:
            field_dict["hash"] = hash_
        if algorithm is not UNSET:
            field_dict["algorithm"] = algorithm
        if algorithm_description is not UNSET:
            field_dict["algorithm_description"] = algorithm_description
        if output_format is not UNSET:
            field_dict["output_format"] = output_format
        if size is not UNSET:
            field_dict["size"] = size
        if tags is not UNSET:
            field_dict["tags"] = tags
        if input_file is not UNSET:
            field_dict["input_file"] = input_file
        if files is not UNSET:
            field_dict["files"] = files
        if date is not UNSET:
            field_dict["date"] = date
        if transcription is not UNSET:
            field_dict["transcription"] = transcription

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        queue_count = d.pop("queue_count", UNSET)

        current_order = d.pop("current_order", UNSET)

        finished_chunks = d.pop("finished_chunks", UNSET)

        all_chunks = d.pop("all_chunks", UNSET)

        def _parse_message(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        message = _parse_message(d.pop("message", UNSET))

        hash_ = d.pop("hash", UNSET)

        algorithm = d.pop("algorithm", UNSET)

        algorithm_description = d.pop("algorithm_description", UNSET)

        output_format = d.pop("output_format", UNSET)

        size = d.pop("size", UNSET)

        tags = d.pop("tags", UNSET)

        _input_file = d.pop("input_file", UNSET)
        input_file: InputFile | Unset
        if isinstance(_input_file, Unset):
            input_file = UNSET
        else:
            input_file = InputFile.from_dict(_input_file)

        _files = d.pop("files", UNSET)
        files: list[SeparationFile] | Unset = UNSET
        if _files is not UNSET:
            files = []
            for files_item_data in _files:
                files_item = SeparationFile.from_dict(files_item_data)

                files.append(files_item)

        date = d.pop("date", UNSET)

        transcription = d.pop("transcription", UNSET)

        separation_data = cls(
            queue_count=queue_count,
            current_order=current_order,
            finished_chunks=finished_chunks,
            all_chunks=all_chunks,
            message=message,
            hash_=hash_,
            algorithm=algorithm,
            algorithm_description=algorithm_description,
            output_format=output_format,
            size=size,
            tags=tags,
            input_file=input_file,
            files=files,
            date=date,
            transcription=transcription,
        )

        separation_data.additional_properties = d
        return separation_data

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


from ..models.input_file import InputFile  # noqa: E402
from ..models.separation_file import SeparationFile  # noqa: E402

SeparationData.__init__.__globals__.update(globals())
