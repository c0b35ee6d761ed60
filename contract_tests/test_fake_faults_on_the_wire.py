"""Faults of the fake server on a connection, byte by byte."""

import socket

import pytest

from contract_tests.faulty import PLACES, Heard, Stage, hear, recorded, staged
from mvsep.testing import FAULTS, faults_of
from mvsep.testing.faults.framing import EXTRA

TESTED = set()
cases = recorded(TESTED)
standing, stage = staged()


def lengths(heard):
    return [int(value) for value in heard.values("content-length")]


def test_without_a_fault_the_connection_ends_with_the_answer(stage):
    for phase in PLACES:
        heard = stage.heard(phase)
        assert (heard.status, heard.end) == (200, "closed")
        assert lengths(heard) == [len(heard.body)] > [0]


# What is true of all that was heard and of the right body, which is empty where each answer has
# another.


def is_chunked(heard, end=b""):
    """Tell if a body begins as one in chunks, ends like this, and has no length."""
    begins = int(heard.body.partition(b"\r\n")[0], 16) > 0 and heard.body.endswith(end)
    return begins and heard.values("transfer-encoding") == ["chunked"] and not lengths(heard)


def nothing(heard, right):
    return heard.data == b""


def cut_head(heard, right):
    return heard.data.startswith(b"HTTP/1.1 200 OK") and b"\r\n\r\n" not in heard.data


def half_a_body(heard, right):
    return len(heard.body) == lengths(heard)[0] // 2 and right[: len(heard.body)] in {
        b"",
        heard.body,
    }


def two_lengths(heard, right):
    one, two = lengths(heard)
    return one == len(heard.body) != two


def twice(heard, right):
    half = len(heard.data) // 2
    return heard.data.startswith(b"HTTP/1.1 200 OK\r\n") and heard.data == 2 * heard.data[:half]


def old_http(heard, right):
    begins = heard.head.startswith(b"HTTP/1.0 200 OK\r\n") and not lengths(heard)
    return begins and right in {b"", heard.body}


ENDS = ("before-reading", "during-upload", "after-upload", "unheeded")
FAULTY = {
    **{f"{how}-{when}": nothing for how in ("reset", "closed") for when in ENDS},
    "reset-in-head": cut_head,
    "closed-in-head": cut_head,
    "closed-in-body": half_a_body,
    "reset-in-body": lambda heard, _: len(heard.body) <= lengths(heard)[0] // 2,
    "length-too-long": lambda heard, _: lengths(heard) == [len(heard.body) + EXTRA],
    "length-too-short": lambda heard, _: -EXTRA <= lengths(heard)[0] - len(heard.body) < 0,
    "length-negative": lambda heard, _: lengths(heard) == [-1] and len(heard.body) > 1,
    "two-lengths": two_lengths,
    "chunk-of-nonsense": lambda heard, _: is_chunked(heard, end=b"nonsense\r\n\r\n"),
    "chunks-only": lambda heard, _: is_chunked(heard, end=b"\r\n0\r\n\r\n"),
    "last-chunk-missing": lambda heard, _: (
        is_chunked(heard) and not heard.body.endswith(b"0\r\n\r\n")
    ),
    "status-line-broken": lambda heard, _: heard.data.startswith(b"HTTP/1.1 two hundred"),
    "not-http": lambda heard, _: heard.data == b"SSH-2.0-OpenSSH_9.6\r\n",
    "header-broken": lambda heard, _: not all(b":" in line for line in heard.lines),
    "header-endless": lambda heard, _: heard.body and max(map(len, heard.lines)) > 1_000_000,
    "http-1.0": old_http,
    "http-1.0-cut": lambda heard, right: old_http(heard, right[: len(right) // 2]),
    "early-hints": lambda heard, _: (
        heard.head.startswith(b"HTTP/1.1 103 Early Hints\r\n")
        and heard.body.startswith(b"HTTP/1.1 200 OK\r\n")
    ),
    "answer-twice": twice,
}
EARLY = {"closed-before-reading", "closed-during-upload"}


@cases(*FAULTY)
def test_a_connection_brings_and_ends_with_what_its_fault_says(stage, name, phase):
    # Every create answers something else.
    right = b"" if phase == "submit" else stage.heard(phase).body
    heard = stage.struck(name, phase)
    assert FAULTY[name](heard, right)
    # Where a client goes on sending, the system answers with a reset.
    assert heard.end == ("reset" if name.startswith("reset") else "closed") or (
        phase == "submit" and name in EARLY
    )
    assert stage.heard(phase).status == 200


def silent(stage, connection):
    """Check that nothing comes, though it has had its time."""
    for _ in range(3):
        stage.ask("other")
    connection.setblocking(False)
    with pytest.raises(BlockingIOError):
        connection.recv(1)
    connection.settimeout(60)


@pytest.mark.parametrize("how", ["reset", "closed"])
@pytest.mark.parametrize("when", ENDS)
def test_an_end_waits_for_as_much_of_an_upload_as_its_name_says(stage, how, when):
    request = stage.request("submit")
    body = request.index(b"\r\n\r\n") + 4
    half = (body + len(request)) // 2
    last = len(request) - 1
    too_little, enough = {"before-reading": (0, body), "during-upload": (half - 1, half + 1)}.get(
        when, (last, last + 1)
    )
    stage.faults.add(f"{how}-{when}", "separation_create")
    with stage.connect() as connection:
        connection.sendall(request[:too_little])
        silent(stage, connection)
        connection.sendall(request[too_little:enough])
        assert hear(connection).data == b""


STALLS = [fault.name for fault in FAULTS.values() if fault.kind == "stall"]


BEGINNINGS = {
    "stalls-in-head": lambda data: data.startswith(b"HTTP/1.1 200"),
    "stalls-in-body": lambda data: len(Heard(data, "").body) >= half_of(data) > 0,
}


def half_of(data):
    """Return half the length of a body, or 0 before its head is there."""
    return lengths(Heard(data, ""))[0] // 2 if b"\r\n\r\n" in data else 0


def stalled(stage, name, phase):
    """Return a connection that has heard what there is to hear."""
    before = stage.jobs
    stage.faults.add(name, PLACES[phase])
    connection = stage.connect()
    connection.sendall(stage.request(phase))
    data = b""
    while name in BEGINNINGS and not BEGINNINGS[name](data):
        data += connection.recv(1 << 16)
    silent(stage, connection)
    assert stage.faults.fired[-1].name == name
    for _ in range(1000):  # a thread saves an upload: a busy machine takes its time
        if phase != "submit" or stage.jobs - before == FAULTS[name].acts:
            break
        stage.ask("other")
    else:
        pytest.fail("the request was not carried out as its fault says")
    assert name != "stalls-in-head" or b"\r\n\r\n" not in data
    assert name != "stalls-in-body" or len(Heard(data, "").body) == half_of(data)
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
        sent = refused = 0
        while refused < 3 and sent < 8_000_000:
            try:
                sent += connection.send(bytes(1 << 20))
                refused = 0
            except BlockingIOError:
                refused += 1
            stage.ask("other")  # whoever reads has had its time
        assert refused == 3


def test_chunks_without_a_fault_in_them_carry_the_right_answer(stage):
    whole = stage.ask("download").content
    stage.faults.add("chunks-only", "download")
    assert stage.ask("download").content == whole


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


def test_every_fault_that_needs_a_socket_is_tested_here():
    assert {fault.name for fault in FAULTS.values() if fault.needs_socket} == TESTED
