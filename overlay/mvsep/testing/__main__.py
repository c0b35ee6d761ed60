"""`python -m mvsep.testing`: the fake server on its own."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from mvsep.testing import DEMO_TOKEN, FakeServer, Schedule, demo_account, free_account


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until Ctrl-C or SIGTERM; one line on standard output tells the URL and the token."""
    parser = argparse.ArgumentParser(prog="python -m mvsep.testing", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--speed", type=_speed, default=1.0, help="how many times faster jobs move")
    parser.add_argument("--token", default=DEMO_TOKEN, help="the token of the demo account")
    chosen = parser.parse_args(arguments)
    server = FakeServer(
        [demo_account(chosen.token), free_account()], schedule=Schedule().faster(chosen.speed)
    )
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _leave)
    try:
        server.serve(chosen.port, lambda url: _tell(url, chosen.token))
    except OSError as error:
        parser.exit(1, f"Port {chosen.port} can't be used: {error.strerror}\n")
    finally:
        server.state.close()


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError("a speed is greater than 0")
    return speed


def _tell(url: str, token: str) -> None:
    sys.stdout.write(f"MVSEP_BASE_URL={url} MVSEP_API_TOKEN={token}\n")
    sys.stdout.flush()


def _leave(number: int, frame: FrameType | None) -> None:
    # Uvicorn raises the signal again once it has shut down; that is a clean end, not a crash.
    raise SystemExit(0)


if __name__ == "__main__":
    main()
