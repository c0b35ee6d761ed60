"""What the fake server knows and does, apart from HTTP: accounts, jobs, credits, counters."""

from __future__ import annotations

import hashlib
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

from attrs import evolve

from mvsep.files.names import unmarked
from mvsep.testing import audio, refusals
from mvsep.testing.accounts import FREE_SEPARATIONS, Account, Accounts, demo_account, free_account
from mvsep.testing.counts import LoggedRequest, Tally
from mvsep.testing.intake import Order, Upload, mixture, read_order
from mvsep.testing.jobs import Job, RemoteJob, slug
from mvsep.testing.quality import QualityChecker
from mvsep.testing.schedule import Moment, Schedule
from mvsep.testing.song import render_song

RATE_LIMIT = 120  # requests a minute, as the service's headers have said since March 2024
LARGE_SECONDS = 600  # from here on the fake works in parts; the service's own bound is unknown
_ALPHABET = string.ascii_letters + string.digits
_RESTING = frozenset({"waiting", "done", "failed"})


class ServerState:
    """The state of one fake server.

    Args:
        accounts: Who may use it; by default a premium demo account and a free one.
        schedule: How jobs created from now on move.
        clock: Seconds since 1970; inject `ManualClock` for virtual time.
        rate_limit: Requests a minute that the rate-limit headers count down from.
        enforce_rate_limit: Whether a request over the limit is answered 429.
        keep_uploads: Whether mixtures are kept and really separated. If not, only how long they
            are is kept, and stems are noise of the right length, which takes no disk.
        region: Its name among servers that share accounts.
        family: Those servers; this one joins them.
    """

    def __init__(
        self,
        accounts: Iterable[Account] | Accounts | None = None,
        *,
        schedule: Schedule | None = None,
        clock: Callable[[], float] = time.time,
        rate_limit: int = RATE_LIMIT,
        enforce_rate_limit: bool = False,
        keep_uploads: bool = True,
        region: str = "",
        family: list[ServerState] | None = None,
    ) -> None:
        if isinstance(accounts, Accounts):
            self.accounts = accounts
        else:
            both = [demo_account(), free_account()]
            self.accounts = Accounts(both if accounts is None else accounts)
        self.schedule = Schedule() if schedule is None else schedule
        self.clock = clock
        self.rate_limit = rate_limit
        self.enforce_rate_limit = enforce_rate_limit
        self.keep_uploads = keep_uploads
        self.region = region
        self.family = [] if family is None else family
        self.family.append(self)
        self.makes_at: Callable[[], tuple[ServerState, str]] | None = None
        """Where jobs are made that are asked for here, and under which scheme and host: another
        server's, if this one is only its front."""
        self.large_seconds = LARGE_SECONDS
        self.quality = QualityChecker()
        self.jobs: dict[str, Job] = {}
        self.remotes: dict[str, RemoteJob] = {}
        self.remote_files: dict[str, bytes | None] = {}
        """What URL jobs fetch: URL to bytes, or None for "can't be reached". Nothing is ever
        fetched from the network; a URL that is not listed gives the demo song."""
        self.requests: list[LoggedRequest] = []
        self.seen: Counter[str] = Counter()
        """Requests whose head arrived, those that a fault swallowed too: by operation's id,
        `download` for stems and `mixture` for what they were made from."""
        self.jobs_created = 0
        self.credits_charged = 0
        self.credits_refunded = 0
        self._windows: dict[str, tuple[int, int]] = {}
        self._drawn = 0
        self._folder = Path(tempfile.mkdtemp(prefix="mvsep-fake-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def sibling(self, region: str) -> ServerState:
        """The state of another server of the same service: accounts, queues and history are one.

        Args:
            region: What tells it from the others.
        """
        return ServerState(
            self.accounts,
            schedule=self.schedule,
            clock=self.clock,
            rate_limit=self.rate_limit,
            enforce_rate_limit=self.enforce_rate_limit,
            keep_uploads=self.keep_uploads,
            region=region,
            family=self.family,
        )

    def close(self) -> None:
        """Remove every file of the server. Happens by itself when the state is dropped."""
        self._remove()

    # --- accounts -----------------------------------------------------------------------------

    def by_token(self, token: str) -> Account:
        """The account of a token.

        Raises:
            Refusal: 401, as create documents it.
        """
        account = self.accounts.find(token)
        if account is None:
            raise refusals.unauthenticated()
        return account

    def by_key(self, token: str) -> Account:
        """The account of a token.

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
        """Count a request and tell how many are left in this minute; negative: over the limit."""
        who = token if self.accounts.find(token) else ""
        minute = int(self.clock() // 60)
        known, count = self._windows.get(who, (minute, 0))
        count = count + 1 if known == minute else 1
        self._windows[who] = (minute, count)
        return self.rate_limit - count

    # --- separations --------------------------------------------------------------------------

    def create(self, form: Mapping[str, str], files: Mapping[str, Upload]) -> Job | RemoteJob:
        """Take a separation: charge it and put it into the queue, or fetch its URL first.

        Raises:
            Refusal: It is not taken; nothing was charged.
        """
        account = self.by_token(form.get("api_token", ""))
        order = read_order(form, account)
        if not account.premium and self.pending(account):
            raise refusals.by_errors(refusals.PENDING_JOB)
        if order.algorithm.audio_widget == "no_upload":
            source, path = "generated.wav", self._written(render_song())
        elif form.get("url") and "audiofile" not in files:
            return self._fetch(order)
        else:
            upload = mixture(order.algorithm, files)
            source, path = upload.name, upload.path
        return self._start(order, source, path, self.schedule, self.clock())

    def poll(self, hash_: str) -> tuple[Job, Moment] | None:
        """The state of a job as separation/get sees it; asking counts as a poll."""
        job = self.jobs.get(hash_)
        if job is None or job.gone:
            return None
        moment = job.at(self.clock())
        job.polls += 1
        return job, moment

    def poll_remote(self, hash_: str) -> RemoteJob | None:
        """The state of a URL job as get-remote sees it; asking counts as a poll."""
        self.settle()
        remote = self.remotes.get(hash_)
        if remote is not None:
            remote.polls += 1
        return remote

    def cancel(self, account: Account, hash_: str) -> None:
        """Cancel a job; what it was charged is given back only while it waits.

        Raises:
            Refusal: The account has no such job, or it is finished.
        """
        job = self._own(account, hash_)
        moment = job.at(self.clock())
        if moment.finished:
            raise refusals.by_data(refusals.ALREADY_FINISHED)
        if moment.status == "waiting":
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
        """The jobs of an account that are not finished, in whatever region."""
        now = self.clock()
        found: list[Job | RemoteJob] = []
        for state in self.family:
            state.settle()
            found += [r for r in state.remotes.values() if r.order.account is account and r.pending]
            jobs = [job for job in state._live() if job.order.account is account]
            found += [job for job in jobs if not job.at(now).finished]
        return found

    def waiting(self) -> list[Job]:
        """Every job that waits in the queue."""
        self.settle()
        now = self.clock()
        return [job for job in self._live() if job.at(now).status == "waiting"]

    def processing(self) -> list[Job]:
        """Every job that is worked on."""
        self.settle()
        now = self.clock()
        return [job for job in self._live() if job.at(now).status not in _RESTING]

    def history(self, account: Account) -> list[Job]:
        """Every job of an account, gone or not, in whatever region, newest first."""
        for state in self.family:
            state.settle()
        jobs = [job for state in self.family for job in state.jobs.values()]
        found = [job for job in jobs if job.order.account is account]
        return sorted(found, key=lambda job: job.id, reverse=True)

    def demos(self) -> list[Job]:
        """Jobs that are shown on the demo page, newest first."""
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
        """How many of today's free separations an account has left."""
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
        """A new path for an upload."""
        return self._folder / f"upload-{self._draw(16)}"

    # --- what a test wants to know ------------------------------------------------------------

    def tally(self, name: str) -> Tally:
        """What was made here of mixtures of this file name.

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
        self, order: Order, source: str, path: Path, schedule: Schedule, created: float
    ) -> Job:
        try:
            wav: audio.Wav | None = audio.read_wav(path)
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
        )
        self.jobs[job.hash] = job
        self.jobs_created += 1
        return job

    def _fetch(self, order: Order) -> RemoteJob:
        remote = RemoteJob(self._draw(16), order, self.schedule, self.clock())
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
            remote.job = self._start(remote.order, source, path, remote.schedule, started)
        except refusals.Refusal:
            path.unlink()
            remote.failure = refusals.TOO_FEW_CREDITS

    def _written(self, data: bytes) -> Path:
        path = self.spool()
        path.write_bytes(data)
        return path

    def _long_hash(self, source: str) -> str:
        stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime(self.clock()))
        name = PurePosixPath(source.replace("\\", "/"))
        ending = slug(name.suffix) if name.suffix else "wav"
        return f"{stamp}-{self._draw(10, hexadecimal=True)}-{slug(name.stem)}.{ending}"

    def _draw(self, length: int, *, hexadecimal: bool = False) -> str:
        """Letters and digits that look random, never come twice, and are the same every run."""
        self._drawn += 1
        digest = hashlib.sha256(f"mvsep fake {self.region}{self._drawn}".encode())
        if hexadecimal:
            return digest.hexdigest()[:length]
        return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest.digest()[:length])
