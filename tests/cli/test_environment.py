"""A bad environment on the command line: one sentence that names the variable, and code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mvsep.cli.app import run
from tests.wire import TOKEN

VARIABLES = {
    "SSL_CERT_FILE": ["/no/such/file", __file__],
    "SSL_CERT_DIR": ["/no/such/folder"],
    "HTTPS_PROXY": ["foo://x", "127.0.0.1:1:2", "http://[::1"],
    "http_proxy": ["foo://x"],
    "ALL_PROXY": ["foo://x", "http://[::1"],
    "NO_PROXY": ["fe11::/16"],
}
COMMANDS = [
    ["account"],
    ["types", "--refresh"],
    ["check", "--seconds=9", "--type=40"],
    ["separate", "{song}", "--type=40"],
    ["resume"],
    ["cancel", "hash"],
    ["delete", "hash", "--yes"],
]


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in {*VARIABLES, "HTTP_PROXY", "https_proxy", "all_proxy", "no_proxy"}:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MVSEP_API_TOKEN", TOKEN)


@pytest.mark.parametrize(
    ("variable", "value"), [(name, value) for name in VARIABLES for value in VARIABLES[name]]
)
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda words: words[0])
def test_a_variable_that_is_no_good_is_named_in_one_sentence(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    song: Path,
    arguments: list[str],
    variable: str,
    value: str,
) -> None:
    monkeypatch.setenv(variable, value)
    asked = [each.format(song=song) for each in arguments]
    code = run(asked)
    out, err = capsys.readouterr()
    json_code = run([*asked, "--json"])
    told = json.loads(capsys.readouterr().out)["error"]

    assert (code, json_code, out) == (2, 2, "")
    assert err.startswith("Error: ")
    assert variable in err.splitlines()[0]
    assert "http_client" not in err
    assert TOKEN not in err
    assert (told["charged"], told["exit_code"]) == (False, 2)
    assert variable in told["message"]


@pytest.mark.parametrize(
    "value", ["mvsep.com", "ftp://mvsep.com", "https://mvsep.com:99999", "x y"]
)
@pytest.mark.parametrize("arguments", [*COMMANDS, ["types"], ["show", "40"]], ids=lambda w: w[0])
def test_an_address_that_is_none_is_named_in_one_sentence(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    song: Path,
    arguments: list[str],
    value: str,
) -> None:
    monkeypatch.setenv("MVSEP_BASE_URL", value)
    code = run([each.format(song=song) for each in arguments])
    err = capsys.readouterr().err

    assert code == 2
    assert "MVSEP_BASE_URL" in err
    assert "fault of mvsep" not in err
