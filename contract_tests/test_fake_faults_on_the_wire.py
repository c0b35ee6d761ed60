"""What the fake server's faults do to a connection, byte by byte."""

import socket

import httpx
import pytest

from contract_tests.faulty import PLACES, SONG, Heard, Stage, hear, recorded, staged
from mvsep.testing import FAULTS, faults_of
from mvsep.testing.faults import framing, lines

TESTED = set()
cases = recorded(TESTED)
NAMES = {fault.name for table in (lines.TABLE, framing.TABLE) for fault in table}


standing, stage = staged()


def struck(stage, name, phase):
    """What comes to a request that meets the fault; and that it was carried out or not."""
    before = stage.jobs
    stage.faults.add(name, PLACES[phase])
    heard = stage.heard(phase)
    assert stage.faults.fired[-1].name == name
    if phase == "submit":
        assert stage.jobs - before == FAULTS[name].acts
    return heard


def right(stage, phase):
    return stage.heard(phase)


def test_without_a_fault_the_connection_ends_with_the_answer(stage):
    for phase in PLACES:
        heard = right(stage, phase)
        assert (heard.status, heard.end) == (200, "closed")
        assert int(heard.values("content-length")[0]) == len(heard.body) > 0


# No answer


@cases("reset-before-reading", "reset-during-upload", "reset-after-upload", "reset-unheeded")
def test_a_reset_comes_in_the_place_of_an_answer(stage, name, phase):
    assert struck(stage, name, phase) == (b"", "reset")


@cases("closed-after-upload", "closed-unheeded")
def test_a_connection_is_closed_in_the_place_of_an_answer(stage, name, phase):
    assert struck(stage, name, phase) == (b"", "closed")


@cases("closed-before-reading", "closed-during-upload")
def test_a_connection_is_closed_early_in_the_place_of_an_answer(stage, name, phase):
    # What the client goes on sending is answered with a reset, as the system does.
    heard = struck(stage, name, phase)
    assert heard.data == b""
    assert phase == "submit" or heard.end == "closed"


@pytest.mark.parametrize("name", ["reset-before-reading", "closed-before-reading"])
def test_the_head_alone_is_enough_for_an_early_end(stage, name):
    stage.faults.add(name, "separation_create")
    head, _, _ = stage.request("submit").partition(b"\r\n\r\n")
    with stage.connect() as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert hear(connection).data == b""


@pytest.mark.parametrize("name", ["reset-during-upload", "closed-during-upload"])
def test_half_of_the_upload_is_enough_for_an_end_in_its_middle_and_less_is_not(stage, name):
    head, _, body = stage.request("submit").partition(b"\r\n\r\n")
    stage.faults.add(name, "separation_create")
    with stage.connect() as connection:
        connection.sendall(head + b"\r\n\r\n" + body[: len(body) // 2 - 1])
        stage.ask("other")  # it has had its time
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
        connection.settimeout(60)
        connection.sendall(body[len(body) // 2 - 1 :][:2])
        assert hear(connection).data == b""


LATE = ["reset-unheeded", "closed-unheeded", "reset-after-upload", "closed-after-upload"]


@pytest.mark.parametrize("name", LATE)
def test_a_late_end_waits_for_the_whole_request(stage, name):
    request = stage.request("submit")
    stage.faults.add(name, "separation_create")
    with stage.connect() as connection:
        connection.sendall(request[:-1])
        stage.ask("other")
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
        connection.settimeout(60)
        connection.sendall(request[-1:])
        assert hear(connection).data == b""


STALLS = [fault.name for fault in FAULTS.values() if fault.kind == "stall"]


def half(data):
    """Whether this is half of an answer: as much as comes before one stalls in its body."""
    heard = Heard(data, "")
    return b"\r\n\r\n" in data and len(heard.body) >= int(heard.values("content-length")[0]) // 2


BEGINNINGS = {
    "stalls-in-head": lambda data: data.startswith(b"HTTP/1.1 200"),
    "stalls-in-body": half,
}


def stalled(stage, name, phase):
    """A connection that has heard what there is to hear."""
    before = stage.jobs
    stage.faults.add(name, PLACES[phase])
    connection = stage.connect()
    connection.sendall(stage.request(phase))
    data = b""
    while name in BEGINNINGS and not BEGINNINGS[name](data):
        data += connection.recv(1 << 16)
    for _ in range(3):
        stage.ask("other")  # an answer would have had its time
    connection.setblocking(False)
    with pytest.raises(BlockingIOError):
        connection.recv(1)
    connection.settimeout(60)
    assert stage.faults.fired[-1].name == name
    assert phase != "submit" or stage.jobs - before == FAULTS[name].acts
    if name == "stalls-in-head":
        assert b"\r\n\r\n" not in data
    elif name == "stalls-in-body":
        heard = Heard(data, "")
        assert len(heard.body) == int(heard.values("content-length")[0]) // 2
    return connection


@cases(*STALLS)
def test_nothing_more_comes_and_the_connection_stays(stage, name, phase):
    stalled(stage, name, phase).close()
    assert stage.heard(phase).status == 200


@pytest.mark.parametrize("name", STALLS)
def test_what_stalls_ends_with_the_server(name):
    with Stage() as stage:
        left = [stalled(stage, name, phase) for phase in PLACES if name in faults_of(phase)]
    for connection in left:
        with connection:
            assert hear(connection) == (b"", "reset")


def test_a_server_that_takes_no_more_of_an_upload_fills_the_buffers(stage):
    stage.faults.add("stalls-during-upload")
    with stage.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 14)
        head = (
            b"POST /api/separation/create HTTP/1.1\r\nHost: f\r\nContent-Length: 999999999\r\n\r\n"
        )
        connection.sendall(head)
        connection.setblocking(False)
        sent = 0
        with pytest.raises(BlockingIOError):
            while sent < 100_000_000:
                sent += connection.send(bytes(1 << 20))
                stage.ask("other")  # whoever reads has had its time
        assert sent < 50_000_000


# In the middle of an answer


@cases("reset-in-head", "closed-in-head")
def test_an_answer_breaks_off_in_its_head(stage, name, phase):
    heard = struck(stage, name, phase)
    assert heard.data.startswith(b"HTTP/1.1 200 OK")
    assert b"\r\n\r\n" not in heard.data
    assert heard.end == ("reset" if name.startswith("reset") else "closed")


@cases("closed-in-body")
def test_an_answer_is_closed_in_the_middle_of_its_body(stage, name, phase):
    whole = right(stage, phase)
    heard = struck(stage, name, phase)
    length = int(heard.values("content-length")[0])
    assert heard.end == "closed"
    assert len(heard.body) == length // 2
    if phase != "submit":
        assert whole.body.startswith(heard.body)


@cases("reset-in-body")
def test_an_answer_is_reset_in_the_middle_of_its_body(stage, name, phase):
    heard = struck(stage, name, phase)
    length = int(heard.values("content-length")[0])
    assert heard.end == "reset"
    assert len(heard.body) <= length // 2


# Lengths and chunks


@cases("length-too-long", "length-too-short")
def test_a_length_is_wrong(stage, name, phase):
    heard = struck(stage, name, phase)
    (length,) = map(int, heard.values("content-length"))
    difference = length - len(heard.body)
    if name == "length-too-long":
        assert difference == framing.EXTRA
    else:
        assert -framing.EXTRA <= difference < 0
    assert heard.end == "closed"


@cases("length-negative")
def test_a_length_is_negative(stage, name, phase):
    heard = struck(stage, name, phase)
    assert heard.values("content-length") == ["-1"]
    assert len(heard.body) > 1


@cases("two-lengths")
def test_there_are_two_lengths(stage, name, phase):
    heard = struck(stage, name, phase)
    one, two = map(int, heard.values("content-length"))
    assert one == len(heard.body) != two


@cases("chunk-of-nonsense", "last-chunk-missing", "chunks-only")
def test_chunks(stage, name, phase):
    heard = struck(stage, name, phase)
    assert heard.values("transfer-encoding") == ["chunked"]
    assert not heard.values("content-length")
    endings = {"chunk-of-nonsense": b"nonsense\r\n\r\n", "chunks-only": b"\r\n0\r\n\r\n"}
    if name in endings:
        assert heard.body.endswith(endings[name])
    else:
        assert not heard.body.endswith(b"0\r\n\r\n")
        assert heard.end == "closed"
    size = int(heard.body.partition(b"\r\n")[0], 16)
    assert size > 0


def test_chunks_without_a_fault_in_them_carry_the_right_answer(stage):
    whole = stage.ask("download").content
    stage.faults.add("chunks-only", "download")
    assert stage.ask("download").content == whole


# What is no HTTP, or another


@cases("status-line-broken")
def test_a_status_line_is_broken(stage, name, phase):
    assert struck(stage, name, phase).data.startswith(b"HTTP/1.1 two hundred")


@cases("not-http")
def test_what_answers_is_no_web_server(stage, name, phase):
    assert struck(stage, name, phase).data == b"SSH-2.0-OpenSSH_9.6\r\n"


@cases("header-broken")
def test_a_header_is_broken(stage, name, phase):
    assert any(b":" not in line for line in struck(stage, name, phase).head.split(b"\r\n")[1:])


@cases("header-endless")
def test_a_header_is_a_megabyte_long(stage, name, phase):
    heard = struck(stage, name, phase)
    assert max(map(len, heard.head.split(b"\r\n"))) > 1_000_000
    assert heard.body


@cases("http-1.0", "http-1.0-cut")
def test_an_answer_is_of_the_old_http(stage, name, phase):
    whole = right(stage, phase)
    heard = struck(stage, name, phase)
    assert heard.head.startswith(b"HTTP/1.0 200 OK\r\n")
    assert not heard.values("content-length")
    assert heard.end == "closed"
    if phase != "submit":
        assert heard.body == (
            whole.body if name == "http-1.0" else whole.body[: len(whole.body) // 2]
        )


@cases("early-hints")
def test_hints_come_before_the_answer(stage, name, phase):
    heard = struck(stage, name, phase)
    assert heard.head.startswith(b"HTTP/1.1 103 Early Hints\r\n")
    assert heard.body.startswith(b"HTTP/1.1 200 OK\r\n")


@cases("answer-twice")
def test_an_answer_comes_twice(stage, name, phase):
    data = struck(stage, name, phase).data
    half = len(data) // 2
    assert data[:half] == data[half:]
    assert data.startswith(b"HTTP/1.1 200 OK\r\n")


@cases("http-413-at-once", "http-502-at-once")
def test_an_upload_is_answered_before_it_is_read(stage, name, phase):
    stage.faults.add(name, PLACES[phase])
    head, _, _ = stage.request(phase).partition(b"\r\n\r\n")
    with stage.connect() as connection:
        connection.sendall(head + b"\r\n\r\n")
        heard = hear(connection)
    assert heard.status == int(name.split("-")[1])
    assert b"<center>nginx</center>" in heard.body
    assert heard.end == "closed"


@cases(*sorted(NAMES - set(STALLS)))
def test_the_next_request_is_answered_as_ever(stage, name, phase):
    struck(stage, name, phase)
    assert stage.heard(phase).status == 200


def test_every_fault_that_needs_a_socket_is_tested_here():
    assert {fault.name for fault in FAULTS.values() if fault.needs_socket} == TESTED


def test_httpx_meets_what_it_calls_by_other_names(stage):
    """That the faults mean to a client what their names say."""
    for name, error in {
        "reset-after-upload": httpx.ReadError,
        "closed-after-upload": httpx.RemoteProtocolError,
        "closed-in-body": httpx.RemoteProtocolError,
        "not-http": httpx.RemoteProtocolError,
        "length-too-long": httpx.RemoteProtocolError,
    }.items():
        stage.faults.add(name, "separation_get")
        with pytest.raises(error):
            stage.ask("poll")
    assert len(SONG) == 64_044
