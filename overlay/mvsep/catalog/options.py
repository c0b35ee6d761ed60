"""Options by name: the form fields to send for them, checked before the upload."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Final

from attrs import field, frozen

from mvsep.catalog.catalog import Catalog
from mvsep.catalog.fields import Condition, OptionField, PriceRule, is_option_key
from mvsep.catalog.sep_type import SepType
from mvsep.catalog.stems import Prediction
from mvsep.catalog.types import SeparationType, reach_of
from mvsep.core.objects import Brief
from mvsep.core.text import close, head, hits
from mvsep.core.values import SURE, Doubts, digits, shown, whole_number
from mvsep.errors import InvalidInput, PremiumRequired

_MOST_LISTED: Final = 24


@frozen(repr=False)
class Resolved(Brief):
    """A separation type with its options, looked up in the catalogue.

    Args:
        sep_type: The separation type.
        entry: Its entry in the catalogue; None where it is not listed.
        fields: The form fields to send: `add_optN` to the value. A chosen default is sent too,
            because the service may have changed its defaults since. Other defaults are not sent.
        values: All values that count, with the defaults, and without hidden options.
        catalog: The catalogue that all this is from.
        warnings: Doubts about the options, in sentences.
    """

    sep_type: SepType
    entry: SeparationType | None
    fields: Mapping[str, str] = field(hash=False)
    values: Mapping[str, str] = field(hash=False)
    catalog: Catalog = field(eq=False, repr=False)
    warnings: Doubts = SURE

    @property
    def chosen(self) -> dict[str, str]:
        """The form fields that differ from the service's defaults."""
        usual = self.entry.defaults if self.entry else {}
        return {key: value for key, value in self.fields.items() if value != usual.get(key)}

    @cached_property
    def price_rules(self) -> tuple[PriceRule, ...]:
        """The choices that change the price; none where not known."""
        return self.entry.price_rules(self.fields) if self.entry else ()

    @property
    def multipliers(self) -> tuple[Fraction, ...]:
        """The factors of `price_rules`, for `pricing.credits`."""
        return tuple(rule.factor for rule in self.price_rules)

    @cached_property
    def price_doubts(self) -> Doubts:
        """Reasons why the price can't be relied on, in sentences; none where it can."""
        if self.entry is None:
            return Doubts(["The type is not in the catalogue."])
        return self.catalog.doubts | self.entry.price_doubts(self.fields)

    def check_plan(self, plan: str) -> None:
        """Raise PremiumRequired where a plan does not reach the type and the choices."""
        if self.entry:
            _check_plan(self.entry, self.fields, plan)

    @cached_property
    def prediction(self) -> Prediction:
        """The stems to expect."""
        if self.entry:
            return self.entry.predict(self.fields)
        return Prediction((), Doubts(["The type is not in the catalogue."]))


def resolve(
    catalog: Catalog,
    sep_type: SepType | int | str,
    options: Mapping[str, object] | None = None,
    *,
    plan: str | None = None,
    validate: bool = True,
) -> Resolved:
    """Look a separation type and its options up, and check them.

    Args:
        catalog: The types.
        sep_type: The separation type: its number, or its name as for `Catalog.by_name`.
        options: Values by option. An option goes by its form field (`add_opt1`), the service's
            key (`overlap`), or its label with or without its last parenthesis; a value by its
            key, or its label with or without its last parenthesis. Case and spaces do not count,
            and the start of a name is not enough. None is left out. A type that is not in the
            catalogue takes form fields only, as they are.
        plan: The account's plan, where known: "unregistered", "registered" or "premium".
        validate: False to check nothing: names are still looked up, and a name without a match
            is sent as it is.

    Raises:
        InvalidInput: When a type, an option or a choice is unknown, unclear, or hidden by
            another option, or a required text is missing.
        PremiumRequired: When the plan does not reach the type or a choice.
    """
    entry, kind = _find_type(catalog, sep_type)
    if options is not None and not isinstance(options, Mapping):
        raise _invalid(
            f"Options can't be {shown(options)}.", 'Pass values by name: {"Overlap": "87.5%"}.'
        )
    if entry is None:
        return Resolved(kind, None, fields := form_fields(options), fields, catalog)
    fields = {}
    for name, value in (options or {}).items():
        option = _field(entry, name, validate=validate)
        if value is None:
            continue
        if (key := option.key if option else name) in fields:
            raise _invalid(f"{key} is set twice, by {name!r:.60} too.")
        fields[key] = _value(entry, option, key, value, validate=validate)
    values = {**entry.defaults, **fields}
    hiding = {each.key: each.is_hidden(values) for each in entry.fields}
    warnings = SURE
    if validate:
        warnings = _checked(entry, fields, hiding)
        # An empty text is left out, as clients of the service do.
        texts = {each.key for each in entry.fields if each.is_text}
        fields = {key: text for key, text in fields.items() if key not in texts or text.strip()}
        values = {**entry.defaults, **fields}
        _check_plan(entry, fields, plan)
    values = {key: value for key, value in values.items() if not hiding.get(key)}
    return Resolved(entry.sep_type, entry, fields, values, catalog, warnings)


def _checked(
    entry: SeparationType, fields: Mapping[str, str], hiding: Mapping[str, Condition | None]
) -> Doubts:
    """Check the options of a type against each other; return what could not be checked."""
    warnings: list[str] = []
    for each in entry.fields:
        if condition := hiding[each.key]:
            if each.key in fields:
                raise _hidden(entry, each, condition)
        elif not fields.get(each.key, "").strip():
            warnings += _missing(entry, each)
        elif not each.choices_known:
            warnings.append(f"Which choices {each.name!r} has is not known; sent as it is.")
    return Doubts(warnings)


def form_fields(options: Mapping[str, object] | None) -> dict[str, str]:
    """Read options that go by their form fields, such as `{"add_opt1": "81"}`; None is left out."""
    fields = {}
    for name, value in (options or {}).items():
        if not is_option_key(name):
            raise _invalid(
                f"There is no option field {name!r:.60}.",
                "The fields are add_opt1 to add_opt10. Of a type that is not in the catalogue "
                "no other names are known.",
            )
        if value is not None:
            fields[name] = _text(name, value)
    return fields


def _find_type(catalog: Catalog, sep_type: object) -> tuple[SeparationType | None, SepType]:
    if isinstance(sep_type, str):
        number = digits(sep_type.strip())
        if number is None:
            entry = catalog.by_name(sep_type)
            return entry, entry.sep_type
        sep_type = number
    kind = SepType(whole_number("sep_type", sep_type))
    return catalog.get(kind), kind


def _field(entry: SeparationType, name: object, *, validate: bool) -> OptionField | None:
    """Find an option by name; None for an unchecked form field that the type does not have."""
    found = entry.named(name)
    if not found and not validate and is_option_key(name):
        return None
    if len(found) == 1:
        return found[0]
    if found:
        keys = ", ".join(each.key for each in found)
        raise _invalid(f"{name!r:.60} names {len(found)} options of {entry.name}: {keys}.")
    offered = ", ".join(f"{each.name!r} ({each.key})" for each in entry.fields)
    if not offered and "algorithm_fields" in entry.unread:
        raise _invalid(
            f"The options of {entry.name} are not known, so {name!r:.60} can't be checked.",
            "validate=False sends form fields such as add_opt1.",
            "validate",
        )
    names = [text for each in entry.fields for text in (each.name, each.key)]
    raise _invalid(
        f"{entry.name} has no option {name!r:.60}.",
        f"{_meant(name, names)}It has {offered}." if offered else "It has none.",
    )


def _value(
    entry: SeparationType, option: OptionField | None, key: str, value: object, *, validate: bool
) -> str:
    text = _text(option.name if option else key, value)
    if option is None or option.is_text or not option.choices:
        return text
    pairs = option.choices.items()
    found = hits(
        text,
        [(each, each) for each in option.choices],
        [(label, each) for each, label in pairs],
        [(head(label), each) for each, label in pairs],
    )
    if len(found) == 1:
        return found[0]
    if not validate:
        return text
    if found:
        raise _invalid(
            f"{text!r:.60} names {len(found)} choices of {option.name!r}: "
            f"{_listed(option, found)}.",
            "Use the key.",
        )
    raise _invalid(
        f"{option.name!r} of {entry.name} can't be {text!r:.60}.",
        f"{_meant(text, [*map(head, option.choices.values()), *option.choices])}"
        f"Choose one of {_listed(option, list(option.choices))}.",
    )


def _text(name: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _invalid(f"{name} can't be {shown(value)}.", "Give the option's key, or text.")
    text = value if isinstance(value, str) else shown(value)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise _invalid(f"{name} holds half a character, which can't be sent.")
    return text


def _missing(entry: SeparationType, option: OptionField) -> list[str]:
    """Return the doubts of an option that was not given; raise where it is needed."""
    if option.is_text and option.required and not option.default:
        raise _invalid(
            f"{entry.name} needs {option.name!r} ({option.key}).",
            "Give it a text.",
        )
    if option.default is not None or (option.is_text and option.required is not None):
        return []
    if not option.is_text:
        return [f"What the service takes for {option.name!r} when it is left out is not known."]
    optional = "optional" in option.name.casefold()
    return [] if optional else [f"Whether {option.name!r} may be left out is not known."]


def _hidden(entry: SeparationType, option: OptionField, condition: Condition) -> InvalidInput:
    other = next((each for each in entry.fields if each.key == condition.depends_on), None)
    name = other.name if other else condition.depends_on
    listed = _listed(other, list(condition.values)) if other else ", ".join(condition.values)
    when = "only with" if condition.action == "show" else "except with"
    return _invalid(
        f"{option.name!r} ({option.key}) is not offered with the other options chosen.",
        f"{entry.name} has it {when} {name!r} {listed}.",
    )


def _check_plan(entry: SeparationType, fields: Mapping[str, str], plan: str | None) -> None:
    if plan is None:
        return
    reach, wanted = reach_of(plan), entry.orientation or 0
    if wanted > reach:
        accounts = "premium accounts" if wanted > 1 else "registered users"
        raise PremiumRequired(
            f"{entry.name} is for {accounts}; this one is {plan}.",
            charged=False,
            param="sep_type",
            next_step="Choose another type, or see the plans on the service's site.",
        )
    for option in entry.fields:
        chosen = fields.get(option.key)
        if reach == 0 and chosen in option.registered_only:
            raise PremiumRequired(
                f"{option.name!r} {chosen!r:.60} is for registered users.",
                charged=False,
                param="options",
                next_step="Log in, or choose another one.",
            )


def _meant(text: object, names: list[str]) -> str:
    near = close(text, names, 3) if isinstance(text, str) else []
    return f"Was {' or '.join(repr(name) for name in near)} meant? " if near else ""


def _listed(option: OptionField, keys: list[str]) -> str:
    shown = [f"{key} ({option.choices.get(key, '?')})" for key in keys[:_MOST_LISTED]]
    more = len(keys) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _invalid(message: str, next_step: str | None = None, param: str = "options") -> InvalidInput:
    return InvalidInput(message, param=param, next_step=next_step)
