"""Generating the client: the same from the same contract, more from more, nothing from nonsense.

Generation takes seconds, so it runs three times only: on a copy as it is, on the same copy after
its package was damaged, and on a copy whose contract was added to.
"""

import copy
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from mvsep_api import Client
from mvsep_api.api.app import app_user
from mvsep_api.models import (
    RemoteStatus,
    SeparationState,
    SeparationStatus,
)
from tools.environment import ROOT
from tools.regenerate import (
    GenerationError,
    Project,
    check,
    differences,
    provenance_of,
    regenerate,
)

OK = {
    "description": "Done.",
    "content": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/MessageAnswer"},
            "examples": {"done": {"value": {"success": True, "message": "pong"}}},
        }
    },
}
PING = {
    "operationId": "app_ping",
    "tags": ["app"],
    "summary": "Ping",
    "parameters": [
        {"name": "word", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "times", "in": "query", "schema": {"type": "integer"}},
    ],
    "responses": {"200": OK},
}
PONG = {
    "operationId": "app_pong",
    "tags": ["app"],
    "summary": "Pong",
    "requestBody": {
        "required": True,
        "content": {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/PongBody"}}},
    },
    "responses": {"200": OK},
}
PONG_BODY = {
    "type": "object",
    "required": ["api_token", "ball"],
    "properties": {
        "api_token": {"type": "string"},
        "ball": {"type": "string", "format": "binary"},
        "spin": {"type": "integer"},
    },
}


def copied(folder):
    """A copy of all that generation reads and writes."""
    shutil.copytree(ROOT / "spec", folder / "spec")
    shutil.copytree(
        ROOT / "generated", folder / "generated", ignore=shutil.ignore_patterns("__pycache__", ".*")
    )
    return Project(folder)


def contents(project):
    """Every file of a project's `generated`, leftovers too, with its bytes."""
    folder = project.package.parent
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rewrite(project, change):
    """Change the contract of a project."""
    document = json.loads(project.contract.read_text(encoding="utf-8"))
    change(document)
    project.contract.write_text(json.dumps(document), encoding="utf-8")


@pytest.fixture
def project(tmp_path):
    return copied(tmp_path)


# The same again


class Story(NamedTuple):
    """What was said and done about one copy, step by step."""

    first: list[str]
    kept: bool
    named: list[str]
    untouched: bool
    mended: list[str]
    remaining: list[str]


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    project = copied(tmp_path_factory.mktemp("same"))
    before, number = contents(project), project.package.stat().st_ino
    first = regenerate(project)
    kept = contents(project) == before and project.package.stat().st_ino == number

    with (project.package / "client.py").open("a") as edited:
        edited.write("# by hand\n")
    (project.package / "models" / "added.py").write_text("")
    (project.package / "py.typed").unlink()
    damaged = contents(project)
    named = check(project)
    untouched = contents(project) == damaged

    mended = regenerate(project)
    remaining = differences(project.package, Project().package)
    return Story(first, kept, named, untouched, mended, remaining)


DAMAGE = ["differs: client.py", "missing: py.typed", "should not be there: models/added.py"]


def test_generating_again_changes_nothing(story):
    assert story.first == []
    assert story.kept


def test_a_check_names_what_was_edited_deleted_and_added_and_changes_nothing(story):
    assert story.named == DAMAGE
    assert story.untouched


def test_generating_mends_what_was_changed_by_hand(story):
    assert story.mended == DAMAGE
    assert story.remaining == []


def test_the_provenance_of_the_package_is_that_of_its_sources():
    written = json.loads((Project().package / "PROVENANCE.json").read_text(encoding="utf-8"))
    assert written == provenance_of(Project())


def test_the_provenance_changes_with_every_source(project):
    before = provenance_of(project)
    for path in (project.codegen / "config.yaml", project.codegen / "overrides.toml"):
        path.write_text(path.read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")
    rewrite(project, lambda document: document["info"].update(version="0"))
    template = next((project.codegen / "templates").iterdir())
    template.write_text(template.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = provenance_of(project)
    assert after["templates"] != before["templates"]
    assert {key for key in before if before[key] == after[key]} == {"tools"}


# Nothing from nonsense


def news(document):
    return document["paths"]["/api/app/news"]["get"]


WRONGS = {
    "no operationId": (lambda it: news(it).pop("operationId"), "get /api/app/news: wants one tag"),
    "a bare operationId": (lambda it: news(it).update(operationId="news"), "wants one tag"),
    "two tags": (lambda it: news(it).update(tags=["app", "more"]), "wants one tag"),
    "one operationId twice": (
        lambda it: it["paths"].update({"/again": copy.deepcopy(it["paths"]["/api/app/news"])}),
        "app_news",
    ),
    "no responses": (lambda it: news(it).update(responses={}), "/api/app/news/get/responses"),
    "a wrong type": (lambda it: news(it).update(parameters="no"), "/api/app/news/get/parameters"),
    "a reference to nowhere": (
        lambda it: news(it)["parameters"].append({"$ref": "#/components/parameters/Nowhere"}),
        "Nowhere",
    ),
    "no paths": (lambda it: it.pop("paths"), "paths"),
    "no servers": (lambda it: it.pop("servers"), "servers"),
}


@pytest.mark.parametrize(("change", "message"), WRONGS.values(), ids=WRONGS)
def test_an_invalid_contract_is_refused_with_the_place_and_nothing_changes(
    project, change, message
):
    before = contents(project)
    rewrite(project, change)
    with pytest.raises(GenerationError) as caught:
        regenerate(project)
    assert message in str(caught.value)
    assert "mvsep-openapi-spec.json" in str(caught.value)
    assert len(str(caught.value)) < 20_000  # not the whole contract
    assert contents(project) == before


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"openapi": "3.1.0"}'])
def test_a_contract_that_is_none_is_refused_and_nothing_changes(project, text):
    before = contents(project)
    project.contract.write_text(text, encoding="utf-8")
    with pytest.raises(GenerationError, match=r"mvsep-openapi-spec\.json"):
        regenerate(project)
    assert contents(project) == before


def test_an_override_that_no_longer_fits_is_named_and_nothing_changes(project):
    before = contents(project)
    rows = project.codegen / "overrides.toml"
    text = rows.read_text(encoding="utf-8")
    rows.write_text(
        text.replace("from http import HTTPStatus\n'''", "from http import Gone\n'''", 1),
        encoding="utf-8",
    )
    with pytest.raises(GenerationError, match=r"(?s)endpoint_module.*0 times, not 1.*Gone"):
        regenerate(project)
    assert contents(project) == before


# More from more

USE = """
import asyncio, io, json, sys
import httpx
import mvsep_api
from mvsep import AsyncMVSep, MVSep
from mvsep_api.types import File

seen = []

def answer(request):
    seen.append([request.method, str(request.url), request.content.decode("latin-1")])
    return httpx.Response(200, json={"success": True, "message": "pong"})

def ball():
    return File(payload=io.BytesIO(b"bytes"), file_name="ball.wav")

def sync():
    client = httpx.Client(transport=httpx.MockTransport(answer))
    with MVSep("secret", http_client=client) as mvsep:
        yield mvsep.api.app.ping(word="a b", times=2)
        yield mvsep.api.app.ping(word="c")
        yield mvsep.api.app.pong(ball=ball(), spin=3)

async def with_await():
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    async with AsyncMVSep("secret", http_client=client) as mvsep:
        return [
            await mvsep.api.app.ping(word="a b", times=2),
            await mvsep.api.app.ping(word="c"),
            await mvsep.api.app.pong(ball=ball(), spin=3),
        ]

values = [*sync(), *asyncio.run(with_await())]
said = [[type(value).__name__, value.message] for value in values]
print(json.dumps({"package": mvsep_api.__file__, "seen": seen, "said": said}))
"""

CALLER = """
from mvsep import AsyncMVSep, MVSep
from mvsep_api.models import MessageAnswer
from mvsep_api.types import File


def right(mvsep: MVSep, ball: File) -> list[MessageAnswer]:
    return [mvsep.api.app.ping(word="a", times=2), mvsep.api.app.pong(ball=ball, spin=3)]


async def with_await(mvsep: AsyncMVSep, ball: File) -> list[MessageAnswer]:
    return [await mvsep.api.app.ping(word="a"), await mvsep.api.app.pong(ball=ball)]


def wrong(mvsep: MVSep) -> None:
    mvsep.api.app.ping()  # type: ignore[call-arg]
    mvsep.api.app.ping(word=1)  # type: ignore[arg-type]
    mvsep.api.app.ping(word="a", language="en")  # type: ignore[call-arg]
    mvsep.api.app.pong(ball=b"bytes")  # type: ignore[arg-type]
    number: int = mvsep.api.app.ping(word="a")  # type: ignore[assignment]
    print(number)
"""


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A copy whose contract has two operations more, generated; and the files that changed."""
    project = copied(tmp_path_factory.mktemp("grown"))

    def add(document):
        document["paths"]["/api/app/ping"] = {"get": PING, "post": PONG}
        document["components"]["schemas"]["PongBody"] = PONG_BODY

    rewrite(project, add)
    return project, regenerate(project)


def run(project, *command):
    """Run Python with the copy's package before the committed one."""
    paths = os.pathsep.join([str(project.package.parent), str(ROOT / "overlay")])
    return subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "PYTHONPATH": paths, "MYPYPATH": paths},
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_added_operation_adds_files_and_touches_the_tables_only(grown):
    _, changed = grown
    assert changed == [
        "differs: PROVENANCE.json",
        "differs: api/app/__init__.py",
        "differs: models/__init__.py",
        "differs: operations.py",
        "missing: api/app/app_ping.py",
        "missing: api/app/app_pong.py",
        "missing: models/pong_body.py",
    ]


def test_an_added_operation_works_on_both_clients_without_a_line_by_hand(grown):
    project, _ = grown
    done = run(project, "-c", USE)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert Path(told["package"]).is_relative_to(project.root)
    assert told["said"] == [["MessageAnswer", "pong"]] * 6
    address = "https://mvsep.com/api/app/ping"
    for one, two, form in (told["seen"][:3], told["seen"][3:]):
        assert one == ["GET", f"{address}?word=a+b&times=2", ""]
        assert two == ["GET", f"{address}?word=c", ""]
        assert form[:2] == ["POST", address]
        names = [line.split('"')[1] for line in form[2].splitlines() if "name=" in line]
        assert names == ["ball", "spin", "api_token"]
        assert 'filename="ball.wav"' in form[2]
        assert "\r\n\r\nbytes\r\n" in form[2]


def test_the_types_of_an_added_operation_take_the_right_and_refuse_the_wrong(grown, tmp_path):
    project, _ = grown
    caller = tmp_path / "caller.py"
    caller.write_text(CALLER, encoding="utf-8")
    mypy = ("-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent")
    done = run(project, *mypy, f"--cache-dir={tmp_path / 'cache'}", str(caller))
    assert done.returncode == 0, done.stdout + done.stderr


# What the generator's own output gets wrong


@pytest.mark.parametrize("status", [499, 520, 530, 599])
def test_a_status_that_is_in_no_standard_is_a_number_like_others(status):
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json={"message": "Gone"}))
    with httpx.Client(base_url="https://a.example", transport=transport) as http:
        client = Client(base_url="https://a.example").set_httpx_client(http)
        reply = app_user.sync_detailed(client=client, api_token="x")
    assert reply.status_code == status
    assert reply.parsed.message == "Gone"


@pytest.mark.parametrize("kind", [SeparationStatus, RemoteStatus])
def test_a_word_never_seen_before_is_kept_and_is_one_value(kind):
    one, two = kind("resting"), kind("resting")
    assert one == two == "resting"
    assert one != kind("asleep")
    assert len({one, two, kind("done"), kind("done")}) == 2
    assert str(one) == one.value == "resting"
    assert type(pickle.loads(pickle.dumps(one))) is kind
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one
    assert one.name not in kind.__members__
    assert kind("done") is kind.DONE


def test_an_answer_with_a_word_never_seen_before_gives_it_back():
    answer = {"success": True, "status": "resting", "data": {}}
    assert SeparationState.from_dict(answer).to_dict() == answer
