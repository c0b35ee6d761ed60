"""Many songs on an executor: each is a task for a worker, on this machine or another.

A worker makes a client of its own and opens the journal by itself, for neither goes to another
process. The token travels within the pickled task only, and no repr or error shows it.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import queue
import socket
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, Final

from attrs import evolve, field, frozen

from mvsep.batch.limits import FIRST, Limits, SongTurn
from mvsep.batch.queue import Batch, Outcome
from mvsep.batch.run import allowed_now
from mvsep.batch.shared_limit import LOOK, SharedLimit
from mvsep.batch.song import Order
from mvsep.catalog.cache import open_store
from mvsep.core.checks import by, check_is
from mvsep.core.disk import path_of
from mvsep.core.flow import run
from mvsep.core.values import shown
from mvsep.errors import (
    AlreadyUnderWay,
    InvalidInput,
    JournalError,
    MVSepError,
    Refused,
    own_fault,
)
from mvsep.files.sources import Source, is_link
from mvsep.jobs.job import Job, adopted
from mvsep.jobs.jobs import Jobs
from mvsep.journal.request import Callbacks, SongRequest
from mvsep.journal.separate import separate
from mvsep.journal.store import LEASE, Journal
from mvsep.settings import token as tokens
from mvsep.settings.client import ClientSettings
from mvsep.settings.policies import chance
from mvsep.transport.sync_port import SyncPort, connect

# Leases for which a dead worker's song can be held: five, and a look.
_LONGEST_HELD: Final = 6
_GO_ON: Final = "Run it again with the same journal: it goes on where the worker ended."


@frozen(kw_only=True)
class Task:
    """A song for a worker.

    Args:
        settings: The settings of its client.
        sleep: The function that waits, in seconds.
        journal: Opens the journal; it may have a password.
        machine: The machine that a journal in a file is on; None for one that all reach.
        order: The song, as a worker finds it, with all its settings.
        at_once: Jobs at once; None for what the account may have.
        waits: Whether a song of another worker is waited for; else it is an error at once.
    """

    settings: ClientSettings
    sleep: Callable[[float], object] = field(repr=False)
    journal: Callable[[], Journal] = field(repr=False)
    machine: tuple[str, int] | None
    order: Order
    at_once: int | None
    waits: bool = False

    @property
    def __name__(self) -> str:
        """The name that the dashboard of a cluster shows."""
        return f"separate {self.order.input_name}"

    def __call__(self) -> Outcome:
        """Separate the song in this process; what goes wrong is in the outcome."""
        jobs_made: list[Job] = []
        try:
            self._check_machine()
            with self._port() as port, self.journal() as journal:
                result = run(self._separate(port, journal, jobs_made.append))
        except Exception as error:
            failed = error if isinstance(error, MVSepError) else own_fault(error)
            return Outcome(None, error=tokens.without_frames(failed), job=_last(jobs_made))
        return Outcome(None, result=result, job=_last(jobs_made))

    def _check_machine(self) -> None:
        if self.machine not in (None, _this_machine()):
            raise JournalError(
                "The journal is a file of another machine.",
                charged=False,
                next_step="Workers on several machines share one at postgresql://.",
            )

    @contextmanager
    def _port(self) -> Iterator[SyncPort]:
        """Connect, with the token of this process's environment where none came along."""
        token = self.settings.token or tokens.find(None, os.environ)
        port = connect(evolve(self.settings, token=token), None, self.sleep)
        try:
            yield port
        finally:
            port.close()

    async def _separate(
        self, port: SyncPort, journal: Journal, on_job: Callable[[Job], object]
    ) -> Any:
        settings = port.settings
        catalogs = open_store(
            settings.host,
            local=settings.is_local,
            environment=os.environ,
            now=settings.timing.wall,
        )
        jobs = Jobs(port, catalogs, Job, lambda uncertain: jobs.reconcile(uncertain))
        account = tokens.fingerprint(tokens.required(settings.token))
        order = self.order
        submission = jobs.prepare(order.source, order.sep_type, order.asked)
        submission.input_name = order.input_name
        most = self.at_once or await allowed_now(jobs)
        first = self.at_once or min(most, FIRST)
        callbacks = Callbacks(on_event=lambda event: isinstance(event, Job) and on_job(event))
        limits = Limits(port)
        patience = _LONGEST_HELD * max(journal.lease, LEASE) if self.waits else 0.0
        limits.jobs = SharedLimit(port, journal.places(account, first, most))
        while True:
            turn = SongTurn(limits, lambda: None)
            try:
                request = SongRequest(submission, order.delivery, turn=turn)
                return await separate(jobs, request, journal, callbacks)
            except AlreadyUnderWay:
                # Of a worker that died, its song is free once its lease has run out.
                if patience <= 0:
                    raise
            finally:
                await turn.end()
            pause = min(journal.lease / 4, LOOK)
            patience -= pause
            await port.sleep(pause)


def _last(made: Sequence[Job]) -> Job | None:
    return made[-1] if made else None


def _this_machine() -> tuple[str, int]:
    return socket.gethostname(), uuid.getnode()


@frozen
class Workers:
    """The workers of an executor, and what their clients are made of.

    Args:
        executor: The executor.
        settings: The settings of their clients.
        sleep: The function that waits, in seconds.
        has_own_http: Whether the caller's client has an httpx client of the caller's own.
    """

    executor: Executor = field(validator=by(check_is(Executor)))
    settings: ClientSettings
    sleep: Callable[[float], object]
    has_own_http: bool

    def tasks(
        self, journal: Journal | None, orders: Sequence[Order], at_once: int | None
    ) -> list[Task]:
        """Return the songs as tasks.

        Raises:
            InvalidInput: When one of them, or what goes with them, can't be worked on elsewhere.
        """
        journal = self._usable(journal)
        # Not the caller's chance: a copy of it would give the uploads of all workers one name.
        timing = evolve(self.settings.timing, chance=chance)
        common: dict[str, Any] = {
            "settings": evolve(self.settings, timing=timing),
            "sleep": self.sleep,
            "journal": journal.reopened,
            "machine": None if journal.is_shared else _this_machine(),
            "at_once": at_once,
        }
        tasks = [Task(order=_for_a_worker(order), **common) for order in orders]
        if tasks and not isinstance(self.executor, ThreadPoolExecutor):
            _check_travels(tasks[0])
        return tasks

    def _usable(self, journal: Journal | None) -> Journal:
        """Check what all songs need, and return the journal."""
        if journal is None:
            raise InvalidInput(
                "executor= needs a journal.",
                next_step="Workers share the account's limit by it, and go on with the songs of "
                "one that died.",
                param="journal",
            )
        if self.has_own_http:
            raise InvalidInput(
                "An http_client of one's own can't go to a worker.",
                next_step="Make the client without http_client=; timeout=, proxy= and verify= go "
                "to the workers.",
                param="executor",
            )
        return journal

    async def separate(self, jobs: Jobs[Any], batch: Batch, tasks: Sequence[Task]) -> list[Outcome]:
        """Have the songs of a batch separated, and return their outcomes.

        Raises:
            BaseException: What the caller's own function raised, or Ctrl-C. Songs that no worker
                has begun are not begun any more; the others go on, and the journal has them.
        """
        at_work, held = _AtWork(self.executor), dict[int, Task]()
        try:
            for number, task in enumerate(tasks):
                at_work.submit(number, task)
            while at_work.tasks or held:
                if not at_work.tasks:
                    # A worker that waits for them keeps no other song waiting now.
                    for number, task in held.items():
                        at_work.submit(number, evolve(task, waits=True))
                    held.clear()
                number, task, future = await at_work.next()
                outcome = _outcome(future, task, batch)
                if isinstance(outcome.error, AlreadyUnderWay) and not task.waits:
                    held[number] = task
                    continue
                if batch.is_refused_for_all(outcome.error):
                    at_work.cancel()
                if outcome.job is not None:
                    outcome = evolve(outcome, job=adopted(outcome.job, jobs.kind, jobs.port))
                batch.end(number, outcome)
        except BaseException as error:
            at_work.cancel()
            fault = batch.fault or error
            fault.add_note(f"Workers may still be at songs; the journal has them. {_GO_ON}")
            raise fault from None
        return batch.settled()


class _AtWork:
    """The songs that workers have, or will have.

    Attributes:
        tasks: The number and the task of each that has not ended.
    """

    def __init__(self, executor: Executor) -> None:
        self.tasks: dict[Future[Outcome], tuple[int, Task]] = {}
        self._executor, self._ended = executor, _Ended.for_this_place()

    def submit(self, number: int, task: Task) -> None:
        """Hand over a song; an executor that takes none is the end of it."""
        try:
            future = self._executor.submit(task)
        except RuntimeError as error:  # it is shut down, or a worker of it died
            future = Future()
            future.set_exception(error)
        self.tasks[future] = number, task
        future.add_done_callback(self._ended.put)

    async def next(self) -> tuple[int, Task, Future[Outcome]]:
        """Wait for the next end."""
        future = await self._ended.get()
        return *self.tasks.pop(future), future

    def cancel(self) -> None:
        """Take back the songs that no worker has begun."""
        for future in tuple(self.tasks):
            future.cancel()


class _Ended:
    """The futures that have ended, for a thread that waits."""

    def __init__(self) -> None:
        self._queue = queue.SimpleQueue[Future[Outcome]]()

    @staticmethod
    def for_this_place() -> _Ended:
        """Return those for an event loop where one runs, else for this thread."""
        try:
            return _EndedInLoop(asyncio.get_running_loop())
        except RuntimeError:
            return _Ended()

    def put(self, future: Future[Outcome]) -> None:
        """Take note of one; any thread may call it."""
        self._queue.put(future)

    async def get(self) -> Future[Outcome]:
        """Wait for the next one."""
        while True:
            # In bits: Ctrl-C does not end a wait without end on every system.
            with suppress(queue.Empty):
                return self._queue.get(timeout=0.5)


class _EndedInLoop(_Ended):
    """The same for a task of an event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._ended = loop, asyncio.Queue[Future[Outcome]]()

    def put(self, future: Future[Outcome]) -> None:
        """Take note of one; any thread may call it."""
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._ended.put_nowait, future)

    async def get(self) -> Future[Outcome]:
        """Wait for the next one."""
        return await self._ended.get()


def _outcome(future: Future[Outcome], task: Task, batch: Batch) -> Outcome:
    try:
        if future.cancelled():
            batch.check_account()
        return future.result()
    except Refused as error:
        return Outcome(None, error=error)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and not future.done():
            raise
        why = type(error).__name__
        other = "Make a new executor. " if isinstance(error, RuntimeError) else ""
        return Outcome(
            None,
            error=MVSepError(
                f"The worker that had {task.order.input_name} ended without an answer: {why}.",
                retryable=True,
                next_step=other + _GO_ON,
            ),
        )


def _for_a_worker(order: Order) -> Order:
    asked, delivery = order.asked, order.delivery
    return evolve(
        order,
        source=_reachable(order.source),
        asked=evolve(asked, reference=_reachable(asked.reference)),
        delivery=evolve(delivery, out=delivery.out.absolute()),
    )


def _reachable(source: Source | None) -> Source | None:
    if source is None or isinstance(source, bytes) or is_link(source):
        return source
    if isinstance(source, str | os.PathLike):
        return str(path_of(source).absolute())
    raise InvalidInput(
        f"An open file can't go to a worker: {shown(source)}.",
        next_step="Hand over its path or its bytes.",
        param="sources",
    )


def _check_travels(task: Task) -> None:
    settings = task.settings
    parts = {"timing": settings.timing, "pace": settings.pace, "sleep": task.sleep}
    for name, value in {**parts, "journal": task.journal, "options": task.order.asked}.items():
        try:
            pickle.dumps(value)
        except Exception as error:
            raise InvalidInput(
                f"{name} can't go to another process: {type(error).__name__}.",
                next_step="Functions have names of a module there: no lambda, nothing local.",
                param=name,
            ) from None
