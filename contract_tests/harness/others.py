"""Requests of other clients that work with the service, byte by byte but for address and token.

Each is what the client's HTTP library writes. `create` separates an upload, `link` a link,
`switch` turns premium on.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Request(NamedTuple):
    """A request: its first line, its headers, and its body.

    Each may hold TOKEN and SONG. Host and Content-Length are added.
    """

    line: str
    headers: str
    body: bytes

    def raw(self, host: str, token: str, song: bytes) -> bytes:
        """Return its bytes for a server, with a token and a song."""
        body = self.body.replace(b"TOKEN", token.encode()).replace(b"SONG", song)
        head = f"{self.line} HTTP/1.1\r\nHost: {host}\r\n{self.headers}"
        head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        return head.replace("TOKEN", token).encode() + body


def _parts(boundary: str, *parts: tuple[str, str]) -> bytes:
    """Write a multipart body: each part's headers, and its content."""
    written = "".join(f"--{boundary}\r\n{head}\r\n\r\n{content}\r\n" for head, content in parts)
    return f"{written}--{boundary}--\r\n".encode()


def _plain(*fields: tuple[str, str], kind: str = "") -> list[tuple[str, str]]:
    named = 'Content-Disposition: form-data; name="{}"' + (f"\r\nContent-Type: {kind}" * bool(kind))
    return [(named.format(name), value) for name, value in fields]


_CREATE: Final = "POST /api/separation/create"
_URLENCODED: Final = "Content-Type: application/x-www-form-urlencoded\r\n"


def _multipart(boundary: str) -> str:
    return f"Content-Type: multipart/form-data; boundary={boundary}\r\n"


# python-requests, all fields as files, and options that were not chosen as empty texts.
_EXAMPLE_1: Final = Request(
    _CREATE,
    "User-Agent: python-requests/2.31.0\r\nAccept-Encoding: gzip, deflate\r\nAccept: */*\r\n"
    + _multipart("0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
    _parts(
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        ('Content-Disposition: form-data; name="audiofile"; filename="song.wav"', "SONG"),
        *_plain(
            ("api_token", "TOKEN"),
            ("sep_type", "40"),
            ("add_opt1", ""),
            ("add_opt2", ""),
            ("output_format", "1"),
            ("is_demo", "0"),
        ),
    ),
)
# python-requests with data= and files=.
_EXAMPLE_3: Final = Request(
    _CREATE,
    "User-Agent: MVSEP Python Client/0.1\r\nAccept-Encoding: gzip, deflate\r\nAccept: */*\r\n"
    + _multipart("f9e8d7c6b5a493827160f5e4d3c2b1a0"),
    _parts(
        "f9e8d7c6b5a493827160f5e4d3c2b1a0",
        *_plain(
            ("api_token", "TOKEN"), ("sep_type", "40"), ("output_format", "0"), ("is_demo", "0")
        ),
        ('Content-Disposition: form-data; name="audiofile"; filename="song.wav"', "SONG"),
    ),
)
# The line of the service's page, by curl, which waits a second to be told to go on.
_CURL: Final = Request(
    _CREATE,
    "User-Agent: curl/8.5.0\r\nAccept: */*\r\n"
    + _multipart("------------------------xT1cB0mXhG8aVvYQ2kqZ5e"),
    _parts(
        "------------------------xT1cB0mXhG8aVvYQ2kqZ5e",
        (
            'Content-Disposition: form-data; name="audiofile"; filename="song.wav"\r\n'
            "Content-Type: audio/x-wav",
            "SONG",
        ),
        *_plain(
            ("api_token", "TOKEN"),
            ("sep_type", "40"),
            ("add_opt1", "81"),
            ("add_opt2", "2"),
            ("output_format", "1"),
            ("is_demo", "1"),
        ),
    ),
)
# A browser's FormData, the token in the query.
_BROWSER: Final = Request(
    f"{_CREATE}?api_token=TOKEN",
    "User-Agent: Mozilla/5.0\r\nAccept: */*\r\nOrigin: https://www.youtube.com\r\n"
    + _multipart("----WebKitFormBoundaryZ8gqB7mZ0w3yq9Qd"),
    _parts(
        "----WebKitFormBoundaryZ8gqB7mZ0w3yq9Qd",
        (
            'Content-Disposition: form-data; name="audiofile"; filename="song.wav"\r\n'
            "Content-Type: audio/wav",
            "SONG",
        ),
        *_plain(("sep_type", "40"), ("output_format", "2")),
    ),
)
# All fields in the query, and nothing but the file in the form.
_QUERY: Final = Request(
    f"{_CREATE}?api_token=TOKEN&sep_type=40&output_format=&add_opt1=",
    _multipart("only"),
    _parts(
        "only",
        ('Content-Disposition: form-data; name="audiofile"; filename="song.wav"', "SONG"),
    ),
)
# .NET: names without quotes, the file's name twice, the boundary in quotes.
_DOTNET: Final = Request(
    _CREATE,
    'Content-Type: multipart/form-data; boundary="2f6c1f0e-8d3b-4b57-9d8e-0a5b1c2d3e4f"\r\n',
    _parts(
        "2f6c1f0e-8d3b-4b57-9d8e-0a5b1c2d3e4f",
        *(
            (
                "Content-Type: text/plain; charset=utf-8\r\n"
                f"Content-Disposition: form-data; name={name}",
                value,
            )
            for name, value in (("api_token", "TOKEN"), ("sep_type", "40"), ("output_format", "2"))
        ),
        (
            "Content-Type: application/octet-stream\r\nContent-Disposition: form-data; "
            "name=audiofile; filename=song.wav; filename*=utf-8''song.wav",
            "SONG",
        ),
    ),
)
# Rust's reqwest.
_REQWEST: Final = Request(
    _CREATE,
    "accept: */*\r\n"
    + _multipart("8a1f0b7d3c5e2946-1122334455667788-99aabbccddeeff00-0123456789abcdef"),
    _parts(
        "8a1f0b7d3c5e2946-1122334455667788-99aabbccddeeff00-0123456789abcdef",
        *_plain(
            ("api_token", "TOKEN"), ("sep_type", "40"), ("output_format", "2"), ("add_opt1", "81")
        ),
        (
            'Content-Disposition: form-data; name="audiofile"; filename="song.wav"\r\n'
            "Content-Type: audio/wav",
            "SONG",
        ),
    ),
)
# Node's form-data, and a body that a script puts together.
_NODE: Final = Request(
    _CREATE,
    "Accept: application/json, text/plain, */*\r\nUser-Agent: axios/1.6.0\r\n"
    + _multipart("--------------------------417363870915127938261748"),
    _parts(
        "--------------------------417363870915127938261748",
        (
            'Content-Disposition: form-data; name="audiofile"; filename="song.wav"\r\n'
            "Content-Type: audio/wav",
            "SONG",
        ),
        *_plain(
            ("api_token", "TOKEN"), ("sep_type", "40"), ("output_format", "0"), ("is_demo", "0")
        ),
    ),
)
_GO: Final = Request(
    _CREATE,
    "User-Agent: Go-http-client/1.1\r\n"
    + _multipart("c6d1a50e4f4f0f7b1a8f2f7b3a5c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6"),
    _parts(
        "c6d1a50e4f4f0f7b1a8f2f7b3a5c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6",
        *_plain(("sep_type", "40"), ("api_token", "TOKEN")),
        (
            'Content-Disposition: form-data; name="audiofile"; filename="song.wav"\r\n'
            "Content-Type: application/octet-stream",
            "SONG",
        ),
    ),
)

CREATES: Final = {
    "official example 1": _EXAMPLE_1,
    "official example 3": _EXAMPLE_3,
    "curl": _CURL,
    "browser": _BROWSER,
    "fields in the query": _QUERY,
    ".NET": _DOTNET,
    "reqwest": _REQWEST,
    "node": _NODE,
    "Go": _GO,
}

_LINK: Final = "https%3A%2F%2Fexample.com%2Fmusic%2Fsong.wav"
LINKS: Final = {
    "official example 3": Request(
        _CREATE,
        "User-Agent: MVSEP Python Client/0.1\r\n" + _URLENCODED,
        b"api_token=TOKEN&sep_type=40&output_format=0&is_demo=0&remote_type=direct&url="
        + _LINK.encode(),
    ),
    "PowerShell": Request(
        _CREATE,
        "User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0) WindowsPowerShell/5.1\r\n"
        + _URLENCODED,
        b"sep_type=40&url=" + _LINK.encode() + b"&api_token=TOKEN&remote_type=",
    ),
    "multipart": Request(
        _CREATE,
        _multipart("link"),
        _parts(
            "link",
            *_plain(
                ("url", "https://example.com/music/song.wav"),
                ("sep_type", "40"),
                ("api_token", "TOKEN"),
                kind="text/plain",
            ),
        ),
    ),
    "all in the query": Request(f"{_CREATE}?api_token=TOKEN&sep_type=40&url={_LINK}", "", b""),
}

_SWITCH: Final = "POST /api/app/enable_premium"
SWITCHES: Final = {
    "requests": Request(_SWITCH, _URLENCODED, b"api_token=TOKEN"),
    "query": Request(f"{_SWITCH}?api_token=TOKEN", "", b""),
    "charset": Request(
        _SWITCH,
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n",
        b"api_token=TOKEN",
    ),
    "curl": Request(
        _SWITCH, _multipart("------d1"), _parts("------d1", *_plain(("api_token", "TOKEN")))
    ),
}
