"""The live catalogue: asked for, kept on disk, and done without."""

import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import ConnectionFailed, InvalidInput, UnexpectedResponse
from mvsep.catalog import Catalog
from mvsep.catalog.cache import FOLDER_VARIABLE, SCOPES, CatalogStore, open_store
from mvsep.core.defaults import MAX_AGE
from mvsep.pricing.estimate import estimate
from mvsep.testing.algorithms import rows

HOST = "mvsep.com"
DAY = 86_400.0
# 2026-10-01T00:00:00Z, after the bundled catalogue.
NOW = 1_790_812_800.0
ROWS = rows(SCOPES)
BS_ROFORMER = next(row for row in ROWS if row["render_id"] == 40)
ANSWER = json.dumps(ROWS).encode()
NEW = json.dumps([*ROWS, {**BS_ROFORMER, "render_id": 4321, "name": "Kazoo"}]).encode()
OFFLINE = ConnectionFailed("No way there.")


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    """Opens the store as another process would."""
    return lambda: CatalogStore(HOST, tmp_path / "cache", clock)


def fresh(store, *, refresh=False, max_age=MAX_AGE):
    return store.fresh(refresh=refresh, max_age=max_age)


def test_it_is_kept_in_memory_and_for_other_processes(store):
    first = store()
    live = first.keep(NEW, HOST)
    assert fresh(first) is live
    assert first.at_hand() is live
    cached = fresh(store())
    assert cached.source == "cache"
    assert cached.captured == "2026-10-01"
    assert cached.types == live.types
    assert store().at_hand().types == live.types


@pytest.mark.parametrize(
    ("age", "max_age", "is_fresh"),
    [
        (0, MAX_AGE, True),
        (DAY, MAX_AGE, True),
        (DAY + 1, MAX_AGE, False),
        (10, 9, False),
        (0, 0, True),
        (100 * DAY, float("inf"), True),
        (-1, MAX_AGE, False),
    ],
)
def test_it_is_fresh_for_as_long_as_is_asked(store, clock, age, max_age, is_fresh):
    first = store()
    first.keep(NEW, HOST)
    clock.now += age
    assert (fresh(first, max_age=max_age) is not None) == is_fresh
    assert (fresh(store(), max_age=max_age) is not None) == is_fresh
    assert fresh(first, refresh=True, max_age=max_age) is None


def test_what_another_process_asked_for_is_fresh_here_too(store, clock):
    first = store()
    first.keep(ANSWER, HOST)
    clock.now += 2 * DAY
    store().keep(NEW, HOST)
    assert 4321 in fresh(first)


@pytest.mark.parametrize("max_age", [-1, float("nan"), "1", True, None])
def test_an_age_that_can_not_be_meant_is_refused(store, max_age):
    with pytest.raises(InvalidInput, match="max_age"):
        fresh(store(), max_age=max_age)


@pytest.mark.parametrize(
    ("days", "stale"),
    [(0, False), (30, False), (30.1, True), (1100, True), (-1, False), (-31, True)],
)
def test_the_prices_of_a_list_of_long_ago_are_not_sure(store, clock, days, stale):
    first = store()
    first.keep(NEW, HOST)
    clock.now += days * DAY
    for catalog in (first.at_hand(), store().at_hand()):
        found = estimate(60, 40, catalog=catalog)
        assert bool(catalog.doubts) == stale
        assert (found.credits, found.captured) == (1, "2026-10-01")
        assert found.sure != stale
        assert "Refresh the list" in "".join(found.doubts) or not stale
        assert catalog[40].predict().sure
    first.keep(NEW, HOST)
    assert estimate(60, 40, catalog=first.at_hand()).sure


def test_the_prices_of_a_release_do_not_grow_old(store, clock):
    clock.now += 10_000 * DAY
    found = estimate(60, 40, catalog=store().at_hand())
    assert found.sure
    assert found.captured == Catalog.bundled().captured


def test_without_the_service_an_older_list_does_and_says_so(store, clock):
    store().keep(NEW, HOST)
    clock.now += 90 * DAY
    catalog = store().fallback(OFFLINE)
    assert 4321 in catalog
    assert catalog.source == "cache"
    assert catalog.warnings == (
        "The service's list could not be read: No way there. This is an older one, of 2026-10-01.",
    )
    assert fresh(store()) is None


def test_without_any_list_the_bundled_one_does_and_says_so(store):
    catalog = store().fallback(OFFLINE)
    assert catalog.types == Catalog.bundled().types
    assert catalog.source == "bundled"
    assert "This is that of this release, of 2026-08-19." in catalog.warnings[0]
    assert Catalog.bundled().warnings == ()


def test_a_list_older_than_this_release_is_not_at_hand(store, clock):
    clock.now = NOW - 365 * DAY
    store().keep(NEW, HOST)
    assert store().at_hand() is Catalog.bundled()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b"<html>busy</html>", b'{"success":false}', b"[{}]", b"\xff"]
)
def test_an_answer_that_lists_nothing_is_no_list_and_harms_none(store, content):
    store().keep(NEW, HOST)
    with pytest.raises(UnexpectedResponse):
        store().keep(content, HOST)
    assert 4321 in fresh(store())


def test_what_is_wrong_within_an_answer_is_told_then_and_later(store):
    broken = json.dumps([*ROWS, None]).encode()
    assert len(store().keep(broken, HOST).warnings) == 1
    assert len(fresh(store()).warnings) == 1


def test_a_kind_of_input_that_the_answer_leaves_out_is_taken_from_this_release(store):
    catalog = store().keep(json.dumps(rows("single_upload")).encode(), HOST)
    assert len(catalog) == len(Catalog.bundled())
    assert catalog[68] is Catalog.bundled()[68]
    assert catalog.warnings == (
        "The service's list says nothing of no_upload, matchering_upload: "
        "those are of this release.",
    )


def test_a_type_that_the_service_no_longer_lists_is_gone(store):
    left = [row for row in ROWS if row["render_id"] != 40]
    assert 40 not in store().keep(json.dumps(left).encode(), HOST)


# The file


def only_file(folder):
    (path,) = (folder / "cache").iterdir()
    return path


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1],
        lambda content: content + b" ",
        lambda content: content.partition(b"\n")[2],
        lambda content: content.replace(b'"mvsep-catalog": 1', b'"mvsep-catalog": 2'),
        lambda content: content.replace(b'"asked"', b'"asks"'),
        lambda content: content.replace(str(NOW).encode(), b"NaN"),
        lambda content: content.replace(str(NOW).encode(), b"1e300"),
        lambda content: content.replace(str(NOW).encode(), b'"x"'),
        lambda content: b"[1]\n" + content.partition(b"\n")[2],
        lambda content: b"[" * 99_999,
    ],
)
def test_a_file_that_is_broken_or_of_another_version_counts_for_nothing(store, tmp_path, spoil):
    store().keep(NEW, HOST)
    path = only_file(tmp_path)
    assert path.read_bytes() != spoil(path.read_bytes())
    path.write_bytes(spoil(path.read_bytes()))
    assert fresh(store()) is None
    assert store().at_hand() is Catalog.bundled()
    assert 4321 in store().keep(NEW, HOST)
    assert 4321 in fresh(store())


def test_a_folder_in_the_files_place_counts_for_nothing(store, tmp_path):
    (tmp_path / "cache" / "catalog-mvsep.com.json").mkdir(parents=True)
    assert fresh(store()) is None
    assert "could not be kept on disk" in store().keep(NEW, HOST).warnings[0]
    assert only_file(tmp_path).is_dir()


def test_a_list_that_is_too_large_is_not_read(store, tmp_path, monkeypatch):
    store().keep(NEW, HOST)
    monkeypatch.setattr("mvsep.catalog.cache._LARGEST", len(NEW))
    assert fresh(store()) is None


@pytest.mark.parametrize(("where", "step"), [(os, "fsync"), (Path, "replace")])
def test_the_file_changes_at_once_and_leaves_nothing_beside_it(
    store, tmp_path, monkeypatch, where, step
):
    store().keep(NEW, HOST)
    before = only_file(tmp_path).read_bytes()

    def broken(file, *_):
        assert step == "fsync" or file.read_bytes().endswith(ANSWER)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(where, step, broken)
    catalog = store().keep(ANSWER, HOST)
    assert "No space left on device" in catalog.warnings[0]
    assert only_file(tmp_path).read_bytes() == before


def test_each_host_has_a_file_of_its_own(tmp_path, clock):
    for host in ("mvsep.com", "de.mvsep.com:443", "../../evil", "a/b\\c"):
        CatalogStore(host, tmp_path, clock).keep(NEW, host)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "catalog-.._.._evil.json",
        "catalog-a_b_c.json",
        "catalog-de.mvsep.com_443.json",
        "catalog-mvsep.com.json",
    ]


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_CACHE_HOME": "{}/x", "HOME": "{}/h"}, "x/mvsep"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "{}/h"}, "h/.cache/mvsep"),
        ({"XDG_CACHE_HOME": "", "HOME": "{}/h"}, "h/.cache/mvsep"),
        ({FOLDER_VARIABLE: "{}/own", "XDG_CACHE_HOME": "{}/x"}, "own"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="each system has folders of its own")
def test_the_file_is_in_the_users_folder_for_caches(environment, folder, tmp_path, monkeypatch):
    monkeypatch.delenv(FOLDER_VARIABLE)
    for name, value in environment.items():
        monkeypatch.setenv(name, value.format(tmp_path))
    open_store(HOST, local=False, environment=os.environ).keep(NEW, HOST)
    assert (tmp_path / folder / "catalog-mvsep.com.json").is_file()


def test_a_user_without_a_home_has_the_list_in_memory(monkeypatch):
    monkeypatch.setattr("mvsep.catalog.cache.user_folder", lambda kind: None)
    store = open_store(HOST, local=False, environment={})
    assert store.keep(NEW, HOST).warnings == ()
    assert 4321 in fresh(store)


@given(st.binary(max_size=200))
def test_any_file_is_read_or_counts_for_nothing(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("cache")
    (folder / "catalog-mvsep.com.json").write_bytes(content)
    assert CatalogStore(HOST, folder, Clock()).at_hand() is Catalog.bundled()
