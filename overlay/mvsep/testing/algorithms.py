"""The separation types as the service lists them: its own raw rows, made from the catalogue.

The catalogue does not know everything: numbers of groups, ids of fields, descriptions, and for
types known only from documentation also price and order. These are made up plausibly here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any, Final

from attrs import frozen

from mvsep.catalog import Catalog, SeparationType, catalog
from mvsep.catalog.stems import Prediction

DEFAULT_SCOPES = "single_upload"
_CREATED = "2024-01-15 10:00:00"
_UPDATED = "2026-08-19 10:00:00"

# Groups by falling number, in which order the service lists types. Inferred from the order on its
# page; the numbers themselves are made up.
_GROUPS: Final = (
    "Ensembles",
    "Multistem",
    "Vocals / Instrumental",
    "Drums, Bass and Synth",
    "Keys",
    "Guitars",
    "Plucked Strings",
    "Bowed Strings",
    "Wind",
    "Percussion",
    "Effects",
    "Upscale and Restoration",
    "ASR and TTS",
    "Experimental and Misc",
    "Old Models",
)
# There 13 types had no `created_at`. Which ones is not known: here those with the lowest ids.
_UNDATED: Final = 13

Facts = Mapping[str, Any]


@frozen
class Algorithm:
    """A separation type: its catalogue entry, and the line of the file the entry is read from."""

    known: SeparationType
    facts: Facts
    group_id: int

    @property
    def sep_type(self) -> int:
        """The number that `sep_type` carries."""
        return int(self.known.sep_type)

    @property
    def name(self) -> str:
        """The display name."""
        return self.known.name

    @property
    def orientation(self) -> int:
        """0 all users, 1 registered users, 2 premium only; 0 where it is not known."""
        return self.known.orientation or 0

    @property
    def audio_widget(self) -> str:
        """The input it takes: single_upload, no_upload or matchering_upload."""
        return self.known.audio_widget or DEFAULT_SCOPES

    @property
    def coefficient(self) -> Fraction:
        """The price coefficient; 1 where it is not known."""
        return self.known.price_coefficient or Fraction(1)

    def prediction(self, form: Mapping[str, str]) -> Prediction:
        """Return the stems that a form asks for."""
        return self.known.predict(self._sent(form))

    def model(self, form: Mapping[str, str]) -> str:
        """Return the key of the model that a form chooses; 0 where there is no choice."""
        for option in self.known.fields:
            if option.server_key == "model_type":
                return form.get(option.key) or option.default or "0"
        return "0"

    def multipliers(self, form: Mapping[str, str]) -> tuple[Fraction, ...]:
        """Return the price multipliers of the options that a form chooses."""
        return self.known.multipliers(self._sent(form))

    def _sent(self, form: Mapping[str, str]) -> dict[str, str]:
        return {field.key: form[field.key] for field in self.known.fields if field.key in form}

    def description(self, form: Mapping[str, str]) -> str:
        """Write the options that a form chooses in words."""
        chosen = ((field, form.get(field.key, field.default)) for field in self.known.fields)
        return ", ".join(
            f"{field.name}: {field.choices.get(value, value)}"
            for field, value in chosen
            if value is not None
        )

    def brief(self) -> dict[str, object]:
        """Return the short form that rows of jobs carry."""
        return {
            "name": self.name,
            "algorithm_group_id": self.group_id,
            "orientation": self.orientation,
            "render_id": self.sep_type,
            "order_id": self.facts.get("order_id", 0),
            "created_at": self._created,
            "updated_at": _UPDATED,
        }

    def group(self) -> dict[str, object]:
        """Return its group as the service shows it."""
        return {
            "id": self.group_id,
            "name": self.facts["group"] or "Other",
            "created_at": _CREATED,
            "updated_at": _UPDATED,
        }

    def row(self) -> dict[str, object]:
        """Return its row of app/algorithms, with every quirk of August 2026."""
        facts = self.facts
        number = self.id
        short = f"Separation type {self.sep_type} of the sandbox."
        return {
            "id": number,
            **self.brief(),
            "additional_fields": None,
            "price_coefficient": facts["price_coefficient"] or 1,
            "is_active": int(facts["is_active"] is not False),
            "audio_upload_disabled": int(bool(facts["audio_upload_disabled"])),
            "audio_widget": self.audio_widget,
            "allow_resample": int(bool(facts["allow_resample"])),
            "output_stems": _json_text(facts["output_stems"]),
            "outputs": _json_text(facts["outputs"]),
            "output_variants": _json_text(facts.get("output_variants")),
            "description": short,
            "usage": facts.get("usage", 0),
            "rating": facts.get("rating", {"average": 0, "total": 0}),
            "algorithm_fields": [self._field(field) for field in facts["fields"]],
            "algorithm_descriptions": [
                {
                    "id": number,
                    "short_description": short,
                    "long_description": f"<p>{short}</p>",
                    "lang": "en",
                    "algorithm_id": number,
                    "created_at": _CREATED,
                    "updated_at": _UPDATED,
                }
            ]
            if facts["stems"]
            else [],
            "algorithm_group": self.group(),
        }

    @property
    def _created(self) -> str | None:
        return None if self.id in _undated() else _CREATED

    @property
    def id(self) -> int:
        """The number of its row, which is not that of `sep_type`."""
        # The types known only from documentation have no id: theirs lie out of the others' way.
        return self.facts["algorithm_id"] or 1000 + self.sep_type

    def _field_id(self, key: str) -> int:
        return self.id * 20 + int(key.removeprefix("add_opt"))

    def _field(self, field: Facts) -> dict[str, object]:
        number = self._field_id(field["key"])
        ids = {"algorithm_id": self.id, "field_id": number}
        dates = {"created_at": _CREATED, "updated_at": _UPDATED}
        options = {option["key"]: option["label"] for option in field["options"]}
        return {
            "id": number,
            "name": field["key"],
            "text": field["name"],
            "algorithm_id": self.id,
            "options": json.dumps(options, ensure_ascii=False),
            "output_overrides": _json_text(field.get("output_overrides")),
            **dates,
            "default_key": field["default"],
            "server_key": field["server_key"],
            "input_type": field["input_type"],
            "required": int(bool(field["required"])),
            "help_link": field.get("help_link"),
            "registered_only_keys": None,
            "price_rules": None
            if "price_rules" in field.get("unread", ())
            else [
                {"id": number * 10 + n, **ids, **rule, **dates}
                for n, rule in enumerate(field.get("price_rules", ()))
            ],
            "conditions": [
                {
                    "id": number * 10 + n,
                    **ids,
                    "depends_on_field_id": self._field_id(condition["depends_on"]),
                    "operator": condition["operator"],
                    "value_json": condition["values"],
                    "action": condition["action"],
                    **dates,
                }
                for n, condition in enumerate(field.get("conditions", ()))
            ],
        }


@cache
def algorithms() -> Mapping[int, Algorithm]:
    """Every separation type of the bundled catalogue, by its number."""
    rows = catalog.document()["types"]
    groups = {name: number for number, name in enumerate(reversed(_GROUPS), 1)}
    known = Catalog.bundled()
    return {
        row["sep_type"]: Algorithm(known[row["sep_type"]], row, groups.get(row["group"], 0))
        for row in rows
    }


@cache
def _undated() -> frozenset[int]:
    ids = (row["algorithm_id"] for row in catalog.document()["types"] if row["algorithm_id"])
    return frozenset(sorted(ids)[:_UNDATED])


def rows(scopes: str) -> list[dict[str, object]]:
    """Return the answer of app/algorithms.

    Args:
        scopes: Kinds of input asked for, separated by commas; nothing means single_upload.
    """
    wanted = {scope.strip() for scope in (scopes or DEFAULT_SCOPES).split(",")}
    return [item.row() for item in _in_order() if item.audio_widget in wanted]


def _in_order() -> Iterable[Algorithm]:
    return sorted(
        algorithms().values(),
        key=lambda item: (-item.group_id, item.facts.get("order_id", 10_000)),
    )


def _json_text(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
