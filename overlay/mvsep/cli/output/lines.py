"""`--json-lines`: what goes on with the songs, one JSON object a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import click
from attrs import define, field

from mvsep.batch.queue import Event, OnEvent, Outcome, Sent
from mvsep.batch.song import Listed, source_of
from mvsep.cli.output.streams import show_json
from mvsep.cli.output.text import source_json
from mvsep.job_state import JobState
from mvsep.jobs.base import Moved
from mvsep.jobs.job import Job
from mvsep.journal.request import Planned

# Bytes are told at each tenth of what is moved; where the whole is not known, each 8 MB.
_TENTHS: Final = 10
_UNKNOWN: Final = 8_000_000

lines_option = click.option(
    "--json-lines",
    "as_lines",
    is_flag=True,
    help="Write a JSON object to standard output for each thing that happens; the last line is "
    "what --json writes.",
)


@define
class Lines:
    """The events of songs as JSON objects, one a line.

    Args:
        songs: The songs, in their order.
        outcome_json: Returns an ended song for JSON.
    """

    _songs: Sequence[Listed]
    _outcome_json: Callable[[Outcome], Mapping[str, Any]]
    _numbers: dict[Listed, int] = field(init=False)
    _told: dict[object, int] = field(factory=dict, init=False)

    @_numbers.default
    def _count(self) -> dict[Listed, int]:
        return {song: number for number, song in enumerate(self._songs, 1)}

    def hearing(self, further: OnEvent) -> OnEvent:
        """Return a function that writes events and hands them on."""

        def on_event(song: Listed, event: Event) -> None:
            further(song, event)
            told = self._told_of(song, event)
            if told is not None:
                show_json({"event": told.pop("event"), **self._named(song), **told}, compact=True)

        return on_event

    def _named(self, song: Listed) -> dict[str, Any]:
        return {"number": self._numbers.get(song), "source": source_json(source_of(song))}

    def _told_of(self, song: Listed, event: Event) -> dict[str, Any] | None:
        match event:
            case Planned():
                return {"event": "planned", "next_step": str(event.next_step)}
            case Sent(done, total) if self._is_news((song, "upload"), done, total):
                return {"event": "uploading", "done": done, "total": total}
            case Job():
                return {"event": "job", "hash": event.hash, "host": event.host}
            case JobState():
                return {
                    "event": "state",
                    "status": event.status,
                    "place": event.place,
                    "queue": event.queue,
                    "chunks_done": event.chunks_done,
                    "chunks_all": event.chunks_all,
                    "message": event.message,
                }
            case Moved(file, done, total) if self._is_news((song, file.url), done, total):
                label = file.label or file.name
                return {"event": "file", "label": label, "done": done, "total": total}
            case Outcome():
                return {"event": "outcome", "song": self._outcome_json(event)}
        return None

    def _is_news(self, key: object, done: int, total: int | None) -> bool:
        part = done * _TENTHS // total if total else done // _UNKNOWN
        before = self._told.get(key)
        self._told[key] = part
        return part != before
