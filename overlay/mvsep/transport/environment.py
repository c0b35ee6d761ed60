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

Client = TypeVar("Client", httpx.Client, httpx.AsyncClient)

_INSTEAD: Final = "Correct it, unset it, or hand over an http_client of your own."
# The name under which OpenSSL looks for a certificate in a folder.
_CERTIFICATE: Final = re.compile(r"[0-9a-f]{8}\.\d+")


def clients(kind: type[Client], *, local: bool) -> Callable[[], Client]:
    """Return a function that makes httpx clients; all have the same TLS context.

    Args:
        kind: The class of the clients.
        local: Whether the server is on this machine. It is not behind the proxy that the
            environment may name.

    Raises:
        InvalidInput: When a variable of the environment can't be used; `param` names it.
    """
    if not local:
        _check_certificates()
    try:
        context = httpx.create_ssl_context(trust_env=not local)
    except OSError as error:
        raise _refused("SSLKEYLOGFILE", f"can't be written: {error.strerror}") from None

    def make() -> Client:
        if not local:
            _check_proxies(context)
        try:
            return kind(verify=context, trust_env=not local)
        except Exception:
            raise _refused(_spelled("no"), "holds what is no host") from None

    return make


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
            httpx.Client(proxy=url, verify=context, trust_env=False).close()
            parts = urlsplit(url)
            _ = parts.port  # raises where it is too large
            usable = re.fullmatch(r"\S+", parts.hostname or "") is not None
        except ImportError:
            why = "names a SOCKS proxy, and the package socksio for it is not installed"
            install = 'Run `pip install "httpx[socks]"`, unset it, or hand over an http_client.'
            raise _refused(_spelled(scheme), why, install) from None
        except Exception:
            usable = False
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
