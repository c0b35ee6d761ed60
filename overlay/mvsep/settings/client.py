"""Settings of a client: the token, the service's addresses, and the policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from urllib.parse import urlsplit

import httpx
from attrs import evolve, field, frozen

from mvsep._version import __version__
from mvsep.core.checks import by, check_is, check_whole
from mvsep.core.defaults import BASE_URL_VARIABLE
from mvsep.core.objects import Brief
from mvsep.errors import InvalidInput
from mvsep.settings import token as tokens
from mvsep.settings.connection import Connection, Limit, Proxy, Trust, check_timeout
from mvsep.settings.policies import Clock, DownloadPolicy, Pace, PollPolicy, RetryPolicy
from mvsep.settings.token import Token
from mvsep_api.operations import SERVERS


def usable(url: str) -> bool:
    """Tell whether an address can be asked: http or https, a host, no user."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
        _ = httpx.URL(url).host  # raises where IDNA does not allow it
    except (ValueError, httpx.InvalidURL):
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username


def netloc(url: str) -> str:
    """Return the host of an address, with its port where that is not the usual one.

    What is no address, such as in a journal that was damaged, is returned as it is.
    """
    try:
        # As httpx writes it in every request: in small letters, without the usual port.
        return httpx.URL(url).netloc.decode()
    except (httpx.InvalidURL, ValueError):
        return url


def is_loopback(hostname: str) -> bool:
    """Tell whether a host name is this machine's own."""
    return hostname in {"127.0.0.1", "localhost", "::1"}


HEADERS = {
    "User-Agent": f"mvsep-python/{__version__}",
    "Accept": "application/json, */*",
}


@frozen(repr=False)
class ClientSettings(Brief):
    """The settings of a client, checked.

    Args:
        base_url: Scheme and host of the service, without a path.
        token: The API token, or None.
        polling: When jobs are asked about.
        retry: How patiently a request is sent again.
        pace: Spreads the requests; None for a server on this machine, unless one was given.
        regions: The addresses a job may be created at, in the order they are tried.
        timing: The clocks and the chance.
        allowed: Hosts that stems may come from besides the service's own.
        longest_answer: The most bytes of an answer of the API, unpacked. The longest known ones,
            lists of all separation types, have about a megabyte.
        longest_state: The most bytes of one about a single thing, such as a job's state. A parsed
            megabyte of JSON can take sixteen.
        downloads: The limits of a stem on its way.
        connection: The settings of the connections.
    """

    base_url: str
    token: Token | None
    polling: PollPolicy
    retry: RetryPolicy = field(factory=RetryPolicy)
    pace: Pace | None = field(default=None, repr=False)
    regions: tuple[str, ...] = ()
    timing: Clock = field(factory=Clock, repr=False)
    allowed: frozenset[str] = frozenset()
    longest_answer: int = 64 << 20
    longest_state: int = 8 << 20
    downloads: DownloadPolicy = field(factory=DownloadPolicy)
    connection: Connection = field(factory=Connection)

    @cached_property
    def host(self) -> str:
        """The service's host, with its port where the address names one."""
        return netloc(self.base_url)

    @cached_property
    def service(self) -> str:
        """The service's name, the same for all its regions."""
        own = list(map(netloc, SERVERS))
        return own[0] if self.host in own else self.host

    @cached_property
    def is_local(self) -> bool:
        """True for a server on this machine."""
        return is_loopback(urlsplit(self.base_url).hostname or "")

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The hosts that may see the token."""
        return frozenset(map(netloc, (self.base_url, *self.regions, *SERVERS)))

    @cached_property
    def chosen(self) -> frozenset[str]:
        """The hosts that the caller asks: they alone see what a caller's own httpx client adds."""
        return frozenset(map(netloc, self.regions or (self.base_url,)))

    @cached_property
    def result_hosts(self) -> frozenset[str]:
        """The hosts that stems may come from; they see no token."""
        return self.allowed | self.hosts

    def at(self, url: str) -> ClientSettings:
        """Return the settings for another of the service's hosts; the path does not matter."""
        if url == self.base_url:
            return self
        if usable(url) and netloc(url) in self.hosts:
            parts = urlsplit(url)
            there = evolve(self, base_url=_checked(f"{parts.scheme}://{parts.netloc}", "host"))
            # What is tried on this machine stays on it.
            if there.is_local == self.is_local:
                return there
        raise InvalidInput(
            f"{url!r:.80} is not an address of the service's.",
            next_step="A host of your own is given to the client, as base_url or in regions.",
            param="host",
        )

    def with_options(self, token: str | None, chosen: Options) -> ClientSettings:
        """Return the settings with some of a caller's choices in place of these.

        Another token has a pace of its own, for the service counts the requests of each.
        """
        pace = chosen.pace or (self.pace if token is None else copy(self.pace))
        timeout = self.connection.timeout if chosen.timeout is None else chosen.timeout
        return evolve(
            self,
            token=self.token if token is None else tokens.check(token),
            polling=chosen.polling or self.polling,
            retry=chosen.patience(self.retry),
            pace=pace,
            downloads=chosen.downloads or self.downloads,
            connection=evolve(self.connection, timeout=timeout),
        )

    def address_of_region(self, host: str | None) -> str:
        """Return a region's address by its host; this client's where it is no region's."""
        regions = {netloc(url): url for url in (*self.regions, self.base_url)}
        return regions.get(host or "", self.base_url)

    def address_of_job(self, link: object) -> str:
        """Return the address of the host that has a job: that of its link, or this one.

        The link names the region that has the files. One that is no address of the service's is no
        reason to lose the job.
        """
        try:
            return self.at(link if isinstance(link, str) else self.base_url).base_url
        except InvalidInput:
            return self.base_url


@frozen(kw_only=True)
class Options:
    """A caller's choices that a client can change later on; each is described at `MVSep`."""

    polling: PollPolicy | None = field(default=None, validator=by(check_is(PollPolicy)))
    retry: RetryPolicy | None = field(default=None, validator=by(check_is(RetryPolicy)))
    max_retries: int | None = field(default=None, validator=by(check_whole))
    pace: Pace | None = field(default=None, validator=by(check_is(Pace)))
    timeout: Limit | None = field(default=None, validator=by(check_timeout))
    downloads: DownloadPolicy | None = field(default=None, validator=by(check_is(DownloadPolicy)))

    def patience(self, usual: RetryPolicy) -> RetryPolicy:
        """Return the patience with a request, with the number of `max_retries` if one is given."""
        policy = self.retry or usual
        return policy if self.max_retries is None else evolve(policy, attempts=self.max_retries + 1)


@frozen(kw_only=True)
class Choices(Options):
    """A caller's choices besides token and address; each is described at `MVSep`."""

    proxy: Proxy | None = field(default=None, repr=False)
    verify: Trust | None = None
    regions: Sequence[str] | None = None
    result_hosts: Sequence[str] | None = None
    timing: Clock | None = field(default=None, validator=by(check_is(Clock)))


def find_settings(
    token: str | None,
    base_url: str | None,
    environment: Mapping[str, str],
    chosen: Choices | None = None,
) -> ClientSettings:
    """Find and check the settings of a client.

    The address is `base_url`, else the environment's MVSEP_BASE_URL, else the first region. For a
    server on this machine polling is brisk, and there is no pace unless one is given. All regions
    of the service count unless an address is given.
    """
    chosen = chosen or Choices()
    # An empty base_url is refused: whoever hands one over does not mean the service itself.
    given = environment.get(BASE_URL_VARIABLE) or None if base_url is None else base_url
    regions = chosen.regions
    if regions is None:
        regions = SERVERS if given is None else ()
    others = [_checked(each, "regions") for each in _listed("regions", regions)]
    name = BASE_URL_VARIABLE if base_url is None else "base_url"
    address = (*others, SERVERS[0])[0] if given is None else _checked(given, name)
    local = is_loopback(urlsplit(address).hostname or "")
    return ClientSettings(
        base_url=address,
        token=tokens.find(token, environment),
        polling=chosen.polling or (PollPolicy.brisk() if local else PollPolicy()),
        retry=chosen.patience(RetryPolicy()),
        pace=chosen.pace or (None if local else Pace()),
        regions=tuple(dict.fromkeys((address, *others))),
        timing=chosen.timing or Clock(),
        allowed=frozenset(map(str.lower, _listed("result_hosts", chosen.result_hosts or ()))),
        downloads=chosen.downloads or DownloadPolicy(),
        connection=Connection(timeout=chosen.timeout, proxy=chosen.proxy, verify=chosen.verify),
    )


def _listed(name: str, values: Sequence[str]) -> Sequence[str]:
    if isinstance(values, str | bytes):  # each of its letters would count
        raise InvalidInput(f"{name} is a list: [{values!r:.60}].", param=name)
    if not isinstance(values, Iterable):
        raise InvalidInput(f"{name} is a list, not {values!r:.60}.", param=name)
    listed = tuple(values)
    for value in listed:
        if not isinstance(value, str):
            raise InvalidInput(f"{name} is a list of texts, without {value!r:.60}.", param=name)
    return listed


def _checked(address: str, name: str) -> str:
    if not isinstance(address, str):
        raise InvalidInput(f"{name} is a text, not {address!r:.80}.", param=name)
    address = address.rstrip("/")
    parts = urlsplit(address) if usable(address) else None
    if parts is None or parts.path or parts.query or parts.fragment:
        raise InvalidInput(
            f"{_named(address, name)} can't be the service's address.",
            next_step="It is scheme and host only, such as https://mvsep.com.",
            param=name,
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise InvalidInput(
            f"{_named(address, name)} would send the token and the song unencrypted.",
            next_step="Use https://; plain http is for servers on this machine.",
            param=name,
        )
    return address


def _named(address: str, name: str) -> str:
    return f"{name} {address!r:.80}" if name == BASE_URL_VARIABLE else f"{address!r:.80}"
