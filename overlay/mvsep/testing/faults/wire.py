"""The socket below an answer, to send what h11 refuses to send, and to break off.

Uvicorn hands an application no socket, and h11 writes nothing but correct answers. So the fake
serves with a protocol class of its own, which puts the connection into each request's scope.
"""

from __future__ import annotations

import os
import socket
import struct
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

EXTENSION: Final = "mvsep.wire"


class Wire:
    """The connection of a request."""

    def __init__(self, protocol: H11Protocol) -> None:
        self._protocol = protocol

    async def write(self, data: bytes) -> None:
        """Send bytes as they are; waits while the client takes none."""
        self._protocol.transport.write(data)
        await self._protocol.flow.drain()

    def narrow(self) -> None:
        """Hold little that is not read yet; some systems hold a whole song for a slow server."""
        connection = self._protocol.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 17)

    def close(self) -> None:
        """End the connection in order, once what was written is out."""
        self._protocol.transport.close()

    def reset(self) -> None:
        """Break the connection off: a TCP RST, and what is not out by now is lost."""
        # A linger time of 0 turns the close of the socket into a reset.
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        connection = self._protocol.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._protocol.transport.abort()


class WireProtocol(H11Protocol):
    """Uvicorn's HTTP/1.1, with the connection in `scope["extensions"]`."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.app = _with(Wire(self), self.app)


def _with(wire: Wire, app: ASGIApp) -> ASGIApp:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[EXTENSION] = wire
        await app(scope, receive, send)

    return serve
