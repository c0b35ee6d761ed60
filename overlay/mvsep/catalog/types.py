"""One separation type, as the catalogue holds it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from mvsep.catalog.fields import OptionField, PriceRule, check_keys, price_doubt
from mvsep.catalog.sep_type import SepType
from mvsep.catalog.stems import OutputVariant, Prediction, predict
from mvsep.core.objects import Brief, Plain
from mvsep.core.text import head, hits
from mvsep.core.values import Doubts
from mvsep.errors import InvalidInput

#: The plans, each with the highest `orientation` it reaches.
PLANS: Final = {"unregistered": 0, "registered": 1, "premium": 2}


@frozen(repr=False)
class Description(Brief):
    """A text of the service about a separation type, with its HTML.

    Args:
        language: The language's code: "en", "ru".
        short: In a sentence.
        long: At length.
    """

    language: str
    short: str
    long: str


@frozen(repr=False)
class SeparationType(Plain):
    """One separation type and all that is known of it.

    Args:
        sep_type: Its number.
        name: The service's name for it.
        group: The heading it stands under; None where not known.
        outputs: The labels of its stems; empty where the service lists none (some types give
            text or MIDI, and for some recent ones the list is missing). Options can change the
            stems: see `predict`.
        output_labels: The same, as the service's key to its label.
        orientation: The users it is for: 0 everyone, 1 registered users, 2 premium users; None
            where not known.
        price_coefficient: Credits per minute of the song; None where not known.
        is_active: True while the service offers it; None where not known.
        audio_widget: The input wanted: "single_upload", "no_upload" or "matchering_upload".
        algorithm_id: The service's `id` of it, which is never what `sep_type` takes.
        fields: Its options, in order.
        known_from: "server" where read from the service's list, "documentation" where only the
            service's API page names it, which gives no price and no outputs.
        stems: The stems that its name lists; empty where it lists none.
        usage: Jobs of the last month; None where not known.
        rating: The users' rating, from 1 to 5; None without votes.
        votes: The number of ratings; None where not known.
        order: Its place in the service's list.
        variants: The stems seen with certain options.
        descriptions: The service's texts, with HTML; the bundled catalogue has none.
        removed: The day it was found gone from the service's list, YYYY-MM-DD; None while there.
        unread: The service's keys whose values are missing or can't be read: `algorithm_fields`
            where an option may be missing, `render_id` where another row has the same number.
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
    def is_offered(self) -> bool | None:
        """True while the service lists it as active; None where not known."""
        return self.is_active if self.removed is None else False

    @property
    def defaults(self) -> dict[str, str]:
        """The service's default of each option that has one, by key."""
        return {each.key: each.default for each in self.fields if each.default is not None}

    def is_for(self, plan: str) -> bool:
        """Tell if a plan may use it; False where that is not known.

        Raises:
            InvalidInput: When there is no such plan.
        """
        reach = reach_of(plan)
        return self.orientation is not None and self.orientation <= reach

    def named(self, option: object) -> list[OptionField]:
        """Find its options of a name: the form field, the service's key, or the label."""
        if not isinstance(option, str):
            return []
        return hits(
            option,
            [(each.key, each) for each in self.fields],
            [(each.server_key, each) for each in self.fields if each.server_key],
            [(each.name, each) for each in self.fields],
            [(head(each.name), each) for each in self.fields],
        )

    def price_rules(self, options: Mapping[str, str]) -> tuple[PriceRule, ...]:
        """Return the chosen options that change the price.

        An option that is not chosen counts with its default. A choice that another option hides
        counts too: the service may charge for it, and the higher price is the safe one.

        Args:
            options: The form fields sent: `add_optN` to the value. One this type does not have
                counts for nothing. `mvsep.catalog.options.resolve` makes them of labels.

        Raises:
            InvalidInput: When a key is not of the form `add_optN`; an option's label would
                otherwise be priced as if it had not been chosen.
        """
        check_keys(options)
        rules = [each.price_rule(options.get(each.key)) for each in self.fields]
        return tuple(rule for rule in rules if rule)

    def multipliers(self, options: Mapping[str, str]) -> tuple[Fraction, ...]:
        """Return the factors of `price_rules`, for `pricing.credits`."""
        return tuple(rule.factor for rule in self.price_rules(options))

    def price_doubts(self, options: Mapping[str, str]) -> Doubts:
        """Return the reasons why the price of a job can't be relied on.

        Args:
            options: As for `price_rules`.
        """
        if self.price_coefficient is None:
            return Doubts(["The service's price for this type is not known."])
        reasons = []
        if "render_id" in self.unread:
            reasons.append("The service lists the type twice, and which price holds is not known.")
        if "algorithm_fields" in self.unread:
            reasons.append("Some of its options are not known, and one may change the price.")
        listed = {each.key for each in self.fields}
        reasons += [
            price_doubt(f"{key} {value!r:.40}")
            for key, value in options.items()
            if key not in listed
        ]
        for each in self.fields:
            reasons += each.price_doubts(options.get(each.key))
        return Doubts(reasons)

    def predict(self, options: Mapping[str, str] | None = None) -> Prediction:
        """Predict the stems; see `mvsep.catalog.stems.predict`.

        Args:
            options: As for `price_rules`.

        Raises:
            InvalidInput: When a key is not of the form `add_optN`.
        """
        check_keys(options or {})
        variants = None if "output_variants" in self.unread else self.variants
        return predict(self.fields, self.output_labels, variants, options or {})

    def description(self, language: str = "en") -> str | None:
        """Return the service's text about it, without HTML; None where there is none.

        Args:
            language: "en" or "ru".
        """
        for text in self.descriptions:
            if text.language == language and (found := plain(text.long) or plain(text.short)):
                return found
        return None


def reach_of(plan: str) -> int:
    """Return the highest `orientation` that a plan reaches."""
    if plan in PLANS:
        return PLANS[plan]
    raise InvalidInput(
        f"There is no plan {plan!r:.40}.",
        param="plan",
        next_step=f"Use one of {', '.join(PLANS)}.",
    )


# Comments, scripts and styles with their content, and tags; a value in quotes may hold any
# character. It goes over a text once, whatever is in it: html.parser takes minutes for some texts.
_MARKUP: Final = re.compile(
    r"""<!--(?s:.*?)(?:-->|\Z)"""
    r"""|<(script|style)(?=[\s/>])(?s:.*?)(?:</\1\s*+>|\Z)"""
    r"""|<[a-z/!?](?:[^<>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+>""",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"</?(?:p|br|li|ul|ol|div|h[1-6]|tr|table)\b", re.IGNORECASE)


def plain(text: str) -> str:
    """Return a text without tags, comments and scripts; takes time in proportion to its length."""
    bare = _MARKUP.sub(lambda tag: "\n" if _BREAK.match(tag[0]) else "", text)
    lines = (" ".join(line.split()) for line in html.unescape(bare).splitlines())
    return "\n".join(filter(None, lines))
