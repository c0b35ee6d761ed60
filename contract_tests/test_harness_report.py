"""The report of the contract tests: right numbers, a whole page, no secrets, a way to replay."""

import copy
import html.parser
import re
from collections import Counter

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.harness.failures import Failure, clean
from contract_tests.harness.ledger import COLUMNS, Ledger
from contract_tests.harness.page import CAVEAT, MEANING, page
from contract_tests.harness.report import as_text, write_reports
from tools.operations import operations

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


def numbers(text, *start):
    """Return the numbers of a row; a letter behind a dash is none."""
    return [int(cell.replace("-", "0")) for cell in row(text, *start) if not cell.isalpha()]


def test_the_table_has_a_row_for_each_documented_answer_and_a_dash_for_nothing(ledger):
    text = as_text(ledger, [])
    assert row(text, "app_news", "200") == ["1234", "-", "-", "-", "-", "a"]
    assert row(text, "app_news", "default") == ["5", "-", "-", "-", "-", "a"]
    assert row(text, "app_write", "200") == ["-", "-", "-", "-", "-", "a"]
    assert row(text, "account_money", "401") == ["-", "-", "-", "-", "c", "1"]
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
    text = write_reports(folder, planted, [])
    cells = [numbers(text, operation, status) for (operation, status), _ in planted]
    assert cells == [[counts[column] for column in COLUMNS] for _, counts in planted]
    assert numbers(text, "total") == [sum(column) for column in zip(*cells, strict=True)]
    again = Ledger(CONTRACT)
    again.add(folder / "contract.json")
    assert dict(again) == dict(planted)
    assert (folder / "contract.txt").read_text(encoding="utf-8") == text


def test_the_cells_of_the_page_are_filled_empty_failed_or_absent(ledger):
    shown = Page(page(ledger, [FAILURE])).cells
    assert len(shown) == 3 * 4 * len(COLUMNS)
    assert shown["app_news > 200, request sent"] == "filled"
    assert shown["app_news > 200, life cycle"] == "empty"
    assert shown["app_news > 200, live"] == "unreached"
    assert shown["account_money > 401, life cycle"] == "unreached"
    assert shown["account_money > 401, live"] == "filled"
    # The run at the service is another run: what failed here did not fail there.
    *here, there = (shown[f"app_news > 400, {column}"] for column in COLUMNS)
    assert (set(here), there) == ({"failed"}, "unreached")
    assert {shown[f"app_write > 401, {column}"] for column in COLUMNS} == {"absent"}
    assert Counter(shown.values())["failed"] == len(COLUMNS) - 1


def test_the_page_says_what_a_person_needs_to_judge_it(ledger):
    shown = Page(page(ledger, [FAILURE]))
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
    shown = Page(page(ledger, [FAILURE]))
    assert shown.links == []
    assert shown.tags.keys().isdisjoint({"script", "link", "img", "iframe", "object"})


@pytest.mark.parametrize("field", ["test", "what", "operation", "evidence", "blame"])
def test_no_text_of_a_failure_becomes_markup(ledger, field):
    failure = attrs.evolve(FAILURE, **{field: HOSTILE})
    shown = Page(page(ledger, [failure]))
    assert shown.tags["script"] == 0
    assert (failure.replay if field == "test" else HOSTILE) in shown.text


def test_no_text_of_the_contract_becomes_markup():
    contract = copy.deepcopy(CONTRACT)
    contract["info"] = {"title": HOSTILE, "version": HOSTILE}
    contract["tags"][0]["description"] = HOSTILE
    operation = contract["paths"]["/api/news"]["get"]
    operation.update({"operationId": HOSTILE, "x-evidence": HOSTILE})
    operation["responses"][HOSTILE] = {}
    shown = Page(page(Ledger(contract), []))
    assert shown.tags["script"] == 0
    assert shown.text.count(HOSTILE) >= 5


def test_no_token_of_the_environment_gets_into_a_report(tmp_path, ledger, monkeypatch):
    monkeypatch.setenv("MVSEP_LIVE_TOKEN", SECRET)
    failure = attrs.evolve(
        FAILURE, what=f"KeyError: {SECRET}", evidence=f"x {SECRET} y", test=f"t[{SECRET}]"
    )
    text = write_reports(tmp_path, ledger, [failure])
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
