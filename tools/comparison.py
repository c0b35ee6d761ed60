"""Comparison of the official document with our contract and with its last recorded outline.

Pure: no files, no network. It knows outlines only; see tools/outline.py for their form.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from tools.outline import Outline

Kind = Literal["new", "undescribed", "different", "gone", "changed", "stale"]

_DOMAIN = "mvsep.com"
_OWN = "is new: `make adopt` adds it to the contract."
_FOREIGN = (
    "is new and not the service's own: `make adopt` leaves it out, because the client would send "
    "the token there. If it is right, accept it in spec/upstream.json with a reason."
)
_STEP = re.compile(r'\[\]|\.(?:"(?:[^"\\]|\\.)*"|[^.\[\]"$]+)')
_HOLDING = {"array", "object"}
# Our contract may have these types in place of the official document's.
_ANSWERED_AS = {"integer": {"number"}, "binary": {"string"}}
# Requests carry text, so a flag goes out as the number 0 or 1, and what is null stays out.
_SENT_AS = {"integer": {"number"}, "boolean": {"integer"}}
BY_HAND = "Change the contract by hand, or accept it with a reason in spec/upstream.json."
_RECORD = "`make adopt` records that."


@dataclass(frozen=True)
class Subject:
    """The subject of a finding; its text is the key that spec/upstream.json accepts.

    Args:
        server: A server's address, or "".
        operation: Method and path, or "".
        parameter: Place and name of one of its parameters, or "".
        status: The status of one of its answers, or "".
        path: A part of that answer, or of a webhook's JSON, such as `$.data[].id`.
        webhook: The name of a webhook, or "".
        fact: What is said of all that beside its types, or "".
    """

    server: str = ""
    operation: str = ""
    parameter: str = ""
    status: str = ""
    path: str = ""
    webhook: str = ""
    fact: str = ""

    def __str__(self) -> str:
        return f"{self._place()}: {self.fact}" if self.fact else self._place()

    def _place(self) -> str:
        if self.server:
            return f"server {self.server}"
        if self.webhook:
            return f"webhook {self.webhook} {self.path}".rstrip()
        if self.parameter:
            return f"{self.operation} parameter {self.parameter}"
        if self.status:
            return f"{self.operation} response {self.status} {self.path}"
        return f"operation {self.operation}"

    @property
    def words(self) -> str:
        """The subject as the start of a sentence."""
        return f"{self._words()}: `{self.fact}`" if self.fact else self._words()

    def _words(self) -> str:
        method, _, path = self.operation.partition(" ")
        operation = f"{method.upper()} {path}"
        if self.server:
            return f"The server {self.server}"
        if self.webhook:
            inside = f": {self.path}" if self.path else ""
            return f"The webhook {self.webhook}{inside}"
        if self.parameter:
            place, _, name = self.parameter.partition(" ")
            return f"{operation}: the parameter {name} ({place})"
        if self.status:
            return f"{operation}: in the answer {self.status}, {self.path}"
        return f"The operation {operation}"


@dataclass(frozen=True)
class Finding:
    """A difference that somebody should look at.

    Args:
        kind: "new" (not in our contract), "undescribed" (below a part for which our contract
            takes any shape), "different" (our contract says otherwise), "gone" or "changed"
            (against the last comparison), "stale" (an accepted difference that is none any more).
        subject: Its subject as text; of a stale one, the accepted key.
        text: A sentence for a person, with what to do.
        about: Its subject.
    """

    kind: Kind
    subject: str
    text: str
    about: Subject


def compare(
    upstream: Outline, ours: Outline, recorded: Outline, accepted: Mapping[str, str]
) -> list[Finding]:
    """Find what is new, gone, changed or different in the official document.

    Args:
        upstream: The official document now.
        ours: Our contract. What only it has is fine: the official document is thin.
        recorded: The official document when it was last compared.
        accepted: The subjects of the differences that are accepted, with the reasons.
    """
    differences = list(_against_ours(upstream, ours))
    there = {each.subject for each in differences}
    findings = [each for each in differences if each.subject not in accepted]
    said = {each.subject for each in findings}
    since = _against_record(upstream, recorded, ours)
    findings += [each for each in since if each.subject not in said]
    stale = "the accepted difference is gone: `make adopt` removes it from the record."
    findings += [
        Finding("stale", subject, f"{subject}: {stale}", Subject())
        for subject in accepted
        if subject not in there
    ]
    return findings


def steps(path: str) -> list[str | None]:
    """Split a path below `$` into steps: a property's name, or None for an array's items."""
    found = []
    for step in _STEP.findall(path):
        quoted = step.startswith('."')
        name = step[2:-1].encode().decode("unicode_escape") if quoted else step[1:]
        found.append(None if step == "[]" else name)
    return found


def parent(path: str) -> str | None:
    """Return the path that holds a part of an answer; None for the answer itself."""
    found = list(_STEP.finditer(path))
    return path[: found[-1].start()] if found else None


def answering(status: str, responses: Collection[str]) -> str:
    """Return the status of ours that stands for one of the official document."""
    if status in responses:
        return status
    return "200" if status.startswith("2") else "default"


def is_own(server: str) -> bool:
    """Check that a server is surely the service's own: the client sends the token to those."""
    parts = urlsplit(server)
    return parts.scheme == "https" and f".{parts.netloc}".endswith(f".{_DOMAIN}")


def _finding(kind: Kind, about: Subject, text: str) -> Finding:
    return Finding(kind, str(about), f"{about.words} {text}", about)


def _against_ours(upstream: Outline, ours: Outline) -> Iterator[Finding]:
    for server in upstream["servers"]:
        if server not in ours["servers"]:
            yield _finding("new", Subject(server), _OWN if is_own(server) else _FOREIGN)
    for key, operation in upstream["operations"].items():
        mine = ours["operations"].get(key)
        if mine is None:
            about = Subject(operation=key)
            yield _finding("new", about, "is new: `make adopt` writes it into the contract.")
            continue
        yield from _parameters(key, operation, mine["parameters"])
        for status, parts in operation["responses"].items():
            answer = mine["responses"].get(answering(status, mine["responses"]), {})
            yield from _response(key, status, parts, answer)
        yield from _facts(key, operation, mine)
    for name, parts in upstream.get("webhooks", {}).items():
        yield from _webhook(name, parts, ours.get("webhooks", {}).get(name))


def _parameters(key: str, theirs: Mapping[str, Any], ours: Mapping[str, str]) -> Iterator[Finding]:
    elsewhere = {bare: place for place, _, bare in (name.partition(" ") for name in ours)}
    for name, words in theirs["parameters"].items():
        about = Subject(operation=key, parameter=name)
        bare = name.partition(" ")[2]
        if name in ours:
            if not _covers(ours[name], words.removesuffix("|null"), _SENT_AS):
                yield _different(about, words, ours[name])
        elif bare in elsewhere:
            text = f"is in the {elsewhere[bare]} in our contract. {BY_HAND}"
            yield _finding("different", about, text)
        else:
            required = ", required" if name in theirs.get("required", ()) else ""
            text = f"is new ({words}{required}): `make adopt` adds it to the contract."
            yield _finding("new", about, text)


def _facts(key: str, theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[Finding]:
    """Find facts that ours lacks, of the parts that it has."""
    places = {name.partition(" ")[2]: name for name in ours["parameters"]}
    for where, facts in theirs.get("facts", {}).items():
        about, there = Subject(operation=key), where
        if where in theirs["parameters"]:
            about = Subject("", key, where)
            there = where if where in ours["parameters"] else places.get(where.partition(" ")[2])
        elif where:
            status, _, path = where.partition(" ")
            about = Subject("", key, "", status, path)
            mine = answering(status, ours["responses"])
            there = f"{mine} {path}" if path in ours["responses"].get(mine, {}) else None
        if there is not None:
            known = ours.get("facts", {}).get(there, ())
            for fact in facts:
                if fact not in known and not _is_answered(fact, theirs):
                    yield _fact_finding(replace(about, fact=fact))


def _fact_finding(about: Subject) -> Finding:
    if about.fact == "deprecated" and not about.status:
        return _finding("new", about, "is new: `make adopt` notes it in the contract.")
    text = f"is in the official document, and not in our contract. {BY_HAND}"
    return _finding("different", about, text)


def _is_answered(fact: str, theirs: Mapping[str, Any]) -> bool:
    """Check for the status of an error whose parts are compared one by one, or for no claim."""
    status = fact.removeprefix("answer ")
    said = status in theirs["responses"] and not status.startswith("2")
    return said or fact == "security none"


def _webhook(
    name: str, theirs: Mapping[str, str], ours: Mapping[str, str] | None
) -> Iterator[Finding]:
    if ours is None:
        yield _finding("different", Subject(webhook=name), f"is not in our contract. {BY_HAND}")
        return
    for path, words in theirs.items():
        about, mine = Subject(webhook=name, path=path), ours.get(path)
        above = parent(path)
        if mine is None and (above is None or ours.get(above, "any") != "any"):
            text = f"is {words} in the official document, and not in our contract. {BY_HAND}"
            yield _finding("different", about, text)
        elif mine is not None and not _covers(mine, words, _ANSWERED_AS):
            yield _different(about, words, mine)


def _response(
    key: str, status: str, theirs: Mapping[str, str], ours: Mapping[str, str]
) -> Iterator[Finding]:
    said: set[str | None] = set()
    for path, words in theirs.items():
        about = Subject(operation=key, status=status, path=path)
        above = parent(path)
        if above in said:
            said.add(path)
        elif path in ours:
            if not _covers(ours[path], words, _ANSWERED_AS):
                yield _different(about, words, ours[path])
                # Of an object and a text there is no more to compare.
                if not _HOLDING & {*words.split("|")} & {*ours[path].split("|")}:
                    said.add(path)
        elif above is not None and ours.get(above) == "any":
            said.add(path)
            text = f"is described ({words}), where our contract takes any shape: "
            yield _finding("undescribed", about, text + "`make adopt` notes that as accepted.")
        else:
            said.add(path)
            yield _finding("new", about, f"is new ({words}): `make adopt` adds it to the contract.")


def _different(about: Subject, theirs: str, ours: str) -> Finding:
    text = f"is {theirs} in the official document and {ours} in our contract. {BY_HAND}"
    return _finding("different", about, text)


def _against_record(upstream: Outline, recorded: Outline, ours: Outline) -> Iterator[Finding]:
    for server in recorded["servers"]:
        if server not in upstream["servers"]:
            yield _gone(Subject(server))
    for key, before in recorded["operations"].items():
        now = upstream["operations"].get(key)
        if now is None:
            yield _gone(Subject(operation=key))
            continue
        for name, words in before["parameters"].items():
            yield from _since(Subject("", key, name), words, now["parameters"].get(name))
        mine = ours["operations"].get(key, {}).get("required", ())
        yield from _newly_required(key, before, now, mine)
        for status, parts in before["responses"].items():
            lost: set[str | None] = set()
            for path, words in parts.items():
                found = now["responses"].get(status, {}).get(path)
                if found is None:
                    lost.add(path)
                if parent(path) not in lost:
                    about = Subject(operation=key, status=status, path=path)
                    yield from _since(about, words, found)
        yield from _lost_facts(key, before, now)
    for name, parts in recorded.get("webhooks", {}).items():
        left = upstream.get("webhooks", {}).get(name)
        if left is None:
            yield _gone(Subject(webhook=name))
            continue
        for path, words in parts.items():
            yield from _since(Subject(webhook=name, path=path), words, left.get(path))


def _lost_facts(key: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Finding]:
    for where, facts in before.get("facts", {}).items():
        status, _, path = where.partition(" ")
        about = Subject(operation=key)
        there = True
        if where in before["parameters"]:
            about, there = Subject("", key, where), where in now["parameters"]
        elif where:
            about = Subject("", key, "", status, path)
            there = path in now["responses"].get(status, {})
        for fact in facts if there else ():
            described = fact.removeprefix("answer ") in before["responses"]  # its parts are gone
            if fact not in now.get("facts", {}).get(where, ()) and not described:
                yield _gone(replace(about, fact=fact))


def _newly_required(
    key: str, before: Mapping[str, Any], now: Mapping[str, Any], ours: Collection[str]
) -> Iterator[Finding]:
    for name in now.get("required", ()):
        known = name in before["parameters"] and "required" in before
        if known and name not in before["required"] and name not in ours:
            text = f"is required now and optional in our contract: make it so by hand. {_RECORD}"
            yield _finding("changed", Subject(operation=key, parameter=name), text)


def _since(about: Subject, before: str, now: str | None) -> Iterator[Finding]:
    if now is None:
        yield _gone(about)
    elif now != before:
        text = f"was {before} when last compared and is {now}: check what that means. {_RECORD}"
        yield _finding("changed", about, text)


def _gone(about: Subject) -> Finding:
    text = f"is gone from the official document: check if the service still has it. {_RECORD}"
    return _finding("gone", about, text)


def _covers(ours: str, theirs: str, instead: Mapping[str, set[str]]) -> bool:
    """Check that our types take those of the official document; "any" claims nothing."""
    if "any" in (ours, theirs):
        return True
    mine = set(ours.split("|"))
    return all(word in mine or instead.get(word, set()) & mine for word in theirs.split("|"))
