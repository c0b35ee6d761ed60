# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from typing import cast as _cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="AlgorithmField")


@_attrs_define
class AlgorithmField:
    """An extra field of a separation type.

    Attributes:
        name (str): Name to send it under: add_opt1 to add_opt10.
        id (int | Unset): Number of the field.
        text (str | Unset): Label of the field.
        algorithm_id (int | Unset): Number of the type's row.
        options (str | Unset): JSON in a string: an object of option key to label, sometimes printed over several lines;
            {} for a text field.
        output_overrides (None | str | Unset): JSON in a string: how an option changes the outputs. Newer answers only.
        created_at (None | str | Unset): Time of creation, as text without a reliable zone.
        updated_at (None | str | Unset): Time of the last change, as text without a reliable zone.
        default_key (None | str | Unset): Option key that the server takes when none is sent.
        server_key (None | str | Unset): The server's own name of the field: model_type, overlap and the like.
        input_type (str | Unset): select, text or textarea. Newer answers only.
        required (int | Unset): 0 or 1. Newer answers only.
        help_link (None | str | Unset): Page that explains the field. Newer answers only.
        registered_only_keys (Any | Unset): Seen as null only. Newer answers only.
        price_rules (list[PriceRule] | Unset): How options change the price. Newer answers only.
        conditions (list[FieldCondition] | Unset): When the field is shown. Newer answers only.
    """

    name: str
    id: int | Unset = UNSET
    text: str | Unset = UNSET
    algorithm_id: int | Unset = UNSET
    options: str | Unset = UNSET
    output_overrides: None | str | Unset = UNSET
    created_at: None | str | Unset = UNSET
    updated_at: None | str | Unset = UNSET
    default_key: None | str | Unset = UNSET
    server_key: None | str | Unset = UNSET
    input_type: str | Unset = UNSET
    required: int | Unset = UNSET
    help_link: None | str | Unset = UNSET
    registered_only_keys: Any | Unset = UNSET
    price_rules: list[PriceRule] | Unset = UNSET
    conditions: list[FieldCondition] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        id = self.id

        text = self.text

        algorithm_id = self.algorithm_id

        options = self.options

        output_overrides: None | str | Unset
        if isinstance(self.output_overrides, Unset):
            output_overrides = UNSET
        else:
            output_overrides = self.output_overrides

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

        default_key: None | str | Unset
        if isinstance(self.default_key, Unset):
            default_key = UNSET
        else:
            default_key = self.default_key

        server_key: None | str | Unset
        if isinstance(self.server_key, Unset):
            server_key = UNSET
        else:
            server_key = self.server_key

        input_type = self.input_type

        required = self.required

        help_link: None | str | Unset
        if isinstance(self.help_link, Unset):
            help_link = UNSET
        else:
            help_link = self.help_link

        registered_only_keys = self.registered_only_keys

        price_rules: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.price_rules, Unset):
            price_rules = []
            for price_rules_item_data in self.price_rules:
                price_rules_item = price_rules_item_data.to_dict()
                price_rules.append(price_rules_item)

        conditions: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.conditions, Unset):
            conditions = []
            for conditions_item_data in self.conditions:
                conditions_item = conditions_item_data.to_dict()
                conditions.append(conditions_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
            }
        )
        if id is not UNSET:
            field_dict["id"] = id
        if text is not UNSET:
            field_dict["text"] = text
        if algorithm_id is not UNSET:
            field_dict["algorithm_id"] = algorithm_id
        if options is not UNSET:
            field_dict["options"] = options
        if output_overrides is not UNSET:
            field_dict["output_overrides"] = output_overrides
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if default_key is not UNSET:
            field_dict["default_key"] = default_key
        if server_key is not UNSET:
            field_dict["server_key"] = server_key
        if input_type is not UNSET:
            field_dict["input_type"] = input_type
        if required is not UNSET:
            field_dict["required"] = required
        if help_link is not UNSET:
            field_dict["help_link"] = help_link
        if registered_only_keys is not UNSET:
            field_dict["registered_only_keys"] = registered_only_keys
        if price_rules is not UNSET:
            field_dict["price_rules"] = price_rules
        if conditions is not UNSET:
            field_dict["conditions"] = conditions

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        name = d.pop("name")

        id = d.pop("id", UNSET)

        text = d.pop("text", UNSET)

        algorithm_id = d.pop("algorithm_id", UNSET)

        options = d.pop("options", UNSET)

        def _parse_output_overrides(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        output_overrides = _parse_output_overrides(d.pop("output_overrides", UNSET))

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

        def _parse_default_key(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        default_key = _parse_default_key(d.pop("default_key", UNSET))

        def _parse_server_key(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        server_key = _parse_server_key(d.pop("server_key", UNSET))

        input_type = d.pop("input_type", UNSET)

        required = d.pop("required", UNSET)

        def _parse_help_link(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return _cast(None | str | Unset, data)

        help_link = _parse_help_link(d.pop("help_link", UNSET))

        registered_only_keys = d.pop("registered_only_keys", UNSET)

        _price_rules = d.pop("price_rules", UNSET)
        price_rules: list[PriceRule] | Unset = UNSET
        if _price_rules is not UNSET:
            price_rules = []
            for price_rules_item_data in _price_rules:
                price_rules_item = PriceRule.from_dict(price_rules_item_data)

                price_rules.append(price_rules_item)

        _conditions = d.pop("conditions", UNSET)
        conditions: list[FieldCondition] | Unset = UNSET
        if _conditions is not UNSET:
            conditions = []
            for conditions_item_data in _conditions:
                conditions_item = FieldCondition.from_dict(conditions_item_data)

                conditions.append(conditions_item)

        algorithm_field = cls(
            name=name,
            id=id,
            text=text,
            algorithm_id=algorithm_id,
            options=options,
            output_overrides=output_overrides,
            created_at=created_at,
            updated_at=updated_at,
            default_key=default_key,
            server_key=server_key,
            input_type=input_type,
            required=required,
            help_link=help_link,
            registered_only_keys=registered_only_keys,
            price_rules=price_rules,
            conditions=conditions,
        )

        algorithm_field.additional_properties = d
        return algorithm_field

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


from ..models.field_condition import FieldCondition  # noqa: E402
from ..models.price_rule import PriceRule  # noqa: E402

AlgorithmField.__init__.__globals__.update(globals())
