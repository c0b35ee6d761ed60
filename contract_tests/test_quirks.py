"""The canaries of quirks.toml: each fails once the fault of a tool that we work around is mended.

Then the row goes, and the code that names it.
"""

import inspect
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import httpx
import pytest
import schemathesis
from httpcore import _synchronization
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode

from contract_tests.harness.quirks import quirk, quirks
from contract_tests.mock import prefer, violations
from tools.regenerate import Project

ROOT = Project().contract.parent.parent
HERE = Path(__file__).parent
USE = re.compile(r'^ *(?:\w+ = )?quirk\("([^"]+)"\)', re.MULTILINE)
SWITCH = "/api/app/enable_premium"


@pytest.fixture
def ask(prism):
    """Return a function: send a raw request to Prism."""
    if not prism.alive():
        prism.restart()
    with httpx.Client(base_url=prism.url, trust_env=False) as client:
        yield client.request


def form(**fields):
    return {"files": [(name, (None, text)) for name, text in fields.items()]}


# The rows


def uses():
    """Each `quirk("...")` that is a statement of the contract tests' code."""
    for file in HERE.rglob("*.py"):
        yield from USE.findall(file.read_text(encoding="utf-8"))


def test_every_row_is_used_and_every_use_has_a_row():
    assert set(uses()) == set(quirks())


def test_an_unknown_quirk_is_an_error():
    with pytest.raises(KeyError):
        assert quirk("no such row")


def test_every_canary_is_a_test(request):
    canaries = sorted({row.canary for row in quirks().values()})
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *canaries],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    collected = {line.partition("[")[0] for line in result.stdout.splitlines() if "::" in line}
    assert collected == {canary.partition("[")[0] for canary in canaries}


@pytest.mark.parametrize("row", quirks().values(), ids=quirks())
def test_a_row_says_why_and_until_when(row):
    assert re.search(r"\d+\.\d+", row.tool), "which version was looked at?"
    assert min(map(len, (row.reason, row.evidence, row.remove_when))) > 20


# Prism


@pytest.mark.parametrize("path", ["/api/app/news", SWITCH])
def test_prism_answers_a_wrong_method_without_an_allow_header(ask, path):
    response = ask("PUT", path)
    assert response.status_code == 405
    assert "allow" not in response.headers


def test_prism_ignores_what_the_contract_does_not_declare(ask):
    assert violations(ask("GET", "/api/app/news", params={"nobody": "x"})) == []
    assert violations(ask("POST", SWITCH, **form(api_token="a", nobody="x"))) == []
    assert violations(ask("POST", SWITCH, **form(nobody="x"))) != []


def test_prism_takes_an_empty_query_value_for_an_absent_one(ask):
    assert violations(ask("GET", "/api/app/news", params={"lang": "x"})) != []
    assert violations(ask("GET", "/api/app/news", params={"lang": ""})) == []


@pytest.mark.parametrize("text", ["1e1", "0x5", "1.0", "\t5"])
def test_prism_reads_numbers_as_javascript_does(ask, text):
    assert violations(ask("GET", "/api/app/news", params={"limit": text})) == []


def test_prism_decodes_the_texts_of_a_multipart_form(ask):
    (refusal,) = violations(ask("POST", SWITCH, **form(api_token="%20")))
    assert "pattern" in refusal  # a blank is no token, but a percent sign is
    assert violations(ask("POST", SWITCH, **form(api_token="%"))) == []


def test_prism_keeps_the_last_of_several_parts_of_one_name(ask):
    def tokens(*texts):
        return {"files": [("api_token", (None, text)) for text in texts]}

    assert violations(ask("POST", SWITCH, **tokens("", "a"))) == []
    assert violations(ask("POST", SWITCH, **tokens("a", ""))) != []


def test_prism_falls_back_to_success_where_code_and_example_do_not_fit(ask):
    answer = ask("GET", "/api/app/news", headers=prefer(400, "news"))
    assert answer.status_code == 200


# Schemathesis and Hypothesis


EDGES = """
import schemathesis
from httpcore import _synchronization
from hypothesis import Phase, settings, strategies as st
from tools.regenerate import Project, read_contract

if OWN:
    schemathesis.openapi.media_type("application/octet-stream", st.binary())
OFF = {"enabled": False}
PHASES = {"examples": OFF, "fuzzing": OFF, "coverage": {"unexpected-methods": []}}
CONFIG = schemathesis.Config.from_dict({"generation": {"mode": "positive"}, "phases": PHASES})
SCHEMA = schemathesis.openapi.from_dict(read_contract(Project().contract), config=CONFIG)

@SCHEMA.include(path_regex="/api/separation/create|/api/app/(user|news)$").parametrize()
@settings(phases=[Phase.explicit])
def test_edges(case):
    if case.path == "/api/separation/create" and case.media_type == "multipart/form-data":
        print("one edge")
"""


def edges(folder, *options, own=False):
    """Return what pytest prints of a run of the edges of a form, in a process of its own."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(EDGES.replace("OWN", str(own)))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, "test_it.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout


def test_schemathesis_forgets_the_edges_of_a_form_whose_files_are_our_own(tmp_path):
    assert edges(tmp_path, "-s").count("one edge") > 30
    assert edges(tmp_path, "-s", own=True).count("one edge") == 1


def test_schemathesis_gives_all_tests_of_a_function_one_name(tmp_path):
    listed = edges(tmp_path, "--collect-only", "-q").splitlines()
    names = [line for line in listed if line.startswith("test_it.py::")]
    assert len(names) == 3
    assert set(names) == {"test_it.py::test_edges"}


def breaks_down(form, first):
    """Return whether Schemathesis fails in a hundred negative cases of a form, from a seed on."""

    @seed(first)
    @settings(max_examples=100, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=form.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def draw(case):
        assert case

    try:
        draw()
    except ValueError as error:
        return "Unsupported type: 'Binary'" in str(error)
    return False


def test_schemathesis_fails_to_break_a_form_with_files(contract):
    create = schemathesis.openapi.from_dict(contract)["/api/separation/create"]["POST"]
    # The first seed does as things are; the others are for another contract or another version.
    assert any(breaks_down(create, first) for first in (6, *range(40)))


GATHERED = """
import sys
from hypothesis.internal.conjecture import providers

def gathered():
    return len(providers._get_local_constants())

before = gathered()
sys.path.insert(0, "contract_tests/harness")
import quirks
assert gathered() > before
"""


def test_hypothesis_gathers_the_constants_of_what_is_loaded():
    subprocess.run([sys.executable, "-c", GATHERED], cwd=ROOT, check=True)


def test_httpx_gives_a_clients_transport_by_a_private_method_only():
    quirk("httpx-hides-a-clients-transports")
    for client in (httpx.Client(), httpx.AsyncClient()):
        named = [name for name in dir(client) if "transport" in name or "mount" in name]
        assert callable(client._transport_for_url)
        assert [name for name in named if not name.startswith("_")] == []


def test_httpcore_looks_for_sniffio_at_each_lock_and_does_not_bring_it():
    quirk("httpcore-looks-for-sniffio")
    needed = [each for each in metadata.requires("httpcore") if "extra" not in each]
    assert "import sniffio" in inspect.getsource(_synchronization.current_async_library)
    assert not any(each.startswith("sniffio") for each in needed)
