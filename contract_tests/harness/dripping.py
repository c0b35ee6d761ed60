"""A server that never ends an answer."""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import threading
from typing import Any, Self

from mvsep.settings.policies import Clock

#: A deadline that does not hold ends with the server's patience.
MOST = 4000


class Dripping:
    """A server that never ends an answer, and counts a second for each piece of it.

    Attributes:
        now: Seconds of a made-up clock.
        cut: Set once the other side ended the connection.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.now = 1000.0
        self.cut = threading.Event()
        self._first, self._piece = b"", b""
        self._tls = tls
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._listening.close()

    def expect(self, first: bytes, piece: bytes) -> None:
        """Answer with some bytes, and then with others again and again."""
        self._first, self._piece = first, piece
        self.cut = threading.Event()

    def settings(self, url: str | None = None) -> dict[str, Any]:
        """Return settings of a client, in its time."""
        url = url or f"http://127.0.0.1:{self.port}"
        return {"base_url": url, "timing": Clock(clock=lambda: self.now)}

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._opened, args=(connection,), daemon=True).start()

    def _opened(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            if self._tls is None:
                self.serve(connection)
                return
            with self._tls.wrap_socket(connection, server_side=True) as secure:
                self.serve(secure)

    def serve(self, connection: socket.socket) -> None:
        """Answer one connection."""
        cut = self.cut
        connection.recv(65536)
        try:
            connection.sendall(self._first)
            for _ in itertools.repeat(None, MOST):
                self.now += 1
                if self._over.wait(0.005):
                    return
                connection.sendall(self._piece)
        except OSError:
            cut.set()
