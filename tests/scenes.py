"""A job on a pretended service, and its stems."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from mvsep import Result
from tests.wire import BASE_URL, Pieces, Wire, answer

HASH = "20250131145833-a0bb276157-song.wav"
HOST = "127.0.0.1:8000"

Fetch = Callable[..., Result]

CREATED = answer({"success": True, "data": {"hash": HASH, "link": "https://mvsep.com/x"}})
WAITING = answer({"success": True, "status": "waiting", "data": {"current_order": 2}})


def offered(label: str, url: str = "", **more: Any) -> dict[str, Any]:
    """An entry of the service's list of files."""
    name = f"{label.lower()}.wav"
    return {"type": label, "url": url or f"{BASE_URL}/storage/{name}", "download": name, **more}


def done(*files: dict[str, Any]) -> httpx.Response:
    return answer({"success": True, "status": "done", "data": {"files": list(files)}})


CUT = httpx.ReadError("reset")
VOCALS = done(offered("Vocals"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def body(*pieces: bytes | Exception, status: int = 200, **headers: str) -> Callable[..., Any]:
    """An answer whose body comes in pieces."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def give(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=named, stream=Pieces(*pieces))

    return give


def fetch(wire: Wire, out: Path, **more: Any) -> Result:
    """Download the job's stems with the sync client."""
    with wire.client() as client:
        return client.job(HASH).download(out, **more)
