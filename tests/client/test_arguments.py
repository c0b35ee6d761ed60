"""An argument that can't be meant is an InvalidInput of that name, before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mvsep import AsyncMVSep, InvalidInput, MVSep
from tests.wav_files import song
from tests.wire import BASE_URL, BOTH, TOKEN, Wire, answer

NAN = float("nan")
# More digits than Python writes.
HUGE = 10**5000

#: Values that can't be meant, by the argument of `separate` and of `separate_many`.
WRONG: dict[str, tuple[object, ...]] = {
    "timeout": (-1, "5", NAN, True, HUGE),
    "wait_for_place": (-1, "5", NAN, True, HUGE),
    "max_credits": (-1, NAN, True, HUGE),
    "seconds": (-1, 0, NAN, True, HUGE, 10**400, 1e10),
    "overwrite": ("no", 1),
    "again": ("no", 1),
    "validate": ("no", 1),
    "manifest": ("yes", 1),
    "preflight": ("no", 1),
    "allow_unknown_price": ("no", 1),
    "is_demo": ("no", 3),
    "send_mail_on_error": ("no", 3),
    "preset_id": ("x", -1, 1.5, True),
    "output_format": ("xyz", -1, 1.5, True, HUGE),
    "options": (3, HUGE, "Overlap", {"Overlap": HUGE}, {"Overlap": True}),
    "webhook_url": ("not a url", 3, b"http://x", "ftp://x/y", "http://", "http://x /", "//x"),
    "template": ("{stem", "{song}", 3, None),
    "out": (3, None, b"stems", HUGE),
    "journal": ("path", Path("path"), 3),
}
OF_ONE: dict[str, tuple[object, ...]] = {
    "parallel": (0, -1, 1.5, "2", True),
    "on_state": (3,),
    "on_file": (3,),
    "on_upload": (3,),
}
OF_MANY: dict[str, tuple[object, ...]] = {"at_once": (0, -1, 1.5, "2", True), "on_event": (3,)}


def rows(*tables: dict[str, tuple[object, ...]]) -> list[Any]:
    """Each argument with each of its values."""
    return [
        pytest.param(name, value, id=f"{name}-{number}")
        for table in tables
        for name, values in table.items()
        for number, value in enumerate(values)
    ]


@pytest.fixture
def wire() -> Wire:
    return Wire(answer({}, 500))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    path.write_bytes(song(10))
    return path


@BOTH
@pytest.mark.parametrize(("name", "value"), rows(WRONG, OF_ONE))
def test_separate_refuses(
    wire: Wire, path: Path, asynchronous: bool, name: str, value: object
) -> None:
    given: dict[str, Any] = {"out": path.parent, name: value}

    with pytest.raises(InvalidInput) as refused:
        wire.act(asynchronous, lambda client: client.separate(path, 40, **given))

    assert (refused.value.param, refused.value.charged) == (name, False)
    assert wire.requests == []


@BOTH
@pytest.mark.parametrize(("name", "value"), rows(WRONG, OF_MANY))
def test_separate_many_refuses(
    wire: Wire, path: Path, asynchronous: bool, name: str, value: object
) -> None:
    given: dict[str, Any] = {"out": path.parent, name: value}

    with pytest.raises(InvalidInput) as refused:
        outcomes = wire.act(asynchronous, lambda client: client.separate_many([path], 40, **given))
        raise outcomes[0].error

    assert (refused.value.param, refused.value.charged) == (name, False)
    assert not any(b"audiofile" in body for body in wire.bodies)


@BOTH
@pytest.mark.parametrize("sources", ["song.wav", b"song.wav", Path("song.wav"), None, 3])
def test_what_is_no_list_of_songs_is_not_taken_apart(
    wire: Wire, asynchronous: bool, sources: Any
) -> None:
    with pytest.raises(InvalidInput) as refused:
        wire.act(asynchronous, lambda client: client.separate_many(sources, 40))

    assert refused.value.param == "sources"
    assert wire.requests == []


@BOTH
@pytest.mark.parametrize("link", ["http://", "https:///a.wav", "http://[::1", "https://x y/a.wav"])
def test_a_link_that_leads_nowhere_is_not_handed_to_the_service(
    wire: Wire, asynchronous: bool, link: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        wire.act(asynchronous, lambda client: client.submit(link, 40))

    assert refused.value.param == "source"
    assert wire.requests == []


@pytest.mark.parametrize("kind", [MVSep, AsyncMVSep])
@pytest.mark.parametrize("name", ["polling", "retry", "pace", "timing", "downloads", "sleep"])
def test_a_client_is_not_made_of_what_is_no(kind: Any, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        kind(TOKEN, base_url=BASE_URL, **{name: 3})

    assert refused.value.param == name


@pytest.mark.parametrize("kind", [MVSep, AsyncMVSep])
def test_an_empty_address_is_not_taken_for_the_service_itself(kind: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        kind(TOKEN, base_url="")

    assert refused.value.param == "base_url"
