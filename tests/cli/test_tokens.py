"""Where a token is kept, and for whom."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from mvsep.cli.input import tokens
from mvsep.cli.input.tokens import forget_token, keep_token, stored_token, token_place, tokens_file
from mvsep.errors import InvalidInput, InvalidToken
from mvsep.settings.token import Token
from tests.cli.rings import Chain, Forgetful, Locked, PlainFile, Ring
from tests.wire import TOKEN

Use = Callable[[KeyringBackend], KeyringBackend]


@pytest.fixture(autouse=True)
def use() -> Iterator[Use]:
    """Use another key ring; none at first."""

    def using(ring: KeyringBackend) -> KeyringBackend:
        keyring.set_keyring(ring)
        return ring

    using(fail.Keyring())
    yield using
    using(fail.Keyring())


def keep(service: str = "mvsep.com", token: str = TOKEN) -> tuple[str, list[str]]:
    warnings: list[str] = []
    place = keep_token(service, Token(token), warnings.append)
    return place, warnings


def test_a_key_ring_keeps_the_token_and_no_file_has_it(use: Use) -> None:
    use(Ring())

    assert keep() == ("key ring", [])
    assert stored_token() == TOKEN
    assert isinstance(stored_token(), Token)
    assert TOKEN not in tokens_file().read_text()


@pytest.mark.parametrize(
    "ring",
    [
        fail.Keyring(),
        null.Keyring(),
        PlainFile(),
        Forgetful(),
        Locked(),
        Chain(PlainFile(), Ring()),
        Chain(Locked(), Ring()),
    ],
    ids=lambda ring: type(ring).__name__,
)
def test_without_a_usable_key_ring_a_file_keeps_it_after_that_was_said(
    use: Use, ring: KeyringBackend
) -> None:
    use(ring)
    said: list[str] = []

    def warn(sentence: str) -> None:
        assert not tokens_file().exists()
        said.append(sentence)

    assert keep_token("mvsep.com", Token(TOKEN), warn) == "file"
    assert str(tokens_file()) in said[0]
    assert TOKEN not in " ".join(said)
    assert stored_token() == TOKEN
    assert TOKEN not in str(getattr(ring, "held", ""))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_owner_reads_the_file_whatever_the_umask() -> None:
    before = os.umask(0)
    try:
        keep()
        keep("other.example", "another")
    finally:
        os.umask(before)
    path = tokens_file()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("ring", [Ring(), fail.Keyring()], ids=["key ring", "file"])
def test_a_token_is_of_one_service_only(
    use: Use, ring: KeyringBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(ring)
    keep()
    keep("127.0.0.1:8000", "local")

    assert stored_token("https://de.mvsep.com") == TOKEN
    assert stored_token("http://127.0.0.1:8000/") == "local"
    for other in ("https://mvsep.com.example", "https://mvsep.com:444", "http://127.0.0.1:8001"):
        assert stored_token(other) is None
    monkeypatch.setenv("MVSEP_BASE_URL", "https://other.example")
    assert stored_token() is None
    with pytest.raises(InvalidInput):
        stored_token("mvsep.com")


def test_a_key_ring_that_holds_no_token_of_ours_is_not_asked(use: Use) -> None:
    use(Locked())

    assert stored_token() is None
    assert token_place("mvsep.com") is None


def test_a_key_ring_that_is_locked_is_an_error_with_the_way_out(use: Use) -> None:
    use(Ring())
    keep()
    use(Locked())
    with pytest.raises(InvalidToken, match="KeyringLocked") as caught:
        stored_token()

    assert "MVSEP_API_TOKEN" in str(caught.value)
    assert "https://mvsep.com/user-api" in str(caught.value)
    assert "secret words" not in str(caught.value)
    with pytest.raises(InvalidToken, match="Unlock"):
        forget_token("mvsep.com")
    assert token_place("mvsep.com") == "key ring"


def test_a_token_that_was_taken_from_the_key_ring_is_none(use: Use) -> None:
    ring = Ring()
    use(ring)
    keep()
    ring.held.clear()

    assert stored_token() is None
    assert forget_token("mvsep.com") == "key ring"


def test_a_newer_token_leaves_no_older_one_anywhere(use: Use) -> None:
    keep(token="older")
    ring = Ring()
    use(ring)
    keep()

    assert "older" not in tokens_file().read_text()

    class Full(Ring):
        def set_password(self, service: str, username: str, password: str) -> None:
            raise OSError

    full = Full()
    full.held = ring.held
    use(full)
    assert keep(token="newest")[0] == "file"
    assert stored_token() == "newest"
    assert ring.held == {}


@pytest.mark.parametrize("ring", [Ring(), fail.Keyring()], ids=["key ring", "file"])
def test_a_token_is_forgotten_where_it_is_and_others_stay(use: Use, ring: KeyringBackend) -> None:
    use(ring)
    place, _ = keep()
    keep("other.example", "another")

    assert token_place("mvsep.com") == place
    assert forget_token("mvsep.com") == place
    assert forget_token("mvsep.com") is None
    assert (stored_token(), token_place("mvsep.com")) == (None, None)
    assert stored_token("https://other.example") == "another"
    assert TOKEN not in tokens_file().read_text() + str(getattr(ring, "held", ""))


def test_the_variable_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    keep()
    monkeypatch.setenv("MVSEP_API_TOKEN", "theirs")

    assert token_place("mvsep.com") == "variable"
    assert tokens.token_step().startswith("Unset MVSEP_API_TOKEN and run `mvsep login`.")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "\xff",
        '{"mvsep.com": 1}',
        '{"mvsep.com": {"place": "moon"}}',
        '{"mvsep.com": {"place": "file", "token": 1}}',
        " " * (2 << 20),
    ],
    ids=lambda content: content[:30] or "empty",
)
def test_a_damaged_file_is_named_in_a_sentence(content: str) -> None:
    tokens_file().parent.mkdir(parents=True)
    tokens_file().write_bytes(content.encode("latin-1"))

    for ask in (stored_token, lambda: forget_token("mvsep.com"), keep):
        with pytest.raises(InvalidToken, match=r"tokens\.json") as caught:
            ask()
        assert "MVSEP_API_TOKEN" in str(caught.value)


def test_a_token_in_the_file_that_can_be_none_is_not_sent() -> None:
    keep()
    record = {"mvsep.com": {"place": "file", "token": "a b"}}
    tokens_file().write_text(json.dumps(record))

    with pytest.raises(InvalidToken) as caught:
        stored_token()
    assert "a b" not in str(caught.value)


def test_a_folder_that_takes_nothing_is_an_error_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))

    with pytest.raises(InvalidToken, match="can't be") as caught:
        keep()
    assert TOKEN not in str(caught.value)
