"""A link's job, which carries no marker, found in the account's history."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import httpx
import pytest

from mvsep import NO_RETRY, Journal, PollPolicy, errors
from mvsep.jobs.reconcile import Verdict
from mvsep.settings.policies import Clock
from tests.wire import BASE_URL, Do, Wire, answer

LINK = "https://example.com/music/My%20S%C3%B6ng.mp3?sig=1"
REMOTE = "n2AwBjy4KsFZfqqR"
#: 2026-01-31 14:58:33 UTC, by the service's clock.
NOW = 1769871513.0


def row(
    name: str = "my-song.mp3", *, age: float = 0, kind: int = 40, **more: Any
) -> dict[str, Any]:
    """A job of the history, so many hours old by the service's clock."""
    stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime(NOW - age * 3600))
    hash_ = f"{stamp}-{crc32(repr((name, age, kind)).encode()):010d}-{name}"
    return {
        "hash": hash_,
        "time_left": int((72 - age) // 1),
        "algorithm": {"render_id": kind},
        **more,
    }


class Service:
    """Loses the answer to a link, or fetches it for ever; its history has these rows.

    Args:
        history: The rows.
        created: The hash that a create answers with; None where its answer is lost.
        ahead: Seconds that the clock of this machine is ahead.
    """

    def __init__(
        self, *history: dict[str, Any], created: str | None = None, ahead: float = 0.0
    ) -> None:
        self.history, self.created = list(history), created
        self.wire = Wire(self.reply)
        self.seconds = 0.0
        self.remote: Callable[[], httpx.Response] = lambda: answer({"success": False})
        self.settings = {
            "timing": Clock(
                clock=lambda: self.seconds,
                wall=lambda: NOW + ahead + self.seconds,
                chance=lambda: 0.5,
            ),
            "polling": PollPolicy(retry=NO_RETRY),
        }
        self.wire.wait = self.wait  # type: ignore[method-assign]

    def wait(self, seconds: float) -> None:
        self.seconds += seconds

    def reply(self, request: httpx.Request) -> httpx.Response:
        match request.url.path.rpartition("/")[2]:
            case "create" if self.created:
                return answer({"success": "true", "data": {"hash": self.created}})
            case "create":
                raise httpx.ReadError("reset")
            case "get-remote":
                return self.remote()
            case "get":
                files = [{"type": "Vocals", "url": f"{BASE_URL}/v.mp3"}]
                return answer({"success": True, "status": "done", "data": {"files": files}})
        start = int(request.url.params.get("start", 0))
        return answer({"success": True, "data": self.history[start : start + 20]})

    def reconciled(self, do: Do) -> Any:
        with pytest.raises(errors.SubmitUncertain) as caught:
            do(self.wire, "submit", LINK, 40, settings=self.settings)
        return do(self.wire, "reconcile", caught.value, settings=self.settings)


WEEK = 7 * 86400.0


@pytest.mark.parametrize("ahead", [0.0, WEEK, -WEEK])
@pytest.mark.parametrize("newer", [0, 45])
def test_one_job_of_the_links_name_is_found_whatever_this_clock_says(
    do: Do, newer: int, ahead: float
) -> None:
    others = [row(f"other-{n}.mp3") for n in range(newer)]
    there = row()
    found = Service(*others, there, row(age=100), ahead=ahead).reconciled(do)

    assert (found.verdict, found.job.hash) == (Verdict.FOUND, there["hash"])


@pytest.mark.parametrize(
    "history",
    [
        [],
        [row("other.mp3")],
        [row("my-song-2.mp3")],
        [row(age=3)],  # of an earlier time
        [row(), row(age=0.5)],  # two that it may be
    ],
    ids=["empty", "another name", "a longer name", "older", "two"],
)
def test_a_links_job_is_never_guessed_and_never_said_to_be_absent(
    do: Do, history: list[dict[str, Any]]
) -> None:
    found = Service(*history).reconciled(do)

    assert (found.verdict, found.job) == (Verdict.CANT_TELL, None)


def test_without_an_age_the_date_in_the_hash_counts(do: Do) -> None:
    young, old = ({**row(age=age), "time_left": None} for age in (0, 50))

    assert Service(young).reconciled(do).job.hash == young["hash"]
    assert Service(old).reconciled(do).verdict is Verdict.CANT_TELL
    # A clock that is a week ahead makes a young one old: nothing is claimed then.
    assert Service(young, ahead=WEEK).reconciled(do).verdict is Verdict.CANT_TELL


def test_what_has_neither_file_nor_link_is_not_looked_for(do: Do) -> None:
    service = Service(row("text.mp3"))
    with pytest.raises(errors.SubmitUncertain) as caught:
        do(service.wire, "submit", None, 39, validate=False, settings=service.settings)
    found = do(service.wire, "reconcile", caught.value, settings=service.settings)

    assert found.verdict is Verdict.CANT_TELL
    assert "/api/app/separation_history" not in service.wire.paths


def broken() -> httpx.Response:
    raise httpx.ReadTimeout("no answer")


def hanging(remote: Callable[[], httpx.Response], *history: dict[str, Any]) -> Service:
    service = Service(*history, created=REMOTE)
    service.remote = remote
    return service


HANGS = pytest.mark.parametrize("remote", [lambda: answer({"success": False}), broken])


@HANGS
def test_a_link_whose_fetching_hangs_is_waited_for_by_its_job_in_the_history(
    do: Do, remote: Any, tmp_path: Path
) -> None:
    there = row(kind=40)
    service = hanging(remote, row(kind=41), there)
    result = do(service.wire, "separate", LINK, 40, out=tmp_path, settings=service.settings)

    assert result.hash == there["hash"]
    assert service.wire.paths.count("/api/separation/create") == 1
    assert service.seconds < 600


@HANGS
def test_a_wait_that_runs_out_while_the_fetching_hangs_names_the_job_of_the_history(
    do: Do, remote: Any, tmp_path: Path
) -> None:
    there = row(kind=40)
    service = hanging(remote, there)
    with pytest.raises(errors.JobTimeout) as caught:
        do(service.wire, "separate", LINK, 40, out=tmp_path, timeout=20, settings=service.settings)

    assert caught.value.hash == there["hash"]
    assert service.seconds <= 20


@HANGS
def test_a_link_that_is_fetched_still_keeps_its_own_hash(
    do: Do, remote: Any, tmp_path: Path
) -> None:
    service = hanging(remote, row(kind=41), row(age=30))
    with pytest.raises(errors.JobTimeout) as caught:
        do(service.wire, "separate", LINK, 40, out=tmp_path, timeout=900, settings=service.settings)

    assert caught.value.hash == REMOTE
    # The history is looked at now and then only.
    assert service.wire.paths.count("/api/app/separation_history") <= 8


@HANGS
def test_another_process_goes_on_with_a_link_whose_fetching_hangs(
    do: Do, remote: Any, tmp_path: Path
) -> None:
    service = hanging(remote)
    with Journal(tmp_path / "journal", clock=lambda: NOW) as journal:
        given: dict[str, Any] = {"out": tmp_path, "journal": journal, "settings": service.settings}
        with pytest.raises(errors.JobTimeout):
            do(service.wire, "separate", LINK, 40, timeout=20, **given)
        service.history.append(there := row(kind=40))
        result = do(service.wire, "separate", LINK, 40, **given)

        assert result.hash == there["hash"]
        assert [entry.hash for entry in journal.entries()] == [there["hash"]]
    assert service.wire.paths.count("/api/separation/create") == 1
