"""A job is created over a connection of its own, in whatever process and event loop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import subprocess
import sys
import textwrap
import threading
import warnings
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mvsep import AsyncMVSep, MVSep, calling
from mvsep.testing import DEMO_TOKEN

SONG = b"RIFF\0\0\0\0WAVE"


class Service(ThreadingHTTPServer):
    """A service that keeps connections open, and notes which one each request came over."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.connections = defaultdict(list)
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.partition("?")[0]
        self.server.connections[path].append(self.client_address[1])
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        data = {"hash": "20250131145833-a0bb276157-song.wav", "current_queue": []}
        content = json.dumps({"success": True, "data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self):
        self.do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("within", [None, 60], ids=["no deadline", "a deadline"])
def test_a_job_is_created_over_a_connection_of_its_own(shell, service, within):
    with calling(within=within):
        if shell == "sync":
            with MVSep("token", base_url=service.url) as client:
                for _ in range(2):
                    client.account()
                    client.submit(SONG, 40)
                    client.api.separation.create(sep_type=40, url="https://example.com/a.wav")
        else:

            async def run():
                async with AsyncMVSep("token", base_url=service.url) as client:
                    for _ in range(2):
                        await client.account()
                        await client.submit(SONG, 40)
                        await client.api.separation.create(sep_type=40, url="https://x.com/a.wav")

            asyncio.run(run())

    creates = service.connections["/api/separation/create"]
    assert len(creates) == len(set(creates)) == 4
    assert len(set(service.connections["/api/app/user"])) == 1
    assert not set(creates) & set(service.connections["/api/app/user"])


@contextlib.contextmanager
def left_open():
    """Let the connections be collected of event loops that ended with open ones."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@left_open()
def test_one_client_works_in_one_event_loop_after_the_other(fake, song):
    client = AsyncMVSep(DEMO_TOKEN, base_url=fake.url)

    async def use():
        job = await client.submit(song, 40)
        return (await job.wait()).hash, (await client.account()).credits

    hashes = [asyncio.run(use())[0] for _ in range(3)]
    asyncio.run(client.close())

    assert len(set(hashes)) == 3
    assert fake.state.seen["separation_create"] == 3


@left_open()
def test_one_client_works_in_two_event_loops_at_once(service):
    client = AsyncMVSep("token", base_url=service.url)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        for _ in range(2):
            future = asyncio.run_coroutine_threadsafe(client.submit(SONG, 40), loop)
            assert future.result(60).hash
            future = asyncio.run_coroutine_threadsafe(client.account(), loop)
            here = asyncio.run(asyncio.wait_for(client.account(), 20))
            assert future.result(60) == here
        asyncio.run_coroutine_threadsafe(client.close(), loop).result(60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


FORKING = textwrap.dedent("""
    import os, signal, sys, traceback
    from mvsep import MVSep

    client = MVSep(sys.argv[2], base_url=sys.argv[1])
    client.account()
    children = []
    for number in range(4):
        if not (child := os.fork()):
            signal.alarm(60)  # whatever hangs, nobody waits for it
            try:
                for _ in range(3):
                    print(client.submit(b"RIFF" + bytes([0, number]) * 50_000, 40).hash, flush=True)
                    client.account()
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        children.append(child)
    client.account()
    sys.exit(sum(os.waitpid(child, 0)[1] for child in children) > 0)
""")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_one_client_works_in_processes_that_were_forked_from_its_own(service):
    command = [sys.executable, "-W", "ignore", "-c", FORKING, service.url, "token"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 12
    creates = service.connections["/api/separation/create"]
    assert len(creates) == len(set(creates)) == 12
    # One for each process: the parent's is not used by its children.
    assert len(set(service.connections["/api/app/user"])) == 5
