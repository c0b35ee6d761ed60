"""Stems are whole in their folder or a typed error, whatever is answered where they are fetched."""

import hashlib
import tempfile
from pathlib import Path

import attrs
import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contract_tests.harness.answers import PAGE, SHELLS, STATUSES, Answer, hostile
from contract_tests.harness.survival import GOOD, HASH, attempt, done, stem
from mvsep.errors import DownloadError, MVSepError, NoResultFiles

OWN_LINKS = ("https://de2.mvsep.com/a.wav", "https://mvsep.com/b.mid", "https://hk.mvsep.com/c d")
LINKS = (
    *("http://[", "http://[::1", "https://mvsep.com:99999/a", "//mvsep.com/a", "/a", "a", ""),
    *("https://evil.example/a", "https://mvsep.com.evil.example/a", "https://evilmvsep.com/a"),
    *("https://mvsep.com@evil.example", "https://mvsep.com\uff0f@evil.example"),
    *("http://mvsep.com", "ftp://mvsep.com/a", "file:///a", "data:,a"),
    *("https://mvsep.com/\x00", "https://mvsep.com/\n", "https://mvsep.com/\ud800"),
    *("https://mvsep.com/" + "x" * 70_000, "https://mvsep.com/..%2f..%2fa", "https://mvsep.com/%"),
    *("https://xn--.mvsep.com/", "https://\u2100.mvsep.com/", "https://*.mvsep.com/"),
    "https://\ud800.mvsep.com/a",
)
ODD_NAMES = (
    *("../../a.wav", "/etc/passwd", "C:\\a", "nul", "a\x00b", "\ud800", "x" * 300, ".", "..", ""),
)
NAMES = st.text() | st.sampled_from(ODD_NAMES)
FILES = st.fixed_dictionaries(
    {"url": st.sampled_from(OWN_LINKS) | st.sampled_from(LINKS)},
    optional={
        "type": NAMES,
        "download": NAMES,
        "bytes": st.sampled_from([6, "6", 0, -1, "9" * 5000, 10**400, 1.5, None, "six"]),
    },
)
BYTES = Answer(b"RIFF\x00\xff", headers=(("content-type", "audio/wav"), ("content-length", "6")))


def sized(content):
    return Answer(content, headers=(("content-length", str(len(content))),))


def storage(state, bodies):
    """Return what answers where a job is done: its state, and each file's body under its number."""

    def give(request):
        if request.url.path.startswith("/api/"):
            return Answer.of(state)
        number = request.url.query.decode().rpartition("n=")[2]
        return bodies[int(number)] if number.isdigit() else BYTES

    return give


def fetch(far_end, shell, folder):
    outcome = attempt(far_end, shell, lambda client: client.job(HASH).download(folder))
    hosts = {request.url.host for request in far_end.requests}
    assert all(host == "mvsep.com" or host.endswith(".mvsep.com") for host in hosts)
    return outcome


def visible(folder):
    """Return what stands under a name; what is on its way has a hidden one."""
    return {path for path in Path(folder).rglob("*") if not path.name.startswith(".")}


def whole(answer):
    """Return the bytes of a file that was answered in full, or None."""
    if answer.status != 200:
        return None
    try:
        return answer.response().read()
    except httpx.DecodingError:
        return None


@given(files=st.lists(FILES, min_size=1, max_size=3), data=st.data())
def test_a_stem_is_whole_in_its_folder_or_a_typed_error(far_end, ledger, files, data):
    bodies = []
    for number, file in enumerate(files):
        body = data.draw(st.just(BYTES) | hostile(GOOD["app_news"][0]), label="body")
        if data.draw(st.booleans()):
            length = ("content-length", str(len(body.content)))
            body = attrs.evolve(body, headers=(*body.headers, length))
        bodies.append(body)
        if file["url"] in OWN_LINKS:
            file["url"] += f"?n={number}"
    far_end.answer = storage(done(*files), bodies)
    for shell in SHELLS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "stems"
            outcome = fetch(far_end, shell, folder)
            assert set(Path(name).iterdir()) <= {folder}
            if isinstance(outcome, MVSepError):
                assert isinstance(outcome, DownloadError | NoResultFiles)
                assert outcome.hash == HASH
                stems = getattr(outcome, "finished", ())
                assert len(stems) < len(files)
            else:
                stems = outcome.files
                assert len(stems) == len([file for file in files if file["url"]])
            assert visible(folder) == {stem.path for stem in stems}
            for each in stems:
                content = each.path.read_bytes()
                assert content in [whole(body) for body in (*bodies, BYTES)]
                digest = hashlib.sha256(content).hexdigest()
                assert (each.size, each.sha256) == (len(content), digest)
    ledger.count("property cases", "separation_get", 200)


@pytest.mark.parametrize("name", ODD_NAMES, ids=lambda name: f"{name!a:.20}")
def test_stems_of_one_name_have_each_a_place_in_the_folder(far_end, tmp_path, name):
    contents = [b"RIFF1", b"RIFF22"]
    files = [
        stem(f"{OWN_LINKS[0]}?n={n}", type=name, download=name, bytes=len(content))
        for n, content in enumerate(contents)
    ]
    far_end.answer = storage(done(*files), [sized(content) for content in contents])
    for shell in SHELLS:
        result = fetch(far_end, shell, tmp_path / shell / "stems")
        assert set((tmp_path / shell).iterdir()) == {tmp_path / shell / "stems"}
        assert {file.path.parent for file in result.files} == {tmp_path / shell / "stems"}
        assert [file.path.read_bytes() for file in result.files] == contents


def test_a_file_that_changed_on_the_way_is_not_pieced_together(far_end, tmp_path):
    old, new = b"OLD-OLD", b"NEW-NEW"
    asked = []

    def give(request):
        """Answer with the old file, cut; with parts of the new one; then with all of it."""
        if request.url.path.startswith("/api/"):
            return Answer.of(done(stem(OWN_LINKS[0])))
        asked.append(tuple(request.headers.get(name) for name in ("range", "if-range")))
        size = ("content-length", str(len(new)))
        if len(asked) == 1:
            return Answer(old[:3], headers=(("etag", '"old"'), size))
        if asked[-1][0]:
            part = (("content-range", "bytes 3-6/7"), ("content-length", "4"))
            return Answer(new[3:], 206, (("etag", '"new"'), *part))
        return Answer(new, headers=(("etag", '"new"'), size))

    for shell in SHELLS:
        asked.clear()
        far_end.answer = give
        (file,) = fetch(far_end, shell, tmp_path / shell).files
        assert asked == [(None, None), ("bytes=3-", '"old"'), (None, None)]
        assert file.path.read_bytes() == new
        assert (file.size, file.sha256) == (len(new), hashlib.sha256(new).hexdigest())


@pytest.mark.parametrize("url", LINKS, ids=lambda url: f"{url!a:.40}")
def test_a_link_that_is_not_the_services_is_refused(far_end, tmp_path, url):
    for named in ({}, {"download": None}):
        far_end.answer = storage(done(stem(url, **named)), [])
        for shell in SHELLS:
            outcome = fetch(far_end, shell, tmp_path)
            schemes = {request.url.scheme for request in far_end.requests}
            assert schemes == {"https"}
            assert isinstance(outcome, MVSepError) or visible(tmp_path)
            for path in visible(tmp_path):
                path.unlink()


NO_STEMS = {
    **{
        str(status): attrs.evolve(BYTES, status=status)
        for status in sorted({*range(100, 1000, 7), *STATUSES} - {200})
    },
    **{
        f"away to {url}": Answer(b"", 302, (("location", url),))
        for url in ("https://evil.example/a", "http://mvsep.com/a", "//evil.example")
    },
    **{
        kind: Answer(PAGE, headers=(("content-type", kind), ("content-length", str(len(PAGE)))))
        for kind in ("text/html", "text/html; charset=UTF-8", "TEXT/HTML")
    },
}


@pytest.mark.parametrize("answer", NO_STEMS.values(), ids=NO_STEMS)
def test_no_status_redirect_or_page_brings_a_stem(far_end, tmp_path, answer):
    far_end.answer = storage(done(stem(f"{OWN_LINKS[0]}?n=0")), [answer])
    for shell in SHELLS:
        assert isinstance(fetch(far_end, shell, tmp_path), DownloadError)
        assert {request.url.scheme for request in far_end.requests} == {"https"}
        assert visible(tmp_path) == set()


@example(lie="9" * 5000, promised=None)
@example(lie="-6", promised="-6")
@example(lie="\xb2", promised="\xb2")
@given(lie=st.integers(0, 12).map(str), promised=st.none() | st.integers(0, 12))
def test_a_length_that_lies_leaves_nothing(far_end, lie, promised):
    body = Answer(BYTES.content, headers=(*BYTES.headers[:1], ("content-length", lie)))
    far_end.answer = storage(done(stem(f"{OWN_LINKS[0]}?n=0", bytes=promised)), [body])
    for shell in SHELLS:
        with tempfile.TemporaryDirectory() as folder:
            outcome = fetch(far_end, shell, folder)
            kept = [path.read_bytes() for path in visible(folder)]
        if kept:
            assert not isinstance(outcome, MVSepError)
            assert kept == [body.content]
            assert lie == "6" or not lie.isascii() or not lie.isdigit() or len(lie) > 18
            assert promised in (6, None) or isinstance(promised, str)
        else:
            assert isinstance(outcome, DownloadError)
            assert (lie, promised) not in {("6", 6), ("6", None)}
