"""One separation type and its options, as the catalogue holds them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final, TypeGuard

from attrs import field, frozen

from mvsep.catalog import stems
from mvsep.catalog.sep_type import SepType
from mvsep.catalog.stems import OutputChange, OutputVariant, Prediction
from mvsep.core.values import exact
from mvsep.errors import InvalidInput

_OPTION_KEYS: Final = frozenset(f"add_opt{number}" for number in range(1, 11))
# A comment, or a tag; a value in quotes may hold any character. It goes over a text once, whatever
# is in it: html.parser takes minutes for some texts, and gives up on others.
_TAG: Final = re.compile(
    r"""<!--(?s:.*?)(?:-->|\Z)"""
    r"""|<[a-zA-Z/!?](?:[^<>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+>"""
)
_BREAKS: Final = re.compile(r"</?(?:p|br|li|ul|ol|div|h[1-6]|tr|table)\b", re.IGNORECASE)
_LETTERS: Final = re.compile(r"</?([a-zA-Z]*)")


def is_option_key(name: object) -> TypeGuard[str]:
    """Whether this is one of the form's ten fields for options, `add_opt1` to `add_opt10`."""
    return isinstance(name, str) and name in _OPTION_KEYS


@frozen
class Condition:
    """When an option is on offer.

    Args:
        depends_on: The key of the option that decides.
        values: The choices of that option that this is about.
        action: "show" where the option is offered with these choices only, "hide" where it is
            not offered with them; anything else is not understood and hides nothing.
        operator: "in" is the only one that was seen; another one hides nothing.
    """

    depends_on: str
    values: tuple[str, ...]
    action: str
    operator: str = "in"


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
        price_rules: What the service lists of choices and prices: the value sent to the
            multiplier, as text; some multiply by 1. See `factors`.
        server_key: The service's own word for the option, such as "overlap"; None if not known.
        conditions: When it is on offer; always, where there are none.
        output_changes: The choices that change which stems come.
        registered_only: The choices that a guest may not make.
        help_link: A page of the service about it.
        unread: What is not known of it, by the service's keys: `price_rules` that were left out,
            and whatever is there in a form that can't be read.
    """

    key: str
    name: str
    default: str | None
    input_type: str
    required: bool | None
    choices: Mapping[str, str] = field(hash=False)
    price_rules: Mapping[str, str] = field(hash=False)
    server_key: str | None = None
    conditions: tuple[Condition, ...] = ()
    output_changes: Mapping[str, OutputChange] = field(factory=dict, hash=False)
    registered_only: frozenset[str] = frozenset()
    help_link: str | None = None
    unread: frozenset[str] = frozenset()

    @property
    def price_known(self) -> bool:
        """Whether it is known what its choices do to the price."""
        return "price_rules" not in self.unread

    @property
    def choices_known(self) -> bool:
        """Whether it is known what may be sent."""
        return self.is_text or bool(self.choices)

    @property
    def factors(self) -> dict[str, Fraction]:
        """The choices that change the price, and what it is multiplied by."""
        rules = {key: exact(rule, "multiplier") for key, rule in self.price_rules.items()}
        return {key: factor for key, factor in rules.items() if factor != 1}

    @property
    def is_text(self) -> bool:
        """Whether it takes free text."""
        return self.input_type in ("text", "textarea")

    def is_hidden(self, values: Mapping[str, str]) -> Condition | None:
        """The condition that hides it, or None where it is on offer.

        Of several conditions that show it one is enough; how the service joins them is not known.

        Args:
            values: The values of the type's options, defaults included.
        """
        shown, hidden = False, None
        for condition in self.conditions:
            if condition.operator != "in" or condition.action not in ("show", "hide"):
                continue
            met = values.get(condition.depends_on) in condition.values
            if condition.action == "hide":
                if met:
                    return condition
            elif met:
                shown = True
            else:
                hidden = hidden or condition
        return None if shown else hidden


@frozen
class PriceRule:
    """A choice that changes the price.

    Args:
        option: The option's label, such as "Overlap".
        choice: The choice's label, such as "87.5%".
        factor: What the price is multiplied by.
    """

    option: str
    choice: str
    factor: Fraction

    def __str__(self) -> str:
        return f"{self.option} {self.choice}: x{float(self.factor):g}"


@frozen
class Description:
    """What the service writes about a separation type, as it came: with HTML.

    Args:
        language: The language's code: "en", "ru".
        short: In a sentence.
        long: At length.
    """

    language: str
    short: str
    long: str


@frozen
class SeparationType:
    """What is known of one separation type.

    Args:
        sep_type: Its number.
        name: The service's name for it.
        group: The heading it stands under; None where not known.
        outputs: The labels of its stems; empty where the service lists none (some types give
            text or MIDI, and for some recent ones the list is missing). The stems of a job can
            differ from these with the options chosen: see `predict`.
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
        stems: What it separates into by its name; empty where the name does not say.
        usage: Jobs of the last month; None where not known.
        rating: What users think of it, from 1 to 5; None without votes.
        votes: How many users rated it; None where not known.
        order: Its place in the service's list.
        variants: The stems seen with certain options.
        descriptions: The service's texts, with HTML; the bundled catalogue has none.
        removed: The day it was found gone from the service's list, YYYY-MM-DD; None while there.
        unread: What is not known of it, by the service's keys: `algorithm_fields` where an option
            may be missing, `render_id` where another row has the same number, and whatever is
            there in a form that can't be read.
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
    stems: tuple[str, ...] = ()
    usage: int | None = None
    rating: float | None = None
    votes: int | None = None
    order: int | None = None
    variants: tuple[OutputVariant, ...] = field(default=(), hash=False)
    descriptions: tuple[Description, ...] = field(default=(), repr=False)
    removed: str | None = None
    unread: frozenset[str] = frozenset()

    @property
    def defaults(self) -> dict[str, str]:
        """The service's default of each option that has one, by key."""
        return {each.key: each.default for each in self.fields if each.default is not None}

    def price_rules(self, options: Mapping[str, str]) -> tuple[PriceRule, ...]:
        """The options chosen that change the price.

        What is not chosen counts with its default. A choice that another option hides counts
        too: whether the service charges for it is not known, and the higher price is the safe one.

        Args:
            options: What is sent: `add_optN` to the value. One this type does not have counts
                for nothing. `mvsep.catalog.options.resolve` makes them of labels.

        Raises:
            InvalidInput: When a key is not of the form `add_optN`; an option's label would
                otherwise be priced as if it had not been chosen.
        """
        _check_keys(options)
        chosen = ((each, str(options.get(each.key, each.default))) for each in self.fields)
        return tuple(
            PriceRule(each.name, each.choices.get(key, key), each.factors[key])
            for each, key in chosen
            if key in each.factors
        )

    def multipliers(self, options: Mapping[str, str]) -> tuple[Fraction, ...]:
        """The factors of `price_rules`, for `pricing.credits`."""
        return tuple(rule.factor for rule in self.price_rules(options))

    def predict(self, options: Mapping[str, str] | None = None) -> Prediction:
        """The stems to expect; see `mvsep.catalog.stems.predict`.

        Args:
            options: What is sent: `add_optN` to the value. What is not there counts with its
                default. `mvsep.catalog.options.resolve` makes them of labels.

        Raises:
            InvalidInput: When a key is not of the form `add_optN`.
        """
        _check_keys(options or {})
        return stems.predict(self, options or {})

    def description(self, language: str = "en") -> str | None:
        """The service's text about it, without HTML; None where there is none.

        Args:
            language: "en" or "ru".
        """
        for text in self.descriptions:
            if text.language == language and (found := plain(text.long) or plain(text.short)):
                return found
        return None


def _check_keys(options: Mapping[str, str]) -> None:
    for key in options:
        if not is_option_key(key):
            raise InvalidInput(f"{key!r:.60} is not an option key such as 'add_opt1'.")


def plain(text: str) -> str:
    """A text without its HTML: tags, comments and scripts are gone, entities are characters.

    It takes time in proportion to the text, whatever is in it.
    """
    return "\n".join(filter(None, (" ".join(line.split()) for line in _lines(text))))


def _lines(text: str) -> Iterator[str]:
    line: list[str] = []
    skipping, end = "", 0
    for tag in _TAG.finditer(text):
        name = _LETTERS.match(tag[0])
        word = name[1].lower() if name else ""
        if not skipping:
            line.append(html.unescape(text[end : tag.start()]))
        end = tag.end()
        if skipping:
            skipping = "" if word == skipping and tag[0].startswith("</") else skipping
        elif word in ("script", "style") and not tag[0].startswith("</"):
            skipping = word
        elif _BREAKS.match(tag[0]):
            yield from "".join(line).splitlines()
            line = []
    if not skipping:
        line.append(html.unescape(text[end:]))
    yield from "".join(line).splitlines()
