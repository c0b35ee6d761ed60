"""The httpx clients of both ports: their settings, and the errors of their connections."""

from __future__ import annotations

from typing import Any, Final

import httpx

from mvsep.core.values import presentable
from mvsep.errors import ConnectionFailed, InvalidInput, MVSepError, UnexpectedResponse
from mvsep.settings.client import HEADERS
from mvsep.settings.connection import Connection, Limit
from mvsep.settings.token import Token, hidden, without_frames
from mvsep.transport.request import BODY_SENT

#: Seconds to connect, and between two pieces of an answer. The service answers a create call only
#: when it has stored the upload, which for large files takes a while.
TIMEOUT: Final = httpx.Timeout(120.0, connect=15.0)


# Addresses that a client keeps parsed; a wait asks for the same one again and again.
_MOST_ADDRESSES: Final = 256


class _Cookies(httpx.Cookies):
    """Cookies that read an answer only if it sets some: httpx takes a tenth of a call for that."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Keep the cookies of an answer."""
        if "set-cookie" in response.headers:
            super().extract_cookies(response)


class _Addresses:
    """The parsed addresses of a service: httpx parses each three times, for a third of a call."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._parsed: dict[str, httpx.URL] = {}

    def whole(self, url: httpx.URL | str, params: Any) -> dict[str, Any]:
        """Return a call's address and parameters for httpx; those of a path become one address."""
        if not (isinstance(url, str) and url.startswith("/")):
            return {"url": url, "params": params}
        written = f"{url}{params!r}"  # with the types of values: True is written as "true"
        whole = self._parsed.get(written)
        if whole is None:
            whole = httpx.URL(f"{self._service}{url}", params=params or None)
            if len(self._parsed) >= _MOST_ADDRESSES:
                self._parsed.clear()
            self._parsed[written] = whole
        return {"url": whole}


class ApiClient(httpx.Client):
    """A client for the service, which does for a call only what is new with it.

    Args:
        base_url: The scheme and host of the service.
        settings: What httpx takes.
    """

    def __init__(self, base_url: str, **settings: Any) -> None:
        super().__init__(base_url=base_url, **settings)
        self._addresses, self._cookies = _Addresses(base_url), _Cookies(self.cookies)

    def build_request(
        self, method: str, url: httpx.URL | str, *, params: Any = None, **more: Any
    ) -> httpx.Request:
        """Make a request."""
        return super().build_request(method, **self._addresses.whole(url, params), **more)


class AsyncApiClient(httpx.AsyncClient):
    """An async client for the service; see `ApiClient`."""

    def __init__(self, base_url: str, **settings: Any) -> None:
        super().__init__(base_url=base_url, **settings)
        self._addresses, self._cookies = _Addresses(base_url), _Cookies(self.cookies)

    def build_request(
        self, method: str, url: httpx.URL | str, *, params: Any = None, **more: Any
    ) -> httpx.Request:
        """Make a request."""
        return super().build_request(method, **self._addresses.whole(url, params), **more)


def http_settings(
    client: httpx.Client | httpx.AsyncClient | None, chosen: Connection
) -> dict[str, Any]:
    """Return the settings of an httpx client, those of a caller's own among them."""
    if client is None:
        timeout = TIMEOUT if chosen.timeout is None else chosen.timeout
        return {"timeout": timeout, "headers": HEADERS}
    headers = httpx.Headers(HEADERS)
    # Not httpx's own defaults: ours say who asks, and what can be read.
    headers.update(
        {
            name: value
            for name, value in client.headers.items()
            if not value.startswith("python-httpx/") and (name, value) != ("accept", "*/*")
        }
    )
    return {**settings_of(client), "headers": headers}


def settings_of(
    client: httpx.Client | httpx.AsyncClient, timeout: Limit | None = None
) -> dict[str, Any]:
    """Return the settings of a client that another one is made with, with a time-out of its own."""
    return {
        "timeout": client.timeout if timeout is None else timeout,
        "headers": client.headers,
        "cookies": client.cookies,
        "event_hooks": client.event_hooks,
        "auth": client.auth,
    }


def check_own(
    http_client: object,
    kind: type[httpx.Client] | type[httpx.AsyncClient],
    chosen: Connection,
) -> None:
    """Check that a caller's own httpx client is of the kind that fits, and has all settings."""
    if not isinstance(http_client, kind | None):
        raise InvalidInput(
            f"http_client is an httpx.{kind.__name__}, not {type(http_client).__name__}.",
            param="http_client",
        )
    if http_client is not None:
        chosen.check_none()


def broken(error: Exception, host: str) -> MVSepError:
    """Make the SDK's error for a file that httpx could not fetch."""
    known = isinstance(error, httpx.HTTPError | httpx.InvalidURL | UnicodeError)
    fault = failure(error if known else httpx.ReadError(str(error)), host=host)
    fault.__cause__ = error
    return without_frames(fault)


def failure(error: Exception, *, host: str | None, token: Token | None = None) -> MVSepError:
    """Make the SDK's error for a request that got no readable answer.

    Its text may repeat what the server or a proxy sent.
    """
    text = presentable(hidden(str(error), token))
    if isinstance(error, UnicodeError):
        return UnexpectedResponse(f"It was redirected to no address: {text}.", host=host)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return InvalidInput(
            f"Not an address that can be asked: {text}.",
            host=host,
            param="base_url",
            next_step="It is scheme and host, such as https://mvsep.com.",
        )
    if isinstance(error, httpx.DecodingError | httpx.TooManyRedirects):
        return UnexpectedResponse(
            f"The answer could not be read: {text}.", host=host, retryable=True
        )
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        what = "The service can't be reached"
    elif isinstance(error, httpx.TimeoutException):
        what = "The service did not answer in time"
    elif isinstance(error, httpx.ProxyError):
        what = "The proxy did not let it through"
    else:
        what = "The connection to the service was lost"
    return ConnectionFailed(
        f"{what} ({text})." if text else f"{what}.",
        host=host,
        retryable=True,
        sent=_was_sent(error),
        next_step="Check the network, and the service's address if you set one; then try again.",
    )


def _was_sent(error: Exception) -> bool:
    try:
        request: httpx.Request = error.request  # type: ignore[attr-defined]  # may lack it
    except (AttributeError, RuntimeError):
        return False
    return bool(request.extensions.get(BODY_SENT, False))
