"""Faults of the fake server in a job's state, its files, its hash and its link."""

import json

from contract_tests.faulty import PLACES, Stage, recorded, staged
from mvsep.testing import FAULTS, FakeServer, ManualClock, Schedule
from mvsep.testing.faults import hostile, names, states

TESTED = set()
cases = recorded(TESTED)
NOT_FOUND = {"message": "File or File Hash not found"}
UNKNOWN = {"success": False, "status": "not_found", "data": NOT_FOUND}


standing, stage = staged()


def struck(stage, name, phase):
    """Return the JSON of an answer that met the fault, and the right one."""
    right = json.loads(stage.heard(phase).body)
    heard = stage.struck(name, phase)
    status = int(name.rpartition("-")[2]) if name.startswith("not-found") else 200
    assert (heard.status, heard.end) == (status, "closed")
    return json.loads(heard.body), right


# States


def again(status, **more):
    return {"message": f"Your file is {status}.", **more}


IN_PARTS = {"finished_chunks": 0, "all_chunks": 4, "queue_count": 1, "current_order": 1}
AGAIN = {
    "waiting": {"queue_count": 9, "current_order": 5},
    "distributing": IN_PARTS,
    "processing": {},
    "merging": {},
    "converting": {},
}
STANDS = {
    **{f"{status}-again": (status, again(status, **more)) for status, more in AGAIN.items()},
    "unknown-status": ("pondering", again("pondering")),
    "status-null": (None, {}),
    "status-number": (3, {}),
    "status-empty": ("", {}),
    "place-odd": ("waiting", {"queue_count": "many", "current_order": -1}),
    "message-object": ("processing", {"message": {"en": "Working"}}),
    "message-endless": ("processing", {"message": "x" * (1 << 20)}),
    "message-controls": ("processing", {"message": "\x1b[2J\x1b]0;owned\x07\r\n\u202eecorp"}),
    "data-list": ("processing", []),
    "data-null": ("processing", None),
    "done-unlisted": ("done", {"files": []}),
    "done-without-list": ("done", {}),
    "done-list-null": ("done", {"files": None}),
    "done-nowhere": ("done", {}),
    "failed": ("failed", {"message": "Separation failed."}),
    "failed-without-words": ("failed", {}),
}
BODIES = {name: {"success": True, "status": s, "data": d} for name, (s, d) in STANDS.items()} | {
    "status-missing": {"success": True, "data": {}},
    "data-missing": {"success": True, "status": "processing"},
    "being-downloaded": {
        "success": False,
        "data": {"message": "Your audio file is being downloaded, please wait a while..."},
    },
    "failed-200-false": {
        "success": False,
        "status": "failed",
        "data": {"message": "Separation failed."},
    },
    **{f"not-found-{http}": UNKNOWN for http in (200, 400, 404)},
}


@cases(*BODIES)
def test_a_job_that_is_done_stands_otherwise(stage, name, phase):
    body, right = struck(stage, name, phase)
    assert body == BODIES[name] != right
    assert right["status"] == "done"


@cases("stale-answer")
def test_a_cache_gives_the_state_before(name, phase):
    clock = ManualClock()
    with Stage(FakeServer(schedule=Schedule(10, 10, downloading=10), clock=clock)) as stage:
        seen = []
        for seconds in (0, 11, 11):
            clock.advance(seconds)
            seen.append(stage.ask(phase).json().get("status"))
        stage.faults.add(name, PLACES[phase])
        stale, fresh = stage.ask(phase), stage.ask(phase)
    assert seen[-1] == fresh.json()["status"] == "done"
    assert stale.json().get("status") == ("processing" if phase == "poll" else None)
    assert (stale.headers["age"], stale.headers["x-cache"]) == ("30", "HIT")
    assert "x-cache" not in fresh.headers


def test_a_cache_has_nothing_older_of_what_was_never_asked():
    with Stage() as stage:
        stage.faults.add("stale-answer", "separation_get_remote")
        right = stage.ask("remote").json()
        assert stage.faults.fired == []
        assert stage.ask("remote").json() == right
        assert [fired.name for fired in stage.faults.fired] == ["stale-answer"]


# Hashes and links

HASHES = {
    "hash-empty": "",
    "hash-null": None,
    "hash-number": 7,
    "hash-traversal": "../../../etc/passwd",
    "hash-endless": "a" * 100_000,
    "hash-of-nobody": "20200101000000-0123456789-nobody.wav",
}
ENDINGS = {"hash-newline": "\r\nX-Evil: 1", "hash-query": "&mirror=1#"}
LINKS = {
    "link-elsewhere": "http://localhost:",
    "link-to-a-file": "file:///etc/passwd",
    "link-odd": "http://[:::",
}
KEPT = {"hash-missing": {"link"}, "link-missing": {"hash"}, "hash-and-link-missing": set()}
NO_DATA = {
    "data-is-missing": {"success": True},
    "data-is-null": {"success": True, "data": None},
    "data-is-a-list": {"success": True, "data": []},
}


@cases(*HASHES)
def test_a_hash_is_another(stage, name, phase):
    body, right = (each["data"] for each in struck(stage, name, phase))
    assert body["hash"] == HASHES[name] != right["hash"]
    assert body["link"].split("?")[0] == right["link"].split("?")[0]


@cases(*ENDINGS)
def test_a_hash_has_more_in_it(stage, name, phase):
    data = struck(stage, name, phase)[0]["data"]
    assert data["hash"].endswith(ENDINGS[name])
    assert data["hash"].removesuffix(ENDINGS[name]) in data["link"]


@cases(*KEPT)
def test_what_names_the_job_is_missing(stage, name, phase):
    body, _ = struck(stage, name, phase)
    assert body["data"].keys() == KEPT[name]


@cases(*LINKS)
def test_a_link_leads_elsewhere(stage, name, phase):
    starts = [each["data"]["link"].startswith(LINKS[name]) for each in struck(stage, name, phase)]
    assert starts == [True, False]


@cases(*NO_DATA)
def test_a_yes_has_no_data(stage, name, phase):
    body, right = struck(stage, name, phase)
    assert body == NO_DATA[name]
    assert right == {"success": True, "data": right["data"]}


# Files


def column(body, name):
    return [entry.get(name) for entry in body["data"]["files"]]


COLUMNS = {
    "name-traversal": ("download", ["../../x.wav", "../../../y.wav"]),
    "name-backslash": ("download", ["..\\..\\x.wav", "C:\\x.wav"]),
    "name-absolute": ("download", ["/etc/mvsep-x.wav", "//host/share/x.wav"]),
    "name-device": ("download", ["CON", "nul.wav"]),
    "name-nul": ("download", ["a\0.wav", "b\0.wav"]),
    "name-controls": ("download", ["a\x1b[2J.wav", "b\r\n.wav"]),
    "name-long": ("download", ["x" * 296 + ".wav", "y" * 296 + ".wav"]),
    "name-wide": ("download", ["\U0001d11e" * 200 + ".wav", "\U0001d122" * 200 + ".wav"]),
    "name-twins": ("download", ["stem.wav", "stem.wav"]),
    "name-near-twins": ("download", ["Stem.wav", "stem.WAV"]),
    "name-empty": ("download", ["", ""]),
    "name-missing": ("download", [None, None]),
    "name-dots": ("download", [".", ".."]),
    "name-hidden": ("download", [".bashrc", ".ssh"]),
    "name-trailing": ("download", ["a.wav. .", "b.wav "]),
    "name-surrogate": ("download", ["a\ud800.wav", "b\udfff.wav"]),
    "name-overridden": ("download", ["a\u202evaw.exe", "b\u202evaw.exe"]),
    "name-number": ("download", [7, 7]),
    "label-twins": ("type", ["Vocals", "Vocals"]),
    "label-empty": ("type", ["", ""]),
    "label-missing": ("type", [None, None]),
    "label-traversal": ("type", ["../../x", "..\\y"]),
    "label-device": ("type", ["CON", "AUX"]),
    "label-long": ("type", ["x" * 300, "y" * 300]),
    "bytes-as-text": ("bytes", ["64044", "64044"]),
    "bytes-missing": ("bytes", [None, None]),
    "bytes-too-many": ("bytes", [65044, 65044]),
    "bytes-too-few": ("bytes", [63044, 63044]),
    "bytes-negative": ("bytes", [-1, -1]),
    "bytes-words": ("bytes", ["5.84 MB", "5.84 MB"]),
    "url-to-a-file": ("url", ["file:///etc/passwd", "file:///etc/passwd"]),
    "url-missing": ("url", [None, None]),
    "url-empty": ("url", ["", ""]),
    "url-odd": ("url", ["http://[:::", "http://[:::"]),
}


@cases(*COLUMNS)
def test_one_value_of_each_file_is_another(stage, name, phase):
    body, right = struck(stage, name, phase)
    key, values = COLUMNS[name]
    assert column(body, key) == values != column(right, key)
    one, two = (each["data"]["files"][0] for each in (body, right))
    assert {**one, key: 0} == {**two, key: 0}


ADDRESSES = {
    "url-elsewhere": "http://localhost:{port}{path}",
    "url-with-a-login": "http://user:pass@127.0.0.1:{port}{path}",
    "url-relative": "{path}",
}


@cases(*ADDRESSES)
def test_the_files_have_another_address(stage, name, phase):
    (url, *_), (old, *_) = (column(body, "url") for body in struck(stage, name, phase))
    path, port = old.removeprefix(stage.server.url), stage.server.url.rpartition(":")[2]
    assert url == ADDRESSES[name].format(port=port, path=path)


@cases("files-null", "files-as-object", "files-too-many")
def test_the_list_of_files_is_odd(stage, name, phase):
    files, old = (body["data"]["files"] for body in struck(stage, name, phase))
    if name == "files-too-many":
        assert len(files) == len({entry["download"] for entry in files}) == 300
    else:
        odd = {"files-null": [None, old[1]], "files-as-object": {"0": old[0], "1": old[1]}}
        assert files == odd[name]


def test_a_job_without_files_has_nothing_that_could_be_hostile():
    with Stage(FakeServer(schedule=Schedule(10), clock=ManualClock())) as stage:
        right = stage.ask("poll").json()
        for fault in names.TABLE:
            stage.faults.add(fault.name)
            assert stage.ask("poll").json() == right


def test_every_fault_is_tested():
    tables = states.TABLE, names.TABLE, hostile.TABLE
    known = {fault.name for table in tables for fault in table}
    assert {name for name in known if not name.startswith("redirect")} == TESTED
    assert known <= FAULTS.keys()
