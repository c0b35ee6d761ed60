"""The quality checker of the fake server: entries that can be added, read, ranked and deleted."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, field

from mvsep.testing import refusals
from mvsep.testing.schedule import server_date

_DATASETS = {0: "Synth", 1: "Multi", 2: "Piano", 3: "Lead/Back vocals", 4: "Guitar"}
_MISSING = -1000  # what the service writes where an entry has no such stem
_STEMS = ("vocals", "instrum", "bass", "drums", "other")


@define
class Entry:
    """An upload to the quality checker; `sdr` is empty until it is measured."""

    id: int
    algo_name: str
    main_text: str
    dataset_type: int
    is_ensemble: bool
    password: str = field(repr=False)
    date: str
    sdr: Mapping[str, float] = field(factory=dict)

    def row(self) -> dict[str, object]:
        """Return the entry as the service shows it; the password stays here."""
        lines = [f"Metric sdr for {stem}: {value:.4f}" for stem, value in self.sdr.items()]
        return {
            "id": self.id,
            "dataset_type": self.dataset_type,
            "dataset_name": _DATASETS.get(self.dataset_type, f"Dataset {self.dataset_type}"),
            "date": self.date,
            "algo_name": self.algo_name,
            "main_text": self.main_text,
            "proc": 1 if self.sdr else 0,
            "proc_remote_date": self.date,
            "msg": "OK" if self.sdr else "",
            "metrics": "\n".join(lines),
            "is_ensemble": int(self.is_ensemble),
            **{f"sdr_{stem}": self.sdr.get(stem, _MISSING) for stem in _STEMS},
        }


class QualityChecker:
    """The queue and the leaderboard. An entry that is added here is never measured.

    Its own entries have the numbers, and the second the password, of the contract's examples.
    """

    def __init__(self) -> None:
        self._entries = {
            entry.id: entry
            for entry in (
                Entry(7675, "Sandbox middle", "The middle of the stereo picture", 1, False, "",
                      "2026-01-02 03:04:05", {"vocals": 8.3232, "instrum": 14.6121}),
                Entry(7720, "Sandbox side", "What the middle leaves over", 1, True,
                      "example-password",
                      "2026-01-03 03:04:05", {"vocals": 9.1001, "instrum": 15.3899}),
            )
        }  # fmt: skip
        self._next = 7721

    def queue(self) -> list[dict[str, object]]:
        """List entries, newest first."""
        newest = sorted(self._entries.values(), key=lambda entry: -entry.id)
        return [entry.row() for entry in newest]

    def leaderboard(
        self, dataset_type: str, name: str, sort: str, page: slice
    ) -> dict[str, object]:
        """List measured entries of a dataset, best first by `sort` (such as `sdr_vocals`)."""
        sortables = [f"sdr_{stem}" for stem in _STEMS]
        sort = sort if sort in sortables else sortables[0]
        found = [
            entry
            for entry in self._entries.values()
            if entry.sdr
            and str(entry.dataset_type) == dataset_type
            and name.lower() in entry.algo_name.lower()
        ]
        found.sort(key=lambda entry: -entry.sdr.get(sort.removeprefix("sdr_"), _MISSING))
        rows = [entry.row() for entry in found[page]]
        return {"data": rows, "dataset_type": dataset_type, "sortables": sortables, "sort": sort}

    def entry(self, number: str) -> dict[str, object]:
        """Return one entry.

        Raises:
            Refusal: There is none of that number.
        """
        return self._find(number).row()

    def add(self, form: Mapping[str, str], has_zip: bool, now: float) -> int:
        """Take an entry into the queue and return its number.

        Raises:
            Refusal: A field is missing.
        """
        missing = [name for name in ("algo_name", "main_text", "password") if not form.get(name)]
        if not has_zip:
            missing.append("zipfile")
        if missing:
            raise refusals.by_fields(refusals.required(*missing))
        dataset = form.get("dataset_type", "0")
        if not dataset.isdecimal():
            raise refusals.by_fields({"dataset_type": ["The selected dataset type is invalid."]})
        number = self._next
        self._next += 1
        self._entries[number] = Entry(
            number,
            form["algo_name"],
            form["main_text"],
            int(dataset),
            form.get("ensemble") == "1",
            form["password"],
            server_date(now),
        )
        return number

    def delete(self, number: str, password: str) -> None:
        """Remove an entry.

        Raises:
            Refusal: There is none of that number, or the password is not the one it was added
                with; the first of the fake's own entries has none.
        """
        entry = self._find(number)
        if not password or password != entry.password:
            raise refusals.by_data(refusals.WRONG_PASSWORD)
        del self._entries[entry.id]

    def _find(self, number: str) -> Entry:
        entry = self._entries.get(int(number)) if number.isdecimal() else None
        if entry is None:
            raise refusals.by_data(refusals.ENTRY_NOT_FOUND)
        return entry
