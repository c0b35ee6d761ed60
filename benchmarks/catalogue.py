"""Speed of the catalogue: to load, to read an answer of the service's size, to find a type.

`python -m benchmarks.catalogue` prints, and leaves with 1 where a target is missed:

- milliseconds to load the bundled catalogue in a fresh process, its module included
- the time to make a Catalog of an answer of 1 MB, as a multiple of json.loads, which is a part of
  it; both are measured in turn in one run. The answer is like the service's: mostly descriptions.
  An answer of types and options alone, which the service was never seen to give, has more to read
  in a megabyte; it is printed and has no target
- milliseconds of the slowest of some searches: the first one of a fresh process, which sorts the
  words of all types, and a later one

All of it is processor time, the least of several rounds, so that other programs do not count.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from mvsep.catalog import Catalog
from mvsep.catalog.cache import SCOPES
from mvsep.testing.algorithms import rows

LOAD_MS, RATIO, FIND_MS = 10.0, 3.0, 5.0
_ROUNDS = 60
_COLD = (
    "import time, mvsep; began = time.process_time(); "
    "from mvsep.catalog import Catalog; catalog = Catalog.bundled(); "
    "loaded = time.process_time(); catalog.find({text!r}); "
    "print((loaded - began) * 1000, (time.process_time() - loaded) * 1000)"
)
_SEARCHES = ("karaoke", "kareoke", "bs rofomer", "drums", "voice clonning", "zzzz", "q" * 1000)


def answer() -> str:
    """Make the service's list as it was seen: 117 types, 55 without a description, 1 MB.

    The others have one in English and one in Russian, with HTML; PHP escapes what is not ASCII,
    and slashes.
    """
    english = "<h2>What it does</h2>\r\n<p>It separates <b>vocals</b> &amp; music.</p>"
    russian = "<h2>Что она делает</h2>\r\n<p>Она отделяет <b>вокал</b> &amp; музыку.</p>"
    listed = rows(SCOPES.partition(",")[0])
    for place, row in enumerate(listed):
        about = {name: row[name] for name in ("id", "created_at", "updated_at")}
        row["algorithm_descriptions"] = [
            {**about, "lang": language, "short_description": text, "long_description": text * 40}
            for language, text in (("en", english), ("ru", russian))
            if place >= 55
        ]
    return _escaped(listed)


def fields_only() -> str:
    """Make an answer of the same size that is all types and options: a list four times as long."""
    listed = rows(SCOPES)
    return _escaped([{**row, "render_id": n} for n, row in enumerate(listed * 4)])


def _escaped(listed: list[dict[str, object]]) -> str:
    return json.dumps(listed).replace("/", "\\/")


def seconds(call: Callable[[], object]) -> float:
    """Measure the processor time of a call, in seconds."""
    began = time.process_time()
    call()
    return time.process_time() - began


def fresh(text: str) -> tuple[float, float]:
    """Measure the load of the bundled catalogue and a first search in a fresh process, in ms."""
    command = [sys.executable, "-c", _COLD.format(text=text)]
    rounds = [
        tuple(map(float, subprocess.run(command, capture_output=True, check=True).stdout.split()))
        for _ in range(5)
    ]
    load, find = (min(times) for times in zip(*rounds, strict=True))
    return load, find


def reading(text: str) -> tuple[float, float]:
    """Measure json.loads of an answer and a Catalog of it, in seconds."""
    pairs = [
        (seconds(lambda: json.loads(text)), seconds(lambda: Catalog.from_response(text)))
        for _ in range(_ROUNDS)
    ]
    parse, whole = (min(times) for times in zip(*pairs, strict=True))
    return parse, whole


def main() -> int:
    """Print the measurements; return 1 if one misses its target."""
    loads, finds = zip(*map(fresh, _SEARCHES), strict=True)
    load, first = min(loads), max(finds)
    text = answer()
    parse, whole = reading(text)
    parse_fields, whole_fields = reading(fields_only())
    catalog = Catalog.bundled()
    catalog.find(_SEARCHES[0])
    later = max(min(seconds(partial(catalog.find, words)) for _ in range(5)) for words in _SEARCHES)
    later *= 1e3
    print(f"bundled catalogue, fresh process   {load:5.1f} ms   (at most {LOAD_MS:g})")
    print(f"answer of {len(text) / 1e6:.2f} MB to a Catalog    {whole * 1e3:5.1f} ms")
    print(f"  against json.loads               {whole / parse:5.2f} x    (at most {RATIO:g})")
    print(f"  the same, of options alone       {whole_fields / parse_fields:5.2f} x    (no target)")
    print(f"slowest search, fresh process      {first:5.1f} ms   (at most {FIND_MS:g})")
    print(f"slowest search, later              {later:5.1f} ms   (at most {FIND_MS:g})")
    return int(load > LOAD_MS or whole / parse > RATIO or max(first, later) > FIND_MS)


if __name__ == "__main__":
    raise SystemExit(main())
