# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="Algorithm")


@_attrs_define
class Algorithm:
    """One separation type. The keys that came after 2024 are optional.

    Attributes:
        name (str): Name of the separation type.
        render_id (int): The separation type: the number to send as `sep_type`.
        id (int | Unset): Number of the row; not the separation type.
        algorithm_group_id (int | Unset): Number of the group.
        orientation (int | Unset): Who may use it: 0 everyone, 1 registered users, 2 premium users.
        order_id (int | Unset): Place in the site's list.
        created_at (None | str | Unset): Time of creation, as text without a reliable zone.
        updated_at (None | str | Unset): Time of the last change, as text without a reliable zone.
        additional_fields (Any | Unset): Seen as null only.
        price_coefficient (float | Unset): Credits per minute: floor(seconds * coefficient / 60), at least 1.
        is_active (int | Unset): 0 or 1.
        audio_upload_disabled (int | Unset): 0 or 1. Newer answers only.
        audio_widget (str | Unset): Input wanted: single_upload, no_upload or matchering_upload. Newer answers only.
        allow_resample (int | Unset): 0 or 1. Newer answers only.
        output_stems (None | str | Unset): JSON in a string: an array of stem keys. Newer answers only.
        outputs (None | str | Unset): JSON in a string: an object of stem key to label. Newer answers only.
        output_variants (None | str | Unset): JSON in a string: the outputs for certain options. Newer answers only.
        description (None | str | Unset): Short text. Newer answers only.
        usage (int | Unset): Jobs of the last month. Newer answers only.
        rating (Rating | Unset): What users think of a separation type. Newer answers only.
        algorithm_fields (list[AlgorithmField] | Unset): The extra fields of the type.
        algorithm_descriptions (list[AlgorithmDescription] | Unset): None, one or two, by language.
        algorithm_group (AlgorithmGroup | Unset): A group of separation types.
    """

    name: str
    render_id: int
    id: int | Unset = UNSET
    algorithm_group_id: int | Unset = UNSET
    orientation: int | Unset = UNSET
    order_id: int | Unset = UNSET
    created_at: None | str | Unset = UNSET
    updated_at: None | str | Unset = UNSET
    additional_fields: Any | Unset = UNSET
    price_coefficient: float | Unset = UNSET
    is_active: int | Unset = UNSET
    audio_upload_disabled: int | Unset = UNSET
    audio_widget: str | Unset = UNSET
    allow_resample: int | Unset = UNSET
    output_stems: None | str | Unset = UNSET
    outputs: None | str | Unset = UNSET
    output_variants: None | str | Unset = UNSET
    description: None | str | Unset = UNSET
    usage: int | Unset = UNSET
    rating: Rating | Unset = UNSET
    algorithm_fields: list[AlgorithmField] | Unset = UNSET
    algorithm_descriptions: list[AlgorithmDescription] | Unset = UNSET
    algorithm_group: AlgorithmGroup | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        render_id = self.render_id

        id = self.id

        algorithm_group_id = self.algorithm_group_id

        orientation = self.orientation

        order_id = self.order_id

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

        additional_fields = self.additional_fields

        price_coefficient = self.price_coefficient

        is_active = self.is_active

        audio_upload_disabled = self.audio_upload_disabled

        audio_widget = self.audio_widget

        allow_resample = self.allow_resample

        output_stems: None | str | Unset
        if isinstance(self.output_stems, Unset):
            output_stems = UNSET
        else:
            output_stems = self.output_stems

        outputs: None | str | Unset
        if isinstance(self.outputs, Unset):
            outputs = UNSET
        else:
            outputs = self.outputs

        output_variants: None | str | Unset
        if isinstance(self.output_variants, Unset):
            output_variants = UNSET
        else:
            output_variants = self.output_variants

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        usage = self.usage

        rating: dict[str, Any] | Unset = UNSET
        if not isinstance(self.rating, Unset):
            rating = self.rating.to_dict()

        algorithm_fields: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.algorithm_fields, Unset):
            algorithm_fields = []
            for algorithm_fields_item_data in self.algorithm_fields:
                algorithm_fields_item = algorithm_fields_item_data.to_dict()
                algorithm_fields.append(algorithm_fields_item)

        algorithm_descriptions: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.algorithm_descriptions, Unset):
            algorithm_descriptions = []
            for algorithm_descriptions_item_data in self.algorithm_descriptions:
                algorithm_descriptions_item = algorithm_descriptions_item_data.to_dict()
                algorithm_descriptions.append(algorithm_descriptions_item)

        algorithm_group: dict[str, Any] | Unset = UNSET
        if not isinstance(self.algorithm_group, Unset):
            algorithm_group = self.algorithm_group.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "render_id": render_id,
            }
        )
        if id is not UNSET:
            field_dict["id"] = id
        if algorithm_group_id is not UNSET:
            field_dict["algorithm_group_id"] = algorithm_group_id
        if orientation is not UNSET:
            field_dict["orientation"] = orientation
        if order_id is not UNSET:
            field_dict["order_id"] = order_id
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if additional_fields is not UNSET:
            field_dict["additional_fields"] = additional_fields
        if price_coefficient is not UNSET:
            field_dict["price_coefficient"] = price_coefficient
        if is_active is not UNSET:
            field_dict["is_active"] = is_active
        if audio_upload_disabled is not UNSET:
            field_dict["audio_upload_disabled"] = audio_upload_disabled
        if audio_widget is not UNSET:
            field_dict["audio_widget"] = audio_widget
        if allow_resample is not UNSET:
            field_dict["allow_resample"] = allow_resample
        if output_stems is not UNSET:
            field_dict["output_stems"] = output_stems
        if outputs is not UNSET:
            field_dict["outputs"] = outputs
        if output_variants is not UNSET:
            field_dict["output_variants"] = output_variants
        if description is not UNSET:
            field_dict["description"] = description
        if usage is not UNSET:
            field_dict["usage"] = usage
        if rating is not UNSET:
            field_dict["rating"] = rating
        if algorithm_fields is not UNSET:
            field_dict["algorithm_fields"] = algorithm_fields
        if algorithm_descriptions is not UNSET:
            field_dict["algorithm_descriptions"] = algorithm_descriptions
        if algorithm_group is not UNSET:
            field_dict["algorithm_group"] = algorithm_group

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        name = d.pop("name")

        render_id = d.pop("render_id")

        id = d.pop("id", UNSET)

        algorithm_group_id = d.pop("algorithm_group_id", UNSET)

        orientation = d.pop("orientation", UNSET)

        order_id = d.pop("order_id", UNSET)

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

        additional_fields = d.pop("additional_fields", UNSET)

        price_coefficient = d.pop("price_coefficient", UNSET)

        is_active = d.pop("is_active", UNSET)

        audio_upload_disabled = d.pop("audio_upload_disabled", UNSET)

        audio_widget = d.pop("audio_widget", UNSET)

        allow_resample = d.pop("allow_resample", UNSET)

        def _parse_output_stems(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        output_stems = _parse_output_stems(d.pop("output_stems", UNSET))

        def _parse_outputs(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        outputs = _parse_outputs(d.pop("outputs", UNSET))

        def _parse_output_variants(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        output_variants = _parse_output_variants(d.pop("output_variants", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        usage = d.pop("usage", UNSET)

        _rating = d.pop("rating", UNSET)
        rating: Rating | Unset
        if isinstance(_rating, Unset):
            rating = UNSET
        else:
            rating = Rating.from_dict(_rating)

        _algorithm_fields = d.pop("algorithm_fields", UNSET)
        algorithm_fields: list[AlgorithmField] | Unset = UNSET
        if _algorithm_fields is not UNSET:
            algorithm_fields = []
            for algorithm_fields_item_data in _algorithm_fields:
                algorithm_fields_item = AlgorithmField.from_dict(algorithm_fields_item_data)

                algorithm_fields.append(algorithm_fields_item)

        _algorithm_descriptions = d.pop("algorithm_descriptions", UNSET)
        algorithm_descriptions: list[AlgorithmDescription] | Unset = UNSET
        if _algorithm_descriptions is not UNSET:
            algorithm_descriptions = []
            for algorithm_descriptions_item_data in _algorithm_descriptions:
                algorithm_descriptions_item = AlgorithmDescription.from_dict(
                    algorithm_descriptions_item_data
                )

                algorithm_descriptions.append(algorithm_descriptions_item)

        _algorithm_group = d.pop("algorithm_group", UNSET)
        algorithm_group: AlgorithmGroup | Unset
        if isinstance(_algorithm_group, Unset):
            algorithm_group = UNSET
        else:
            algorithm_group = AlgorithmGroup.from_dict(_algorithm_group)

        algorithm = cls(
            name=name,
            render_id=render_id,
            id=id,
            algorithm_group_id=algorithm_group_id,
            orientation=orientation,
            order_id=order_id,
            created_at=created_at,
            updated_at=updated_at,
            additional_fields=additional_fields,
            price_coefficient=price_coefficient,
            is_active=is_active,
            audio_upload_disabled=audio_upload_disabled,
            audio_widget=audio_widget,
            allow_resample=allow_resample,
            output_stems=output_stems,
            outputs=outputs,
            output_variants=output_variants,
            description=description,
            usage=usage,
            rating=rating,
            algorithm_fields=algorithm_fields,
            algorithm_descriptions=algorithm_descriptions,
            algorithm_group=algorithm_group,
        )

        algorithm.additional_properties = d
        return algorithm

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


from ..models.algorithm_description import AlgorithmDescription  # noqa: E402
from ..models.algorithm_field import AlgorithmField  # noqa: E402
from ..models.algorithm_group import AlgorithmGroup  # noqa: E402
from ..models.rating import Rating  # noqa: E402

Algorithm.__init__.__globals__.update(globals())
