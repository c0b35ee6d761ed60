"""The logger `mvsep`: a line for each request, without query, headers and token.

INFO has method, host, path, status, seconds and attempt. DEBUG has waits, sendings again, and the
version of HTTP besides. It is silent unless the program sets up logging.
"""

from __future__ import annotations

import logging
import time
from typing import Final

import httpx

from mvsep.core.values import presentable
from mvsep.settings.policies import CALLING, ResponseInfo
from mvsep.settings.token import Token, hidden

LOG: Final = logging.getLogger("mvsep")
LOG.addHandler(logging.NullHandler())


class Sending:
    """One request on its way: its time, and who wants to know of its answer.

    Args:
        request: The request.
        token: The token, which is masked.
        attempt: The number of the sending, from 1.
    """

    def __init__(self, request: httpx.Request, token: Token | None, attempt: int = 1) -> None:
        self._request, self._token, self._attempt = request, token, attempt
        self._hears = CALLING.get().on_response
        self._began = time.monotonic()

    def answered(self, response: httpx.Response) -> None:
        """Log an answer, and tell who wants to know."""
        if LOG.isEnabledFor(logging.INFO):
            self._note(str(response.status_code), "")
            LOG.debug("answered with %s", response.http_version)
        if self._hears is None:
            return
        try:
            self._hears(self._info(response))
        except Exception as error:  # the answer may be that of a paid job
            why = presentable(str(error))
            LOG.warning("on_response failed: %s: %s", type(error).__name__, why)

    def failed(self, error: Exception) -> None:
        """Log that no answer came. The error's own text may repeat what a proxy sent."""
        self._note("failed", f": {type(error).__name__}")

    def _note(self, status: str, end: str) -> None:
        method, host, path = self._address
        seconds = time.monotonic() - self._began
        LOG.info(
            "%s %s%s %s in %.2f s, attempt %d%s",
            *(method, host, path, status, seconds, self._attempt, end),
        )

    @property
    def _address(self) -> tuple[str, str, str]:
        url = self._request.url
        # As it is sent: a link of the service's may have a line break in it otherwise.
        path = url.raw_path.partition(b"?")[0].decode("ascii", "replace")
        return self._request.method, url.netloc.decode(), hidden(path, self._token)

    def _info(self, response: httpx.Response) -> ResponseInfo:
        pairs = response.headers.multi_items()
        headers = httpx.Headers([(name, hidden(value, self._token)) for name, value in pairs])
        seconds = time.monotonic() - self._began
        return ResponseInfo(*self._address, response.status_code, headers, seconds, self._attempt)
