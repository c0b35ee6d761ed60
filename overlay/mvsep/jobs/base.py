"""What a job knows and decides while it is waited for, whoever waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mvsep.catalog.stems import Prediction
from mvsep.core.checks import check_seconds
from mvsep.core.steps import Steps
from mvsep.core.values import DEFAULT, Timeout
from mvsep.downloads.plan import Place
from mvsep.downloads.result import Folder
from mvsep.errors import InvalidInput, JobTimeout
from mvsep.files import names
from mvsep.files.names import unmarked
from mvsep.job_state import JobState, usable_hash
from mvsep.jobs import poll
from mvsep.settings.client import ClientSettings

#: Told of each change of a job's state.
OnState = Callable[[JobState], object]


class Watched:
    """What both kinds of job know and decide alike."""

    def __init__(
        self,
        session: ClientSettings,
        hash: str,
        input_name: str | None,
        about: Mapping[str, Any] | None,
        created: bool,
        expected: Prediction | None,
        warnings: tuple[str, ...],
    ) -> None:
        if usable_hash(hash) is None:
            raise InvalidInput(
                f"{hash!r:.60} can't be the hash of a job.",
                charged=False,
                next_step="It is what the service called the job when it was created, such as "
                "20250131145833-a0bb276157-mixture.wav.",
            )
        self.hash = hash
        self.about = dict(about or {})
        self.expected = expected
        self.warnings = warnings
        self.host = session.host
        self.address = session.base_url
        self.state: JobState | None = None
        self._session = session
        self._created = created
        # A hash ends in the upload's name: `20250131145833-a0bb276157-mixture.wav`.
        self._input = names.input_stem(input_name or unmarked(hash.split("-", 2)[-1]))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.hash!r}, {self.state or 'not asked yet'})"

    @property
    def _has_files(self) -> bool:
        return self.state is not None and bool(self.state.files)

    @property
    def _is_over(self) -> bool:
        return self.state is not None and self.state.status in {"done", "failed", "not_found"}

    def _to_cancel(self, error: BaseException) -> bool:
        """Whether a block that ends like this cancels its job.

        Ctrl-C, a task that is cancelled and a wait that ran out leave it at the service.
        """
        faulty = isinstance(error, Exception) and not isinstance(error, JobTimeout)
        return faulty and not self._is_over

    def _watch(self, timeout: Timeout, cancel_on_timeout: bool) -> Steps[poll.Step, JobState]:
        check_seconds(timeout=timeout)
        session = self._session
        policy = session.polling
        return Steps(
            poll.watch(
                self.hash,
                policy=policy,
                timeout=policy.timeout if timeout is DEFAULT else timeout,
                clock=session.timing.clock,
                chance=session.timing.chance,
                host=self.host,
                known=self._created,
                summary=session.token is not None,
                cancel_on_timeout=cancel_on_timeout,
            )
        )

    def _next(self, steps: Steps[poll.Step, JobState], answer: Any = None) -> poll.Step | None:
        step = steps.next(answer)
        if step is None:
            self.state = steps.result
        elif isinstance(step, poll.Ask):
            # A link's job has two hashes; the second one is the one to keep.
            self.hash = step.hash
        elif isinstance(step, poll.Show):
            self.state = step.state
        return step

    def _place(self, out: Folder, template: str, overwrite: bool) -> Place:
        return Place(
            self.hash,
            self._input,
            out,
            template,
            overwrite,
            self.about,
            self.expected,
            self.warnings,
        )
