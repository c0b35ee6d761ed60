"""From a changed official document to callable methods, with no hand-written line between.

One story on a copy of the project: drift names what is new, adopt writes it into the contract,
the contract keeps its rules, regenerate makes methods of it, and drift is silent again.
Generation takes seconds, so the story is told once.
"""

import copy
import json
import os
import shutil
import subprocess
import sys
from typing import NamedTuple

import pytest

from contract_tests.harness.facade import ADOPTED
from tests.openapi_documents import JSON, rebuilt
from tools import adopt, drift
from tools.environment import ROOT
from tools.operations import operations
from tools.record import read_record
from tools.regenerate import Project, regenerate

ROW = {
    "date": {"type": "string", "format": "date-time"},
    "note": {"type": "string", "format": "style", "nullable": True},
    "count": {"type": "number", "format": "utc-millisec"},
    "link": {"type": "string", "format": "uri"},
    "self": {"type": "string"},
    "cast": {"type": "string", "nullable": True},
}
ROWS = {
    "type": "object",
    "properties": {
        "success": {"type": "boolean"},
        "data": {"type": "array", "items": {"type": "object", "properties": ROW}},
    },
}
# Names that generated functions, the facade or our clients could use themselves.
NAMES = (
    *("response", "kwargs", "operation", "function", "params", "headers", "quote", "cast"),
    *("client", "url", "arguments", "hash", "cookies", "call", "endpoint", "token"),
)
STATS = {
    "summary": "Statistics",
    "deprecated": True,
    "description": 'How much was separated, in """words""" and \\numbers.',
    "parameters": [
        {"name": "api_token", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "day", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 10}},
        {"name": "by", "in": "query", "schema": {"type": "string", "enum": ["day", "week"]}},
        *({"name": name, "in": "query", "schema": {"type": "string"}} for name in NAMES),
    ],
    "responses": {"200": {"description": "Statistics", "content": {JSON: {"schema": ROWS}}}},
}
REMIX_FORM = {
    "type": "object",
    "required": ["audiofile", "api_token"],
    "properties": {
        "api_token": {"type": "string"},
        "audiofile": {"type": "string", "format": "binary"},
        "loud": {"type": "boolean"},
    },
}
REMIX = {"requestBody": {"content": {"multipart/form-data": {"schema": REMIX_FORM}}}}
CONTROL = {
    "tempo": {"type": "integer", "minimum": 40},
    **{name: {"type": "string"} for name in ("response", "types", "cast")},
}
ORDER = {
    "requestBody": {"content": {JSON: {"schema": {"type": "object", "properties": CONTROL}}}},
    "responses": {
        "201": {"description": "Made", "content": {JSON: {"schema": ROWS}}},
        "202": {"description": "Will be made"},
    },
}
NOTHING = {"responses": {"204": {"description": "Gone"}}}


def says(kind, schema):
    return {"responses": {"200": {"description": "", "content": {kind: {"schema": schema}}}}}


TEXT, FILE = {"type": "string"}, {"type": "string", "format": "binary"}
MORE = {
    "/api/imagined_tag/sheet": {"get": says("text/csv", TEXT), "head": says("text/csv", TEXT)},
    "/api/imagined_tag/mix": {"get": says("audio/wav", FILE)},
    "/api/imagined_tag/word": {"get": says(JSON, TEXT)},
    "/api/imagined_tag/order": {"post": ORDER, "delete": NOTHING},
}
NEW = [
    "The server https://imagined.mvsep.com is new",
    "The operation GET /api/app/imagined/stats is new",
    "The operation POST /api/imagined_tag/remix is new",
    "The operation GET /api/imagined_tag/sheet is new",
    "The operation HEAD /api/imagined_tag/sheet is new",
    "The operation GET /api/imagined_tag/mix is new",
    "The operation GET /api/imagined_tag/word is new",
    "The operation POST /api/imagined_tag/order is new",
    "The operation DELETE /api/imagined_tag/order is new",
    "GET /api/app/news: the parameter imagined_author (query) is new (string)",
    "GET /api/app/news: in the answer 200, $[].imagined_image is new (string)",
]


def changed(official):
    """Return the official document with two operations more, and one that has grown."""
    official = copy.deepcopy(official)
    official["servers"].append({"url": "https://imagined.mvsep.com"})
    official["paths"]["/api/app/imagined/stats/"] = {"get": STATS}
    official["paths"]["/api/imagined_tag/remix"] = {"post": REMIX}
    official["paths"].update(MORE)
    news = official["paths"]["/api/app/news"]["get"]
    news["parameters"].append(
        {"name": "imagined_author", "in": "query", "schema": {"type": "string"}}
    )
    item = news["responses"]["200"]["content"][JSON]["schema"]["items"]
    item["properties"]["imagined_image"] = {"type": "string", "format": "uri"}
    return official


USE = """
import asyncio, inspect, io, json
import httpx
import mvsep_api
from mvsep import AsyncMVSep, MVSep
from mvsep.errors import InvalidToken
from mvsep_api.api import Api, AsyncApi
from mvsep_api.types import File

seen = []
NAMES = NAMES_HERE
ROW = {"date": "2027-01-01T00:00:00Z", "note": None, "count": 2.5, "self": "kept", "cast": None}

PLAIN = {
    "GET sheet": httpx.Response(200, text="a;b"),
    "HEAD sheet": httpx.Response(200),
    "GET mix": httpx.Response(200, content=b"RIFF", headers={"content-type": "audio/wav"}),
    "GET word": httpx.Response(200, json="yes"),
    "DELETE order": httpx.Response(204),
}
made = iter([201, 202, 201, 202])

def answer(request):
    seen.append([request.method, str(request.url), request.content.decode("latin-1")])
    key = f"{request.method} {request.url.path.rpartition('/')[2]}"
    if key in PLAIN:
        return PLAIN[key]
    if key == "POST order":
        status = next(made)
        body = {"success": True, "data": [ROW]} if status == 201 else None
        return httpx.Response(status, json=body) if body else httpx.Response(status)
    if request.url.path.endswith("news"):
        return httpx.Response(200, json=[{"id": 1, "imagined_image": "https://example.com/i.png"}])
    return httpx.Response(200, json={"success": True, "data": [ROW]})

def audio():
    return File(payload=io.BytesIO(b"bytes"), file_name="song.wav")

def calls(api):
    yield api.app.imagined_stats(day="1 & 2", limit=3, by="week", **NAMES)
    yield api.imagined_tag.remix(audiofile=audio(), loud=1)
    yield api.app.news(imagined_author="me")
    yield api.imagined_tag.sheet()
    yield api.imagined_tag.head_sheet()
    yield api.imagined_tag.mix()
    yield api.imagined_tag.word()
    yield api.imagined_tag.order(tempo=120, response="r")
    yield api.imagined_tag.order(tempo=120)
    yield api.imagined_tag.delete_order()

def plain(values):
    stats, remix, news, sheet, head, mix, word, order, later, gone = values
    return [stats.to_dict(), remix, [item.imagined_image for item in news],
            sheet, head, mix.payload.read().decode(), word, order.to_dict(), later, gone]

client = httpx.Client(transport=httpx.MockTransport(answer))
with MVSep("secret", http_client=client) as mvsep:
    sync = plain(calls(mvsep.api))

async def with_await():
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    async with AsyncMVSep("secret", http_client=client) as mvsep:
        return plain([await call for call in calls(mvsep.api)])

awaited = asyncio.run(with_await())
with MVSep(http_client=client) as mvsep:
    try:
        mvsep.api.app.imagined_stats(day="1")
        refused = None
    except InvalidToken as error:
        refused = str(error)

signatures = [
    [[p.name, str(p.annotation), p.default is p.empty]
     for p in inspect.signature(method).parameters.values()]
    + [inspect.signature(method).return_annotation]
    for api in (Api(None), AsyncApi(None))
    for method in (api.app.imagined_stats, api.imagined_tag.remix, api.app.news)
]
print(json.dumps({"package": mvsep_api.__file__, "seen": seen, "sync": sync, "async": awaited,
                  "refused": refused, "signatures": signatures,
                  "doc": inspect.getdoc(Api(None).app.imagined_stats)}))
"""


CALLER = """
from mvsep_api.api import Api
from mvsep_api.models import AppImaginedStatsAnswer

def use(api: Api) -> AppImaginedStatsAnswer:
    api.app.imagined_stats(day=1)  # type: ignore[arg-type]  # a mistake that mypy has to see
    return api.app.imagined_stats(day="1", limit=3)
"""
TAGGED = ("remix", "sheet", "head_sheet", "mix", "word", "order", "delete_order")
GENERATED = [
    *(f"differs: {name}" for name in ("PROVENANCE.json", "api/__init__.py", "api/app/__init__.py")),
    "differs: api/app/app_news.py",
    "differs: models/__init__.py",
    "differs: models/news_item.py",
    "differs: operations.py",
    "missing: api/app/app_imagined_stats.py",
    "missing: api/imagined_tag/__init__.py",
    *(f"missing: api/imagined_tag/imagined_tag_{name}.py" for name in sorted(TAGGED)),
    "missing: models/app_imagined_stats_answer.py",
    "missing: models/app_imagined_stats_answer_data_item.py",
    "missing: models/imagined_tag_order_answer.py",
    "missing: models/imagined_tag_order_answer_data_item.py",
    "missing: models/imagined_tag_order_body.py",
    "missing: models/imagined_tag_remix_body.py",
]


class Story(NamedTuple):
    """The way from a changed document to a client, step by step; codes are exit codes."""

    project: Project
    drifted: int
    said: list[str]
    adopted: int
    generated: list[str]
    settled: int


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    root = tmp_path_factory.mktemp("adopted")
    leftovers = shutil.ignore_patterns("__pycache__", ".*", "node_modules")
    for name in ("spec", "generated", "overlay", "contract_tests", "tests", "tools"):
        shutil.copytree(ROOT / name, root / name, ignore=leftovers)
    shutil.copy(ROOT / "pyproject.toml", root)
    project = Project(root)
    official = rebuilt(read_record(project.contract.with_name("upstream.json")).outline)
    after = root / "after.json"
    after.write_text(json.dumps(changed(official)))
    return Story(
        project,
        drift.run(["--upstream", str(after)], project=project),
        [finding.text for finding in drift.contract_drift(str(after), project=project).findings],
        adopt.run(["--upstream", str(after)], project=project),
        regenerate(project),
        drift.run(["--upstream", str(after)], project=project),
    )


def run(*command, cwd=ROOT, **environment):
    known = {key: value for key, value in os.environ.items() if not key.startswith("MVSEP_")}
    return subprocess.run(
        [sys.executable, *map(str, command)],
        env={**known, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def used(story):
    """Return the report of a program that uses the copy's package, not the committed one."""
    folders = [str(story.project.package.parent), str(ROOT / "overlay")]
    program = USE.replace("NAMES_HERE", repr({name: f"<{name}>" for name in NAMES}))
    done = run("-c", program, PYTHONPATH=os.pathsep.join(folders))
    assert done.returncode == 0, done.stderr
    used = json.loads(done.stdout)
    assert used["package"].startswith(str(story.project.root))
    return used


def test_drift_names_what_is_new_and_adopting_settles_it(story):
    assert (story.drifted, story.adopted, story.settled) == (1, 0, 0)
    assert len(story.said) == len(NEW)
    for sentence in NEW:
        (text,) = [text for text in story.said if sentence in text]
        assert text.count("`make adopt`") == 1


def test_new_operations_are_marked_as_stubs(story):
    found = operations(json.loads(story.project.contract.read_text(encoding="utf-8")))
    stubs = {each["operationId"] for _, _, each in found if "x-adopted" in each}
    assert stubs - ADOPTED == {"app_imagined_stats", *(f"imagined_tag_{name}" for name in TAGGED)}


def test_the_contract_with_the_stubs_keeps_the_rules_of_the_contract(story):
    tests = ROOT / "contract_tests/test_contract_document.py"
    command = ("-m", "pytest", "-v", "-p", "no:cacheprovider", "--noconftest", tests)
    done = run(*command, MVSEP_CONTRACT=str(story.project.contract))
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    assert "[app_imagined_stats]" in done.stdout
    assert "[ImaginedTagRemixBody]" in done.stdout


def test_the_tests_of_all_operations_pass_with_the_stubs_without_an_edit(story):
    root = story.project.root
    files = ("curl_golden", "facade", "fake_keeps_the_contract", "harness_reach", "harness_report")
    files += ("hostile_answers", "models_match_schemas", "responses")
    kept = "imagined or is_a_method or on_the_page or no_other or reach or own_contract"
    done = run(
        *("-m", "pytest", "-v", "-p", "no:cacheprovider"),
        *(f"contract_tests/test_{name}.py" for name in files),
        *("tests/tools/test_adopt.py", "tests/tools/test_drift.py"),
        *("-k", f"{kept} or test_adopt or one_finding"),
        cwd=root,
        PYTHONPATH=os.pathsep.join(map(str, (root, root / "generated", root / "overlay"))),
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    assert "[app_imagined_stats]" in done.stdout
    assert "[app_imagined_stats-200]" in done.stdout


def test_generating_adds_files_and_touches_the_tables_and_what_has_grown_only(story):
    assert story.generated == GENERATED


def test_both_clients_have_the_methods_with_the_arguments_of_the_official_document(used):
    signatures = used["signatures"]
    assert signatures[:3] == signatures[3:]
    stats, remix, news = signatures[:3]
    texts = [[name, "str | Unset", False] for name in ("by", *NAMES)]
    day, limit = ["day", "str", True], ["limit", "int | Unset", False]
    assert stats == [day, limit, *texts, "AppImaginedStatsAnswer"]
    assert remix == [["audiofile", "File", True], ["loud", "int | Unset", False], "Any"]
    assert news[-2] == ["imagined_author", "str | Unset", False]
    assert 'in """words""" and \\numbers.' in used["doc"]
    assert "to be completed." in used["doc"]


def test_a_type_checker_sees_their_types(story, tmp_path):
    (tmp_path / "caller.py").write_text(CALLER)
    mypy = ("-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent", "caller.py")
    done = run(*mypy, cwd=tmp_path, MYPYPATH=str(story.project.package.parent))
    assert done.returncode == 0, done.stdout + done.stderr


def test_their_calls_go_out_as_the_official_document_says(used):
    half = len(used["seen"]) // 2
    sync, awaited = used["seen"][:half], used["seen"][half:]
    assert [each[:2] for each in sync] == [each[:2] for each in awaited]
    stats, remix, news, *_, order, _, gone = sync
    assert stats[0] == "GET"
    path, query = stats[1].split("?")
    assert path == "https://mvsep.com/api/app/imagined/stats/"
    given = [f"{name}=%3C{name}%3E" for name in NAMES]
    said = ["api_token=secret", "day=1+%26+2", "limit=3", "by=week"]
    assert sorted(query.split("&")) == sorted(said + given)
    assert remix[:2] == ["POST", "https://mvsep.com/api/imagined_tag/remix"]
    for _, _, body in (remix, awaited[1]):
        assert 'name="audiofile"; filename="song.wav"' in body
        assert "\r\n\r\nbytes\r\n" in body
        names = [line.split('"')[1] for line in body.splitlines() if "name=" in line]
        assert names == ["audiofile", "loud", "api_token"]
        assert body.split('name="loud"')[1].split("\r\n\r\n")[1].startswith("1\r\n")
        assert body.split('name="api_token"')[1].split("\r\n\r\n")[1].startswith("secret\r\n")
    assert news[1] == "https://mvsep.com/api/app/news?imagined_author=me"
    assert 'name="tempo"' in order[2]
    assert gone[:2] == ["DELETE", "https://mvsep.com/api/imagined_tag/order"]


def test_their_answers_are_read_and_lose_nothing(used):
    row = {"date": "2027-01-01T00:00:00Z", "note": None, "count": 2.5, "self": "kept", "cast": None}
    answer = {"success": True, "data": [row]}
    plain = ["a;b", None, "RIFF", "yes", answer, None, None]
    assert used["sync"] == used["async"] == [answer, answer, ["https://example.com/i.png"], *plain]


def test_a_stub_that_wants_a_token_is_refused_without_one_before_anything_is_sent(used):
    assert "token" in used["refused"]
    assert len(used["seen"]) == 20
