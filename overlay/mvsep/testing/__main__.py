"""The fake server on its own: `python -m mvsep.testing`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from mvsep.core.defaults import BASE_URL_VARIABLE
from mvsep.core.shell import set_line
from mvsep.settings.token import TOKEN_VARIABLE
from mvsep.testing import DEMO_TOKEN, FAULTS, FakeServer, Gate, Schedule, demo_account, free_account
from mvsep.testing.accounts import example_account


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until Ctrl-C or SIGTERM; two lines for this shell, on standard output, lead to it."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.list_faults:
        for fault in FAULTS.values():
            sys.stdout.write(f"{fault.name:24} {fault.about}\n")
        return
    demo = demo_account(chosen.token)
    demo.credits = chosen.credits
    try:
        server = FakeServer(
            [demo, free_account(), example_account()],
            schedule=Schedule().faster(chosen.speed),
            faults=chosen.fault,
            keep_uploads=not chosen.no_keep,
        )
    except ValueError as error:
        parser.error(str(error))
    server.faults.gate = _TimedGate(chosen.drip)
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _leave)
    try:
        server.serve(chosen.port, lambda url: _announce(url, chosen.token))
    except OSError as error:
        parser.exit(1, f"Port {chosen.port} can't be used: {error.strerror}\n")
    finally:
        server.state.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mvsep.testing", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=0, help="the port; 0, the default, takes a free one")
    add("--speed", type=_speed, default=1.0, help="the factor by which jobs move faster")
    add("--token", default=DEMO_TOKEN, help="the token of the demo account")
    add(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[:ON[:TIMES]]",
        help="a fault; ON is an operation's id or `download`, TIMES a number or `ever`",
    )
    add("--list-faults", action="store_true", help="list the faults")
    add("--drip", type=_seconds, default=0.1, help="seconds between pieces of a slow answer")
    add("--credits", type=int, default=1000, help="the credits of the demo account")
    add(
        "--no-keep",
        action="store_true",
        help="keep no uploads: stems are noise of the right length",
    )
    return parser


class _TimedGate(Gate):
    """A gate that lets one piece pass every so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def passing(self) -> None:
        await asyncio.sleep(self._seconds)
        await super().passing()


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError("a speed is greater than 0")
    return speed


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError("seconds are 0 or more")
    return seconds


def _announce(url: str, token: str) -> None:
    for name, value in ((BASE_URL_VARIABLE, url), (TOKEN_VARIABLE, token)):
        sys.stdout.write(f"{set_line(name, value)}\n")
    sys.stdout.flush()


def _leave(number: int, frame: FrameType | None) -> None:
    # Uvicorn raises the signal again once it has shut down; that is a clean end, not a crash.
    raise SystemExit(0)


if __name__ == "__main__":
    main()
