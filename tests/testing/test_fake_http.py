import pytest

from mvsep.testing import DEMO_TOKEN, render_song
from mvsep.testing.operations import OPERATIONS


@pytest.fixture
def stem(call, clock):
    hash_ = call.created()
    clock.advance(5)
    return call.status(hash_).files[0]["url"]


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in OPERATIONS])
def test_every_operation_answers_json_even_to_an_empty_request(call, method, path):
    answer = call.send(method, path)

    assert answer.status_code in {200, 400, 401}
    assert answer.headers["content-type"] == "application/json"
    assert isinstance(answer.json(), (dict, list))


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in OPERATIONS])
def test_every_answer_carries_the_rate_limit(call, method, path):
    headers = call.send(method, path).headers

    assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("120", "119")
    assert headers["cache-control"] == "no-cache, private"


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


def test_an_unknown_path_is_404_in_laravels_words(call):
    answer = call.get("/api/separation/gett")

    assert answer.status_code == 404
    assert answer.json() == {"message": "The route api/separation/gett could not be found."}


def test_a_wrong_method_is_405_and_says_which_is_right(call):
    answer = call.get("/api/separation/create")

    assert answer.status_code == 405
    assert answer.json()["message"].endswith("Supported methods: POST.")


def test_a_form_that_cannot_be_read_is_400_in_html(call):
    answer = call.send(
        "POST",
        "/api/separation/create",
        content=b"no boundary",
        headers={"Content-Type": "multipart/form-data"},
    )

    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")


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


def test_a_stem_has_length_etag_and_needs_no_token(call, stem):
    answer = call.send("GET", stem)

    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content) == len(render_song())
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"] == call.send("GET", stem).headers["etag"]


def test_a_range_of_a_stem_is_206_and_the_right_bytes(call, stem):
    whole = call.send("GET", stem)
    part = call.send("GET", stem, headers={"Range": "bytes=1000-"})

    assert part.status_code == 206
    assert (
        part.headers["content-range"] == f"bytes 1000-{len(whole.content) - 1}/{len(whole.content)}"
    )
    assert part.content == whole.content[1000:]


@pytest.mark.parametrize(("same", "status"), [(True, 206), (False, 200)])
def test_if_range_gives_the_part_only_of_the_same_file(call, stem, same, status):
    etag = call.send("GET", stem).headers["etag"] if same else '"another"'
    answer = call.send("GET", stem, headers={"Range": "bytes=10-19", "If-Range": etag})

    assert (answer.status_code, len(answer.content)) == (
        (206, 10) if same else (200, len(render_song()))
    )


def test_a_range_past_the_end_is_416(call, stem):
    assert call.send("GET", stem, headers={"Range": "bytes=99999999-"}).status_code == 416


def test_two_stems_have_two_etags(call, clock):
    hash_ = call.created()
    clock.advance(5)
    etags = {call.send("GET", file["url"]).headers["etag"] for file in call.status(hash_).files}

    assert len(etags) == 2


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
    assert create.fields == {
        "api_token": "***",
        "sep_type": "40",
        "output_format": "1",
        "add_opt1": "81",
    }
    assert create.files == {"audiofile": "song.wav"}
    assert (login.fields["password"], user.fields) == ("***", {"api_token": "***"})


def test_nothing_of_a_refused_upload_stays_on_disk(call, server):
    call.create(sep_type=999)

    assert list(server.state._folder.iterdir()) == []


def test_closing_removes_every_file(call, server):
    call.create()
    folder = server.state._folder
    kept = list(folder.iterdir())
    server.state.close()

    assert kept
    assert not folder.exists()
