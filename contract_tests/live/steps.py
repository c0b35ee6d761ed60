"""The calls of a run, in order, and why it leaves the rest alone."""

from __future__ import annotations

import io
import math
import tempfile
from typing import Any, Final

from contract_tests.live.run import Run
from contract_tests.live.settings import LIVE_TOKEN, WRITE, Settings
from mvsep import Job, MVSep, SepType, SubmitUncertain
from mvsep.testing.audio import wav_header
from mvsep_api.models.algorithm import Algorithm
from mvsep_api.models.history_item import HistoryItem

EVERYTHING: Final = "single_upload,no_upload,matchering_upload"
FEW: Final = 3  # rows of a list

#: Small, and for every account: 1 credit per minute at most, by the catalogue of 2026-08-19.
SEP_TYPE: Final = SepType.MDX_B
JOB_SECONDS: Final = 2.0
WAIT_SECONDS: Final = 1800.0

# Operations that no run calls, and why.
NEVER: Final = {
    "app_login": "it takes a password",
    "app_register": "it opens an account",
    "app_enable_premium": "it changes the account",
    "app_disable_premium": "it changes the account",
    "app_enable_long_filenames": "it changes the account",
    "app_disable_long_filenames": "it changes the account",
    "account_set_credit_alert": "it changes the account",
    "quality_checker_add": "it publishes an entry",
    "quality_checker_delete": "it removes an entry",
    "separation_get_remote": "no job is made from a link",
    "separation_cancel": "the one job there may be is waited for",
}
_WITH_ACCOUNT: Final = (
    *("app_user", "app_separation_history", "app_queue_summary"),
    *("account_purchases", "account_credit_alert", "separation_get"),
)
_WITH_LEAVE: Final = ("separation_create", "separation_delete")


def carry_out(run: Run, settings: Settings) -> None:
    """Carry out every step that the settings allow."""
    run.reasons |= NEVER
    algorithms = public(run)
    if run.account is None:
        run.reasons |= dict.fromkeys(_WITH_ACCOUNT, f"{LIVE_TOKEN} is not set")
    else:
        account(run, run.account)
    if settings.write and run.account is not None:
        one_job(run, run.account, algorithms)
    else:
        run.reasons |= dict.fromkeys(_WITH_LEAVE, f"{WRITE}=1 is not set")


def public(run: Run) -> list[Algorithm]:
    """Read what everybody may, without a token, and return the separation types."""
    api = run.guest.api
    algorithms = run.call("app_algorithms", lambda: api.app.algorithms(scopes=EVERYTHING))
    run.call("app_news", lambda: api.app.news(lang="en", limit=FEW))
    run.call("app_demo", lambda: api.app.demo(limit=FEW))
    run.call("app_queue", api.app.queue)
    entries = run.call("quality_checker_queue", lambda: api.quality_checker.queue(limit=FEW))
    run.call("quality_checker_leaderboard", lambda: api.quality_checker.leaderboard(limit=FEW))
    numbers = [entry.id for entry in entries or () if isinstance(entry.id, int)]
    if numbers:
        run.call("quality_checker_entry", lambda: api.quality_checker.entry(id=numbers[0]))
    else:
        run.left_out("quality_checker_entry", "the queue named no entry")
    return algorithms or []


def account(run: Run, mvsep: MVSep) -> None:
    """Read what the account's owner may."""
    api = mvsep.api
    run.call("app_user", api.app.user)
    run.call("app_queue", api.app.queue)
    run.call("app_queue_summary", api.app.queue_summary)
    history = run.call("app_separation_history", lambda: api.app.separation_history(limit=FEW))
    run.call("account_purchases", lambda: api.account.purchases(limit=FEW))
    run.call("account_credit_alert", api.account.credit_alert)
    rows = history.data if history is not None else None
    hash_ = _a_hash(rows if isinstance(rows, list) else [])
    if hash_ is None:
        run.left_out("separation_get", "the history named no job")
    else:
        # Anybody may ask for a job whose hash he knows.
        run.call("separation_get", lambda: run.guest.api.separation.get(hash=hash_))


def one_job(run: Run, mvsep: MVSep, algorithms: list[Algorithm]) -> None:
    """Make one small job, fetch its stems, and delete it, whatever happens in between."""
    if not run.stopped and not _is_cheap(algorithms):
        run.troubles.append(
            ("separation_create", f"Type {int(SEP_TYPE)} is not known to be cheap any more.")
        )
        return
    job = run.call("separation_create", lambda: _submitted(run, mvsep))
    if job is None:
        run.left_out("separation_delete", "no job is known")
        return
    try:
        run.call("separation_get", lambda: _fetched(run, job))
    finally:
        if run.call("separation_delete", job.delete, always=True) is None:
            run.troubles.append(("separation_delete", f"Delete it by hand: {job.hash}"))


def _submitted(run: Run, mvsep: MVSep) -> Job | None:
    """Submit; look for the job where nobody knows whether it was made."""
    try:
        return mvsep.submit(io.BytesIO(tone()), SEP_TYPE)
    except SubmitUncertain as error:
        found = mvsep.reconcile(error)
        if found.job is None:
            step = f"Look in the account for an upload whose name begins with {error.marker}"
            run.troubles.append(("separation_create", f"{error.message} {found.reason} {step}."))
        else:
            run.troubles.append(("separation_create", f"{error.message} {found.reason}"))
        return found.job


def _fetched(run: Run, job: Job) -> None:
    job.wait(timeout=WAIT_SECONDS)
    with tempfile.TemporaryDirectory(prefix="mvsep-live-") as folder:
        # The client compares each size with the one that the service named.
        stems = job.download(folder).files
    if not stems or not all(stem.size for stem in stems):
        run.troubles.append(("separation_get", "A stem of the job is empty."))


def _a_hash(rows: list[HistoryItem]) -> str | None:
    known = [row for row in rows if isinstance(row.hash_, str)]
    known.sort(key=lambda row: row.job_exists is False)
    return next((row.hash_ for row in known if isinstance(row.hash_, str)), None)


def _is_cheap(algorithms: list[Algorithm]) -> bool:
    def number(value: Any) -> float:
        return value if isinstance(value, int | float) else math.inf

    return any(
        row.render_id == SEP_TYPE
        and number(row.price_coefficient) <= 1
        and number(row.orientation) < 2
        and bool(row.is_active)
        for row in algorithms
    )


def tone(seconds: float = JOB_SECONDS) -> bytes:
    """Return a WAV file with a square wave of 441 Hz: mono, 16 bit, 44.1 kHz."""
    wave = (b"\x00\x20" * 50 + b"\x00\xe0" * 50) * round(seconds * 441)
    return wav_header(1, 2, 44_100, len(wave) // 2) + wave
