"""Fetching somebody else's document: what is asked, what is followed, and when it is given up."""

import json

import httpx
import pytest

from tools import documents
from tools.documents import Unreadable, read

URL = "https://mvsep.com/misc/mvsep-openapi-spec.json"


class Web:
    """Answers by address; keeps the requests."""

    def __init__(self, **answers):
        self.answers = {key.replace("_", "/"): answer for key, answer in answers.items()}
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        answer = self.answers[request.url.path.lstrip("/")]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def read(self, source="https://mvsep.com/doc"):
        with httpx.Client(transport=httpx.MockTransport(self)) as http:
            return read(source, http=http)


def to(location, status=302):
    return httpx.Response(status, headers={"location": location})


@pytest.fixture(autouse=True)
def _token(monkeypatch):
    monkeypatch.setenv("MVSEP_API_TOKEN", "SECRETsecretSECRETsecretSECRET")


def test_a_document_is_fetched_with_one_get_and_no_token():
    web = Web(doc=httpx.Response(200, json={"openapi": "3.0.0"}))
    assert web.read() == {"openapi": "3.0.0"}
    (request,) = web.requests
    assert (request.method, str(request.url)) == ("GET", "https://mvsep.com/doc")
    assert "SECRET" not in repr(request.headers) + str(request.url)
    assert not {"authorization", "cookie"} & set(request.headers)


def test_a_byte_order_mark_does_not_matter(tmp_path):
    path = tmp_path / "doc.json"
    path.write_bytes(b"\xef\xbb\xbf[1]")
    assert read(str(path)) == [1]


@pytest.mark.parametrize("location", ["/moved", "https://mvsep.com/moved", "//mvsep.com/moved"])
def test_a_redirect_to_the_same_host_is_followed(location):
    web = Web(doc=to(location), moved=httpx.Response(200, json=[]))
    assert web.read() == []


@pytest.mark.parametrize(
    "location",
    [
        "https://example.com/moved",
        "https://de.mvsep.com/moved",
        "http://mvsep.com/moved",
        "https://mvsep.com.example.com/moved",
        "ftp://mvsep.com/moved",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(location):
    web = Web(doc=to(location), moved=httpx.Response(200, json=[]))
    with pytest.raises(Unreadable, match="redirects to"):
        web.read()
    assert len(web.requests) == 1


def test_a_circle_of_redirects_is_left():
    web = Web(doc=to("/doc"))
    with pytest.raises(Unreadable, match="redirects more than 5 times"):
        web.read()
    assert len(web.requests) == 6


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(404, text="<html>"), "answered 404 Not Found"),
        (httpx.Response(503, json={}), "answered 503 Service Unavailable"),
        (httpx.Response(520), "answered 520"),
        (httpx.Response(204), "answered 204 No Content"),
        (httpx.Response(302), "answered 302 Found"),
        (httpx.Response(200, html="<!doctype html>"), "is an HTML page"),
        (httpx.Response(200, content=b""), "is empty"),
        (httpx.Response(200, text="{"), "is not JSON"),
        (httpx.ConnectError("Name or service not known"), "Name or service not known"),
        (httpx.ConnectError("No route"), "fetch it elsewhere and name the file"),
        (httpx.ReadTimeout(""), "ReadTimeout"),
        (to("https://[bad"), "redirects to https://%5Bbad, not followed"),
        (to("http://mvsep.com:x"), "could not be fetched"),
    ],
)
def test_what_can_not_be_had_is_told_in_one_sentence_that_names_the_address(answer, reason):
    with pytest.raises(Unreadable) as caught:
        Web(doc=answer).read()
    assert reason in str(caught.value)
    assert str(caught.value).startswith("https://mvsep.com/doc ")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "source",
    ["https://me:secret@x.org/", "https://x.org/?api_token=secret", "https://x.org/?api_token="],
)
def test_an_address_with_a_secret_in_it_is_refused_and_not_repeated(source):
    web = Web(doc=httpx.Response(200, json=[]))
    with pytest.raises(Unreadable) as caught:
        web.read(source)
    assert "secret" not in str(caught.value)
    assert web.requests == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        *(
            (f"{kind}doc", "is no address of the kind http:// or")
            for kind in ("ftp://", "file:///")
        ),
        ("mvsep://x", "is no address of the kind http:// or https://"),
        ("http://[x", "is no web address"),
        ("https://mvsep.com:x/doc", "could not be fetched"),
    ],
)
def test_an_address_that_is_none_is_told_and_not_taken_for_a_file(source, reason):
    with pytest.raises(Unreadable, match=reason):
        Web().read(source)


class Stream(httpx.SyncByteStream):
    """A body without an end; counts what was taken of it."""

    taken = 0

    def __iter__(self):
        while True:
            self.taken += 1
            yield b" " * 1024 * 1024


def test_an_endless_document_is_given_up_at_the_limit():
    stream = Stream()
    with pytest.raises(Unreadable, match="larger than 20 MB"):
        Web(doc=httpx.Response(200, stream=stream)).read()
    assert stream.taken <= 22


def test_a_document_that_takes_for_ever_is_given_up(monkeypatch):
    monkeypatch.setattr(documents, "DEADLINE", -1.0)
    stream = Stream()
    with pytest.raises(Unreadable, match="took longer than"):
        Web(doc=httpx.Response(200, stream=stream)).read()
    assert stream.taken == 1


def test_a_file_is_held_to_the_same_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "MAX_BYTES", 1024 * 1024)
    path = tmp_path / "doc.json"
    path.write_bytes(b" " * (1024 * 1024 + 1))
    with pytest.raises(Unreadable, match="larger than 1 MB"):
        read(str(path))
    path.write_text(json.dumps("x" * (1024 * 1024 - 2)))
    assert len(read(str(path))) == 1024 * 1024 - 2


@pytest.mark.parametrize("name", ["nowhere.json", ".", "a\0b"])
def test_a_file_that_can_not_be_read_is_told(tmp_path, name):
    with pytest.raises(Unreadable, match="can't be read"):
        read(f"{tmp_path}/{name}")
