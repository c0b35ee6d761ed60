"""The live catalogue: asked for, kept on disk, and done without."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import ConnectionFailed, InvalidInput
from mvsep.catalog import Catalog
from mvsep.catalog.cache import FOLDER_VARIABLE, MAX_AGE, SCOPES, CatalogStore, cache_folder
from mvsep.pricing.estimate import estimate
from mvsep.testing.algorithms import rows
from tests.wire import Wire, answer

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
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Callable[[], CatalogStore]:
    """Opens the store as another process would."""
    return lambda: CatalogStore(HOST, tmp_path / "cache", clock)


def fresh(store: CatalogStore, *, refresh: bool = False, max_age: float = MAX_AGE) -> Any:
    return store.fresh(refresh=refresh, max_age=max_age)


def test_at_first_nothing_is_fresh_and_the_bundled_catalogue_is_at_hand(store: Any) -> None:
    assert fresh(store()) is None
    assert store().at_hand() is Catalog.bundled()


def test_an_answer_is_live_and_dated_and_lists_what_is_new(store: Any) -> None:
    catalog = store().keep(NEW, HOST)
    assert catalog.source == "live"
    assert catalog.captured == "2026-10-01"
    assert catalog[4321].name == "Kazoo"
    assert catalog.warnings == ()


def test_it_is_kept_in_memory_and_for_other_processes(store: Any) -> None:
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
def test_it_is_fresh_for_as_long_as_is_asked(
    store: Any, clock: Clock, age: float, max_age: float, is_fresh: bool
) -> None:
    first = store()
    first.keep(NEW, HOST)
    clock.now += age
    assert (fresh(first, max_age=max_age) is not None) == is_fresh
    assert (fresh(store(), max_age=max_age) is not None) == is_fresh
    assert fresh(first, refresh=True, max_age=max_age) is None


def test_what_another_process_asked_for_is_fresh_here_too(store: Any, clock: Clock) -> None:
    first = store()
    first.keep(ANSWER, HOST)
    clock.now += 2 * DAY
    store().keep(NEW, HOST)
    assert 4321 in fresh(first)


@pytest.mark.parametrize("max_age", [-1, float("nan"), "1", True, None])
def test_an_age_that_can_not_be_meant_is_refused(store: Any, max_age: Any) -> None:
    with pytest.raises(InvalidInput, match="max_age"):
        fresh(store(), max_age=max_age)


@pytest.mark.parametrize(
    ("days", "stale"),
    [(0, False), (30, False), (30.1, True), (1100, True), (-1, False), (-31, True)],
)
def test_the_prices_of_a_list_of_long_ago_are_not_sure(
    store: Any, clock: Clock, days: float, stale: bool
) -> None:
    first = store()
    first.keep(NEW, HOST)
    clock.now += days * DAY
    for catalog in (first.at_hand(), store().at_hand()):
        found = estimate(60, 40, catalog=catalog)
        assert catalog.stale == stale
        assert (found.credits, found.captured) == (1, "2026-10-01")
        assert found.sure != stale
        assert "Refresh the list" in "".join(found.doubts) or not stale
        assert not catalog[40].predict().unsure
    first.keep(NEW, HOST)
    assert estimate(60, 40, catalog=first.at_hand()).sure


def test_the_prices_of_a_release_do_not_grow_old(store: Any, clock: Clock) -> None:
    clock.now += 10_000 * DAY
    found = estimate(60, 40, catalog=store().at_hand())
    assert found.sure
    assert found.captured == Catalog.bundled().captured


def test_without_the_service_an_older_list_does_and_says_so(store: Any, clock: Clock) -> None:
    store().keep(NEW, HOST)
    clock.now += 90 * DAY
    catalog = store().instead(OFFLINE)
    assert 4321 in catalog
    assert catalog.source == "cache"
    assert catalog.warnings == (
        "The service's list could not be read: No way there. This is an older one, of 2026-10-01.",
    )
    assert fresh(store()) is None


def test_without_any_list_the_bundled_one_does_and_says_so(store: Any) -> None:
    catalog = store().instead(OFFLINE)
    assert catalog.types == Catalog.bundled().types
    assert catalog.source == "bundled"
    assert "This is that of this release, of 2026-08-19." in catalog.warnings[0]
    assert Catalog.bundled().warnings == ()


def test_a_list_older_than_this_release_is_not_at_hand(store: Any, clock: Clock) -> None:
    clock.now = NOW - 365 * DAY
    store().keep(NEW, HOST)
    assert store().at_hand() is Catalog.bundled()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b"<html>busy</html>", b'{"success":false}', b"[{}]", b"\xff"]
)
def test_an_answer_that_lists_nothing_is_no_list_and_harms_none(store: Any, content: bytes) -> None:
    store().keep(NEW, HOST)
    catalog = store().keep(content, HOST)
    assert 4321 in catalog
    assert len(catalog.warnings) == 1
    assert fresh(store()).types == catalog.types


def test_what_is_wrong_within_an_answer_is_told_then_and_later(store: Any) -> None:
    broken = json.dumps([*ROWS, None]).encode()
    assert len(store().keep(broken, HOST).warnings) == 1
    assert len(fresh(store()).warnings) == 1


def test_a_kind_of_input_that_the_answer_leaves_out_is_taken_from_this_release(store: Any) -> None:
    catalog = store().keep(json.dumps(rows("single_upload")).encode(), HOST)
    assert len(catalog) == len(Catalog.bundled())
    assert catalog[68] is Catalog.bundled()[68]
    assert catalog.warnings == (
        "The service's list says nothing of no_upload, matchering_upload: "
        "those are of this release.",
    )


def test_a_type_that_the_service_no_longer_lists_is_gone(store: Any) -> None:
    left = [row for row in ROWS if row["render_id"] != 40]
    assert 40 not in store().keep(json.dumps(left).encode(), HOST)


# The file


def only_file(folder: Path) -> Path:
    (path,) = (folder / "cache").iterdir()
    return path


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content + b" ",
        lambda content: content.partition(b"\n")[2],
        lambda content: content.replace(b'"mvsep-catalog": 1', b'"mvsep-catalog": 2'),
        lambda content: content.replace(b'"asked"', b'"asks"'),
        lambda content: content.replace(str(NOW).encode(), b"NaN"),
        lambda content: content.replace(str(NOW).encode(), b"1e300"),
        lambda content: content.replace(str(NOW).encode(), b'"x"'),
        lambda content: b"[1]\n" + content.partition(b"\n")[2],
        lambda content: b"[" * 99_999,
        lambda content: b"\x00" * 1000,
    ],
)
def test_a_file_that_is_broken_or_of_another_version_counts_for_nothing(
    store: Any, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    store().keep(NEW, HOST)
    path = only_file(tmp_path)
    assert path.read_bytes() != spoil(path.read_bytes())
    path.write_bytes(spoil(path.read_bytes()))
    assert fresh(store()) is None
    assert store().at_hand() is Catalog.bundled()
    assert 4321 in store().keep(NEW, HOST)
    assert 4321 in fresh(store())


@given(st.binary(max_size=200))
def test_any_file_is_read_or_counts_for_nothing(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    (folder / "catalog-mvsep.com.json").write_bytes(content)
    assert CatalogStore(HOST, folder, Clock()).at_hand() is Catalog.bundled()


def test_a_folder_in_the_files_place_counts_for_nothing(store: Any, tmp_path: Path) -> None:
    (tmp_path / "cache" / "catalog-mvsep.com.json").mkdir(parents=True)
    assert fresh(store()) is None
    assert "could not be kept on disk" in store().keep(NEW, HOST).warnings[0]
    assert only_file(tmp_path).is_dir()


def test_what_can_not_be_written_is_told_and_used_all_the_same(
    tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / "file").write_text("in the way")
    store = CatalogStore(HOST, tmp_path / "file" / "cache", clock)
    catalog = store.keep(NEW, HOST)
    assert 4321 in catalog
    (warning,) = catalog.warnings
    assert warning.startswith("The list could not be kept on disk: ")
    assert 4321 in fresh(store)


def test_a_list_that_is_too_large_is_not_read(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store().keep(NEW, HOST)
    monkeypatch.setattr("mvsep.catalog.cache._LARGEST", len(NEW))
    assert fresh(store()) is None


def test_the_file_changes_at_once_and_leaves_nothing_beside_it(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store().keep(NEW, HOST)
    before = only_file(tmp_path).read_bytes()

    def broken(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", broken)
    catalog = store().keep(ANSWER, HOST)
    assert "No space left on device" in catalog.warnings[0]
    assert only_file(tmp_path).read_bytes() == before


def test_the_file_is_put_in_place_whole(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store().keep(NEW, HOST)
    before = only_file(tmp_path).read_bytes()

    def broken(path: Path, target: Path) -> Path:
        assert path.read_bytes().endswith(ANSWER)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", broken)
    assert "Input/output error" in store().keep(ANSWER, HOST).warnings[0]
    assert only_file(tmp_path).read_bytes() == before


def test_each_host_has_a_file_of_its_own(tmp_path: Path, clock: Clock) -> None:
    for host in ("mvsep.com", "de.mvsep.com:443", "../../evil", "a/b\\c"):
        CatalogStore(host, tmp_path, clock).keep(NEW, host)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "catalog-.._.._evil.json",
        "catalog-a_b_c.json",
        "catalog-de.mvsep.com_443.json",
        "catalog-mvsep.com.json",
    ]


def test_without_a_folder_it_is_kept_in_memory(clock: Clock) -> None:
    store = CatalogStore(HOST, None, clock)
    store.keep(NEW, HOST)
    assert 4321 in fresh(store)


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/mvsep"),
        ("linux", {"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/mvsep"),
        ("linux", {"XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache/mvsep"),
        ("linux", {"HOME": "/h", "LOCALAPPDATA": "C:/l"}, "/h/.cache/mvsep"),
        ("linux", {}, None),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/mvsep"),
        ("darwin", {"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "/x/mvsep"),
        ("win32", {"LOCALAPPDATA": "C:/l", "HOME": "/h"}, "C:/l/mvsep"),
        ("win32", {"HOME": "/h"}, None),
        ("linux", {FOLDER_VARIABLE: "own", "XDG_CACHE_HOME": "/x"}, "own"),
    ],
)
def test_the_folder_is_the_one_the_system_has_for_it(
    platform: str, environment: dict[str, str], folder: str | None
) -> None:
    assert cache_folder(environment, platform) == (folder and Path(folder))


# Through the clients


@pytest.fixture(params=["sync", "async"])
def ask(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: Any) -> Callable[..., Any]:
    """Asks a new client for the catalogue, several times if need be."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))

    def sync(wire: Wire, *calls: dict[str, Any], base_url: str = "https://mvsep.com") -> list[Any]:
        with wire.client(None, base_url=base_url) as mvsep:
            return [mvsep.catalog(**call) for call in calls or ({},)]

    async def waiting(
        wire: Wire, *calls: dict[str, Any], base_url: str = "https://mvsep.com"
    ) -> list[Any]:
        async with wire.async_client(None, base_url=base_url) as mvsep:
            return [await mvsep.catalog(**call) for call in calls or ({},)]

    if request.param == "sync":
        return sync
    return lambda *arguments, **more: asyncio.run(waiting(*arguments, **more))


def test_a_client_asks_once_for_every_kind_of_input_and_without_a_token(ask: Any) -> None:
    wire = Wire(answer(ROWS))
    first, second = ask(wire, {}, {})
    assert first is second
    assert first.source == "live"
    (request,) = wire.requests
    assert request.url.path == "/api/app/algorithms"
    assert dict(request.url.params) == {"scopes": SCOPES}
    (third,) = ask(Wire(httpx.ConnectError("off")))
    assert (third.source, third.warnings) == ("cache", ())


def test_a_client_asks_again_when_told_to(ask: Any) -> None:
    wire = Wire(answer(ROWS))
    ask(wire, {}, {"refresh": True}, {"max_age": 0.0})
    assert len(wire.requests) >= 2


@pytest.mark.parametrize(
    "reply",
    [
        httpx.ConnectError("off"),
        answer({"message": "Server Error"}, 500),
        answer({"message": "Too Many Attempts."}, 429),
        httpx.Response(503, text="<html>busy</html>"),
        httpx.Response(200, text="<html>" + "busy " * 200_000),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(302, headers={"location": "https://example.com"}),
        answer(ROWS, 500),
        answer([]),
        answer({"success": False, "message": "no"}),
    ],
)
def test_a_client_without_a_list_of_the_services_has_one_with_a_warning(
    ask: Any, reply: Any
) -> None:
    (catalog,) = ask(Wire(reply))
    assert catalog.source == "bundled"
    assert len(catalog.warnings) == 1
    assert catalog[40].name == Catalog.bundled()[40].name


def test_rows_that_the_contract_does_not_know_are_read_all_the_same(ask: Any) -> None:
    odd = [{**row, "rating": 0, "algorithm_group": None, "name": row["name"]} for row in ROWS]
    (catalog,) = ask(Wire(answer([*odd, 5])))
    assert catalog.source == "live"
    assert len(catalog) == len(ROWS)


def test_what_a_server_on_this_machine_lists_is_not_kept_on_disk(ask: Any, tmp_path: Path) -> None:
    (catalog,) = ask(Wire(answer(ROWS)), base_url="http://127.0.0.1:8000")
    assert catalog.source == "live"
    assert not (tmp_path / "cache").exists()


def test_a_type_that_was_listed_live_can_be_submitted_by_name(tmp_path: Path) -> None:
    created = answer({"success": True, "data": {"hash": "a-b.wav", "link": "x"}})
    wire = Wire(httpx.Response(200, content=NEW), created)
    with wire.client() as mvsep:
        with pytest.raises(InvalidInput, match="No separation type is named 'Kazoo'"):
            mvsep.submit(b"song", "Kazoo")
        mvsep.catalog()
        mvsep.submit(b"song", "Kazoo", options={"Overlap": "87.5%"})
        assert mvsep.estimate(None, "kazoo", seconds=60).credits == 1
    assert b'name="add_opt2"' in wire.bodies[1]
    assert b"4321" in wire.bodies[1]


def test_tests_do_not_touch_the_users_own_cache() -> None:
    assert os.environ[FOLDER_VARIABLE]
