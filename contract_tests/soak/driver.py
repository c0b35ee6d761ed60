"""The program that is killed: separates the songs of a folder by a journal, and says how it went.

`python -m contract_tests.soak.driver URL TOKEN FOLDER` prints "ready", and at its end one line of
JSON. With `--idle` it opens everything and does nothing: its memory is what the rest is compared
with.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from pathlib import Path

from mvsep import MVSep
from mvsep.journal import Journal

#: The two looks for a job are a minute apart; the fake server needs no minute. It answers long
#: before this many seconds are over.
LONGEST = 1.0


def sleep(seconds: float) -> None:
    time.sleep(min(seconds, LONGEST))


def highest_memory() -> int:
    """Return the most memory this process ever had, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux carries `ru_maxrss` over from the process that started this one.
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        assert found
        return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def main(url: str, token: str, folder: str, *flags: str) -> int:
    home = Path(folder)
    with (
        MVSep(token, base_url=url, sleep=sleep) as client,
        Journal(home / "journal.sqlite3") as journal,
    ):
        print("ready", flush=True)
        outcomes = []
        if "--idle" not in flags:
            if "--finish" in flags:
                client.finish(journal)
            songs = sorted((home / "songs").iterdir())
            outcomes = client.separate_many(
                songs, 40, out=home / "stems", journal=journal, output_format=1
            )
    wrong = [str(each.error) for each in outcomes if each.error]
    print(json.dumps({"wrong": wrong, "memory": highest_memory()}), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
