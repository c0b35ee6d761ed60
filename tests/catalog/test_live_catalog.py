"""The live catalogue of both clients."""

import httpx
import pytest

from mvsep import InvalidInput
from mvsep.catalog import Catalog
from mvsep.catalog.cache import FOLDER_VARIABLE, SCOPES
from tests.catalog.test_cache import NEW, ROWS
from tests.wire import Wire, answer


@pytest.fixture
def ask(do, tmp_path, monkeypatch):
    """Asks a new client for the catalogue."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "cache"))

    def catalog(wire, base_url="https://mvsep.com", **call):
        return do(wire, "catalog", settings={"token": None, "base_url": base_url}, **call)

    return catalog


def test_clients_ask_once_for_every_kind_of_input_and_without_a_token(ask):
    wire = Wire(answer(ROWS))
    assert ask(wire).source == "live"
    later = ask(wire)
    assert (later.source, later.warnings) == ("cache", ())
    (request,) = wire.requests
    assert request.url.path == "/api/app/algorithms"
    assert dict(request.url.params) == {"scopes": SCOPES}


def test_a_client_asks_again_when_told_to(ask):
    wire = Wire(answer(ROWS))
    ask(wire)
    ask(wire, refresh=True)
    assert len(wire.requests) == 2


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
def test_a_client_without_a_list_of_the_services_has_one_with_a_warning(ask, reply):
    catalog = ask(Wire(reply))
    assert catalog.source == "bundled"
    assert len(catalog.warnings) == 1
    assert catalog[40].name == Catalog.bundled()[40].name


def test_rows_that_the_contract_does_not_know_are_read_all_the_same(ask):
    odd = [{**row, "rating": 0, "algorithm_group": None, "name": row["name"]} for row in ROWS]
    catalog = ask(Wire(answer([*odd, 5])))
    assert catalog.source == "live"
    assert len(catalog) == len(ROWS)


def test_what_a_server_on_this_machine_lists_is_not_kept_on_disk(ask, tmp_path):
    catalog = ask(Wire(answer(ROWS)), base_url="http://127.0.0.1:8000")
    assert catalog.source == "live"
    assert not (tmp_path / "cache").exists()


def test_a_type_that_was_listed_live_can_be_submitted_by_name(tmp_path):
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
