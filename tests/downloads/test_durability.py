"""What is left when the power fails: no name without its bytes, and none of a stranger's."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mvsep import manifest
from mvsep.downloads.part_file import PartFile, part_of, side_of
from mvsep.files.stem_file import StemFile

CONTENT = b"RIFF" + bytes(range(256)) * 40
ETAG = '"one"'


class Named(NamedTuple):
    """A file got a name; `left` is what the disk had of it, `beside` of the other files."""

    name: str
    left: bytes | None
    beside: dict[str, bytes]


class Synced(NamedTuple):
    """The disk took the bytes of a file, or the names of a folder; `beside` is as it is read."""

    name: str
    beside: dict[str, bytes]


class Power:
    """Notes what a power cut would leave: only what was synced."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path) -> None:
        self.events: list[Named | Synced] = []
        self._folder = folder
        self._left: dict[int, bytes] = {}
        self._fsync = os.fsync
        patch.setattr(os, "fsync", self.fsync)
        for name in ("link", "replace", "rename"):
            patch.setattr(os, name, self._naming(getattr(os, name)))

    def fsync(self, handle: int) -> None:
        self._fsync(handle)
        number = os.fstat(handle).st_ino
        name = next((p.name for p in self._folder.iterdir() if p.stat().st_ino == number), "")
        if name:
            self._left[number] = (self._folder / name).read_bytes()
        self.events.append(Synced(name, self._read()))

    def _naming(self, act: Any) -> Any:
        def named(source: Any, target: Any, **more: Any) -> None:
            number = Path(source).stat().st_ino
            beside = {
                path.name: self._left[path.stat().st_ino]
                for path in self._folder.iterdir()
                if path.stat().st_ino in self._left
            }
            self.events.append(Named(Path(target).name, self._left.get(number), beside))
            act(source, target, **more)

        return named

    def _read(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self._folder.iterdir()}

    def at(self, name: str) -> tuple[Named, list[Named | Synced]]:
        """The moment at which a name was given, and what came after it."""
        number = next(
            n for n, each in enumerate(self.events) if isinstance(each, Named) and each.name == name
        )
        found = self.events[number]
        assert isinstance(found, Named)
        return found, self.events[number + 1 :]


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Power:
    return Power(monkeypatch, tmp_path)


def begun(target: Path) -> PartFile:
    return PartFile(target, label="Vocals", job="job", url="https://mvsep.com/song.wav")


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_stem_gets_its_name_once_the_disk_has_its_bytes_and_its_record(
    power: Power, tmp_path: Path, overwrite: bool
) -> None:
    target = tmp_path / "song.wav"
    with begun(target) as part:
        part.begin("https://mvsep.com/song.wav", validator=ETAG, total=None)
        part.write(CONTENT)
        stem = part.place(overwrite=overwrite)

    named, later = power.at("song.wav")
    assert named.left == CONTENT
    record = json.loads(named.beside[side_of(target, "job").name])
    assert (record["job"], record["sha256"], record["total"]) == ("job", stem.sha256, len(CONTENT))
    # The folder's names are on the disk before anybody is told of the stem.
    assert any(isinstance(each, Synced) and each.name == "" for each in later)


def test_bytes_that_are_given_up_can_not_come_back_under_a_new_record(
    power: Power, tmp_path: Path
) -> None:
    target = tmp_path / "song.wav"
    own, beside = part_of(target, "job").name, side_of(target, "job").name
    with begun(target) as part:
        part.begin("https://mvsep.com/song.wav", validator=ETAG, total=None)
        part.write(CONTENT)
        power.events.clear()
        part.begin("https://mvsep.com/song.wav", validator='"two"', total=None)

        emptied = [each for each in power.events if each.name == own]
        assert [each.beside[own] for each in emptied] == [b""]
        # At that moment the record was still that of the old bytes.
        assert json.loads(emptied[0].beside[beside])["validator"] == ETAG


def test_bytes_that_came_are_with_the_system_at_once(tmp_path: Path) -> None:
    # So that a killed process loses none of them.
    with begun(tmp_path / "song.wav") as part:
        part.begin("https://mvsep.com/song.wav", validator=ETAG, total=None)
        for end in range(1, 5):
            part.write(CONTENT[:10])
            assert part_of(tmp_path / "song.wav", "job").read_bytes() == CONTENT[:10] * end


def test_a_manifest_gets_its_name_once_the_disk_has_it(power: Power, tmp_path: Path) -> None:
    stem = StemFile("Vocals", tmp_path / "song.wav", 3, "00")
    place = tmp_path / "song.mvsep.json"
    manifest.write(place, manifest.Manifest("job", "mvsep.com", "song", (stem,)))

    named, later = power.at("song.mvsep.json")
    assert named.left == place.read_bytes()
    assert any(isinstance(each, Synced) and each.name == "" for each in later)
