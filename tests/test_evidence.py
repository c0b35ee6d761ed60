"""From a live answer to an example of the contract: held against it, redacted, shortened, added."""

from __future__ import annotations

import copy
import json
import string
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contract_tests.harness.ledger import Ledger, LiveRun
from contract_tests.live import report
from contract_tests.live.check import examine, operation_of
from contract_tests.live.redact import ADDRESS, MAIL, TOKEN, Redactor, leftovers
from contract_tests.live.run import Run
from contract_tests.live.settings import Settings, is_the_service
from contract_tests.live.trim import KEPT_ITEMS, LONG_LIST, LONG_TEXT, form_of, trimmed
from mvsep_api.models import QueueAnswer
from mvsep_api.operations import OPERATIONS, SERVERS
from tools import evidence
from tools.environment import ROOT
from tools.evidence import EvidenceError, turn
from tools.examples import Example, examples, round_trip
from tools.operations import operations, resolve
from tools.regenerate import Project

SPEC = ROOT / "spec/mvsep-openapi-spec.json"
CONTRACT: dict[str, Any] = json.loads(SPEC.read_text(encoding="utf-8"))
EXAMPLES = [each for each in examples(CONTRACT) if each.is_json]
SUCCESSES = [each for each in EXAMPLES if each.response == "200"]
DAY = "2026-11-24"

SAFE = st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs", "Po"]), max_size=30)
LETTERS = st.text(string.ascii_letters + string.digits, min_size=30, max_size=40)
SECRETS = st.one_of(
    LETTERS,
    st.from_regex(r"[a-z0-9.]{1,10}[a-z0-9]@[a-z]{1,10}\.[a-z]{2,3}", fullmatch=True),
    st.ip_addresses(v=4).map(str),
)


def judged(operation: str, value: Any, status: int = 200) -> list[str]:
    """The problems of an answer, each with what to change."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    verdict = examine(
        CONTRACT, operation, status=status, content_type="application/json", content=content
    )
    return [f"{problem} -> {problem.change}" for problem in verdict.problems]


def example(operation: str, name: str) -> Any:
    """A fresh copy of a named example's value."""
    return copy.deepcopy(
        next(each.value for each in EXAMPLES if (each.operation, each.name) == (operation, name))
    )


# Held against the contract


def test_the_contracts_own_examples_hold() -> None:
    assert len(EXAMPLES) > len(OPERATIONS)
    assert [str(each) for each in EXAMPLES if judged(each.operation, each.value, each.status)] == []


@pytest.mark.parametrize(
    ("operation", "value", "told"),
    [
        (
            "app_user",
            {"success": True, "data": {"premium_minutes": "12"}},
            "$.data.premium_minutes: is string, contract says integer -> set the type of "
            'components/schemas/UserData/properties/premium_minutes to ["integer", "string"]',
        ),
        (
            "app_user",
            {"success": True, "data": {"premium_minutes": 1.5}},
            "$.data.premium_minutes: is number, contract says integer -> set the type of "
            'components/schemas/UserData/properties/premium_minutes to "number"',
        ),
        (
            "app_news",
            [{"id": 1}, {"id": None}, {"id": None}],
            "$[1].id: is null, contract says integer (and 1 more alike) -> set the type of "
            'components/schemas/NewsItem/properties/id to ["integer", "null"]',
        ),
        (
            "app_demo",
            {"data": []},
            "$: is object, contract says array -> take its type away and name the shapes in its "
            "description (a generated model holds no list or object beside another type): "
            "the schema of app_demo 200",
        ),
        (
            "separation_get",
            {"success": [], "status": "done"},
            "$.success: is array, contract says boolean or string or integer -> take its type "
            "away and name the shapes in its description (a generated model holds no list or "
            "object beside another type): components/schemas/Success",
        ),
        (
            "separation_get",
            {"success": True, "data": {"files": [{"url": "x", "bytes": "many"}]}},
            "$.data.files[0].bytes: does not keep to pattern '^[0-9]+$' -> "
            "loosen pattern of components/schemas/SeparationFile/properties/bytes",
        ),
        (
            "app_news",
            b"[{",
            "$: is no JSON -> report it to the service: no contract can allow for it",
        ),
    ],
)
def test_a_problem_names_its_place_and_what_to_change(
    operation: str, value: Any, told: str
) -> None:
    assert judged(operation, value) == [told]


@given(st.data())
def test_a_value_of_another_type_in_any_named_place_is_found(data: st.DataObject) -> None:
    each = data.draw(st.sampled_from([e for e in SUCCESSES if e.operation == "app_algorithms"]))
    rows = copy.deepcopy(each.value)
    schema = CONTRACT["components"]["schemas"]["Algorithm"]["properties"]
    key = data.draw(st.sampled_from([key for key in rows[0] if "type" in schema[key]]))
    rows[0][key] = {"not": "this"}
    (told,) = judged(each.operation, rows)
    assert told.startswith(f"$[0].{key}: is object, contract says ")


@pytest.mark.parametrize(
    ("name", "fault", "told"),
    [
        ("to_dict", lambda self: {}, "$: does not come out of the client as it went in"),
        (
            "from_dict",
            lambda body: body["none"],
            "$: can't be read by the client: UnreadableAnswer",
        ),
    ],
)
def test_what_the_client_loses_is_the_clients_fault(
    name: str, fault: Any, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QueueAnswer, name, fault)
    content = json.dumps(example("app_queue", "current")).encode()
    verdict = examine(
        CONTRACT, "app_queue", status=200, content_type="application/json", content=content
    )
    assert [(str(problem), problem.blame) for problem in verdict.problems] == [(told, "client")]


# Redacted


@pytest.mark.parametrize("each", SUCCESSES, ids=str)
def test_a_redacted_example_keeps_its_form_and_still_holds(each: Example) -> None:
    clean = Redactor(CONTRACT).body(each.operation, each.value)
    assert form_of(clean) == form_of(each.value)
    assert judged(each.operation, clean) == []
    assert leftovers(json.dumps(clean, ensure_ascii=False)) == []


@given(st.data(), SECRETS, SAFE, SAFE)
def test_no_secret_is_left_in_any_text_of_an_answer(
    data: st.DataObject, secret: str, before: str, after: str
) -> None:
    each = data.draw(st.sampled_from(SUCCESSES))
    value = copy.deepcopy(each.value)
    places = list(_texts(value))
    assume(places and secret not in f"{MAIL} {TOKEN} {ADDRESS}")
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = f"{before} {secret} {after}"
    clean = json.dumps(Redactor(CONTRACT).body(each.operation, value), ensure_ascii=False)
    assert secret not in clean
    assert leftovers(clean) == []


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8), SAFE)
def test_a_token_that_is_known_is_taken_out_whatever_it_looks_like(token: str, text: str) -> None:
    redactor = Redactor(CONTRACT, [token])
    for form in (token, quote(token, safe="")):
        assert token not in redactor.text(f"{text} {form} {text}").replace(TOKEN, "")


def test_people_jobs_and_links_are_invented_anew_and_alike_each_time() -> None:
    redactor = Redactor(CONTRACT)
    hash_ = "20250131145833-a0bb276157-my_secret_song.wav"
    done = {
        "success": True,
        "status": "done",
        "data": {
            "hash": hash_,
            "algorithm_description": "Text: what I want to be said",
            "tags": {"audio": {"dataformat": "mp3"}, "tags": {"id3v2": {"title": ["My song"]}}},
            "input_file": {
                "url": f"https://de.mvsep.com/storage/temp/{hash_}",
                "download": "My.mp3",
            },
            "files": [
                {
                    "type": "Vocals",
                    "url": "https://de.mvsep.com/storage/processed/my_song_bs_mt_0_vocals.mp3?key=1",
                    "download": "my_song_bs_mt_0_vocals.mp3",
                }
            ],
        },
    }
    link = f"https://mvsep.com/api/separation/get?hash={hash_}&api_token=abc"
    created = redactor.body("separation_create", {"data": {"link": link, "hash": hash_}})["data"]
    data = redactor.body("separation_get", done)["data"]
    invented = "20260819101500-0000000001-mixture.wav"
    assert created == {
        "link": f"https://mvsep.com/api/separation/get?hash={invented}",
        "hash": invented,
    }
    assert data["hash"] == invented
    assert data["algorithm_description"] == "The chosen options"
    assert data["tags"] == {
        "audio": {"dataformat": "mp3"},
        "tags": {"id3v2": {"title": ["Xx xxxx"]}},
    }
    assert data["input_file"] == {
        "url": f"https://de.mvsep.com/storage/temp/{invented}",
        "download": "mixture.mp3",
    }
    assert data["files"][0] == {
        "type": "Vocals",
        "url": "https://de.mvsep.com/storage/processed/example001-mixture_bs_mt_0_vocals.mp3",
        "download": "mixture_bs_mt_0_vocals.mp3",
    }


def test_what_the_contract_does_not_know_of_an_account_is_masked() -> None:
    purchase = {"id": 8123, "payer": "Jane Doe", "price": 9.99, "status": "succeeded", "big": True}
    clean = Redactor(CONTRACT).body("account_purchases", {"success": True, "data": [purchase]})
    masked = {"id": 0, "payer": "Xxxx Xxx", "price": 0.0, "status": "succeeded", "big": True}
    assert clean == {"success": True, "data": [masked]}


@pytest.mark.parametrize("link", ["https://a.example/b", "https:\\/\\/a.example\\/b"])
def test_what_a_link_asks_for_is_taken_out_of_texts(link: str) -> None:
    text = f'<a href="{link}?key=1&user=jane#top">'
    assert Redactor(CONTRACT).text(text) == f'<a href="{link}#top">'


def test_public_texts_stay() -> None:
    news = [
        {"id": 1, "title": "Jane's model", "text": "<p>Ask about 1.5 at 10:15:00</p>", "new": "x"}
    ]
    assert Redactor(CONTRACT).body("app_news", news) == news


# Shortened

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=2 * LONG_TEXT),
    lambda inner: (
        st.lists(inner, max_size=2 * LONG_LIST)
        | st.dictionaries(st.text(), inner, max_size=9)
        | st.builds(json.dumps, inner)
    ),
    max_leaves=40,
)


@given(JSON)
def test_what_was_shortened_is_not_shortened_again(value: Any) -> None:
    once = trimmed(value)
    assert len(json.dumps(once)) <= len(json.dumps(value)) + LONG_TEXT
    assert trimmed(once) == once


ITEMS = st.dictionaries(st.sampled_from("abcd"), st.none() | st.integers())


@given(st.lists(ITEMS, max_size=LONG_LIST))
def test_a_short_list_keeps_all_its_items(items: list[Any]) -> None:
    assert trimmed(items) == items


@given(st.lists(ITEMS, min_size=LONG_LIST + 1, max_size=30))
def test_a_long_list_keeps_items_of_its_own_in_order_that_show_the_most(items: list[Any]) -> None:
    kept = trimmed(items)
    assert len(kept) == KEPT_ITEMS
    rest = iter(items)
    assert all(item in rest for item in kept)
    assert max(len(item) for item in kept) == max(len(item) for item in items)


def test_json_in_a_text_stays_json_and_keeps_the_default_option() -> None:
    options = {str(number): "a model of some name" for number in range(50)}
    short = trimmed({"options": json.dumps(options), "default_key": "44"})
    kept = json.loads(short["options"])
    assert kept.items() < options.items()
    assert "44" in kept


# Added


def keep(folder: Path, number: int = 1, /, **change: Any) -> None:
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


def uncaptured() -> dict[str, Any]:
    """A copy of the contract as if nothing had been captured yet."""
    contract = copy.deepcopy(CONTRACT)
    for _, _, operation in operations(contract):
        for holder in (
            operation,
            *map(partial(resolve, contract), operation["responses"].values()),
        ):
            holder["x-evidence"] = "documented"
            for media in holder.get("content", {}).values():
                for name in [name for name in media["examples"] if name.startswith("captured-")]:
                    del media["examples"][name]
    return contract


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    """A file with such a contract, and an empty folder."""
    folder = tmp_path / "kept"
    folder.mkdir()
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(uncaptured(), indent=2, ensure_ascii=False) + "\n")
    return path, folder


def responses_in(contract: dict[str, Any], operation: str) -> tuple[Any, Any]:
    """An operation, and its success."""
    asked = operation_of(contract, operation)
    return asked, resolve(contract, asked["responses"]["200"])


def test_a_kept_answer_becomes_a_captured_example_and_raises_the_evidence(
    place: tuple[Path, Path],
) -> None:
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


def test_the_same_again_on_any_day_changes_nothing_and_another_form_adds_one(
    place: tuple[Path, Path],
) -> None:
    path, folder = place
    keep(folder)
    turn(path, folder)
    before = path.read_bytes()
    keep(folder, date="2027-01-01", body={"queue": {"in_process": 99}})
    assert turn(path, folder) == []
    assert path.read_bytes() == before
    keep(folder, 2, body={"queue": {"premium": 1}})
    assert turn(path, folder) == [f"app_queue 200: example captured-{DAY}-2"]


def test_an_error_that_all_share_is_raised_where_it_stands(place: tuple[Path, Path]) -> None:
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
        (
            {"body": {"queue": {"in_process": "1"}}},
            "$.queue.in_process: is string, contract says int",
        ),
        (
            {"body": {"queue": {"in_process": "1"}}},
            "first set the type of components/schemas/Queue",
        ),
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
    place: tuple[Path, Path],
    change: dict[str, Any],
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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


def test_an_empty_folder_is_told(place: tuple[Path, Path]) -> None:
    with pytest.raises(EvidenceError, match="make live RECORD="):
        turn(*place)


def test_answers_of_another_server_never_get_into_the_contract_itself(
    place: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_all_examples_of_a_contract_that_was_added_to_survive_the_client(
    place: tuple[Path, Path],
) -> None:
    path, folder = place
    for number, each in enumerate(SUCCESSES):
        body = Redactor(CONTRACT).body(each.operation, each.value)
        keep(folder, number, operation=each.operation, body=body)
    turn(path, folder)
    text = path.read_text(encoding="utf-8")
    contract = json.loads(text)
    added = [each for each in examples(contract) if each.name.startswith("captured-")]
    assert {each.operation for each in added} == set(OPERATIONS)
    assert [round_trip(each) for each in added] == [None] * len(added)
    assert text == json.dumps(contract, indent=2, ensure_ascii=False) + "\n"


# Told


@pytest.fixture
def asked() -> Iterator[Run]:
    """A run that got the contract's own examples, as far as it can tell from the service."""
    allowed = Settings(url=SERVERS[0], is_local=False, token=None, write=False, secrets=())
    run = Run(CONTRACT, allowed)
    for each in SUCCESSES:
        content = json.dumps(each.value).encode()
        run.answers.append(
            examine(
                CONTRACT,
                each.operation,
                status=200,
                content_type=each.content_type,
                content=content,
            )
        )
    yield run
    run.close()


def test_every_answer_that_held_is_counted(asked: Run) -> None:
    ledger = Ledger(CONTRACT)
    asked.answers.append(examine(CONTRACT, "app_news", status=418, content_type="", content=b""))
    report.count(asked, ledger, server="https://mvsep.com", date="2027-01-02")
    filled = {row for row, counts in ledger if counts["live"]}
    assert ledger.live == LiveRun(
        "https://mvsep.com", "2027-01-02", ledger.digest, ["app_news default"], {}
    )
    assert filled == {(operation, "200") for operation in OPERATIONS}


def test_what_held_with_weaker_evidence_is_offered(asked: Run) -> None:
    contract = uncaptured()
    for holder in responses_in(contract, "app_news"):
        holder["x-evidence"] = "captured"
    out = report.told(asked, contract, genuine=True)
    assert (
        "x-evidence of app_queue 200 could be raised from documented to captured: "
        "make live RECORD=dir, then make evidence FROM=dir"
    ) in out
    assert "x-evidence of app_news" not in out  # captured already


@pytest.mark.parametrize(
    ("url", "genuine"),
    [
        *((url, True) for url in SERVERS),
        ("https://sg.mvsep.com", True),
        ("http://mvsep.com", False),
        ("https://notmvsep.com", False),
        ("https://mvsep.com.example", False),
        ("http://127.0.0.1:8000", False),
    ],
)
def test_only_the_services_own_hosts_are_the_service(url: str, genuine: bool) -> None:
    assert is_the_service(url) is genuine


def _texts(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place of a text, as what holds it and the key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in pairs:
        if isinstance(item, str):
            yield value, key
        elif isinstance(item, dict | list):
            yield from _texts(item)
