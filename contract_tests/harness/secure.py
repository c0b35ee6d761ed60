"""The fake server behind TLS, and a proxy before it, both real and on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypercorn.asyncio
import trustme
from hypercorn.config import Config
from proxy.http.proxy import HttpProxyBasePlugin

from mvsep.testing import FakeServer
from tools.environment import ROOT

#: A name that the proxy alone knows: it leads to this machine.
NAME = "service.test"


class Here(HttpProxyBasePlugin):
    """Leads every name to this machine, so that no test leaves it."""

    def resolve_dns(self, host: str, port: int) -> tuple[str | None, tuple[str, int] | None]:
        """Return the address to connect to."""
        return "127.0.0.1", None


class Secure:
    """A fake server that speaks TLS, with HTTP/2 and HTTP/1.1.

    Attributes:
        port: Its port.
        authority: The file of the certificate that vouches for it.
        versions: The versions of HTTP that requests came in.
    """

    def __init__(self, fake: FakeServer, folder: Path) -> None:
        self.versions: set[str] = set()
        self.port = 0
        self.authority = folder / "authority.pem"
        self._fake, self._folder = fake, folder

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as the fake server does."""
        if scope["type"] == "http":
            self.versions.add(scope["http_version"])
        await self._fake.app(scope, receive, send)

    def serving(self) -> ssl.SSLContext:
        """Return the settings of another server with its certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / "own.pem", self._folder / "own.key")
        return context

    def trusting(self) -> ssl.SSLContext:
        """Return the settings of a client that trusts it."""
        return ssl.create_default_context(cafile=str(self.authority))

    @contextlib.contextmanager
    def run(self) -> Iterator[Secure]:
        """Serve from a thread of its own for as long as the block lasts."""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.authority))
        own = authority.issue_cert("localhost", "127.0.0.1", NAME)
        certificate, key = self._folder / "own.pem", self._folder / "own.key"
        own.private_key_pem.write_to_path(str(key))
        certificate.write_bytes(b"".join(each.bytes() for each in own.cert_chain_pems))
        config = Config.from_mapping(
            bind="127.0.0.1:0",
            certfile=str(certificate),
            keyfile=str(key),
            alpn_protocols=["h2", "http/1.1"],
            errorlog=None,
            accesslog=None,
            graceful_timeout=1,
        )
        sockets = config.create_sockets()
        listener = sockets.secure_sockets[0]
        listener.listen()  # who calls before the thread runs is not refused
        self.port = listener.getsockname()[1]
        config.bind = [f"fd://{listener.detach()}"]
        ended = threading.Event()
        thread = threading.Thread(target=self._serve, args=(config, ended))
        thread.start()
        try:
            yield self
        finally:
            ended.set()
            thread.join()

    def _serve(self, config: Config, ended: threading.Event) -> None:
        async def over() -> None:
            await asyncio.to_thread(ended.wait)

        app: Any = self.app
        asyncio.run(hypercorn.asyncio.serve(app, config, shutdown_trigger=over))


# Real seconds: a proxy that does not start must not hold up the tests.
_START_SECONDS = 60


@contextlib.contextmanager
def proxy(folder: Path, *arguments: str) -> Iterator[str]:
    """Run proxy.py as a process for as long as the block lasts, and yield its host and port."""
    named = folder / "port"
    command = [sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", "0"]
    command += ["--port-file", str(named), "--num-workers", "1", "--num-acceptors", "1"]
    command += ["--plugins", f"{__name__}.{Here.__name__}", "--log-level", "CRITICAL", *arguments]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            deadline = time.monotonic() + _START_SECONDS
            while not (named.exists() and named.read_text().strip()):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the proxy did not start")
                time.sleep(0.05)  # proxy.py tells its port in a file only
            yield f"127.0.0.1:{named.read_text().strip()}"
        finally:
            process.terminate()
