"""Kept answers become captured examples of the contract, or nothing is written."""

import json

import pytest

from contract_tests.live.redact import Redactor
from mvsep_api.operations import SERVERS
from tests.kept_answers import CONTRACT, DAY, SUCCESSES, responses_in, uncaptured
from tools import evidence
from tools.evidence import EvidenceError, turn
from tools.examples import examples, round_trip
from tools.regenerate import Project


def keep(folder, number=1, /, **change):
    """Write an answer as a live run keeps it."""
    kept = {
        "operation": "app_queue",
        "status": 200,
        "server": SERVERS[0],
        "date": DAY,
        "content_type": "application/json",
        "headers": {},
        "body": {"queue": {"in_process": 1}},
    }
    (folder / f"answer-{number}.json").write_text(json.dumps({**kept, **change}))


@pytest.fixture
def place(tmp_path):
    """A file with such a contract, and an empty folder."""
    folder = tmp_path / "kept"
    folder.mkdir()
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(uncaptured(), indent=2, ensure_ascii=False) + "\n")
    return path, folder


def test_a_kept_answer_becomes_a_captured_example_and_raises_the_evidence(place):
    path, folder = place
    keep(folder)
    changed = turn(path, folder)
    operation, success = responses_in(json.loads(path.read_text()), "app_queue")
    added = success["content"]["application/json"]["examples"][f"captured-{DAY}"]
    assert changed == [
        f"app_queue 200: example captured-{DAY}",
        "app_queue 200: x-evidence from documented to captured",
        "app_queue: x-evidence from documented to captured",
    ]
    assert (added["x-evidence"], added["value"]) == ("captured", {"queue": {"in_process": 1}})
    assert (operation["x-evidence"], success["x-evidence"]) == ("captured", "captured")


def test_the_same_again_on_any_day_changes_nothing_and_another_form_adds_one(place):
    path, folder = place
    keep(folder)
    turn(path, folder)
    before = path.read_bytes()
    keep(folder, date="2027-01-01", body={"queue": {"in_process": 99}})
    assert turn(path, folder) == []
    assert path.read_bytes() == before
    keep(folder, 2, body={"queue": {"premium": 1}})
    assert turn(path, folder) == [f"app_queue 200: example captured-{DAY}-2"]


def test_an_error_that_all_share_is_raised_where_it_stands(place):
    path, folder = place
    keep(folder, operation="app_user", status=401, body={"message": "Unauthenticated."})
    assert turn(path, folder) == [
        f"app_user 401: example captured-{DAY}",
        "Unauthorized, shared by all: x-evidence from documented to captured",
    ]
    operation, _ = responses_in(json.loads(path.read_text()), "app_user")
    assert operation["x-evidence"] == "documented"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"body": {"queue": {"in_process": "1"}}}, "$.queue.in_process: is string, contract says"),
        ({"body": {"queue": {"in_process": "1"}}}, "set the type of components/schemas/Queue"),
        ({"status": 418}, 'first give app_queue a response "418"'),
        ({"content_type": "text/html"}, "the content type: is text/html"),
        ({"operation": "app_other"}, "the contract has no operation app_other"),
        ({"server": "http://127.0.0.1:8000"}, "is not the service"),
        ({"body": {"new": "jane@example.org"}}, "an e-mail address"),
        ({"body": {"jane@example.org": 1}}, "an e-mail address"),
        ({"body": {"new": ["a" * 30]}}, "30 or more letters and digits"),
        ({"body": {"new": "at 10.1.2.3"}}, "an IP address"),
        ({"body": {"new": "at 2a00:1450:4001::8a"}}, "an IP address"),
        ({"body": {"new": "my-own-token"}}, "a token of the environment"),
        ({"date": "today"}, "was not kept by a live run"),
        ({"status": "200"}, "was not kept by a live run"),
    ],
)
def test_an_answer_that_can_not_be_shown_is_refused_and_nothing_is_written(
    place, change, told, capsys, monkeypatch
):
    path, folder = place
    before = path.read_bytes()
    keep(folder, 1, operation="app_news", body=[{"id": 1}])  # a good one does not help it
    keep(folder, 2, **change)
    monkeypatch.setenv("MVSEP_LIVE_TOKEN", "my-own-token")
    assert evidence.main([str(folder), "--contract", str(path)]) == 1
    said = capsys.readouterr().err
    assert told in said
    assert said.endswith("Nothing was written.\n")
    assert "jane" not in said
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == [path, folder]


def test_an_empty_folder_is_told(place):
    path, folder = place
    with pytest.raises(EvidenceError, match=r"holds no answers.*make live RECORD="):
        turn(path, folder)
    with pytest.raises(EvidenceError, match="is no folder"):
        turn(path, folder / "elsewhere")


def test_a_call_without_a_folder_says_where_one_comes_from(capsys):
    with pytest.raises(SystemExit):
        evidence.main([])
    assert "make evidence FROM=dir" in capsys.readouterr().err


def test_answers_of_another_server_are_told_once(place):
    path, folder = place
    for number in (1, 2, 3):
        keep(folder, number, server="http://127.0.0.1:8000")
    with pytest.raises(EvidenceError) as caught:
        turn(path, folder)
    assert str(caught.value) == (
        "http://127.0.0.1:8000 is not the service: its answers (3 here) are no evidence"
    )


def test_answers_of_another_server_never_get_into_the_contract_itself(place, monkeypatch):
    path, folder = place
    project = Project(path.parent)
    project.contract.parent.mkdir()
    before = path.rename(project.contract).read_bytes()
    monkeypatch.setattr(evidence, "Project", lambda: project)
    keep(folder, server="http://127.0.0.1:8000")
    for named in ((), ("--contract", str(folder / ".." / "spec" / project.contract.name))):
        with pytest.raises(SystemExit):
            evidence.main([str(folder), "--any-server", *named])
    assert project.contract.read_bytes() == before


def test_all_examples_of_a_contract_that_was_added_to_survive_the_client(place):
    path, folder = place
    for number, each in enumerate(SUCCESSES):
        body = Redactor(CONTRACT).body(each.operation, each.value)
        keep(folder, number, operation=each.operation, body=body)
    turn(path, folder)
    text = path.read_text(encoding="utf-8")
    contract = json.loads(text)
    added = [each for each in examples(contract) if each.name.startswith("captured-")]
    assert {each.operation for each in added} == {each.operation for each in SUCCESSES}
    assert [round_trip(each) for each in added] == [None] * len(added)
    assert text == json.dumps(contract, indent=2, ensure_ascii=False) + "\n"
