"""What a caller's own httpx client adds goes to the hosts that the caller asks, and to no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import DownloadError
from tests.wire import BASE_URL, TOKEN, Wire, answer

HASH = "20250131145833-a0bb276157-song.wav"
OTHER = "cdn.example.com"


class Signing(httpx.Auth):
    """Signs the address, as some gateways want it."""

    def auth_flow(self, request: httpx.Request) -> Any:
        request.url = request.url.copy_merge_params({"signed": "SIGNATURE"})
        request.headers["Authorization"] = "Basic PASS"
        yield request


def own(wire: Wire, asynchronous: bool, **more: Any) -> Any:
    """Make a caller's own httpx client."""
    kind: Any = httpx.AsyncClient if asynchronous else httpx.Client
    return kind(
        transport=httpx.MockTransport(wire.asked if asynchronous else wire),
        **{
            "auth": Signing(),
            "headers": {"X-Api-Key": "KEY", "Accept": "own/accept", "User-Agent": "own-agent"},
            "cookies": {"session": "COOKIE"},
            **more,
        },
    )


def done(*links: str) -> httpx.Response:
    files = [{"url": link, "type": f"s{number}"} for number, link in enumerate(links)]
    return answer({"success": True, "status": "done", "data": {"files": files}})


def secrets(request: httpx.Request) -> list[str]:
    """Name what a request carries of the caller's, or of the account's."""
    text = f"{request.url} {request.headers.raw!r}"
    all_of_them = ("SIGNATURE", "PASS", "KEY", "COOKIE", "own/accept", "own-agent", TOKEN)
    return [each for each in all_of_them if each in text]


def download(wire: Wire, asynchronous: bool, out: Path, **settings: Any) -> None:
    settings = {"http_client": own(wire, asynchronous), "result_hosts": [OTHER], **settings}
    wire.act(asynchronous, lambda client: _fetched(client, asynchronous, out), **settings)


def _fetched(client: Any, asynchronous: bool, out: Path) -> Any:
    job = client.job(HASH)
    if not asynchronous:
        job.wait()
        return job.download(out)

    async def fetched() -> Any:
        await job.wait()
        return await job.download(out)

    return fetched()


def test_a_stem_of_another_host_sees_nothing_of_the_callers(
    asynchronous: bool, tmp_path: Path
) -> None:
    wire = Wire(
        done(f"{BASE_URL}/a/v.wav", f"https://{OTHER}/a/o.wav"), httpx.Response(200, content=b"x")
    )
    download(wire, asynchronous, tmp_path)

    asked = {request.url.host: request for request in wire.requests[1:]}
    assert secrets(asked[OTHER]) == []
    assert asked[OTHER].headers["Host"] == OTHER
    assert asked[OTHER].headers["User-Agent"].startswith("mvsep-python/")
    theirs = ["SIGNATURE", "PASS", "KEY", "COOKIE", "own/accept", "own-agent"]
    assert secrets(asked["127.0.0.1"]) == theirs


def test_a_redirect_to_another_host_takes_nothing_of_the_callers_along(
    asynchronous: bool, tmp_path: Path
) -> None:
    wire = Wire(
        done(f"{BASE_URL}/a/v.wav"),
        httpx.Response(302, headers={"Location": f"https://{OTHER}/a/v.wav"}),
        httpx.Response(302, headers={"Location": "http://127.0.0.1:9/a/v.wav"}),
        httpx.Response(200, content=b"x"),
    )
    download(wire, asynchronous, tmp_path, result_hosts=[OTHER, "127.0.0.1:9"])

    assert [request.url.netloc.decode() for request in wire.requests[2:]] == [OTHER, "127.0.0.1:9"]
    assert [secrets(request) for request in wire.requests[2:]] == [[], []]


def test_the_rest_of_a_stem_is_asked_of_another_host_as_ever(
    asynchronous: bool, tmp_path: Path
) -> None:
    head = {"ETag": '"1"', "Content-Length": "4"}
    wire = Wire(
        done(f"https://{OTHER}/a/v.wav"),
        lambda _: httpx.Response(200, headers=head, stream=httpx.ByteStream(b"RI")),
        httpx.Response(206, headers={"ETag": '"1"', "Content-Range": "bytes 2-3/4"}, content=b"FF"),
    )
    download(wire, asynchronous, tmp_path)

    sent = wire.requests[2].headers
    assert (sent["Range"], sent["If-Range"]) == ("bytes=2-", '"1"')
    assert sent["Accept-Encoding"] == "identity"
    assert (tmp_path / "song_s0.wav").read_bytes() == b"RIFF"


def test_a_host_of_the_service_that_the_caller_did_not_choose_sees_the_token_alone(
    asynchronous: bool,
) -> None:
    wire = Wire(answer({"success": True, "status": "done", "data": {"files": []}}))
    http = own(wire, asynchronous, auth=("gateway", "PASS"))
    wire.act(
        asynchronous,
        lambda client: client.job(HASH, host="https://de.mvsep.com").cancel(),
        http_client=http,
        base_url="https://gateway.example",
    )

    (request,) = wire.requests
    assert request.url.host == "de.mvsep.com"
    assert secrets(request) == []
    assert "authorization" not in request.headers
    assert TOKEN.encode() in wire.bodies[0]


def test_all_regions_of_the_service_see_what_the_callers_client_adds(asynchronous: bool) -> None:
    wire = Wire(answer({"success": True}))
    wire.act(
        asynchronous,
        lambda client: client.job(HASH, host="https://de.mvsep.com").cancel(),
        http_client=own(wire, asynchronous),
        base_url=None,
    )

    assert "KEY" in secrets(wire.requests[0])


@pytest.mark.parametrize(
    "location",
    [
        "https://xn--a.example/v.wav",
        "https://xn--zzzzzzzzzz/",
        "https://mvsep.com:99999/v.wav",
        "https:///v.wav",
        "http://[::1/v.wav",
        "https://a b/",
    ],
)
def test_a_redirect_to_no_address_is_an_error_of_the_download(
    asynchronous: bool, tmp_path: Path, location: str
) -> None:
    wire = Wire(done(f"{BASE_URL}/a/v.wav"), httpx.Response(302, headers={"Location": location}))
    with pytest.raises(DownloadError):
        download(wire, asynchronous, tmp_path)
