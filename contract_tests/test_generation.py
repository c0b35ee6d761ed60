"""Generation of the client: the same from the same contract, nothing from nonsense.

Generation takes seconds, so it runs twice only: on a copy as it is, and on the same copy after its
package was damaged. A contract that was added to is told of in test_adopted_operation.py.
"""

import copy
import json
import pickle
import shutil
from typing import NamedTuple

import pytest

from mvsep_api.models import RemoteStatus, SeparationStatus
from tools.environment import ROOT
from tools.regenerate import GenerationError, Project, check, differences, provenance_of, regenerate


def copied(folder):
    """Return a copy of all that generation reads and writes."""
    shutil.copytree(ROOT / "spec", folder / "spec")
    shutil.copytree(
        ROOT / "generated", folder / "generated", ignore=shutil.ignore_patterns("__pycache__", ".*")
    )
    return Project(folder)


def contents(project):
    """Return every file of a project's `generated`, leftovers too, with its bytes."""
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
    """A copy's way through generation, check and mending, step by step."""

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
    assert (story.first, story.kept) == ([], True)


def test_a_check_names_what_was_edited_deleted_and_added_and_changes_nothing(story):
    assert (story.named, story.untouched) == (DAMAGE, True)


def test_generating_mends_what_was_changed_by_hand(story):
    assert (story.mended, story.remaining) == (DAMAGE, [])


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
    **{text: (text, "") for text in ("", "{", "[]", "null", '{"openapi": "3.1.0"}')},
}


@pytest.mark.parametrize(("change", "message"), WRONGS.values(), ids=WRONGS)
def test_an_invalid_contract_is_refused_with_the_place_and_nothing_changes(
    project, change, message
):
    before = contents(project)
    if callable(change):
        rewrite(project, change)
    else:
        project.contract.write_text(change, encoding="utf-8")
    with pytest.raises(GenerationError) as caught:
        regenerate(project)
    assert message in str(caught.value)
    assert "mvsep-openapi-spec.json" in str(caught.value)
    assert len(str(caught.value)) < 20_000  # not the whole contract
    assert contents(project) == before


# Where the generator's own output is wrong


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
