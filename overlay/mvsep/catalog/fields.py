"""Options of separation types: their choices, conditions, and effect on price and stems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final, TypeGuard

from attrs import field, frozen

from mvsep.core.objects import Brief
from mvsep.core.values import SURE, Doubts, exact
from mvsep.errors import InvalidInput

_OPTION_KEYS: Final = frozenset(f"add_opt{number}" for number in range(1, 11))


def is_option_key(name: object) -> TypeGuard[str]:
    """Tell the form's ten fields for options, `add_opt1` to `add_opt10`, from other names."""
    return isinstance(name, str) and name in _OPTION_KEYS


def check_keys(options: Iterable[object]) -> None:
    """Check that options go by their form fields, not by labels."""
    for key in options:
        if not is_option_key(key):
            raise InvalidInput(
                f"{key!r:.60} is not an option key such as 'add_opt1'.", param="options"
            )


@frozen(repr=False)
class Condition(Brief):
    """A condition under which an option is on offer.

    Args:
        depends_on: The key of the option that decides.
        values: The choices of that option that matter.
        action: "show" to offer the option with these choices only, "hide" to offer it without
            them only. Any other action hides nothing.
        operator: "in" is the only one that was seen. Any other operator hides nothing.
    """

    depends_on: str
    values: tuple[str, ...]
    action: str
    operator: str = "in"


@frozen(repr=False)
class OutputChange(Brief):
    """The stems that a choice brings.

    Args:
        mode: "set" where they replace the others, "add" where they come besides. Any other mode
            is not understood.
        outputs: The stems, as key to label.
    """

    mode: str
    outputs: Mapping[str, str] = field(hash=False)


@frozen(repr=False)
class PriceRule(Brief):
    """A choice that changes the price.

    Args:
        option: The option's label, such as "Overlap".
        choice: The choice's label, such as "87.5%".
        factor: The multiplier.
    """

    option: str
    choice: str
    factor: Fraction

    def __str__(self) -> str:
        return f"{self.option} {self.choice}: x{float(self.factor):g}"


@frozen(repr=False)
class OptionField(Brief):
    """One option of a separation type.

    Args:
        key: The form field it is sent as: `add_opt1`, `add_opt2` and so on.
        name: The service's label, such as "Overlap".
        default: The choice the service takes when nothing is sent; None where it names none.
        input_type: "select" (one of `choices`), "text" or "textarea" (free text).
        required: True if the service wants a value; None where that is not known.
        choices: The choices in the service's order, as the value sent to its label. Labels may
            repeat. Empty for free text.
        price_rules: The service's multipliers of the price, as the value sent to the multiplier
            in text; some multiply by 1. See `factors`.
        server_key: The service's own word for the option, such as "overlap"; None if not known.
        conditions: The conditions under which it is on offer; always, where there are none.
        output_changes: The choices that change the stems.
        registered_only: The choices that a guest may not make.
        help_link: A page of the service about it.
        unread: The service's keys whose values are missing or can't be read, such as
            `price_rules`.
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
        """True where the effect of its choices on the price is known."""
        return "price_rules" not in self.unread

    @property
    def choices_known(self) -> bool:
        """True where the valid values are known."""
        return self.is_text or bool(self.choices)

    @property
    def factors(self) -> dict[str, Fraction]:
        """The choices that change the price, each with its multiplier."""
        rules = {key: exact(rule, "multiplier") for key, rule in self.price_rules.items()}
        return {key: factor for key, factor in rules.items() if factor != 1}

    @property
    def is_text(self) -> bool:
        """True for free text."""
        return self.input_type in ("text", "textarea")

    def is_hidden(self, values: Mapping[str, str]) -> Condition | None:
        """Return the condition that hides it, or None where it is on offer.

        Of several conditions that show it one is enough. The service's own rule is not known.

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

    def price_rule(self, chosen: object) -> PriceRule | None:
        """Return the rule by which a value changes the price; None counts as the default."""
        key = str(self.default if chosen is None else chosen)
        factor = self.factors.get(key)
        if factor is None:
            return None
        return PriceRule(self.name, self.choices.get(key, key), factor)

    def price_doubts(self, chosen: str | None) -> Doubts:
        """Return the reasons why the effect of a value, as sent, on the price is not known."""
        if not self.price_known:
            return Doubts([price_doubt(repr(self.name))])
        value = self.default if chosen is None else chosen
        if self.is_text or value in self.choices:
            return SURE
        if chosen is not None:
            return Doubts([price_doubt(f"{self.key} {chosen!r:.40}")])
        # The service's default may be a choice that costs more.
        return Doubts([price_doubt(f"the default of {self.name!r}")] if self.factors else ())


def price_doubt(what: str) -> str:
    """Say that the effect of an option or value on the price is not known."""
    return f"The effect of {what} on the price is not known."
