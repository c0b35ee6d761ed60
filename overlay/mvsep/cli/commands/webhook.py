"""`mvsep webhook`: a small server of this machine that takes the service's webhooks."""

from __future__ import annotations

import json
import os
import queue
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Final
from urllib.parse import quote, urlsplit

import click

from mvsep import webhooks
from mvsep.cli.groups import Group
from mvsep.cli.input.arguments import Connect, base_url_option, json_option
from mvsep.cli.output.streams import note, write
from mvsep.cli.output.text import printable
from mvsep.client.sync import MVSep
from mvsep.errors import InvalidInput
from mvsep.webhooks import MAX_BODY, SECRET_KEY, Reply

#: The environment variable of the secret that a delivery has to bring.
SECRET_VARIABLE: Final = "MVSEP_WEBHOOK_SECRET"  # noqa: S105  the name of a variable

_HERE: Final = "127.0.0.1"
# Seconds that a sender may be silent for.
_PATIENCE: Final = 30.0
# Seconds after which Ctrl-C is looked for, on systems where it does not wake a thread.
_WAKE: Final = 1.0


@click.group(
    cls=Group,
    help="""Take webhooks: calls of the service when a job changes.

    \b
    Examples:
      mvsep webhook listen
      mvsep webhook listen --port 8000 --count 1
    """,
)
def webhook() -> None:
    """Take webhooks."""


@webhook.command(
    help=f"""Listen for webhooks on this machine, and write a line for each delivery: time, HTTP
    status of the reply, hash, and the job's state. End it with Ctrl-C.

    A delivery proves nothing by itself: the state is what the service says when it is asked. One
    without the secret is refused. The secret is made anew each time, unless {SECRET_VARIABLE} has
    one.

    The server listens on {_HERE} only, so the service can't reach it by itself: put a tunnel or a
    proxy with a public address in front of it, and give that address, with the same query, to
    `mvsep separate --webhook`.

    \b
    Examples:
      mvsep webhook listen --port 8000
      mvsep webhook listen --count 1 --json
    """,
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="The port.  [default: a free one]",
)
@click.option("--count", type=click.IntRange(1), metavar="N", help="End after N deliveries.")
@json_option
@base_url_option
@click.pass_obj
def listen(
    connect: Connect,
    /,
    port: int,
    count: int | None,
    as_json: bool,
    base_url: str | None,
) -> None:
    """Write a line for each delivery."""
    secret = os.environ.get(SECRET_VARIABLE) or secrets.token_urlsafe(16)
    with connect(base_url=base_url) as client, _serving(client, port, secret) as (address, found):
        note(f"Listening at {address}?{SECRET_KEY}={quote(secret, safe='')}")
        note("The service must reach it: put a public address in front, with the same query.")
        taken = 0
        try:
            while count is None or taken < count:
                try:
                    reply = found.get(timeout=_WAKE)
                except queue.Empty:
                    continue
                taken += 1
                _show(reply, as_json=as_json)
        except KeyboardInterrupt:
            note(f"Deliveries: {taken}.")


@contextmanager
def _serving(client: MVSep, port: int, secret: str) -> Iterator[tuple[str, queue.Queue[Reply]]]:
    """Serve for a block; yield the server's address, and the replies that it gave.

    Raises:
        InvalidInput: When the port can't be used.
    """
    found: queue.Queue[Reply] = queue.Queue()

    class Handler(_Handler):
        def answer(self, method: str, body: bytes, query: str) -> Reply:
            headers = dict(self.headers.items())
            reply = webhooks.handle(method, headers, body, query, client=client, secret=secret)
            found.put(reply)
            return reply

    try:
        server = _Server((_HERE, port), Handler)
    except OSError as error:
        raise InvalidInput(
            f"Port {port} can't be used: {error.strerror}.", next_step="Choose another --port."
        ) from error
    with server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://{_HERE}:{server.server_address[1]}/", found
        finally:
            server.shutdown()


class _Server(ThreadingHTTPServer):
    """A server of this machine, which needs no name of its own."""

    def server_bind(self) -> None:
        """Bind the port, without the question for the machine's name, which can take seconds."""
        TCPServer.server_bind(self)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say that a request broke off; a traceback is nothing for the user of a command."""
        note("A delivery broke off.")


class _Handler(BaseHTTPRequestHandler):
    """Hands each request on, and logs nothing: the address has the secret in it."""

    timeout = _PATIENCE

    def answer(self, method: str, body: bytes, query: str) -> Reply:
        """Return the reply to a request."""
        raise NotImplementedError

    def _take(self) -> None:
        length = self.headers.get("Content-Length") or ""
        size = min(int(length), MAX_BODY + 1) if length.isascii() and length.isdigit() else 0
        body = self.rfile.read(size)
        reply = self.answer(self.command, body, urlsplit(self.path).query)
        self.send_response(reply.status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _take  # noqa: N815  the library's names

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


def _show(reply: Reply, *, as_json: bool) -> None:
    state, now = reply.state, datetime.now().astimezone().isoformat(timespec="seconds")
    error = printable(reply.error.message) if reply.error else None
    if as_json:
        told = {
            "received": now,
            "reply": reply.status,
            "hash": state and state.hash,
            "status": state and state.status,
            "error": error,
        }
        click.echo(json.dumps(told))
        return
    about = printable(state) if state else error or reply.body.decode()
    hash = printable(state.hash) if state and state.hash else "-"
    write(f"{now}\t{reply.status}\t{hash}\t{about}")
