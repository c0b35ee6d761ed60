"""`make soak`: 200 kills, songs that workers share, and a song of a gibibyte."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from contract_tests.soak.killing import fake_server, soak
from contract_tests.soak.memory import above_the_imports
from contract_tests.soak.sharing import by_dask, by_processes
from tests.postgres import programs

MOST = 64 << 20
_SHARED_KILLS = 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--songs", type=int, default=20, help="of each run")
    parser.add_argument("--shared", type=int, default=400, help="songs that workers share")
    parser.add_argument("--size", type=int, default=1 << 30, help="of the large song, in bytes")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    chosen = parser.parse_args()
    print(f"Seed {chosen.seed}; the same kills come again with --seed {chosen.seed}.", flush=True)
    with tempfile.TemporaryDirectory(prefix="mvsep-soak-") as name:
        home = Path(name)
        print(soak(home, chosen.kills, songs=chosen.songs, seed=chosen.seed), flush=True)
        if chosen.shared and not programs():
            print("PostgreSQL is not installed: no workers share songs.")
        elif chosen.shared:
            for share in (by_processes, by_dask):
                report = share(
                    home / share.__name__, _SHARED_KILLS, songs=chosen.shared, seed=chosen.seed
                )
                print(f"Shared {share.__name__.replace('_', ' ')}: {report}", flush=True)
                if report.kills < _SHARED_KILLS:
                    print(f"Those are fewer than {_SHARED_KILLS} kills: the songs were too few.")
                    return 1
        if chosen.size:
            with fake_server() as fake:
                above = above_the_imports(fake, home / "large", chosen.size)
            print(
                f"{chosen.size / (1 << 20):.0f} MiB up and twice down: {above / (1 << 20):.1f} MiB "
                "of memory above the imports'."
            )
            if above >= MOST:
                print(f"That is more than {MOST >> 20} MiB.")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
