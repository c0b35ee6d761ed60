"""Our own httpx clients: with the environment's proxies and certificates, which are checked."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from mvsep.errors import InvalidInput
from mvsep.settings.connection import Connection, Proxy, Trust

Client = TypeVar("Client", httpx.Client, httpx.AsyncClient)

_INSTEAD: Final = "Correct it, unset it, or hand over an http_client of your own."
# The name under which OpenSSL looks for a certificate in a folder.
_CERTIFICATE: Final = re.compile(r"[0-9a-f]{8}\.\d+")


def clients(
    kind: type[Client], *, local: bool, chosen: Connection | None = None
) -> Callable[[], Client]:
    """Return a function that makes httpx clients; all have the same TLS context.

    Args:
        kind: The class of the clients.
        local: Whether the server is on this machine. It is not behind the proxy that the
            environment may name.
        chosen: The caller's proxy and certificates, which go before those of the environment.

    Raises:
        InvalidInput: When one of these or a variable of the environment can't be used; `param`
            names it.
    """
    chosen = chosen or Connection()
    context = _context(chosen.verify, local=local)
    proxy = None if chosen.proxy is None else _checked_proxy(chosen.proxy, context)

    def make() -> Client:
        if proxy is not None:
            return kind(verify=context, proxy=proxy, trust_env=False)
        if not local:
            _check_proxies(context)
        try:
            return kind(verify=context, trust_env=not local)
        except Exception:
            raise _refused(_spelled("no"), "holds what is no host") from None

    return make


def _context(verify: Trust | None, *, local: bool) -> ssl.SSLContext:
    """Make the TLS context: with the certificates of the caller, or of the environment."""
    if isinstance(verify, ssl.SSLContext):
        return verify
    if verify is False:
        return httpx.create_ssl_context(verify=False, trust_env=False)
    if verify is not None and verify is not True:
        return _trusting(Path(verify))
    if not local:
        _check_certificates()
    try:
        return httpx.create_ssl_context(trust_env=not local)
    except OSError as error:
        raise _refused("SSLKEYLOGFILE", f"can't be written: {error.strerror}") from None


def _trusting(place: Path) -> ssl.SSLContext:
    """Make a TLS context that trusts the certificates of a file, or of a folder by their hashes."""
    try:
        if not place.is_dir():
            return ssl.create_default_context(cafile=place)
        if _has_certificates(str(place)):
            return ssl.create_default_context(capath=place)
        why = "it has no certificates by their hashes"
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it can't be read"
    raise InvalidInput(
        f"verify can't be {str(place)!r:.100}: {why}.",
        param="verify",
        next_step="Give a file of certificates in PEM, such as that of your own authority.",
    )


def _checked_proxy(proxy: Proxy, context: ssl.SSLContext) -> httpx.Proxy:
    """Check a caller's proxy; the errors don't show it, for it may hold a password."""
    try:
        usable = _is_proxy(proxy, context)
    except ImportError:
        raise InvalidInput(
            "proxy names a SOCKS proxy, and the package socksio for it is not installed.",
            param="proxy",
            next_step='Run `pip install "httpx[socks]"`.',
        ) from None
    if usable:
        return proxy if isinstance(proxy, httpx.Proxy) else httpx.Proxy(proxy)
    raise InvalidInput(
        "proxy is no address of a proxy.",
        param="proxy",
        next_step="It is such as http://127.0.0.1:3128, with user and password before an @.",
    )


def _is_proxy(proxy: Proxy, context: ssl.SSLContext) -> bool:
    """Tell whether an address can be that of a proxy.

    Raises:
        ImportError: When it is a SOCKS proxy, and the package for them is missing.
    """
    try:
        httpx.Client(proxy=proxy, verify=context, trust_env=False).close()
        parts = urlsplit(str(proxy.url if isinstance(proxy, httpx.Proxy) else proxy))
        _ = parts.port  # raises where it is too large
    except ImportError:
        raise
    except Exception:
        return False
    return re.fullmatch(r"\S+", parts.hostname or "") is not None


def _check_certificates() -> None:
    if file := os.environ.get("SSL_CERT_FILE"):
        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            trusted.load_verify_locations(cafile=file)
        except ssl.SSLError:
            raise _refused("SSL_CERT_FILE", f"holds no certificate: {file!r}") from None
        except OSError as error:
            why = f"can't be read: {file!r}: {error.strerror}"
            raise _refused("SSL_CERT_FILE", why) from None
        if not trusted.cert_store_stats()["x509"]:
            raise _refused("SSL_CERT_FILE", f"holds no certificate: {file!r}")
        return
    folders = os.environ.get("SSL_CERT_DIR")
    if folders and not any(map(_has_certificates, folders.split(os.pathsep))):
        why = f"is no folder with certificates by their hashes: {folders!r}"
        raise _refused("SSL_CERT_DIR", why)


def _has_certificates(folder: str) -> bool:
    try:
        return any(_CERTIFICATE.fullmatch(path.name) for path in Path(folder).iterdir())
    except OSError:
        return False


def _check_proxies(context: ssl.SSLContext) -> None:
    proxies = getproxies()
    for scheme in ("https", "http", "all"):
        address = proxies.get(scheme)
        if not address:
            continue
        url = address if "://" in address else f"http://{address}"
        try:
            usable = _is_proxy(url, context)
        except ImportError:
            why = "names a SOCKS proxy, and the package socksio for it is not installed"
            install = 'Run `pip install "httpx[socks]"`, unset it, or hand over an http_client.'
            raise _refused(_spelled(scheme), why, install) from None
        if not usable:
            why = "is no address of a proxy, such as http://127.0.0.1:3128"
            raise _refused(_spelled(scheme), why) from None


def _spelled(scheme: str) -> str:
    """Return a variable's name as the environment spells it; the small one is read first."""
    name = f"{scheme}_proxy"
    return name if name in os.environ else name.upper()


def _refused(variable: str, why: str, next_step: str = _INSTEAD) -> InvalidInput:
    # Without its value: it may hold a password.
    return InvalidInput(
        f"The environment variable {variable} {why}.", param=variable, next_step=next_step
    )
