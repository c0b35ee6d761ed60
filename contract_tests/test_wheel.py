"""The wheel, in a fresh environment and away from the sources, as a stranger gets it from pip."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.environment import ROOT, python_of

# Asked of the installed package, from an empty folder and without the user's own packages.
QUESTIONS = """
import importlib.metadata, importlib.resources, json, sys
opened = []
sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))
import mvsep
mvsep.MVSep  # imported when it is first used
read = [name for name in opened if name.endswith(".json")]
after_mvsep = sorted(sys.modules)
import mvsep_api

def holds(package, name):
    return importlib.resources.files(package).joinpath(name).is_file()

catalog = importlib.resources.files("mvsep").joinpath("data/catalog.json")
print(json.dumps({
    "homes": [mvsep.__file__, mvsep_api.__file__],
    "prefix": sys.prefix,
    "after_mvsep": after_mvsep,
    "read": read,
    "typed": [holds("mvsep", "py.typed"), holds("mvsep_api", "py.typed")],
    "types": len(json.loads(catalog.read_text(encoding="utf-8"))["types"]),
    "versions": [mvsep.__version__, importlib.metadata.version("mvsep")],
    "installed": sorted(each.metadata["Name"] for each in importlib.metadata.distributions()),
}))
"""

USE = """
import httpx
from mvsep import InvalidToken, MVSep, SepType

client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=[])))
with client, MVSep("x", http_client=client) as mvsep:
    print(mvsep.api.app.news(lang="en"), mvsep.estimate(None, SepType.BS_ROFORMER, seconds=60))
"""

CALLER = """
from mvsep import MVSep
from mvsep_api.models import NewsItem

news: list[NewsItem] = MVSep().api.app.news(lang="en")
MVSep().api.app.news(lang=1)  # type: ignore[arg-type]
"""


def run(*command, cwd):
    # Nothing of the tests' own environment may help.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """Return the Python of a fresh environment with the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = python_of(folder / "venv")
    pip = (python, "-m", "pip", "install", "-q", "--disable-pip-version-check")
    run(*pip, wheel, cwd=folder)
    return python


@pytest.fixture(scope="module")
def told(python, tmp_path_factory):
    return json.loads(run(python, "-c", QUESTIONS, cwd=tmp_path_factory.mktemp("empty")))


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_it_holds_the_two_packages_whole_and_nothing_beside_them(names):
    own = [Path(name) for name in names if ".dist-info/" not in name]
    sources = {
        path.relative_to(root)
        for root in (ROOT / "overlay", ROOT / "generated")
        for path in root.rglob("*.py")
    }
    assert {path for path in own if path.suffix == ".py"} == sources
    assert {path.parts[0] for path in own} == {"mvsep", "mvsep_api"}
    assert {path.suffix for path in own} <= {".py", ".typed", ".json"}
    assert len({name.partition("/")[0] for name in names}) == 3
    assert not any(part.startswith(".") for name in names for part in Path(name).parts)


def test_what_is_imported_is_typed_has_the_catalogue_and_comes_from_it(told):
    assert all(Path(home).is_relative_to(told["prefix"]) for home in told["homes"])
    assert told["versions"][0] == told["versions"][1]
    assert told["typed"] == [True, True]
    bundled = json.loads((ROOT / "overlay/mvsep/data/catalog.json").read_text(encoding="utf-8"))
    assert told["types"] == len(bundled["types"]) > 100
    assert told["read"] == []  # importing does not read it


def test_it_brings_httpx_and_attrs_and_none_of_the_extras(told):
    installed = {name.lower() for name in told["installed"]}
    assert installed >= {"mvsep", "httpx", "attrs"}
    assert not installed & {"starlette", "uvicorn", "click", "rich", "python-multipart", "pydantic"}


def test_importing_it_is_light(told):
    """Look in an environment with all extras, too: what is not loaded is not paid for."""
    code = "import sys, mvsep; mvsep.MVSep; print(*sys.modules)"
    everywhere = run(sys.executable, "-c", code, cwd=ROOT).split()
    for loaded in (told["after_mvsep"], everywhere):
        assert "mvsep.client.sync" in loaded
        assert not {"mvsep.testing", "mvsep.cli", "mvsep.__main__"} & set(loaded)
        assert not {"starlette", "uvicorn", "python_multipart", "sqlite3"} & set(loaded)
    # httpx itself loads these two where they are installed.
    assert not {"click", "rich"} & set(told["after_mvsep"])


def test_it_works(python, tmp_path):
    assert "[]" in run(python, "-c", USE, cwd=tmp_path)


def test_a_type_checker_sees_its_types(python, tmp_path):
    (tmp_path / "caller.py").write_text(CALLER, encoding="utf-8")
    command = (sys.executable, "-m", "mypy", "--strict", "--python-executable", python)
    run(*command, "--config-file=", "caller.py", cwd=tmp_path)
