"""The account, and the service's list of types, are asked before a song is uploaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, errors
from mvsep.catalog.cache import SCOPES
from mvsep.core import flow
from mvsep.testing.algorithms import rows
from tests.scenes import CREATED, HASH, VOCALS, WAITING
from tests.wav_files import song
from tests.wire import Do, Wire, answer, stored

SONG = b"RIFF\0\0\0\0WAVE"
OTHER = SONG + b"\0"
USER, CREATE, LIST = "/api/app/user", "/api/separation/create", "/api/app/algorithms"
ROWS = rows(SCOPES)


def account(**data: Any) -> httpx.Response:
    return answer({"success": True, "data": data})


RICH = account(premium_enabled=1, premium_minutes=100)
POOR = account(premium_enabled=1, premium_minutes=1)
FREE = account(premium_enabled=0, premium_minutes=100)
REFUSED = answer({"success": False, "message": "Unauthenticated."}, 401)


@pytest.mark.parametrize(
    ("said", "more", "kind"),
    [
        (REFUSED, {}, errors.InvalidToken),
        (FREE, {"output_format": "flac24"}, errors.PremiumRequired),
        (
            account(premium_enabled=1, premium_minutes=1),
            {"seconds": 600},
            errors.InsufficientCredits,
        ),
    ],
)
def test_what_the_account_can_not_have_is_not_uploaded(
    do: Do, said: httpx.Response, more: dict[str, Any], kind: type[errors.MVSepError]
) -> None:
    wire = Wire(said)
    with pytest.raises(kind) as caught:
        do(wire, "submit", SONG, 40, preflight=True, **more)

    assert wire.paths == [USER]
    assert caught.value.charged is False


@pytest.mark.parametrize("said", [RICH, httpx.ReadError("reset"), httpx.Response(503)])
def test_what_it_may_have_or_can_not_be_asked_about_is_uploaded(do: Do, said: Any) -> None:
    wire = Wire(said, CREATED)

    assert do(wire, "submit", SONG, 40, preflight=True).hash == HASH
    assert wire.paths == [USER, CREATE]


def test_submit_and_separate_ask_nobody_by_themselves(do: Do, tmp_path: Path) -> None:
    wire = service()
    do(wire, "submit", SONG, 40)
    do(wire, "separate", SONG, 40, out=tmp_path)

    assert USER not in wire.paths


# By itself, with a journal or in a batch

#: Premium accounts only.
PREMIUM_TYPE = 28
#: No list of this release has it.
NEW_TYPE = 4321
LINK = "https://example.com/song.wav"


def service(*users: Any, types: Any = ()) -> Wire:
    """Answer everything; the account is told one way after the other, the last one stays."""
    accounts = list(users or [RICH])

    def reply(request: httpx.Request) -> httpx.Response:
        match request.url.path.rpartition("/")[2]:
            case "user":
                said = accounts.pop(0) if len(accounts) > 1 else accounts[0]
                if isinstance(said, Exception):
                    raise said
                return httpx.Response(said.status_code, content=said.content)
            case "algorithms":
                if isinstance(types, Exception):
                    raise types
                entry = next(row for row in ROWS if row["render_id"] == 40)
                return answer([*ROWS, *({**entry, "render_id": n, "name": str(n)} for n in types)])
            case "create":
                return answer(json.loads(CREATED.content))
            case "get":
                return answer(json.loads(VOCALS.content))
        return stored(vocals=b"RIFFvocals")(request)

    return Wire(reply)


@pytest.fixture(params=["separate", "separate_many"])
def pay(request: pytest.FixtureRequest, asynchronous: bool, tmp_path: Path) -> Any:
    """Separate songs by one client, with a journal or in a batch, and list the errors."""

    def run(wire: Wire, *songs: Any, sep_type: int = 40, **more: Any) -> list[Any]:
        given = {"out": tmp_path / "stems", "overwrite": True, **more}

        async def several(client: Any) -> list[Any]:
            return [await one(client, song) for song in songs]

        async def one(client: Any, song: Any) -> Any:
            with Journal(tmp_path / "journal") as journal:
                kept = {} if request.param == "separate_many" else {"journal": journal}
                call = getattr(client, request.param)
                first = [song] if request.param == "separate_many" else song
                try:
                    ended = call(first, sep_type, **kept, **given)
                    ended = await ended if asynchronous else ended
                except errors.MVSepError as error:
                    return error
                return ended[0].error if request.param == "separate_many" else None

        def act(client: Any) -> Any:
            return several(client) if asynchronous else flow.run(several(client))

        return wire.act(asynchronous, act)  # type: ignore[no-any-return]

    return run


def test_one_question_comes_before_the_first_upload_of_a_client(pay: Any) -> None:
    wire = service()

    assert pay(wire, SONG, OTHER) == [None, None]
    assert wire.paths.count(USER) == 1
    assert wire.paths.index(USER) < wire.paths.index(CREATE)
    assert wire.paths.count(CREATE) == 2


@pytest.mark.parametrize(
    ("said", "sep_type", "kind"),
    [
        (REFUSED, 40, errors.InvalidToken),
        (FREE, PREMIUM_TYPE, errors.PremiumRequired),
        (RICH, NEW_TYPE, errors.InvalidInput),
    ],
)
def test_what_would_be_refused_is_refused_before_the_upload(
    pay: Any, said: Any, sep_type: int, kind: type[errors.MVSepError]
) -> None:
    wire = service(said)
    (error,) = pay(wire, SONG, sep_type=sep_type)

    assert type(error) is kind
    assert error.charged is False
    assert CREATE not in wire.paths


def test_a_refusal_takes_an_answer_of_now(pay: Any) -> None:
    wire = service(FREE, RICH)
    switched = {"sep_type": PREMIUM_TYPE}
    first, second = pay(wire, SONG, OTHER, **switched)

    assert isinstance(first, errors.PremiumRequired)
    assert second is None


@pytest.mark.parametrize("said", [httpx.ReadError("reset"), httpx.Response(503), answer([])])
def test_what_can_not_be_asked_is_uploaded(pay: Any, said: Any) -> None:
    wire = service(said)

    assert pay(wire, SONG) == [None]
    assert wire.paths.count(CREATE) == 1


def test_an_unsure_price_above_the_balance_refuses_nothing(pay: Any) -> None:
    wire = service(POOR)

    assert pay(wire, song(600)[:-100]) == [None]
    assert isinstance(pay(wire, song(600))[0], errors.InsufficientCredits)


@pytest.mark.parametrize(("source", "more"), [(LINK, {}), (SONG, {"preflight": False})])
def test_nobody_is_asked_for_what_is_not_uploaded_or_when_told_so(
    pay: Any, source: Any, more: dict[str, Any]
) -> None:
    wire = service(REFUSED)

    assert pay(wire, source, **more) == [None]
    assert USER not in wire.paths


def test_a_type_that_only_the_services_list_has_is_sent(pay: Any) -> None:
    wire = service(types=[NEW_TYPE])
    options = {"Overlap": "87.5%"}  # which only the list knows

    assert pay(wire, SONG, OTHER, sep_type=NEW_TYPE, options=options) == [None, None]
    assert wire.paths.count(LIST) == 1


@pytest.mark.parametrize(
    ("types", "more"), [(httpx.ReadError("reset"), {}), ((), {"validate": False})]
)
def test_a_type_that_nobody_could_look_up_or_that_is_not_to_be_is_sent(
    pay: Any, types: Any, more: dict[str, Any]
) -> None:
    wire = service(types=types)

    assert pay(wire, SONG, sep_type=NEW_TYPE, **more) == [None]
    assert (LIST in wire.paths) != bool(more)


def test_a_job_that_goes_on_or_is_done_asks_nobody(do: Do, tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        kept = {"journal": journal, "out": tmp_path / "stems"}
        with pytest.raises(errors.JobTimeout):
            do(Wire(CREATED, WAITING), "separate", SONG, 40, timeout=0, **kept)
        wire = service(REFUSED)
        do(wire, "separate", SONG, 40, **kept)
        do(wire, "separate", SONG, 40, **kept)
        do(wire, "separate_many", [SONG], 40, **kept)

    assert USER not in wire.paths


@pytest.mark.parametrize("at_once", [None, 2])
def test_the_songs_of_a_batch_wait_for_one_question(
    do: Do, tmp_path: Path, at_once: int | None
) -> None:
    wire = service()
    songs = [SONG + bytes([n]) for n in range(4)]
    outcomes = do(wire, "separate_many", songs, 40, out=tmp_path, at_once=at_once)

    assert [each.error for each in outcomes] == [None] * 4
    assert wire.paths[0] == USER
    assert wire.paths.count(USER) == 1


def test_a_song_that_another_process_did_not_send_is_asked_for_too(do: Do, tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    path.write_bytes(SONG)
    with Journal(tmp_path / "journal") as journal:
        wire = Wire(REFUSED)
        with pytest.raises(KeyboardInterrupt):
            more = {"on_upload": interrupt, "journal": journal, "out": tmp_path / "stems"}
            do(service(), "separate", path, 40, **more)
        (outcome,) = do(wire, "finish", journal)

    assert isinstance(outcome.error, errors.InvalidToken)
    assert wire.paths == [USER]


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt
