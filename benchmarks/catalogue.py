"""The catalogue: to load, to read an answer of the service's size, to find a type."""

from __future__ import annotations

import json
from typing import Final

from benchmarks.measure import Lab, Pair, Row, printed, seconds
from mvsep.catalog import Catalog
from mvsep.catalog.cache import SCOPES
from mvsep.testing.algorithms import rows

# Milliseconds of processor time to load the bundled catalogue in a fresh process, or to search it.
_COLD: Final = """
import sys, time
from mvsep.catalog import Catalog
began = time.process_time()
catalog = Catalog.bundled()
if sys.argv[1] == "find":
    began = time.process_time()
    catalog.find("kareoke")
print(time.process_time() - began)
"""
_PLAIN: Final = """
import json, sys, time
from pathlib import Path
began = time.process_time()
json.loads(Path(sys.argv[1]).read_bytes())
print(time.process_time() - began)
"""


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
    return json.dumps(listed).replace("/", "\\/")


def _reading(lab: Lab) -> Pair:
    text, turns = answer(), lab.size(20, 1)

    def ours() -> None:
        for _ in range(turns):
            Catalog.from_response(text)

    def peer() -> None:
        for _ in range(turns):
            json.loads(text)

    return Pair(lambda: seconds(ours), lambda: seconds(peer))


def _fresh(what: str, lab: Lab) -> Pair:
    path = lab.folder / "answer.json"
    path.write_text(answer())
    return Pair(lambda: printed(_COLD, what), lambda: printed(_PLAIN, path))


ROWS: Final = (
    Row("an answer of 1 MB to a Catalog", "json.loads", "cost", 1.8, _reading, 15),
    Row(
        "load of the bundled catalogue",
        "json.loads of 1 MB",
        "cost",
        1.5,
        lambda lab: _fresh("load", lab),
    ),
    Row("first search in it", "json.loads of 1 MB", "cost", 1.0, lambda lab: _fresh("find", lab)),
)
