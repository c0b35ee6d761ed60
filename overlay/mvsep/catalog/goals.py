"""Goals: the separation type to take for what a person wants, such as "vocals"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from math import prod
from typing import Final

from attrs import evolve, field, frozen

from mvsep.catalog.fields import is_option_key
from mvsep.catalog.ranking import Ranked, by_labels, figures_for
from mvsep.catalog.search import gives, same_stem
from mvsep.catalog.sep_type import SepType
from mvsep.catalog.types import SeparationType
from mvsep.core.objects import Plain
from mvsep.core.text import close, head, hits, words
from mvsep.core.values import shown
from mvsep.errors import InvalidInput

_Types = Collection[SeparationType]

_METRIC: Final = "sdr"
_PREMIUM: Final = 2
# The plan of an account without premium.
_WITHOUT_PREMIUM: Final = "registered"
# A mix of the other stems, which types of many stems give besides.
_MIXES: Final = frozenset(map(same_stem, ("instrumental", "sum (all stems)")))
# What is left over, and the mean of all stems: nobody wants it by itself.
_NO_GOALS: Final = frozenset(map(same_stem, ("other", "residual", "average", "")))
_LONGEST_NAME: Final = 100


@frozen
class _Rule:
    """The stems that a type has to give for a goal.

    Args:
        stems: The stems.
        exact: True where it has to give these only; a mix of them does not count.
        measured: False where the figures of the labels compare only some of the types.
    """

    stems: tuple[str, ...]
    exact: bool = False
    measured: bool = True


#: The goals that are listed. Any other stem of the catalogue is a goal by its own name.
#: Of "lead vocals" one type alone names a figure, and not the one that most people take.
_RULES: Final[Mapping[str, _Rule]] = {
    "vocals": _Rule(("vocals",)),
    "instrumental": _Rule(("instrumental",)),
    "karaoke": _Rule(("lead vocals", "back vocals + instrumental"), measured=False),
    "lead-vocals": _Rule(("lead vocals",), measured=False),
    "back-vocals": _Rule(("back vocals",), measured=False),
    "drums": _Rule(("drums",)),
    "bass": _Rule(("bass",)),
    "guitar": _Rule(("guitar",)),
    "piano": _Rule(("piano",)),
    "strings": _Rule(("strings",)),
    "4-stems": _Rule(("vocals", "drums", "bass", "other"), exact=True, measured=False),
    "6-stems": _Rule(
        ("vocals", "drums", "bass", "guitar", "piano", "other"), exact=True, measured=False
    ),
    "drum-kit": _Rule(("kick", "snare", "toms"), measured=False),
    "speech": _Rule(("speech",), measured=False),
    "crowd": _Rule(("crowd",)),
    "denoise": _Rule(("noise",), measured=False),
    "dereverb": _Rule(("reverb",), measured=False),
}

#: The names of the listed goals.
NAMES: Final = tuple(_RULES)


@frozen(repr=False)
class Goal(Plain):
    """A goal, and the separation type that the catalogue takes for it.

    Args:
        name: The goal, such as "vocals".
        entry: The separation type.
        options: The options to send for it: `add_optN` to the value.
        reason: Why it is this type, in a phrase.
        without_premium: The same goal without premium, where this type needs it; else None.
    """

    _keys = "name sep_type entry options reason needs_premium credits_per_minute without_premium"

    name: str
    entry: SeparationType
    options: Mapping[str, object] = field(hash=False)
    reason: str
    without_premium: Goal | None = None

    @property
    def sep_type(self) -> SepType:
        """The number of the separation type."""
        return self.entry.sep_type

    @property
    def needs_premium(self) -> bool:
        """True where the type is for premium users only."""
        return (self.entry.orientation or 0) >= _PREMIUM

    @property
    def credits_per_minute(self) -> Fraction | None:
        """The price with the options of the goal; None where it is not known."""
        sent = {key: str(value) for key, value in self.options.items()}
        if not all(map(is_option_key, sent)):  # a caller's own, which are not looked up yet
            return None
        if self.entry.price_coefficient is None or self.entry.price_doubts(sent):
            return None
        return self.entry.price_coefficient * prod(self.entry.multipliers(sent))

    def __str__(self) -> str:
        text = f"{head(self.entry.name)}, {self.reason}"
        if not self.needs_premium:
            return text
        instead = f"the best without is {self.without_premium}" if self.without_premium else ""
        return f"{text}. It needs premium; {instead or 'no type does this without'}"

    def with_options(self, options: Mapping[str, object] | None) -> Goal:
        """Return it with options of the caller, by any of their names, before its own."""
        if not options:
            return self
        if not isinstance(options, Mapping):
            return evolve(self, options=options)  # `resolve` refuses it
        given = {option.key for name in options for option in self.entry.named(name)}
        own = {key: value for key, value in self.options.items() if key not in given}
        changed = "" if len(own) == len(self.options) else "; your options replace that choice"
        return evolve(self, options={**own, **options}, reason=self.reason + changed)


def find(types: _Types, name: str, plan: str | None = None) -> Goal:
    """Return the separation type to take for a goal; see `Catalog.goal`."""
    known, rule = _rule_of(name)
    goal = _best(types, known, rule, plan) if rule else None
    if goal is None:
        raise _unknown(types, name, plan)
    return goal


def listed(types: _Types, plan: str | None = None) -> tuple[Goal, ...]:
    """Return the listed goals that the catalogue can carry; see `Catalog.goals`."""
    found = (_best(types, name, rule, plan) for name, rule in _RULES.items())
    return tuple(goal for goal in found if goal)


def others(types: _Types, name: str) -> Iterator[Goal]:
    """Yield all that the list of another day may take for a goal: by figure, or by use."""
    rule = _rule_of(name)[1]
    if rule is None:
        return
    if len(rule.stems) == 1:
        for row in figures_for(types, rule.stems[0], _METRIC):
            yield Goal(name, row.entry, row.options, "")
    for entry in types:
        if _fits(entry, rule):
            yield Goal(name, entry, {}, "")


def choose(
    types: _Types,
    sep_type: SepType | int | str | None,
    best_for: str | Goal | None,
    options: Mapping[str, object] | None,
) -> Goal:
    """Return the goal of a caller who gives no type, with the caller's options.

    Raises:
        InvalidInput: When a type is given too, or no goal is, or there is no such goal.
    """
    if best_for is None:
        raise InvalidInput(
            "Neither a separation type nor a goal is given.",
            param="sep_type",
            next_step='Pass a type, or a goal such as best_for="vocals".',
        )
    if sep_type is not None:
        raise InvalidInput(
            "Both a separation type and a goal are given.",
            param="best_for",
            next_step="Pass one of them.",
        )
    goal = best_for if isinstance(best_for, Goal) else find(types, best_for)
    return goal.with_options(options)


def _rule_of(name: object) -> tuple[str, _Rule | None]:
    """Return a goal's name as it is listed, and its rule; None for what can be none."""
    if not isinstance(name, str) or len(name) > _LONGEST_NAME or same_stem(name) in _NO_GOALS:
        return "", None
    found = hits(name, [(each, each) for each in _RULES], same=same_stem)
    if found:
        return found[0], _RULES[found[0]]
    stem = " ".join(words(name))  # the journal compares goals by their names
    return stem, _Rule((stem,))


def _best(types: _Types, name: str, rule: _Rule, plan: str | None) -> Goal | None:
    usable = [
        entry
        for entry in types
        if entry.is_offered is not False
        and entry.audio_widget in (None, "single_upload")
        and (plan is None or entry.is_for(plan))
    ]
    ranking = by_labels(usable, rule.stems[0], _METRIC).rows if rule.measured else ()
    if ranking:
        reason = _by_figure(ranking, rule.stems[0])
        goal = Goal(name, ranking[0].entry, ranking[0].options, reason)
    elif fitting := [entry for entry in usable if _fits(entry, rule)]:
        goal = _most_used(fitting, name, rule)
    else:
        return None
    if plan is None and goal.needs_premium:
        goal = evolve(goal, without_premium=_best(types, name, rule, _WITHOUT_PREMIUM))
    return goal


def _most_used(fitting: list[SeparationType], name: str, rule: _Rule) -> Goal:
    """Take the most used of the types that say in their names that they are for these stems.

    Where none says so, all count: a type of fifty stems is not the first choice for one.
    """
    sought = {word for stem in rule.stems for word in words(stem)}
    named = [entry for entry in fitting if sought <= {*words(entry.name)}]
    types = named or fitting
    best = max(types, key=lambda each: each.usage or 0)  # of equals the first of the list
    for_what = f"{'exactly ' if rule.exact else ''}{', '.join(rule.stems)}"
    does = f"made for {for_what}" if named else f"that give {for_what}"
    if len(types) == 1:
        reason = f"the only type on offer {does.replace('give', 'gives')}"
    elif best.usage is None:
        reason = f"the first of {len(types)} types {does}; no figures compare them"
    else:
        jobs = f"{best.usage:,} jobs in a month"
        reason = f"the most used of {len(types)} types {does}: {jobs}; no figures compare them"
    return Goal(name, best, {}, reason)


def _fits(entry: SeparationType, rule: _Rule) -> bool:
    wanted = frozenset(map(same_stem, rule.stems))
    if rule.exact:
        lists = (frozenset(map(same_stem, names)) for names in (entry.outputs, entry.stems))
        return any(given - _MIXES == wanted for given in lists)
    if not (entry.outputs or entry.stems):  # of some recent types the name alone is known
        return wanted == {same_stem(entry.name.removeprefix("MVSep "))}
    return all(gives(entry, stem) for stem in rule.stems)


def _by_figure(ranking: tuple[Ranked, ...], stem: str) -> str:
    best, label = ranking[0], head(ranking[0].label)
    choice = "" if label.casefold().startswith(best.metric) else f"{label}: "
    rest = f"the best of {len(ranking)} listed" if len(ranking) > 1 else "the only figure listed"
    return f"{choice}{best.metric.upper()} {stem} {best.value:g}, {rest}"


def _unknown(types: _Types, name: object, plan: str | None) -> InvalidInput:
    able = [goal.name for goal in listed(types, plan)]
    near = close(name, dict.fromkeys((*able, *_stems(types)))) if isinstance(name, str) else []
    meant = f"Was one of these meant? {', '.join(near)}. " if near else ""
    on_plan = f" on the plan {plan!r}" if plan and name in NAMES else ""
    return InvalidInput(
        f"No separation type is known for the goal {shown(name)}{on_plan}.",
        param="best_for",
        next_step=f"{meant}Goals are {', '.join(able)}, and the stems of the types.",
    )


def _stems(types: _Types) -> Iterable[str]:
    for entry in types:
        if entry.is_offered is not False:
            names = (*entry.outputs, *entry.stems)
            yield from (name.lower() for name in names if same_stem(name) not in _NO_GOALS)
