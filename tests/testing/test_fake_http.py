import pytest

from mvsep.testing import DEMO_TOKEN, render_song

NO_FORM = {"content": b"no boundary", "headers": {"Content-Type": "multipart/form-data"}}


@pytest.fixture
def stem(call):
    return call.done().files[0]["url"]


def test_the_rate_limit_counts_down_and_starts_again_each_minute(call, clock):
    def left():
        return call.get("/api/app/news").headers["x-ratelimit-remaining"]

    first = [left(), left()]
    clock.advance(60)

    assert (first, left()) == (["119", "118"], "119")


def test_over_the_limit_is_429_only_when_switched_on(call, server, clock):
    server.state.rate_limit = 1
    call.get("/api/app/news")
    lenient = call.get("/api/app/news")
    server.state.enforce_rate_limit = True
    clock.advance(20)
    strict = call.get("/api/app/news")
    clock.advance(int(strict.headers["retry-after"]))

    assert (lenient.status_code, lenient.headers["x-ratelimit-remaining"]) == (200, "0")
    assert (strict.status_code, strict.headers["retry-after"]) == (429, "40")
    assert call.get("/api/app/news").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "odd", "status", "body"),
    [
        ("GET", "/api/separation/gett", {}, 404, "api/separation/gett could not be found."),
        ("GET", "/api/separation/create", {}, 405, "Supported methods: POST."),
        ("POST", "/api/separation/create", NO_FORM, 400, "<h1>400 Bad Request</h1>"),
    ],
)
def test_what_is_no_request_is_refused_in_the_words_of_laravel_or_nginx(
    call, method, path, odd, status, body
):
    answer = call.send(method, path, **odd)
    html = answer.headers["content-type"] == "text/html; charset=utf-8"

    assert (answer.status_code, html) == (status, status == 400)
    assert body in answer.text if html else answer.json()["message"].endswith(body)


def test_fields_may_come_url_encoded_but_not_as_json(call):
    form = {"api_token": DEMO_TOKEN}

    assert call.send("POST", "/api/app/enable_premium", data=form).status_code == 200
    assert call.send("POST", "/api/app/enable_premium", json=form).status_code == 400


def test_json_is_written_as_php_writes_it(call):
    answer = call.get("/api/app/news", lang="ru")

    assert b"<\\/p>" in answer.content
    assert answer.content.isascii()
    assert answer.json()[0]["title"] == "Песочница"


def test_long_answers_are_gzipped_for_who_reads_gzip(call):
    plain = call.send("GET", "/api/app/algorithms", headers={"Accept-Encoding": "identity"})
    packed = call.send("GET", "/api/app/algorithms", headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()


def test_a_stem_has_length_and_an_etag_of_its_own_and_needs_no_token(call):
    answers = [call.send("GET", file["url"]) for file in call.done().files]

    for answer in answers:
        assert answer.status_code == 200
        assert int(answer.headers["content-length"]) == len(answer.content) == len(render_song())
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["etag"] == call.send("GET", answer.url).headers["etag"]
    assert len({answer.headers["etag"] for answer in answers}) == 2


def test_a_stem_is_not_there_before_the_job_is_done(call, clock, stem):
    hash_ = call.created()
    unfinished = stem.replace(stem.rsplit("/", 1)[1][:25], hash_[:25])
    early = call.send("GET", unfinished)
    clock.advance(5)

    assert (early.status_code, call.send("GET", unfinished).status_code) == (404, 200)


@pytest.mark.parametrize("name", ["", "x.wav", "..%2f..%2fetc%2fpasswd", "20260101000000-x"])
def test_a_name_the_server_did_not_give_is_404(call, stem, name):
    assert call.send("GET", f"/storage/processed/{name}").status_code == 404


def test_the_log_has_fields_and_files_but_no_secrets(call, server):
    call.create(add_opt1="81")
    call.post("/api/app/login", email="demo@example.com", password="demo-password")
    call.get("/api/app/user")
    create, login, user = server.state.requests

    assert (create.method, create.path, create.status) == ("POST", "/api/separation/create", 200)
    sent = {"sep_type": "40", "output_format": "1", "add_opt1": "81"}
    assert create.fields == {"api_token": "***", **sent}
    assert create.files == {"audiofile": "song.wav"}
    assert (login.fields["password"], user.fields) == ("***", {"api_token": "***"})


def test_a_refused_upload_leaves_no_file_and_closing_removes_every_other(call, server):
    folder = server.state._folder
    call.create(sep_type=999)
    refused = list(folder.iterdir())
    call.create()
    kept = list(folder.iterdir())
    server.state.close()

    assert refused == []
    assert kept
    assert not folder.exists()
