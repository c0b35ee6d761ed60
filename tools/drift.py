"""Changes of the service: in its official document, or in its list of separation types.

`python -m tools.drift` compares the official document with spec/mvsep-openapi-spec.json and with
what was recorded of it in spec/upstream.json. `--catalogue` compares an answer of app/algorithms
with the bundled catalogue instead; with both, both are compared.

Exit code: 0 nothing new, 1 something is, 2 it could not be compared.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from mvsep.catalog import Catalog
from mvsep.catalog.cache import SCOPES
from tools import catalogue, comparison, documents
from tools.console import leave, shown
from tools.outline import Document, read
from tools.record import Record, RecordError, read_record
from tools.regenerate import Project
from tools.shapes import NotOpenAPI

_ALGORITHMS = "/api/app/algorithms"


class CannotCompare(Exception):
    """There is nothing to compare; the message is a sentence that says why."""


@dataclass(frozen=True)
class Report:
    """The outcome of a comparison.

    Args:
        what: The two sides that were compared.
        findings: The differences that somebody should look at.
        note: A remark that is no finding; "" for none.
    """

    what: str
    findings: Sequence[comparison.Finding | catalogue.Finding]
    note: str = ""


def read_upstream(source: str, http: httpx.Client | None = None) -> Document:
    """Read the official document.

    Args:
        source: Its address, or the path of a file.
        http: The client to fetch with.

    Raises:
        CannotCompare: When it can't be had, or is no usable OpenAPI 3 document.
    """
    try:
        return read(documents.read(source, http=http))
    except documents.Unreadable as error:
        raise CannotCompare(str(error)) from error
    except NotOpenAPI as error:
        raise CannotCompare(
            f"{source} is no OpenAPI document that can be read: {error}."
        ) from error


def read_project(project: Project) -> tuple[Document, Record]:
    """Read our contract and the record of the last comparison.

    Raises:
        CannotCompare: When one of them can't be read.
    """
    try:
        contract = documents.read(str(project.contract))
        return read(contract), read_record(record_of(project))
    except (documents.Unreadable, NotOpenAPI, RecordError) as error:
        raise CannotCompare(f"Our own files: {error}") from error


def record_of(project: Project) -> Path:
    """Return the path of the record of the last comparison."""
    return project.contract.with_name("upstream.json")


def contract_drift(
    source: str | None = None, *, project: Project | None = None, http: httpx.Client | None = None
) -> Report:
    """Compare the official document with our contract.

    Args:
        source: Its address, or the path of a file; its public address if None.
        project: The project whose contract is meant.
        http: The client to fetch with.

    Raises:
        CannotCompare: When that is not possible.
    """
    ours, record = read_project(project or Project())
    upstream = read_upstream(source or record.document, http).outline()
    findings = comparison.compare(upstream, ours.outline(), record.outline, record.accepted)
    note = ""
    if not findings and upstream != record.outline:
        note = "The record in spec/upstream.json is out of date: `make adopt` renews it."
    version = upstream["version"] or "without a version"
    return Report(f"The official document ({version}) against our contract", findings, note)


def catalogue_drift(source: str, *, http: httpx.Client | None = None) -> Report:
    """Compare an answer of app/algorithms with the bundled catalogue.

    Args:
        source: The path of a saved answer, the address of one, or the service's base URL.
        http: The client to fetch with.

    Raises:
        CannotCompare: When that is not possible.
    """
    try:
        now, problems = catalogue.read(read_algorithms(source, http=http))
    except documents.Unreadable as error:
        raise CannotCompare(str(error)) from error
    except catalogue.NoCatalogue as error:
        raise CannotCompare(f"{source} is no answer of app/algorithms: {error}.") from error
    bundled = Catalog.bundled()
    findings = problems + catalogue.compare(catalogue.known(bundled), now)
    return Report(
        f"The separation types ({len(now)}) against the catalogue of {bundled.captured}", findings
    )


def read_algorithms(source: str, *, http: httpx.Client | None = None) -> Any:
    """Read an answer of app/algorithms, as it came or as `make live RECORD=dir` kept it.

    Args:
        source: The path of a saved answer, the address of one, or the service's base URL.
        http: The client to fetch with.

    Raises:
        Unreadable: When it can't be had, or is no JSON.
    """
    answer = documents.read(algorithms_address(source), http=http)
    if isinstance(answer, dict) and answer.get("operation") == "app_algorithms":
        return answer.get("body")
    return answer


def algorithms_address(source: str) -> str:
    """Return the address where app/algorithms lists every kind of type.

    Args:
        source: A path, which is returned as it is, a base URL, or a whole address.
    """
    if not documents.is_address(source):
        return source
    try:
        parts = urlsplit(source)
    except ValueError:
        return source  # the reader says what is wrong with it
    if parts.path.rstrip("/") in ("", "/api"):
        parts = parts._replace(path=_ALGORITHMS)
    if parts.path.rstrip("/") == _ALGORITHMS and "scopes" not in parse_qs(parts.query):
        query = "&".join(filter(None, (parts.query, f"scopes={SCOPES}")))
        parts = parts._replace(query=query)
    return parts.geturl()


def _print(report: Report) -> None:
    count = len(report.findings)
    things = "nothing new" if not count else "1 thing" if count == 1 else f"{count} things"
    print(f"{report.what}: {things}.")
    for finding in report.findings:
        print(f"- {shown(finding.text)}")
    if report.note:
        print(report.note)


def run(
    arguments: Sequence[str] | None = None,
    *,
    project: Project | None = None,
    http: httpx.Client | None = None,
) -> int:
    """Run the command on the project and return its exit code."""
    parser = argparse.ArgumentParser(prog="tools.drift", description=__doc__)
    parser.add_argument("--upstream", metavar="FILE-OR-URL", help="the official document")
    parser.add_argument("--catalogue", metavar="FILE-OR-URL", help="an answer of app/algorithms")
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    asked = parser.parse_args(arguments)

    wanted: list[Callable[[], Report]] = []
    if asked.upstream or not asked.catalogue:
        wanted.append(lambda: contract_drift(asked.upstream, project=project, http=http))
    if asked.catalogue:
        wanted.append(lambda: catalogue_drift(asked.catalogue, http=http))
    reports, failures = [], []
    for one in wanted:
        try:
            reports.append(one())
        except CannotCompare as error:
            failures.append(shown(str(error)))

    code = 2 if failures else int(any(report.findings for report in reports))
    if asked.json:
        said = {"exit": code, "reports": [asdict(each) for each in reports], "failures": failures}
        print(json.dumps(said, indent=2))
    else:
        for report in reports:
            _print(report)
        for failure in failures:
            print(f"Could not compare: {failure}", file=sys.stderr)
    return code


if __name__ == "__main__":
    leave(run)
