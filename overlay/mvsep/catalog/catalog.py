"""The catalogue of separation types: their names, options, stems and prices, by number and name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pkgutil import get_data
from typing import Any

from attrs import evolve, frozen

from mvsep.catalog import goals, ranking, search
from mvsep.catalog.goals import Goal
from mvsep.catalog.ranking import Ranking
from mvsep.catalog.search import Found, Index, SortKey
from mvsep.catalog.sep_type import SepType
from mvsep.catalog.types import SeparationType, reach_of
from mvsep.core.objects import Brief
from mvsep.core.text import LIKE, head, hits, letters, likeness
from mvsep.core.values import SURE, Doubts, Number, digits, exact
from mvsep.errors import InvalidInput, MVSepError


@frozen(repr=False)
class Catalog(Brief):
    """The separation types, by number and by name.

    Iterating gives each `SeparationType`, `in` looks for a number or an entry, and
    `catalog[SepType.BS_ROFORMER]` or `catalog[40]` looks one up.

    Args:
        types: The separation types.
        captured: The day they were read from the service, YYYY-MM-DD; None where not known.
        source: "bundled" with this release, "live" from the service, "cache" from an earlier
            live one on this disk, or "answer" for one that was handed over.
        warnings: Sentences on what could not be read or asked for.
        doubts: Reasons why its prices can't be relied on, such as its age; see
            `mvsep.catalog.cache.RELIED_ON`.
    """

    types: tuple[SeparationType, ...]
    captured: str | None = None
    source: str = "answer"
    warnings: Doubts = SURE
    doubts: Doubts = SURE

    @staticmethod
    def bundled() -> Catalog:
        """Return the catalogue of this release; read once, at the first call."""
        return _bundled()

    @staticmethod
    def from_response(
        answer: object, *, captured: str | None = None, source: str = "answer"
    ) -> Catalog:
        """Read an answer of app/algorithms, of any year and however odd; it never fails.

        Args:
            answer: Bytes or text as they came, parsed JSON, or what `api.app.algorithms` gives.
            captured: The day it was asked for, YYYY-MM-DD.
            source: Where it is from; see `Catalog.source`.

        Returns:
            A catalogue, empty where the answer is none; its `warnings` say what was left out.
        """
        from mvsep.catalog import parse

        types, warnings = parse.from_answer(answer)
        return Catalog(types, captured, source, Doubts(warnings))

    def __iter__(self) -> Iterator[SeparationType]:
        """Iterate over the separation types in the catalogue's order."""
        return iter(self.types)

    def __len__(self) -> int:
        """Count the separation types."""
        return len(self.types)

    def __contains__(self, sep_type: object) -> bool:
        """Tell if a number, a `SepType` or an entry is listed."""
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
            f"Separation type {sep_type!r:.80} is not in {self._called}.",
            param="sep_type",
            next_step=self._hint_for_number(sep_type),
        )

    def get(self, sep_type: SepType | int) -> SeparationType | None:
        """Look a separation type up by number; None where it is not listed."""
        if sep_type in self:
            return self._by_number[sep_type]
        return None

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
        if (number := digits(text.strip())) is not None:
            return self[number]
        whole = [(entry.name, entry) for entry in self.types]
        found = hits(text, whole, self._short_names, same=letters)
        if len(found) == 1:
            return found[0]
        if found:
            raise InvalidInput(
                f"{text!r:.80} names {len(found)} separation types: {_listed(found)}.",
                param="sep_type",
                next_step="Use the whole name or the number.",
            )
        near = self._close_to(text)
        raise InvalidInput(
            f"No separation type is named {text!r:.80} in {self._called}.",
            param="sep_type",
            next_step=f"Was one of these meant? {_listed(near)}." if near else None,
        )

    def find(self, text: str) -> Found:
        """Find separation types by words that all have to occur, typing errors forgiven.

        Args:
            text: A number, or words of names, stems, groups and choices, in any case and order.
                Of more than eight words the first eight count.

        Returns:
            What was found, best first; `did_you_mean` has the words where one was mended.
        """
        return self._index.find(text)

    def filter(
        self,
        *,
        stem: str | None = None,
        group: str | None = None,
        plan: str | None = None,
        max_price: Number | None = None,
        min_rating: float | None = None,
        min_usage: int | None = None,
        active: bool | None = None,
    ) -> Catalog:
        """Filter by every given criterion. Types with unknown values do not match.

        Args:
            stem: A stem that types give with their default options, such as "drums".
            group: The types' heading; case, spaces and punctuation do not count.
            plan: A plan that may use them: "unregistered", "registered" or "premium".
            max_price: The most credits per minute.
            min_rating: The lowest rating, of 1 to 5.
            min_usage: The fewest jobs in the last month.
            active: True for types that the service offers, False for the others.

        Raises:
            InvalidInput: When there is no such plan, or the price is no number.
        """
        if plan is not None:
            reach_of(plan)  # also an empty list refuses a plan that there is not
        most = None if max_price is None else exact(max_price, "max_price")

        def fits(entry: SeparationType) -> bool:
            price = entry.price_coefficient
            return all(
                (
                    stem is None or search.gives(entry, stem),
                    group is None or letters(group) == letters(entry.group or ""),
                    plan is None or entry.is_for(plan),
                    most is None or (price is not None and price <= most),
                    min_rating is None or (entry.rating is not None and entry.rating >= min_rating),
                    min_usage is None or (entry.usage is not None and entry.usage >= min_usage),
                    active is None or entry.is_offered is active,
                )
            )

        return evolve(self, types=tuple(filter(fits, self.types)))

    def sort(self, by: SortKey) -> Catalog:
        """Sort the types; those whose value is not known come last.

        Args:
            by: "number", "name", "group", "price" (lowest first), "rating" and "usage" (highest
                first), or "order", the service's own.

        Raises:
            InvalidInput: When there is no such order.
        """
        return evolve(self, types=search.ordered(self.types, by))

    def best_for(self, stem: str, *, metric: str = "sdr") -> Ranking:
        """Rank the separation types for a stem, best first.

        The figures are the service's own, from the labels of its choices. The labels name no
        data set, so a small difference between two types says little. A figure that does not say
        its stem ranks only where the type leaves no doubt; the others are in `Ranking.unplaced`.

        Args:
            stem: The stem, such as "drums"; "average" for the mean of all.
            metric: The measure; higher counts as better.

        Returns:
            Each type once, with the choice that has the figure; empty where none has one. It is
            iterated, counted and indexed like a tuple.
        """
        return ranking.by_labels(self.types, stem, metric)

    def goal(self, name: str, *, plan: str | None = None) -> Goal:
        """Return the separation type to take for a goal, with the options and the reason.

        It is the first of `best_for`, with the option that has the figure. Where no figures
        compare the types, it is the most used one that gives the stems, with its defaults. Types
        that the service does not offer are left out.

        Args:
            name: "vocals", "karaoke", "6-stems" or another of `goals`, or any stem of a type.
            plan: The account's plan, where known; only types that it may use count.

        Raises:
            InvalidInput: When no type does that, or there is no such plan.
        """
        return goals.find(self, name, plan)

    def goals(self, *, plan: str | None = None) -> tuple[Goal, ...]:
        """List the usual goals, each with the type that `goal` takes for it.

        Args:
            plan: As for `goal`.
        """
        return goals.listed(self, plan)

    def _repr_html_(self) -> str:
        """Return it as Jupyter shows it: a table of numbers, names, stems and prices."""
        from mvsep.notebook import table_html

        rows = [
            (int(each.sep_type), each.name, ", ".join(each.outputs), _price(each))
            for each in self.types
        ]
        title = f"{len(rows)} separation types of {self._called}"
        heads = ("Type", "Name", "Stems", "Credits per minute")
        return table_html(title, heads, rows, (*self.warnings, *self.doubts))

    @property
    def _called(self) -> str:
        return f"the catalogue of {self.captured}" if self.captured else "this catalogue"

    @cached_property
    def _by_number(self) -> Mapping[int, SeparationType]:
        return {int(entry.sep_type): entry for entry in self.types}

    @cached_property
    def _index(self) -> Index:
        return Index(self.types)

    @cached_property
    def _short_names(self) -> tuple[tuple[str, SeparationType], ...]:
        return tuple(
            (name, entry)
            for entry in self.types
            for name in (head(entry.name), entry.sep_type.name)
        )

    def _close_to(self, text: str) -> list[SeparationType]:
        """Find types whose names resemble a text: the likest first, then the most used."""
        near = []
        for entry in self.types:
            short = head(entry.name)
            names = (entry.name, short, short.removeprefix("MVSep "), entry.sep_type.name)
            if score := max(likeness(text, name) for name in names):
                like = score if score > LIKE else 0.0  # it holds the text, somewhere
                near.append(((-like, entry.is_offered is False, -(entry.usage or 0)), entry))
        return [entry for _, entry in sorted(near, key=lambda pair: pair[0])][:5]

    def _hint_for_number(self, number: object) -> str:
        if isinstance(number, bool) or not isinstance(number, int):
            return "Hand over a number, or look a name up with by_name()."
        for entry in self.types:
            if entry.algorithm_id == number:
                return f"{number} is the service's id, not the number, of: {_listed([entry])}."
        near = sorted(self.types, key=lambda entry: abs(entry.sep_type - number))[:2]
        return f"The nearest: {_listed(near)}." if near else "The catalogue is empty."


def document() -> dict[str, Any]:
    """Read the file of types that comes with this release; a row each, see `tools/snapshot.py`.

    Raises:
        MVSepError: When the file is missing, as in a program that was frozen without it.
    """
    try:
        content = get_data("mvsep", "data/catalog.json")
    except OSError:
        content = None
    if content is None:
        raise MVSepError(
            "The list of types, mvsep/data/catalog.json, is missing in this program.",
            charged=False,
            next_step="Build it with the data files of mvsep: pyinstaller --collect-data mvsep.",
        )
    document: dict[str, Any] = json.loads(content)
    return document


@cache
def _bundled() -> Catalog:
    from mvsep.catalog.parse import from_file

    listed = document()
    return Catalog(tuple(map(from_file, listed["types"])), listed["captured"], "bundled")


def _price(entry: SeparationType) -> str:
    price = entry.price_coefficient
    return "" if price is None else f"{float(price):g}"


def _listed(entries: Iterable[SeparationType]) -> str:
    return "; ".join(f"{int(entry.sep_type)} {entry.name}" for entry in entries)
