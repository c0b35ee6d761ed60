"""A song of a batch, with the settings that differ from those of the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from mvsep.catalog.cache import CatalogStore
from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.goals import Goal
from mvsep.catalog.sep_type import SepType
from mvsep.core.objects import Brief
from mvsep.core.values import Number
from mvsep.downloads.plan import Folder
from mvsep.errors import InvalidInput
from mvsep.files import names
from mvsep.files.sources import Source, name_of
from mvsep.jobs.form import JobOptions
from mvsep.jobs.goal import with_type
from mvsep.journal.request import Delivery


@frozen(kw_only=True, repr=False)
class Song(Brief):
    """A song of `separate_many` with settings of its own; None for those of the call.

    Args:
        source: The song: a path, bytes, a binary file, a link, or None for types without a file.
        sep_type: The separation type. With one of its own, the options of the call don't count.
        best_for: A goal such as "vocals", in place of a type; the same holds with one.
        options: The type's options by name.
        output_format: The format of the stems.
        seconds: The length of the song, where the file does not tell for sure.
        reference: The second file of a matchering type.
        out: The folder for the stems.
        only_audio: True to send the song only if its file is audio of a known kind.
    """

    source: Source | None
    sep_type: SepType | int | str | None = None
    best_for: str | Goal | None = None
    options: Mapping[str, object] | None = field(default=None, hash=False)
    output_format: OutputFormat | int | str | None = None
    seconds: Number | None = None
    reference: Source | None = None
    out: Folder | None = None
    only_audio: bool = False


#: A song as it is handed over: by itself, or with settings of its own.
Listed = Source | Song | None


class Attempted(str):
    """The song of an attempt in a journal: its path, or its name.

    Each is an object of its own, so that its events are told apart where several attempts are of
    one file.
    """

    __slots__ = ()


@frozen
class Order:
    """A song of a batch with all its settings.

    Args:
        source: The song.
        sep_type: The separation type.
        asked: The other choices.
        delivery: The place for the stems.
        input_name: The name that stems are called after.
    """

    source: Source | None
    sep_type: SepType | int | str
    asked: JobOptions
    delivery: Delivery
    input_name: str


def source_of(song: Listed) -> Source | None:
    """Return the file, link or bytes of a song."""
    return song.source if isinstance(song, Song) else song


def orders_of(
    songs: Sequence[Listed],
    sep_type: SepType | int | str | None,
    asked: JobOptions,
    delivery: Delivery,
    catalogs: CatalogStore,
) -> list[Order]:
    """Return the songs with all their settings; this reads the list of types for a goal.

    Raises:
        InvalidInput: When a song has no type, or the stems of several would have the same names.
    """
    names.check_template(delivery.template)
    if len(songs) > 1 and not names.tells_apart(delivery.template):
        raise InvalidInput(
            f"The template {delivery.template!r:.80} calls the stems of all songs the same.",
            next_step="Put {input} or {n} into it.",
            param="template",
        )
    orders = [
        _order(song, sep_type, asked, delivery, number, len(songs), catalogs)
        for number, song in enumerate(songs, 1)
    ]
    return _distinct(orders)


def _order(
    song: Listed,
    sep_type: SepType | int | str | None,
    asked: JobOptions,
    delivery: Delivery,
    number: int,
    count: int,
    catalogs: CatalogStore,
) -> Order:
    source, kind = source_of(song), sep_type
    place: dict[str, Any] = {"template": names.with_number(delivery.template, number, count)}
    if isinstance(song, Song):
        own = ("options", "output_format", "seconds", "reference")
        chosen = {name: getattr(song, name) for name in own if getattr(song, name) is not None}
        if song.sep_type is not None or song.best_for is not None:
            none = {"options": None, "best_for": song.best_for, "elsewhen": ()}
            kind, chosen = song.sep_type, {**none, **chosen}
        asked = evolve(asked, only_audio=song.only_audio, **chosen)
        if song.best_for is not None:
            kind, asked = with_type(catalogs, kind, asked)
        if song.out is not None:
            place["out"] = song.out
    if kind is None:
        raise InvalidInput(
            f"{name_of(source)} has no separation type.",
            next_step="Pass one for all songs, or one for each.",
            param="sep_type",
        )
    return Order(source, kind, asked, evolve(delivery, **place), name_of(source))


def _distinct(orders: Iterable[Order]) -> list[Order]:
    """Tell songs apart whose stems would have one name in one folder."""
    found = list(orders)
    folders = defaultdict[str, list[int]](list)
    for number, order in enumerate(found):
        folders[str(order.delivery.out)].append(number)
    for numbers in folders.values():
        inputs = names.distinct([found[number].input_name for number in numbers])
        for number, name in zip(numbers, inputs, strict=True):
            found[number] = evolve(found[number], input_name=name)
    return found
