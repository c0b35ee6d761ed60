"""The report of the contract tests: right numbers, a whole page, no secrets, a way to replay."""

import copy
import html.parser
import os
import re
import shlex
import subprocess
import sys
from collections import Counter

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.harness.failures import Failure, clean, replay
from contract_tests.harness.ledger import COLUMNS, Ledger
from contract_tests.harness.page import CAVEAT, MEANING, page
from contract_tests.harness.report import as_text, write_reports
from tools.operations import operations
from tools.regenerate import Project

ROOT = Project().contract.parent.parent
SECRET = "planted-token-000000000000000"
VISIBLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=4, max_size=40)
CONTRACT = {
    "openapi": "3.1.0",
    "info": {"title": "A <small> & odd contract", "version": "7.0"},
    "tags": [{"name": "app", "description": "With <b>marks</b>."}, {"name": "account"}],
    "paths": {
        "/api/news": {
            "get": {
                "operationId": "app_news",
                "tags": ["app"],
                "x-evidence": "captured",
                "responses": {"200": {}, "400": {}, "default": {}},
            },
            "post": {"operationId": "app_write", "tags": ["app"], "responses": {"200": {}}},
        },
        "/api/money": {
            "get": {
                "operationId": "account_money",
                "tags": ["account"],
                "x-evidence": "observed",
                "responses": {"200": {}, "401": {}},
            }
        },
    },
}
HOSTILE = "</pre><script>alert('x')</script>&amp;\"'"
FAILURE = Failure(
    test="contract_tests/test_a.py::test_b[app_news]",
    what="form field is_demo: asked for b'0', sent nothing",
    blame="client",
    operation="app_news",
    status="400",
    evidence="> POST http://127.0.0.1/api\n< 400 application/json",
    seed=42,
)


@pytest.fixture
def ledger():
    planted = Ledger(CONTRACT)
    planted.count("request sent", "app_news", 200, 1234)
    planted.count("request sent", "app_news", 502, 5)
    planted.count("live", "account_money", 401)
    return planted


class Page(html.parser.HTMLParser):
    """A page taken apart: its open elements, attributes and texts."""

    EMPTY = frozenset({"meta", "br", "link", "img"})

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.cells, self.pres = [], Counter(), {}, []
        self.links, self.scripts, self.text = [], 0, ""
        self.feed(text)
        self.close()
        assert self.open == [], "elements that are not closed"

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        self.tags[tag] += 1
        self.links += [known[name] for name in ("src", "href", "action") if name in known]
        self.links += [name for name in known if name.startswith("on")]
        if "title" in known:
            self.cells[known["title"].partition(":")[0]] = known["class"]
        if tag not in self.EMPTY:
            self.open.append(tag)
            if tag == "pre":
                self.pres.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.links += re.findall(r"url\(|@import", data)
        else:
            self.text += data
        if "pre" in self.open:
            self.pres[-1] += data


# Numbers


def row(text, *start):
    (line,) = [line for line in text.splitlines() if line.split()[: len(start)] == list(start)]
    return line.split()[len(start) :]


def test_the_table_has_a_row_for_each_documented_answer_and_a_dash_for_nothing(ledger):
    text = as_text(ledger, [])
    assert row(text, "app_news", "200") == ["1234", "-", "-", "-", "-"]
    assert row(text, "app_news", "default") == ["5", "-", "-", "-", "-"]
    assert row(text, "app_write", "200") == ["-"] * 5
    assert row(text, "account_money", "401") == ["-", "-", "-", "-", "1"]
    assert row(text, "total") == ["1239", "-", "-", "-", "1"]
    assert row(text, "answers", "reached,", "of", "6") == ["2", "-", "-", "-", "1"]
    assert "Nothing failed." in text


@given(data=st.data())
def test_the_totals_are_the_sums_of_the_rows_and_the_json_gives_the_same_ledger(
    tmp_path_factory, data
):
    planted = Ledger(CONTRACT)
    for (operation, status), _ in planted:
        for column in COLUMNS:
            cases = data.draw(st.integers(0, 3) | st.integers(0, 10**6))
            planted.count(column, operation, status, cases)
    folder = tmp_path_factory.mktemp("report")
    text = write_reports(folder, planted, [], contract=CONTRACT)
    cells = [
        [int(cell.replace("-", "0")) for cell in row(text, operation, status)]
        for (operation, status), _ in planted
    ]
    assert cells == [[counts[column] for column in COLUMNS] for _, counts in planted]
    totals = [int(cell.replace("-", "0")) for cell in row(text, "total")]
    assert totals == [sum(column) for column in zip(*cells, strict=True)]
    again = Ledger(CONTRACT)
    again.add(folder / "contract.json")
    assert dict(again) == dict(planted)
    assert (folder / "contract.txt").read_text(encoding="utf-8") == text


def test_the_cells_of_the_page_are_filled_empty_failed_or_absent(ledger):
    shown = Page(page(CONTRACT, ledger, [FAILURE])).cells
    assert len(shown) == 3 * 4 * len(COLUMNS)
    assert shown["app_news > 200, request sent"] == "filled"
    assert shown["app_news > 200, live"] == "empty"
    assert shown["account_money > 401, live"] == "filled"
    assert {shown[f"app_news > 400, {column}"] for column in COLUMNS} == {"failed"}
    assert {shown[f"app_write > 401, {column}"] for column in COLUMNS} == {"absent"}
    assert Counter(shown.values())["failed"] == len(COLUMNS)


def test_the_page_says_what_a_person_needs_to_judge_it(ledger):
    shown = Page(page(CONTRACT, ledger, [FAILURE]))
    for text in (
        "A <small> & odd contract, contract 7.0",
        "With <b>marks</b>.",
        CAVEAT,
        *MEANING.values(),
        *("captured", "observed", "inferred", "1,239 checks", "1,234"),
        *(FAILURE.what, FAILURE.test, "--hypothesis-seed=42"),
    ):
        assert text in shown.text
    assert FAILURE.evidence in shown.pres
    assert FAILURE.replay in shown.pres
    assert "neither proves anything about the live service" in CAVEAT


def test_the_project_s_own_contract_makes_a_whole_page(tmp_path, contract):
    write_reports(tmp_path, Ledger(contract), [FAILURE])
    shown = Page((tmp_path / "contract.html").read_text(encoding="utf-8"))
    listed = [found["operationId"] for _, _, found in operations(contract)]
    statuses = {status for _, _, found in operations(contract) for status in found["responses"]}
    assert len(shown.cells) == len(listed) * len(statuses) * len(COLUMNS)
    assert contract["info"]["version"] in shown.text


# Safety


def test_the_page_needs_nothing_but_itself(ledger):
    shown = Page(page(CONTRACT, ledger, [FAILURE]))
    assert shown.links == []
    assert shown.tags.keys().isdisjoint({"script", "link", "img", "iframe", "object"})


@pytest.mark.parametrize("field", ["test", "what", "operation", "evidence", "blame"])
def test_no_text_of_a_failure_becomes_markup(ledger, field):
    failure = attrs.evolve(FAILURE, **{field: HOSTILE})
    shown = Page(page(CONTRACT, ledger, [failure]))
    assert shown.tags["script"] == 0
    assert HOSTILE in shown.text


def test_no_text_of_the_contract_becomes_markup():
    contract = copy.deepcopy(CONTRACT)
    contract["info"] = {"title": HOSTILE, "version": HOSTILE}
    contract["tags"][0]["description"] = HOSTILE
    operation = contract["paths"]["/api/news"]["get"]
    operation.update({"operationId": HOSTILE, "x-evidence": HOSTILE})
    operation["responses"][HOSTILE] = {}
    shown = Page(page(contract, Ledger(contract), []))
    assert shown.tags["script"] == 0
    assert shown.text.count(HOSTILE) >= 5


def test_no_token_of_the_environment_gets_into_a_report(tmp_path, ledger, monkeypatch):
    monkeypatch.setenv("MVSEP_LIVE_TOKEN", SECRET)
    failure = attrs.evolve(
        FAILURE, what=f"KeyError: {SECRET}", evidence=f"x {SECRET} y", test=f"t[{SECRET}]"
    )
    text = write_reports(tmp_path, ledger, [failure], contract=CONTRACT)
    files = [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()]
    assert len(files) == 3
    assert SECRET not in "".join([text, *files])
    assert "KeyError: ***" in text


FIELDS = st.sampled_from(["api_token", "password", "password_confirmation"])


@pytest.mark.parametrize("kind", ["", "\r\nContent-Type: text/plain"])
@given(secret=VISIBLE, field=FIELDS)
def test_tokens_and_passwords_of_forms_are_masked(kind, secret, field):
    head = f'--B\r\nContent-Disposition: form-data; name="{field}"{kind}\r\n\r\n'
    shown = f"{head}***\r\n--B--".replace("\r\n", "\n")
    assert clean(f"{head}{secret}\r\n--B--") == shown


@given(secret=VISIBLE, field=FIELDS)
def test_tokens_and_passwords_of_queries_and_json_are_masked(secret, field):
    plain = re.sub(r"[&\"'#\\]", "x", secret)
    assert clean(f"GET /api?a=1&{field}={plain}&b=2") == f"GET /api?a=1&{field}=***&b=2"
    assert clean(f'{{"{field}": "{plain}", "b": 2}}') == f'{{"{field}": "***", "b": 2}}'
    kept = f"sep_type={plain} a_{field}={plain}"
    assert clean(kept) == kept


@given(text=st.text(st.characters(codec=None)))
def test_what_cannot_be_printed_is_escaped(text):
    shown = clean(text)
    assert all(each in "\n\t" or ord(each) > 0x9F or 0x20 <= ord(each) < 0x7F for each in shown)
    shown.encode("utf-8")
    assert clean("a\x00b\r\n\x1b[1mc\td") == "a\\x00b\n\\x1b[1mc\td"


# To see it again


@given(test=st.text(min_size=1), seed=st.none() | st.integers(0, 2**128))
def test_the_command_to_replay_is_one_argument_whatever_the_node_id(test, seed):
    words = shlex.split(replay(test, seed))
    assert words[:4] == ["python", "-m", "pytest", test]
    assert words[4:] == ([] if seed is None else [f"--hypothesis-seed={seed}"])


FAILING = """
import hypothesis, pytest, schemathesis
from hypothesis import strategies as st
from contract_tests.harness.evidence import ContractBroken
from contract_tests.mock import MockCrashed

def broken(what, **more):
    return ContractBroken(what, blame="client", operation="app_news", status=200, **more)

def test_plain():
    raise broken("the wire differs", evidence="> GET /api/app/news?api_token=SECRET1")

@hypothesis.given(number=st.integers())
def test_drawn(number):
    if number > 1000:
        raise broken(f"too big: {number}", evidence=f"> GET /{number}")

NUMBER = {"name": "number", "in": "query", "required": True, "schema": {"type": "integer"}}
ASKING = {"get": {"parameters": [NUMBER], "responses": {"200": {"description": "An answer."}}}}
SCHEMA = schemathesis.openapi.from_dict(
    {"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {"/a": ASKING}},
    config=schemathesis.Config.from_dict(
        {"generation": {"mode": "positive"}, "phases": {"coverage": {"enabled": False}}}
    ),
)

@SCHEMA.parametrize()
@hypothesis.settings(database=None)
def test_schema(case):
    with open("drawn.txt", "a") as file:
        file.write(f"{case.query}\\n")
    if int(case.query["number"]) > 1000:
        raise broken("too big")

def test_several():
    raise ExceptionGroup("two", [broken("the first"), broken("the second")])

def test_crash():
    raise MockCrashed("Prism died")

@pytest.mark.parametrize("operation", ["a b/c"])
def test_other(operation):
    raise ValueError("something else")

def test_counted(ledger):
    ledger.count("live", "app_news", 200, 7)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("failing")
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(FAILING)
    return folder


def run(project, *arguments):
    """Run tests as a person would; what was printed."""
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", "FORCE_COLOR"}}
    environment = {**kept, "COLUMNS": "200", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", "-p", "contract_tests.harness.plugin", "-q"]
    result = subprocess.run(
        [*command, "-p", "no:cacheprovider", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def printed(project):
    return run(project, "test_it.py", "--contract-report=reports", "--contract-profile=dev")


def test_a_failing_run_shows_blame_evidence_and_the_way_to_replay(project, printed):
    report = printed.partition("= contract =")[2]
    assert "[client] app_news > 200\n  the wire differs\n  on the wire:" in report
    assert 'again: python -m pytest "test_it.py::test_plain"\n' in report
    assert "[mock] test_it.py::test_crash" in report
    assert "[blame unknown] test_it.py::test_other[a b/c]" in report
    assert "ValueError: something else" in report
    assert "7 failed" in report
    assert row(report, "app_news", "200") == ["-", "-", "-", "-", "7"]
    assert "SECRET1" not in report
    for name in ("contract.txt", "contract.html", "contract.json"):
        assert "SECRET1" not in (project / "reports" / name).read_text(encoding="utf-8")
    # Beside each traceback too, for those who do not ask for a report.
    tracebacks = printed.partition("= contract =")[0]
    assert "[client] app_news > 200: the wire differs" in tracebacks
    assert 'python -m pytest "test_it.py::test_plain"' in tracebacks


def test_each_of_several_failures_of_one_test_is_reported(printed):
    assert "  the first\n" in printed
    assert "  the second\n" in printed


def test_a_drawn_case_is_replayed_by_its_seed(project, printed):
    (command,) = set(re.findall(r'again: python -m pytest ("test_it.py::test_drawn".*)', printed))
    assert re.fullmatch(r'"test_it.py::test_drawn" --hypothesis-seed=\d+', command)
    again = run(project, *shlex.split(command), "--contract-report=again")
    assert f"again: python -m pytest {command}\n" in again
    assert "too big: 1001" in again


def test_schemathesis_draws_the_same_cases_again_with_the_seed(project):
    file = project / "drawn.txt"
    drawn = []
    command = "test_it.py::test_schema"
    for _ in range(2):
        file.unlink(missing_ok=True)
        printed = run(project, *shlex.split(command), "--contract-report=schema")
        drawn.append(file.read_text(encoding="utf-8"))
        (command,) = re.findall(r"again: python -m pytest (.*test_schema.*)", printed)
        assert re.fullmatch(r'"test_it.py::test_schema::test_schema\[GET /a\]" --.*=\d+', command)
    assert len(drawn[0].splitlines()) > 10
    assert drawn[0] == drawn[1]


def test_a_run_without_chance_needs_no_seed(project):
    printed = run(
        project, "test_it.py::test_drawn", "--contract-report=ci", "--contract-profile=ci"
    )
    assert 'again: python -m pytest "test_it.py::test_drawn"\n' in printed
    assert "seed: none, the same cases in every run" in printed
    assert "too big: 1001" in printed
