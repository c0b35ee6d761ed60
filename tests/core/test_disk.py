"""Files of our own are read whole; what else has their name neither hangs nor fills memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mvsep import InvalidInput, manifest
from mvsep.catalog.cache import open_store
from mvsep.core.disk import read_whole


def a_pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(path)


def a_device(path: Path) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no /dev/zero")
    path.symlink_to("/dev/zero")


def a_folder(path: Path) -> None:
    path.mkdir()


endless = pytest.mark.parametrize("make", [a_pipe, a_device, a_folder])


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")

    assert read_whole(path, 5) == b"12345"
    with pytest.raises(OSError, match="at most 4"):
        read_whole(path, 4)


@endless
def test_what_has_no_end_is_no_manifest(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "song.mvsep.json")

    with pytest.raises(InvalidInput, match="can't be read"):
        manifest.read(tmp_path / "song.mvsep.json")


@endless
def test_what_has_no_end_is_no_list_of_types(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "catalog-mvsep.com.json")
    store = open_store(
        "mvsep.com", local=False, environment={"MVSEP_CACHE_DIR": str(tmp_path)}, now=lambda: 0.0
    )

    assert store.at_hand().source == "bundled"
