"""Answers of a server: all that the contract allows, all that breaks it, and a far end to say it.

No socket is opened: `FarEnd` stands behind httpx's mock transport, with both clients before it.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Self

import attrs
import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

from contract_tests.harness import facade
from contract_tests.harness.ledger import Row
from mvsep import NO_RETRY, AsyncMVSep, MVSep, Pace, PollPolicy, RetryPolicy
from mvsep.settings.policies import Clock
from mvsep_api.operations import SERVERS
from tools.operations import operations, resolve

TOKEN: Final = "EXAMPLEexampleEXAMPLEexample00"
JSON: Final = ("content-type", "application/json")
Draw = Callable[[st.SearchStrategy[Any]], Any]


# What is answered


@attrs.frozen
class Answer:
    """One answer, as a server sends it."""

    content: bytes  # body on the wire; whether it is what `headers` say is another matter
    status: int = 200  # HTTP status code
    headers: tuple[tuple[str, str], ...] = (JSON,)  # names and values

    @classmethod
    def of(cls, value: Any, status: int = 200) -> Answer:
        """Return a JSON answer."""
        return cls(json.dumps(value).encode(), status)

    def response(self) -> httpx.Response:
        """Return the answer for httpx, its body not decoded yet."""
        stream = httpx.ByteStream(self.content)
        headers = [(name.encode(), value.encode("latin-1")) for name, value in self.headers]
        return httpx.Response(self.status, headers=headers, stream=stream)

    def body(self) -> Any:
        """Read the body as JSON data, without any code of ours; `UNREADABLE` where it is none."""
        try:
            return json.loads(self.response().read())
        except (ValueError, RecursionError, httpx.DecodingError):
            return UNREADABLE

    def __str__(self) -> str:
        shown = self.content[:2000].decode("utf-8", errors="backslashreplace")
        return f"< {self.status} {dict(self.headers)}\n{shown}"


UNREADABLE: Final = object()


def texts(value: Any) -> list[str]:
    """Return the texts of an answer, wherever they stand in it."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [text for each in inner for text in texts(each)]
    return [value] if isinstance(value, str) else []


# What the contract allows


def allowed(contract: dict[str, Any]) -> dict[Row, st.SearchStrategy[Any]]:
    """Return all bodies that the schemas of answers and webhooks allow; one strategy a schema.

    Schemathesis draws bodies of requests only, so the schemas become those of a made-up document.
    """
    schemas = dict(_schemas(contract))
    texts = {json.dumps(schema, sort_keys=True) for schema in schemas.values()}
    names = {text: f"/{number}" for number, text in enumerate(sorted(texts))}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "answers", "version": "1"},
        "paths": {path: {"post": _body(json.loads(text))} for text, path in names.items()},
        "components": {"schemas": contract["components"]["schemas"]},
    }
    drawn = schemathesis.openapi.from_dict(document)
    strategies = {
        path: drawn[path]["POST"]
        .as_strategy(generation_mode=GenerationMode.POSITIVE)
        .map(lambda case: case.body)
        for path in names.values()
    }
    return {
        row: strategies[names[json.dumps(schema, sort_keys=True)]]
        for row, schema in schemas.items()
    }


def _schemas(contract: dict[str, Any]) -> Iterator[tuple[Row, dict[str, Any]]]:
    for _, _, operation in operations(contract):
        for status, reference in operation["responses"].items():
            content = resolve(contract, reference).get("content", {})
            if "application/json" in content:
                yield (operation["operationId"], status), content["application/json"]["schema"]
    for name, item in contract.get("webhooks", {}).items():
        content = resolve(contract, item["post"]["requestBody"])["content"]
        yield (name, "webhook"), content["application/json"]["schema"]


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"requestBody": body, "responses": {"200": {"description": "Never called."}}}


# What breaks it

_HOLE: Final = "the hole for a raw token"
_DEEP: Final = 100_000
# JSON as text that `json.dumps` does not write, or that no schema has in that place.
_WORDS: Final = r"""
1e999 -1e999 NaN Infinity -Infinity 0.1e-400 -1 0 1.0 01 undefined // [1,] 'x'
"1e999" "-1" "\u0661" "" "\ud800" "\udfff\ud83d" "\u0000" "\u001b[2J" "\u202e" "done" "failed"
"http://[" "https://de2.mvsep.com:99999/a" "https://de2.mvsep.com/\ud800" "//["
null true false [] {} [[]] [null] {"a":1,"a":{}} [["hash","a"]]
"""
_TOKENS: Final = (
    *_WORDS.split(),
    *("", '" "', "1" * 401, "9" * 5000, f'"{"9" * 5000}"', f'"{"x" * 70_000}"'),
    *("[" * 400 + "]" * 400, "[" * 900 + '"x"' + "]" * 900, '{"a":' * 900 + "1" + "}" * 900),
    *("[" * _DEEP + "]" * _DEEP, '{"a":' * _DEEP),
)
_ENCODINGS: Final = (
    *("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"),
    *("latin-1", "cp037"),
)
PAGE: Final = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_BODIES: Final = (PAGE, b"", b" ", b"null", b'""', b'"{"', b"0", b"[]", b"{}", b"[[]]", b"\xff\xfe")
_BOMB: Final = gzip.compress(bytes(1 << 20), mtime=0)
#: Statuses with a meaning of their own, here or at a front end; any other is drawn too.
STATUSES: Final = (
    *(100, 101, 103, 199, 201, 202, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304, 307, 308),
    *(400, 401, 402, 403, 404, 405, 408, 409, 410, 411, 413, 415, 418, 419, 422, 425, 429, 431),
    *(444, 451, 499, 500, 501, 502, 503, 504, 511, *range(520, 531), 598, 599, 600, 700, 999),
)
HEADERS: Final = tuple(
    (name, value)
    for name, values in {
        "content-type": ("text/html; charset=utf-16", "application/json; charset=no-such", ";"),
        "retry-after": (
            *("abc", "-5", "1e9", "0", "1000000000", "9" * 400, "9" * 5000, "1, 2", "\xb2"),
            "Wed, 21 Oct 2099 07:28:00 GMT",
        ),
        "content-length": ("0", "1", "-1", "abc", "9" * 5000, "\xb2"),
        "content-encoding": ("gzip", "deflate", "br, gzip", "no-such", ","),
        "transfer-encoding": ("chunked",),
        "location": ("http://[", "//", "http://x:99999/", "\xff", "javascript:alert(1)", "/"),
        "set-cookie": ("\xff", f"=; expires=never; domain=..; max-age={'9' * 30}"),
        "x-ratelimit-remaining": ("-1", "\xe9\xff"),
    }.items()
    for value in values
)


@st.composite
def spoiled(draw: Draw, value: Any) -> bytes:
    """Draw a JSON text like that of `value`, with one to three places of it changed."""
    root = {"": json.loads(json.dumps(value))}  # the whole is a place too
    for _ in range(draw(st.integers(1, 3))):
        if places := list(_places(root)):
            _change(draw, *draw(st.sampled_from(places)))
    text = json.dumps(root.get(""), ensure_ascii=draw(st.booleans()))
    while f'"{_HOLE}"' in text:
        text = text.replace(f'"{_HOLE}"', draw(st.sampled_from(_TOKENS)), 1)
    return text.encode("utf-8", errors="surrogatepass")


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in JSON data, as what holds it and the key or index there."""
    for key in list(holder) if isinstance(holder, dict) else range(len(holder)):
        yield holder, key
        if isinstance(holder[key], dict | list):
            yield from _places(holder[key])


def _change(draw: Draw, holder: Any, key: Any) -> None:
    match draw(st.sampled_from(("token", "drop", "list", "object", "rename", "text"))):
        case "drop":
            del holder[key]
        case "list":
            holder[key] = [holder[key]]
        case "object":
            holder[key] = {"0": holder[key]}
        case "rename" if isinstance(holder, dict) and key:
            holder[f"{key}_"] = holder.pop(key)
        case "text":
            holder[key] = json.dumps(holder[key])
        case _:
            holder[key] = _HOLE


@st.composite
def _disguised(draw: Draw, content: bytes) -> Answer:
    """Draw the same body in another encoding, cut, padded, replaced, or coded for the way."""
    match draw(st.sampled_from(("encoding", "cut", "padded", "replaced", "gzip"))):
        case "encoding":
            text = content.decode("utf-8", errors="replace")
            return Answer(text.encode(draw(st.sampled_from(_ENCODINGS)), errors="replace"))
        case "cut":
            return Answer(content[: draw(st.integers(0, len(content)))])
        case "padded":
            return Answer(draw(st.binary(max_size=9)) + content + draw(st.binary(max_size=9)))
        case "replaced":
            return Answer(draw(st.sampled_from(_BODIES)))
        case _:
            packed = gzip.compress(content, mtime=0)
            bodies = (packed, packed[:-9], packed[:5], packed * 2, content, b"", _BOMB)
            coded = ("content-encoding", "gzip")
            return Answer(draw(st.sampled_from(bodies)), headers=(JSON, coded))


@st.composite
def hostile(draw: Draw, value: Any) -> Answer:
    """Draw an answer that breaks the contract in one way or in several; a few may keep it."""
    content = draw(spoiled(value)) if draw(st.booleans()) else json.dumps(value).encode()
    answer = draw(_disguised(content)) if draw(st.booleans()) else Answer(content)
    status = draw(st.just(200) | st.sampled_from(STATUSES) | st.integers(100, 999))
    own = answer.headers if draw(st.booleans()) else ()
    more = draw(st.lists(st.sampled_from(HEADERS), max_size=2))
    return attrs.evolve(answer, status=status, headers=(*own, *more))


# Who answers

SHELLS: Final = ("sync", "async")
Given = Answer | Exception


class FarEnd:
    """A pretended service with both clients before it, on a clock that only waiting moves.

    Attributes:
        answer: What every request is answered with: an answer, or a function of the request that
            gives one. An exception is raised, as httpx does when a connection breaks.
        requests: What was asked, in order.
        waits: The seconds of each pause.
        now: The clock's time, in seconds.
    """

    def __init__(self, *, retry: RetryPolicy = NO_RETRY, regions: Sequence[str] = ()) -> None:
        self.answer: Given | Callable[[httpx.Request], Given] = Answer.of({})
        self.requests: list[httpx.Request] = []
        self.waits: list[float] = []
        self.now = 0.0
        self._runner = asyncio.Runner()
        transport = httpx.MockTransport(self._say)
        http, async_http = httpx.Client(transport=transport), httpx.AsyncClient(transport=transport)
        # One answer is given for good: whoever asks again gets it again.
        settings: dict[str, Any] = {
            "retry": retry,
            "pace": Pace(per_minute=float("inf")),
            "polling": PollPolicy(retry=retry),
            "regions": regions,
            "timing": Clock(clock=lambda: self.now, wall=lambda: self.now, chance=lambda: 0.5),
        }
        self._sync = MVSep(
            TOKEN, base_url=SERVERS[0], http_client=http, sleep=self._wait, **settings
        )
        self._async = AsyncMVSep(
            TOKEN, base_url=SERVERS[0], http_client=async_http, sleep=self._async_wait, **settings
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sync.close()
        self._runner.run(self._async.close())
        self._runner.close()

    def run(self, shell: str, do: Callable[[Any], Any], *, anew: bool = True) -> Any:
        """Let a client do something."""
        self.requests.clear()
        self.waits.clear()
        if anew:
            for client in (self._sync, self._async):
                client._port.http.cookies.clear()
        if shell == "sync":
            return do(self._sync)

        async def awaited() -> Any:
            return await do(self._async)

        return self._runner.run(awaited())

    def method(self, operation: str, arguments: dict[str, Any]) -> Callable[[Any], Any]:
        """Return what `run` takes, for a call of an operation through the facade."""
        return lambda client: facade.method(client, operation)(**arguments)

    def _say(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answer(request) if callable(self.answer) else self.answer
        if isinstance(answer, Exception):
            raise answer
        return answer.response()

    def _wait(self, seconds: float) -> None:
        # As `time.sleep` takes it: neither below nothing nor beyond what a system can wait.
        assert 0 <= seconds < threading.TIMEOUT_MAX, f"a pause of {seconds} seconds"
        self.waits.append(seconds)
        self.now += seconds

    async def _async_wait(self, seconds: float) -> None:
        self._wait(seconds)
