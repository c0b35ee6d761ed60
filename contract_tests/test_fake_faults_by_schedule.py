"""The request that meets a fault: by name, by place, by count, by script."""

import asyncio
import re
import threading

import httpx
import pytest

from contract_tests.faulty import PLACES, staged
from mvsep.testing import FAULTS, PHASES, FakeServer, Faults, Gate
from mvsep.testing.faults import PLACES as ALL_PLACES
from mvsep.testing.faults import table
from mvsep_api.operations import OPERATIONS

standing, stage = staged()


def statuses(stage, phase, count):
    return [stage.ask(phase).status_code for _ in range(count)]


def test_every_fault_has_a_name_of_its_own_a_sentence_and_a_phase():
    assert sum(len(each) for each in table._TABLES) == len(FAULTS)
    assert len({fault.about for fault in FAULTS.values()}) == len(FAULTS)
    for name, fault in FAULTS.items():
        assert name == fault.name
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]+", name)
        assert re.fullmatch(r"[A-Za-z0-9].*\.", fault.about, re.DOTALL)
        assert fault.phases
        assert fault.expects_job == fault.acts


def test_a_fault_can_be_put_on_every_operation_and_on_files():
    assert set(ALL_PLACES) == {*OPERATIONS, "download", "mixture"}
    faults = Faults()
    for place in ALL_PLACES:
        faults.add("http-502", place)


# What is added, in order; the script; and the statuses that come then.
SCHEDULES = {
    "as often as was said": ([("http-502", {"times": 2})], [], [502, 502, 200, 200]),
    "after as many as was said": ([("http-502", {"after": 2})], [], [200, 200, 502, 200]),
    "in the order of adding": ([("http-502", {}), ("http-503", {})], [], [502, 503, 200]),
    "by a script": ([], [None, "http-502", None, "http-503"], [200, 502, 200, 503, 200, 200]),
    "the script first": ([("http-500", {})], [None, "http-502"], [200, 502, 500, 200]),
}


@pytest.mark.parametrize(("added", "script", "expected"), SCHEDULES.values(), ids=SCHEDULES)
def test_faults_strike(stage, added, script, expected):
    for name, more in added:
        stage.faults.add(name, "separation_get", **more)
    stage.faults.script("separation_get", script)
    assert statuses(stage, "poll", len(expected)) == expected


def test_a_fault_can_stay_until_it_is_taken_away(stage):
    stage.faults.add("http-502", "separation_get", times=None)
    assert statuses(stage, "poll", 5) == [502] * 5
    stage.faults.clear()
    assert statuses(stage, "poll", 1) == [200]


def test_a_fault_strikes_in_its_place_only(stage):
    stage.faults.add("http-502", "separation_get")
    for phase in ("remote", "download", "submit", "other"):
        assert statuses(stage, phase, 1) == [200]
    assert statuses(stage, "poll", 1) == [502]


def test_a_fault_without_a_place_strikes_wherever_it_fits(stage):
    stage.faults.add("http-502", times=5)
    assert [statuses(stage, phase, 1) for phase in PLACES] == [[502]] * 5
    stage.faults.add("hash-null")
    assert statuses(stage, "poll", 1) == [200]
    assert stage.ask("submit").json()["data"]["hash"] is None


def test_a_fault_can_be_for_one_file_alone(stage):
    stems = [file["url"] for file in stage.ask("poll").json()["data"]["files"]]
    stage.faults.add("http-404", "download", times=None, where="_other")
    assert [httpx.get(url).status_code for url in stems] == [200, 404]


def test_a_mixture_can_go_wrong_like_a_stem(stage):
    mixture = stage.ask("poll").json()["data"]["input_file"]["url"]
    stage.faults.add("http-404", "mixture")
    stage.faults.add("truncated-body", "mixture")
    found = [httpx.get(mixture) for _ in range(3)]
    assert [answer.status_code for answer in found] == [404, 200, 200]
    assert len(found[1].content) == len(found[2].content) // 2
    assert statuses(stage, "download", 1) == [200]


def test_faults_can_be_taken_from_one_place(stage):
    stage.faults.add("http-502", "separation_get")
    stage.faults.script("separation_get", ["http-503"])
    stage.faults.add("http-502", "separation_get_remote")
    stage.faults.clear("separation_get")
    assert (statuses(stage, "poll", 1), statuses(stage, "remote", 1)) == ([200], [502])


def test_what_struck_is_told(stage):
    stage.faults.script("separation_get", ["http-502", None, "http-503"])
    statuses(stage, "poll", 3)
    struck = [(fired.on, fired.name) for fired in stage.faults.fired]
    assert struck == [("separation_get", "http-502"), ("separation_get", "http-503")]
    assert stage.faults.fired[0].target.startswith("/api/separation/get?hash=")


def test_what_only_a_resumed_download_can_meet_waits_for_one(stage):
    stage.faults.script("download", ["range-416"])
    assert statuses(stage, "download", 1) == [416]
    names = [each.fault.name for each in Faults(["range-416"])._rules]
    assert names == ["closed-in-body", "range-416"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("http-502", ("http-502", None, 1)),
        ("http-502:", ("http-502", None, 1)),
        ("http-502::3", ("http-502", None, 3)),
        ("http-502:download", ("http-502", "download", 1)),
        ("http-502:app_user:7", ("http-502", "app_user", 7)),
        ("http-502:app_user:ever", ("http-502", "app_user", float("inf"))),
    ],
)
def test_a_fault_can_be_written_in_one_word(text, rule):
    (found,) = Faults([text])._rules
    assert (found.fault.name, found.on, found.times) == rule


@pytest.mark.parametrize(
    "text",
    ["", "nothing", "http-502:nowhere", "http-502:app_user:x", "http-502:app_user:-1", "a:b:c:d"],
)
def test_what_is_no_fault_is_refused(text):
    with pytest.raises(ValueError, match=r"fault|neither|not NAME"):
        Faults([text])


@pytest.mark.parametrize("name", ["hash-null", "range-416", "name-device", "being-downloaded"])
def test_a_fault_where_it_does_not_fit_is_refused(name):
    with pytest.raises(ValueError, match="does not fit"):
        Faults().add(name, "app_news")
    with pytest.raises(ValueError, match="does not fit"):
        Faults().script("app_news", [name])
    with pytest.raises(ValueError, match="neither an operation"):
        Faults().script("nowhere", [name])


SOCKETS = sorted(fault.name for fault in FAULTS.values() if fault.needs_socket)


@pytest.mark.parametrize("name", SOCKETS)
def test_a_fault_of_the_socket_says_in_process_that_it_needs_one(in_process, name):
    server, send = in_process
    fault = FAULTS[name]
    on = next(PHASES[phase] for phase in PHASES if phase in fault.phases)
    server.faults.add(name, on)
    with pytest.raises(RuntimeError, match=rf"'{re.escape(name)}' needs a real connection"):
        send(on)


@pytest.mark.parametrize("name", ["http-502", "truncated-json", "redirect-elsewhere"])
def test_the_others_are_there_in_process_too(in_process, name):
    server, send = in_process
    server.faults.add(name, "separation_get")
    answer = send("separation_get")
    assert server.faults.fired[0].name == name
    if name == "redirect-elsewhere":
        assert answer.headers["location"].startswith("http://localhost/")


@pytest.fixture
def in_process():
    server = FakeServer()
    with asyncio.Runner() as runner:

        def send(on):
            known = OPERATIONS.get(on)
            method, path = (known.method, known.path) if known else ("GET", "/storage/processed/x")

            async def sent():
                transport = server.asgi_transport()
                async with httpx.AsyncClient(transport=transport, base_url="http://fake") as http:
                    return await http.request(method, path, params={"hash": "x"})

            return runner.run(sent())

        yield server, send
    server.state.close()


def test_requests_are_counted_whatever_becomes_of_them(stage):
    seen = stage.server.state.seen
    before = seen.copy()
    stage.faults.add("reset-before-reading", "separation_create")
    stage.faults.add("http-502", "download")
    with pytest.raises(httpx.TransportError):
        stage.create()
    stage.ask("download")
    stage.ask("poll")
    httpx.get(stage.ask("poll").json()["data"]["input_file"]["url"])
    assert seen - before == {
        "separation_create": 1,
        "download": 1,
        "separation_get": 2,
        "mixture": 1,
    }


def test_a_gate_lets_as_many_pass_as_it_is_told():
    gate = Gate(closed=True)

    async def waiting():
        task = asyncio.create_task(gate.passing())
        await asyncio.sleep(0)
        assert not task.done()
        return task

    async def walk():
        gate.let(2)
        await gate.passing()
        await gate.passing()
        third = await waiting()
        thread = threading.Thread(target=gate.let, args=(1,))  # as a test does
        thread.start()
        await third
        thread.join()
        gate.open()
        await gate.passing()
        gate.close()
        gone, last = await waiting(), await waiting()
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        gate.open()
        await last

    asyncio.run(walk())
    assert gate.passed == 5
