"""The state of the fake server, apart from HTTP: accounts, jobs, credits, counters."""

from __future__ import annotations

import hashlib
import itertools
import shutil
import string
import tempfile
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from attrs import define, evolve, field

from mvsep.files.names import unmarked
from mvsep.testing import audio, refusals
from mvsep.testing.accounts import (
    FREE_SEPARATIONS,
    Account,
    Accounts,
    demo_account,
    example_account,
    free_account,
)
from mvsep.testing.jobs import Job, RemoteJob
from mvsep.testing.orders import Order, Upload, mixture, read_order
from mvsep.testing.outputs import slug
from mvsep.testing.quality import QualityChecker
from mvsep.testing.records import LoggedRequest, Tally
from mvsep.testing.schedule import Moment, Schedule
from mvsep.testing.song import render_song

RATE_LIMIT = 120  # requests a minute, as the service's headers have said since March 2024
LARGE_SECONDS = 600  # from here on the fake works in parts; the service's own bound is unknown
_ALPHABET = string.ascii_letters + string.digits
_RESTING = frozenset({"waiting", "done", "failed"})


def _accounts(given: Iterable[Account] | Accounts | None) -> Accounts:
    if isinstance(given, Accounts):
        return given
    usual = (demo_account(), free_account(), example_account())
    return Accounts(usual if given is None else given)


@define(eq=False, repr=False)
class ServerState:
    """The state of one fake server.

    Args:
        accounts: Its accounts; by default a premium demo account, a free one, and that of the
            contract's examples.
        schedule: The stages of jobs created from now on.
        clock: Seconds since 1970; inject `ManualClock` for virtual time.
        rate_limit: Requests a minute that the rate-limit headers count down from.
        enforce_rate_limit: Whether a request over the limit is answered 429.
        keep_uploads: Whether inputs are kept and really separated. If not, only their length
            is kept, and stems are noise of the right length, which takes no disk.
        region: Its name among servers that share accounts.
        family: Those servers; this one joins them.
    """

    accounts: Accounts = field(default=None, converter=_accounts)
    schedule: Schedule = field(factory=Schedule, kw_only=True)
    clock: Callable[[], float] = field(default=time.time, kw_only=True)
    rate_limit: int = field(default=RATE_LIMIT, kw_only=True)
    enforce_rate_limit: bool = field(default=False, kw_only=True)
    keep_uploads: bool = field(default=True, kw_only=True)
    region: str = field(default="", kw_only=True)
    family: list[ServerState] = field(factory=list, kw_only=True)

    makes_at: Callable[[], tuple[ServerState, str]] | None = field(default=None, init=False)
    """The server that makes the jobs asked for here, with its scheme and host; None: this one."""
    large_seconds: float = field(default=LARGE_SECONDS, init=False)
    quality: QualityChecker = field(factory=QualityChecker, init=False)
    jobs: dict[str, Job] = field(factory=dict, init=False)
    remotes: dict[str, RemoteJob] = field(factory=dict, init=False)
    remote_files: dict[str, bytes | None] = field(factory=dict, init=False)
    """The files that URL jobs fetch: URL to bytes, or None for "can't be reached". Any other URL
    gives the demo song; nothing is ever fetched from the network."""
    requests: list[LoggedRequest] = field(factory=list, init=False)
    seen: Counter[str] = field(factory=Counter, init=False)
    """Requests whose head arrived, those that a fault swallowed too: by operation's id, `download`
    for stems and `mixture` for inputs."""
    jobs_created: int = field(default=0, init=False)
    credits_charged: int = field(default=0, init=False)
    credits_refunded: int = field(default=0, init=False)
    _windows: dict[str, tuple[int, int]] = field(factory=dict, init=False)
    _drawn: int = field(default=0, init=False)
    _folder: Path = field(init=False)
    _remove: Callable[[], object] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.family.append(self)
        self._folder = Path(tempfile.mkdtemp(prefix="mvsep-fake-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def sibling(self, region: str) -> ServerState:
        """Make another server of the same service: accounts, queues and history are one."""
        return evolve(self, region=region)

    def close(self) -> None:
        """Remove every file of the server. Happens by itself when the state is dropped."""
        self._remove()

    # --- accounts -----------------------------------------------------------------------------

    def by_token(self, token: str) -> Account:
        """Return the account of a token.

        Raises:
            Refusal: 401, as create documents it.
        """
        account = self.accounts.find(token)
        if account is None:
            raise refusals.unauthenticated()
        return account

    def by_key(self, token: str) -> Account:
        """Return the account of a token.

        Raises:
            Refusal: 400, as the profile calls document it.
        """
        account = self.accounts.find(token)
        if account is None:
            raise refusals.by_message(refusals.INVALID_KEY)
        return account

    def new_token(self) -> str:
        """Draw a token for a new account: 30 letters and digits."""
        return self._draw(30)

    def rate_left(self, token: str) -> int:
        """Count a request and return the number left in this minute; negative: over the limit."""
        who = token if self.accounts.find(token) else ""
        minute = int(self.clock() // 60)
        known, count = self._windows.get(who, (minute, 0))
        count = count + 1 if known == minute else 1
        self._windows[who] = (minute, count)
        return self.rate_limit - count

    # --- separations --------------------------------------------------------------------------

    def create(
        self, form: Mapping[str, str], files: Mapping[str, Upload], base: str
    ) -> Job | RemoteJob:
        """Take a separation: charge it and put it into the queue, or fetch its URL first.

        `base` is the scheme and host under which it was asked for.

        Raises:
            Refusal: It is not taken; nothing was charged.
        """
        account = self.by_token(form.get("api_token", ""))
        order = read_order(form, account)
        if not account.premium and self.pending(account):
            raise refusals.by_errors(refusals.PENDING_JOB)
        if not account.premium and not self.free_separations_left(account):
            raise refusals.by_errors(refusals.DAY_LIMIT)
        if order.algorithm.audio_widget == "no_upload":
            source, path = "generated.wav", self._written(render_song())
        elif form.get("url") and "audiofile" not in files:
            return self._fetch(order, base)
        else:
            upload = mixture(order.algorithm, files)
            source, path = upload.name, upload.path
        return self._start(order, source, path, self.schedule, self.clock(), base)

    def poll(self, hash_: str) -> tuple[Job, Moment] | None:
        """Return a job and its state as separation/get sees it; this counts as a poll."""
        job = self.jobs.get(hash_)
        if job is None or job.gone:
            return None
        moment = job.at(self.clock())
        job.polls += 1
        return job, moment

    def poll_remote(self, hash_: str) -> RemoteJob | None:
        """Return a URL job as get-remote sees it; this counts as a poll."""
        self.settle()
        remote = self.remotes.get(hash_)
        if remote is not None:
            remote.polls += 1
        return remote

    def cancel(self, account: Account, hash_: str) -> None:
        """Cancel a job that waits, and give back what it was charged.

        Raises:
            Refusal: The account has no such job, or it does not wait any more.
        """
        job = self._own(account, hash_)
        if job.at(self.clock()).status != "waiting":
            raise refusals.by_data(refusals.NOT_WAITING)
        account.credits += job.credits
        self.credits_refunded += job.credits
        self._drop(job)

    def delete(self, account: Account, hash_: str) -> None:
        """Remove a job and its files; nothing is given back.

        Raises:
            Refusal: The account has no such job.
        """
        self._drop(self._own(account, hash_))

    def pending(self, account: Account) -> list[Job | RemoteJob]:
        """List the unfinished jobs of an account, in all regions."""
        now = self.clock()
        found: list[Job | RemoteJob] = []
        for state in self.family:
            state.settle()
            found += [r for r in state.remotes.values() if r.order.account is account and r.pending]
            jobs = [job for job in state._live() if job.order.account is account]
            found += [job for job in jobs if not job.at(now).finished]
        return found

    def waiting(self) -> list[Job]:
        """List the jobs that wait in the queue."""
        self.settle()
        now = self.clock()
        return [job for job in self._live() if job.at(now).status == "waiting"]

    def processing(self) -> list[Job]:
        """List the jobs that are worked on."""
        self.settle()
        now = self.clock()
        return [job for job in self._live() if job.at(now).status not in _RESTING]

    def history(self, account: Account) -> list[Job]:
        """List the jobs of an account, gone or not, in all regions, newest first."""
        for state in self.family:
            state.settle()
        jobs = [job for state in self.family for job in state.jobs.values()]
        found = [job for job in jobs if job.order.account is account]
        return sorted(found, key=lambda job: job.id, reverse=True)

    def demos(self) -> list[Job]:
        """List the jobs that are shown on the demo page, newest first."""
        self.settle()
        now = self.clock()
        return [
            job
            for job in reversed(self.jobs.values())
            if job.order.form.get("is_demo") == "1"
            and not job.gone
            and job.at(now).status == "done"
        ]

    def free_separations_left(self, account: Account) -> int:
        """Return the number of free separations that an account has left in these 24 hours."""
        since = self.clock() - 86_400
        used = [job for job in self.history(account) if job.created > since and not job.credits]
        return max(0, FREE_SEPARATIONS - len(used))

    def charge(self, account: Account, amount: int) -> None:
        """Take credits.

        Raises:
            Refusal: The account has fewer.
        """
        if amount > account.credits:
            raise refusals.by_errors(refusals.TOO_FEW_CREDITS)
        account.credits -= amount
        self.credits_charged += amount

    def settle(self) -> None:
        """Turn every URL that has been fetched by now into a job."""
        for remote in list(self.remotes.values()):
            if remote.pending and remote.fetched(self.clock()):
                self._arrived(remote)

    def spool(self) -> Path:
        """Return a new path for an upload."""
        return self._folder / f"upload-{self._draw(16)}"

    # --- what a test wants to know ------------------------------------------------------------

    def tally(self, name: str) -> Tally:
        """Count the jobs and credits of inputs of this file name.

        Args:
            name: The name, with or without the mark that the SDK puts before it.
        """
        self.settle()
        jobs = [job for job in self.jobs.values() if name in {job.source, unmarked(job.source)}]
        return Tally(len(jobs), sum(job.credits for job in jobs))

    # --- inside -------------------------------------------------------------------------------

    def _live(self) -> list[Job]:
        return [job for job in self.jobs.values() if not job.gone]

    def _own(self, account: Account, hash_: str) -> Job:
        self.settle()
        job = self.jobs.get(hash_)
        if job is None or job.gone or job.order.account is not account:
            raise refusals.by_data(refusals.NOT_FOUND)
        return job

    def _drop(self, job: Job) -> None:
        job.gone = True
        shutil.rmtree(job.input_path.parent, ignore_errors=True)

    def _start(
        self, order: Order, source: str, path: Path, schedule: Schedule, created: float, base: str
    ) -> Job:
        try:
            wav: audio.Wav | None = audio.read_audio(path)
        except audio.UnreadableAudioError as error:
            wav = None
            schedule = evolve(schedule, failure=str(error))
        seconds = wav.seconds if wav else Fraction(0)
        if seconds > self.large_seconds:
            schedule = schedule.for_large_file()
        price = order.price(seconds)
        self.charge(order.account, price)
        folder = self._folder / self._draw(16)
        folder.mkdir()
        kept = path.rename(folder / "mixture")
        job = Job(
            self._long_hash(source),
            sum(len(state.jobs) for state in self.family) + 1,
            order,
            source,
            kept,
            evolve(wav, path=kept) if wav else None,
            schedule,
            created,
            price,
            base,
        )
        self.jobs[job.hash] = job
        self.jobs_created += 1
        return job

    def _fetch(self, order: Order, base: str) -> RemoteJob:
        remote = RemoteJob(self._draw(16), order, self.schedule, self.clock(), base)
        self.remotes[remote.hash] = remote
        return remote

    def _arrived(self, remote: RemoteJob) -> None:
        url = remote.order.form["url"]
        data = self.remote_files[url] if url in self.remote_files else render_song()
        if data is None:
            remote.failure = refusals.URL_UNREACHABLE
            return
        source = PurePosixPath(unquote(urlsplit(url).path)).name or "audio.wav"
        path = self._written(data)
        # The job begins when the download ended, not when somebody first asks.
        started = self.clock() if remote.schedule.polls else remote.due
        try:
            remote.job = self._start(
                remote.order, source, path, remote.schedule, started, remote.base
            )
        except refusals.Refusal:
            path.unlink()
            remote.failure = refusals.TOO_FEW_CREDITS

    def _written(self, data: bytes) -> Path:
        path = self.spool()
        path.write_bytes(data)
        return path

    def _long_hash(self, source: str) -> str:
        """Name a job by its second and its file's name, from which the hexadecimal digits come.

        The service may name two uploads of one name and second alike; here each has its own hash.
        """
        stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime(self.clock()))
        name = PurePosixPath(source.replace("\\", "/"))
        ending = slug(name.suffix) if name.suffix else "wav"
        taken = {hash_[:25] for state in self.family for hash_ in state.jobs}
        for number in itertools.count():
            digits = hashlib.sha256(f"{source}{number or ''}".encode()).hexdigest()[:10]
            if f"{stamp}-{digits}" not in taken:
                break
        return f"{stamp}-{digits}-{slug(name.stem)}.{ending}"

    def _draw(self, length: int) -> str:
        """Letters and digits that look random, never come twice, and are the same every run."""
        self._drawn += 1
        digest = hashlib.sha256(f"mvsep fake {self.region}{self._drawn}".encode()).digest()
        return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:length])
