"""What is known of each separation type: its outputs, options and price."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Final

from attrs import field, frozen

from mvsep.errors import InvalidInput
from mvsep.pricing import exact
from mvsep.sep_types import SepType

_MAX_SUGGESTIONS: Final = 5
_LONGEST_COMPARED: Final = 100
_OPTION_KEY: Final = re.compile(r"add_opt[0-9]+")


@frozen
class OptionField:
    """One option of a separation type.

    Args:
        key: The form field it is sent as: `add_opt1`, `add_opt2` and so on.
        name: The service's label, such as "Overlap".
        default: The choice the service takes when nothing is sent; None where it names none.
        input_type: "select" (one of `choices`), "text" or "textarea" (free text).
        required: Whether the service wants a value; None where that is not known.
        choices: What may be sent, in the service's order: the value sent to its label. Labels may
            repeat. Empty for free text.
        price_rules: The choices that change the price: the value sent to the multiplier, as text.
        server_key: The service's own word for the option, such as "overlap"; None if not known.
    """

    key: str
    name: str
    default: str | None
    input_type: str
    required: bool | None
    choices: Mapping[str, str] = field(hash=False)
    price_rules: Mapping[str, str] = field(hash=False)
    server_key: str | None = None


@frozen
class SeparationType:
    """What is known of one separation type.

    Args:
        sep_type: Its number.
        name: The service's name for it.
        group: The heading it stands under; None where not known.
        outputs: The labels of its stems; empty where the service lists none (some types give
            text or MIDI, and for some recent ones the list is missing). The stems of a job can
            differ from these with the options chosen.
        output_labels: The same, as the service's key to its label.
        orientation: Who may use it: 0 everyone, 1 registered users, 2 premium users; None where
            not known.
        price_coefficient: Credits per minute of the mixture; None where not known.
        is_active: Whether the service offers it; None where not known.
        audio_widget: The input wanted: "single_upload", "no_upload" or "matchering_upload".
        algorithm_id: The service's `id` of it, which is never what `sep_type` takes.
        fields: Its options, in order.
        known_from: "server" where read from the service's list, "documentation" where only the
            service's API page names it, which gives no price and no outputs.
    """

    sep_type: SepType
    name: str
    group: str | None
    outputs: tuple[str, ...]
    output_labels: Mapping[str, str] = field(hash=False)
    orientation: int | None
    price_coefficient: Fraction | None
    is_active: bool | None
    audio_widget: str | None
    algorithm_id: int | None
    fields: tuple[OptionField, ...]
    known_from: str

    def multipliers(self, options: Mapping[str, str]) -> tuple[Fraction, ...]:
        """The price multipliers of the options chosen, for `pricing.credits`.

        What is not chosen counts with its default. A choice that another option hides counts
        too: whether the service charges for it is not known, and the higher price is the safe one.

        Args:
            options: What is sent: `add_optN` to the value. One this type does not have counts
                for nothing.

        Raises:
            InvalidInput: When a key is not of the form `add_optN`; an option's label would
                otherwise be priced as if it had not been chosen.
        """
        for key in options:
            if not _OPTION_KEY.fullmatch(key):
                raise InvalidInput(f"{key!r} is not an option key such as 'add_opt1'.")
        chosen = ((option, options.get(option.key, option.default)) for option in self.fields)
        return tuple(
            exact(option.price_rules[str(value)], "multiplier")
            for option, value in chosen
            if str(value) in option.price_rules
        )


@frozen
class Catalog:
    """The separation types, by number and by name.

    Iterating gives each `SeparationType`, `len` their count, `in` asks for a number or an entry,
    and `catalog[SepType.BS_ROFORMER]` or `catalog[40]` looks one up.

    Args:
        types: The separation types.
        captured: The day they were read from the service, YYYY-MM-DD.
    """

    types: tuple[SeparationType, ...]
    captured: str

    @staticmethod
    def bundled() -> Catalog:
        """The catalogue this release was made with; read once, at the first call."""
        return _bundled()

    def __iter__(self) -> Iterator[SeparationType]:
        """Each separation type, in the catalogue's order."""
        return iter(self.types)

    def __len__(self) -> int:
        """How many separation types there are."""
        return len(self.types)

    def __contains__(self, sep_type: object) -> bool:
        """Whether a number, a `SepType` or an entry is listed."""
        if isinstance(sep_type, SeparationType):
            return sep_type in self.types
        if isinstance(sep_type, bool) or not isinstance(sep_type, int):
            return False
        return sep_type in self._by_number

    def __getitem__(self, sep_type: SepType | int) -> SeparationType:
        """Look a separation type up by number.

        Raises:
            InvalidInput: When it is not listed; the text names it and what may have been meant.
        """
        if isinstance(sep_type, int) and sep_type in self:
            return self._by_number[sep_type]
        raise InvalidInput(
            f"Separation type {sep_type!r:.80} is not in the catalogue of {self.captured}.",
            next_step=self._hint_for_number(sep_type),
        )

    def by_name(self, text: str) -> SeparationType:
        """Look a separation type up by name.

        Args:
            text: The service's name, with or without its last parenthesis, the name of the
                `SepType` member, or the number in digits. Case, spaces and punctuation do not
                count; the start of a name is not enough.

        Raises:
            InvalidInput: When no type has that name, or more than one; the text lists which may
                have been meant.
        """
        digits = text.strip()
        if digits.isascii() and digits.isdigit() and len(digits) < 10:
            return self[int(digits)]
        wanted = _plain(text)
        found = self._by_full_name.get(wanted) or self._by_short_name.get(wanted) or ()
        if len(found) == 1:
            return found[0]
        if found:
            raise InvalidInput(
                f"{text!r:.80} names {len(found)} separation types: {_listed(found)}.",
                next_step="Use the whole name or the number.",
            )
        close = self._close_to(wanted)
        raise InvalidInput(
            f"No separation type is named {text!r:.80} in the catalogue of {self.captured}.",
            next_step=f"Was one of these meant? {_listed(close)}." if close else None,
        )

    @cached_property
    def _by_number(self) -> Mapping[int, SeparationType]:
        return {int(entry.sep_type): entry for entry in self.types}

    @cached_property
    def _by_full_name(self) -> Mapping[str, tuple[SeparationType, ...]]:
        return _index((_plain(entry.name), entry) for entry in self.types)

    @cached_property
    def _by_short_name(self) -> Mapping[str, tuple[SeparationType, ...]]:
        return _index(
            (_plain(name), entry)
            for entry in self.types
            for name in (_without_parenthesis(entry.name), entry.sep_type.name)
        )

    def _close_to(self, wanted: str) -> tuple[SeparationType, ...]:
        names = {**self._by_full_name, **self._by_short_name}
        inside = [name for name in names if len(wanted) > 2 and wanted in name]
        similar = get_close_matches(
            wanted[:_LONGEST_COMPARED], names, n=_MAX_SUGGESTIONS, cutoff=0.6
        )
        close = [entry for name in (*similar, *inside) for entry in names[name]]
        return tuple({entry.sep_type: entry for entry in close}.values())[:_MAX_SUGGESTIONS]

    def _hint_for_number(self, number: object) -> str:
        if isinstance(number, bool) or not isinstance(number, int):
            return "Hand over a number, or look a name up with by_name()."
        for entry in self.types:
            if entry.algorithm_id == number:
                return f"{number} is the service's id, not the number, of: {_listed([entry])}."
        near = sorted(self.types, key=lambda entry: abs(entry.sep_type - number))[:2]
        return f"The nearest: {_listed(near)}." if near else "The catalogue is empty."


@cache
def _bundled() -> Catalog:
    document = json.loads((files("mvsep") / "data" / "catalog.json").read_text("utf-8"))
    return Catalog(
        types=tuple(_read_type(row) for row in document["types"]), captured=document["captured"]
    )


def _read_type(row: Mapping[str, Any]) -> SeparationType:
    labels: dict[str, str] = row["outputs"] or {}
    coefficient = row["price_coefficient"]
    return SeparationType(
        sep_type=SepType(row["sep_type"]),
        name=row["name"],
        group=row["group"],
        outputs=tuple(labels.values()),
        output_labels=labels,
        orientation=row["orientation"],
        price_coefficient=None if coefficient is None else exact(coefficient, "price_coefficient"),
        is_active=row["is_active"],
        audio_widget=row["audio_widget"],
        algorithm_id=row["algorithm_id"],
        fields=tuple(_read_field(option) for option in row["fields"]),
        known_from=row["known_from"],
    )


def _read_field(row: Mapping[str, Any]) -> OptionField:
    return OptionField(
        key=row["key"],
        name=row["name"],
        default=row["default"],
        input_type=row["input_type"],
        required=row["required"],
        choices={choice["key"]: choice["label"] for choice in row["options"]},
        # "multiplier" is the only mode the service was seen to use.
        price_rules={rule["option_key"]: rule["value"] for rule in row.get("price_rules", ())},
        server_key=row["server_key"],
    )


def _index(
    pairs: Iterable[tuple[str, SeparationType]],
) -> Mapping[str, tuple[SeparationType, ...]]:
    index: dict[str, tuple[SeparationType, ...]] = {}
    for name, entry in pairs:
        # The name without its parenthesis and the member name are often the same.
        if entry not in index.get(name, ()):
            index[name] = (*index.get(name, ()), entry)
    return index


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _without_parenthesis(name: str) -> str:
    return re.sub(r"\s*\([^()]*\)\s*$", "", name)


def _listed(entries: Iterable[SeparationType]) -> str:
    return "; ".join(f"{int(entry.sep_type)} {entry.name}" for entry in entries)
