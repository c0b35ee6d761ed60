"""The scan finds a token wherever it stands, in whatever form."""

import base64
import gzip
import json
import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.harness import secrets
from contract_tests.harness.secrets import FOLDERS, SHORTEST, Finding, scan

TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=40)


# The scan finds what is there


def plain(token, _):
    return f"a log line with {token} in it".encode()


def in_url(token, _):
    return f"GET /api/app/user?api_token={quote(token, safe='')}&x=1".encode()


def percent(token, _):
    return "".join(f"%{byte:02x}" for byte in token.encode()).encode()


def in_json(token, _):
    return json.dumps({"token": token}).encode()


def in_base64(token, before):
    return base64.b64encode(before + token.encode() + b"and more after it" * 9)


def in_broken_base64(token, before):
    return base64.encodebytes(before * 9 + token.encode() + b"and more after it" * 9)


def in_urlsafe_base64(token, before):
    return base64.urlsafe_b64encode(before + token.encode())


def in_hex(token, _):
    return token.encode().hex().encode()


def in_hex_dump(token, _):
    return token.encode().hex(" ", 2).upper().encode()


def in_utf_16(token, _):
    return token.encode("utf-16")


FORMS = [plain, in_url, percent, in_json, in_base64, in_broken_base64, in_urlsafe_base64]
FORMS += [in_hex, in_hex_dump, in_utf_16]


def as_text(path, content):
    path.write_bytes(b"before\n" + content + b"\nafter")


def as_binary(path, content):
    path.write_bytes(os.urandom(300) + content + os.urandom(300))


def as_gzip(path, content):
    path.write_bytes(gzip.compress(content * 3))


def as_cut_gzip(path, content):
    path.write_bytes(gzip.compress(content + os.urandom(3000))[:-1000])


def as_zip(path, content):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/report.html", content * 3)


def as_gzip_in_a_zip(path, content):
    as_zip(path, gzip.compress(content))


def as_database(path, content, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute('CREATE TABLE "a ""table" (id INTEGER, body BLOB)')
        connection.execute('INSERT INTO "a ""table" VALUES (1, ?)', (content,))


def as_database_written_ahead(path, content):
    as_database(path, content, "PRAGMA journal_mode = WAL")


FILES = [as_text, as_binary, as_gzip, as_cut_gzip, as_zip, as_gzip_in_a_zip]
FILES += [as_database, as_database_written_ahead]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("file", FILES)
def test_a_planted_token_is_found_in_every_kind_of_file_and_form(tmp_path, token, file, form):
    folder = tmp_path / "reports" / "deep"
    folder.mkdir(parents=True)
    for length in range(4):
        file(folder / f"planted-{length}", form(token, b"z" * length))
    (folder / "harmless").write_text(token[::-1])
    found = scan([tmp_path / "reports"], [token])
    assert {finding.path.name for finding in found} == {f"planted-{n}" for n in range(4)}
    assert token not in str(found) + "".join(map(str, found))


@pytest.mark.parametrize("database", [as_database, as_database_written_ahead])
def test_a_token_that_a_database_cut_between_two_pages_is_found(tmp_path, token, database):
    for after in range(4000, 4200, 5):  # about as much as a page holds
        path = tmp_path / f"before-{after}"
        database(path, b"x" * 5000 + token.encode() + b"x" * after)
        if token.encode() not in path.read_bytes():
            break
        path.unlink()
    assert token.encode() not in path.read_bytes()
    assert [finding.path for finding in scan([tmp_path], [token])] == [path]


@pytest.mark.parametrize("place", [".hypothesis/ab/cd", ".pytest_cache/v", ".schemathesis/x"])
def test_a_planted_token_is_found_in_the_tools_own_folders(tmp_path, monkeypatch, token, place):
    path = tmp_path / place
    path.mkdir(parents=True)
    (path / "entry").write_bytes(b"\x00\x81" + token.encode() + b"\xff")
    monkeypatch.chdir(tmp_path)
    assert scan(map(Path, FOLDERS), [token]) == [Finding(Path(place) / "entry", "plain")]


def test_a_token_in_the_name_of_a_file_is_found(tmp_path, token):
    (tmp_path / f"test_it[{token}].txt").write_text("harmless")
    assert [finding.inside for finding in scan([tmp_path], [token])] == ["name"]


@given(TOKENS, st.binary(max_size=5), st.binary(max_size=5), st.sampled_from(FORMS))
def test_any_token_is_found_between_any_bytes(tmp_path_factory, token, before, after, form):
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(before + form(token, before) + after)
    assert scan([path], [token])


@pytest.mark.parametrize("form", FORMS)
def test_a_token_of_signs_that_have_to_be_escaped_is_found(tmp_path, token, form):
    token = f'"{token}\\&+/<'
    (tmp_path / "file").write_bytes(form(token, b"zz"))
    assert scan([tmp_path], [token])
    (tmp_path / "file").write_bytes(form(token, b"zz").replace(b"/", b"\\/"))  # as PHP writes it
    assert form is not in_json or scan([tmp_path], [token])


@given(TOKENS, TOKENS)
def test_another_token_is_not_taken_for_it(tmp_path_factory, token, other):
    path = tmp_path_factory.mktemp("other") / "file"
    path.write_bytes(b"".join(form(other, b"") for form in FORMS))
    assert bool(scan([path], [token])) == (token in other or token in path.read_text("latin-1"))


def test_what_is_not_there_is_passed_over(tmp_path, token):
    assert scan([tmp_path / "none"], [token]) == []
    assert scan([tmp_path], ["", token]) == []


def test_a_secret_too_short_to_look_for_is_refused(tmp_path):
    with pytest.raises(ValueError, match=str(SHORTEST)):
        scan([tmp_path], ["x" * (SHORTEST - 1)])


@pytest.mark.parametrize("name", secrets.VARIABLES)
def test_the_command_looks_for_the_environments_tokens(tmp_path, token, name, monkeypatch, capsys):
    for each in secrets.VARIABLES:
        monkeypatch.delenv(each, raising=False)
    (tmp_path / "log").write_text(f"> {token}")
    assert secrets.main([str(tmp_path)]) == 0
    assert "no token in the environment" in capsys.readouterr().out
    monkeypatch.setenv(name, token)
    assert secrets.main([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert str(tmp_path / "log") in out
    assert token not in out
