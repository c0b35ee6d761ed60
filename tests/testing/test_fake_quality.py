import pytest

ADD, BOARD = "/api/quality_checker/add", "/api/quality_checker/leaderboard"
DELETE = "/api/quality_checker/delete"
FORM = {"algo_name": "Mine", "main_text": "A try", "dataset_type": "2", "password": "open"}
ZIP = {"zipfile": ("stems.zip", b"PK")}


@pytest.fixture
def number(call):
    return call.post(ADD, ZIP, ensemble=1, **FORM).json()["data"]["id"]


def test_an_added_entry_is_in_the_queue_and_behind_its_link(call):
    data = call.post(ADD, ZIP, **FORM).json()["data"]
    entry = call.send("GET", data["link"]).json()["data"]
    (newest,) = call.get("/api/quality_checker/queue", limit=1).json()

    assert newest == entry
    assert (entry["id"], entry["algo_name"], entry["dataset_name"]) == (data["id"], "Mine", "Piano")
    assert (entry["metrics"], entry["is_ensemble"], entry["sdr_vocals"]) == ("", 0, -1000)
    assert "password" not in entry


def test_an_entry_is_deleted_with_its_password_and_without_a_token(call, number):
    wrong = call.post(DELETE, id=number, password="shut", api_token=None)
    right = call.post(DELETE, id=number, password="open", api_token=None)
    after = call.get("/api/quality_checker/entry", id=number)

    assert wrong.status_code == 400
    assert right.json() == {"success": True, "data": {"message": "successfully deleted"}}
    assert after.status_code == 400
    assert after.json() == {"success": False, "data": {"message": "Job not found"}}


def test_the_leaderboard_is_sorted_filtered_and_names_what_it_sorts_by(call):
    board = call.get(BOARD, dataset_type="1").json()
    by_name = call.get(BOARD, dataset_type="1", algo_name_filter="MIDDLE").json()

    assert (board["dataset_type"], board["sort"]) == ("1", "sdr_vocals")
    assert "sdr_instrum" in board["sortables"]
    assert [row["sdr_vocals"] for row in board["data"]] == [9.1001, 8.3232]
    assert [row["algo_name"] for row in by_name["data"]] == ["Sandbox middle"]
    assert "Metric sdr for vocals: 8.3232" in by_name["data"][0]["metrics"]
    assert call.data(BOARD) == []


def test_entries_that_the_fake_starts_with_cannot_be_deleted(call):
    assert call.post(DELETE, id=7675, password="").status_code == 400
