"""A run: the service is asked through the client, slowly, and each answer is checked."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

import httpx
from attrs import evolve

from contract_tests.live.check import Problem, Verdict, examine
from contract_tests.live.record import Recorder
from contract_tests.live.settings import CannotRunError, Settings
from mvsep import NO_RETRY, MVSep
from mvsep.errors import ConnectionFailed, InvalidToken, MVSepError, RateLimited, UnexpectedResponse
from mvsep_api.operations import OPERATIONS

#: Seconds between two requests to the service. It allows 120 a minute; nobody needs them here.
INTERVAL: Final = 1.0

_TIMEOUT: Final = httpx.Timeout(120.0, connect=15.0)

Value = TypeVar("Value")


class Run:
    """One run: the clients, and what was found.

    Attributes:
        guest: The client without a token.
        account: The client with the token, or None.
        answers: The verdict of every answer, in order.
        reasons: Why an operation was not called, where a step was left out.
        troubles: What kept a step from being carried out, by operation.
        stopped: Why nothing more is asked, or None.
    """

    def __init__(
        self,
        contract: dict[str, Any],
        settings: Settings,
        *,
        recorder: Recorder | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.answers: list[Verdict] = []
        self.reasons: dict[str, str] = {}
        self.troubles: list[tuple[str, str]] = []
        self.stopped: str | None = None
        self._contract = contract
        self._recorder = recorder
        self._named = {(known.method, known.path): known.id for known in OPERATIONS.values()}
        self._interval = 0.0 if settings.is_local else INTERVAL
        self._clock, self._sleep = clock, sleep
        self._last = -math.inf
        self._http = httpx.Client(
            timeout=_TIMEOUT,
            trust_env=not settings.is_local,
            event_hooks={"request": [self._wait], "response": [self._answered]},
        )
        self.guest = self._client(settings.url, None)
        self.account = self._client(settings.url, settings.token) if settings.token else None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(
        self, operation: str, function: Callable[[], Value], *, always: bool = False
    ) -> Value | None:
        """Carry out a step; with `always` even when nothing more is to be asked."""
        if self.stopped and not always:
            self.left_out(operation)
            return None
        before = len(self.answers)
        try:
            return function()
        except (ConnectionFailed, RateLimited) as error:
            self.stopped = f"the run ended early: {error.message}"
            self.troubles.append((operation, str(error)))
        except InvalidToken as error:
            self.stopped = "the run ended early: the token was not accepted"
            self.troubles.append((operation, str(error)))
        except UnexpectedResponse as error:
            self._unexpected(operation, error, answered=len(self.answers) > before)
        except MVSepError as error:
            self.troubles.append((operation, str(error)))
        return None

    def left_out(self, operation: str, reason: str = "") -> None:
        """Note why a step is left out: the run has ended, or this reason."""
        self.reasons.setdefault(operation, self.stopped or reason)

    def _unexpected(self, operation: str, error: UnexpectedResponse, *, answered: bool) -> None:
        verdict = self.answers[-1] if answered else None
        if error.status is not None and error.status >= 500:
            self.troubles.append((operation, str(error)))
        elif verdict is None:
            # A body that can't even be unpacked.
            change = "report it to the service: no contract can allow for it"
            problem = Problem("the body", error.message, change, "server")
            self.answers.append(Verdict(operation, 0, "200", (problem,)))
        elif verdict.held:
            change = "nothing in the contract: the client refuses what the contract allows"
            problem = Problem("$", f"is refused by the client: {error.message}", change, "client")
            self.answers[-1] = evolve(verdict, problems=(problem,))

    def _wait(self, _: httpx.Request) -> None:
        left = self._last + self._interval - self._clock()
        if left > 0:
            self._sleep(left)
        self._last = self._clock()

    def _client(self, url: str, token: str | None) -> MVSep:
        connection: dict[str, Any] = {"http_client": self._http, "sleep": self._sleep}
        client = MVSep(token, base_url=url, retry=NO_RETRY, **connection)
        if client.settings.token != token:
            raise CannotRunError("A token of the environment got into a client that has none.")
        return client

    def _answered(self, response: httpx.Response) -> None:
        request = response.request
        operation = self._named.get((request.method, request.url.path))
        if operation is None:
            return  # a stem
        response.read()
        verdict = examine(
            self._contract,
            operation,
            status=response.status_code,
            content_type=response.headers.get("content-type", ""),
            content=response.content,
        )
        if verdict.is_outage:
            return  # `step` tells of it
        self.answers.append(verdict)
        if self._recorder:
            self._recorder.keep(operation, response)
