"""The redaction of answers: what belongs to somebody goes, the form stays."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from contract_tests.live.check import operation_of
from mvsep_api.operations import OPERATIONS
from tools.operations import resolve

#: The contract's own inventions.
TOKEN: Final = "EXAMPLEexampleEXAMPLEexample00"
MAIL: Final = "user@example.com"
PERSON: Final = "Example User"
ADDRESS: Final = "192.0.2.1"  # of a block that is for documents (RFC 5737)
ADDRESS_6: Final = "2001:db8::1"  # the same (RFC 3849)
_STAMP: Final = "20260819101500"

_MAIL = re.compile(r"[\w.+%-]+@[\w.-]+")
_ALNUM = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{30,}(?![A-Za-z0-9])")
_IP = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)")
_IP_6 = re.compile(r"(?<![\w:])(?=[:.]*[0-9A-Fa-f])[0-9A-Fa-f]*(?::[0-9A-Fa-f]*){2,7}(?![\w:])")
_QUERY = re.compile(r"""(https?:(?:\\?/){2}[^\s"'<>?#]*)\?[^\s"'<>#]*""")
_LONG_HASH = re.compile(r"""\d{14}-[0-9A-Za-z]{6,}-[^\s"'/?&<>]*\.\w{2,5}""")
_STEM = re.compile(r"_[A-Za-z0-9.]+_mt_\d+_[^/]*$")
_SUFFIX = re.compile(r"\.\w{1,5}$")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?")
_SECRET_KEY = re.compile(r"token|password|secret", re.IGNORECASE)

# What stands under these keys is the service's own. `audio` is how the input is coded.
_THE_SERVICES = frozenset({"message", "errors", "error", "status", "currency", "audio", "peaks"})
_LINKS = frozenset({"url", "link", "input_audio"})
# Parameters of the service's own links that name things we invent or that are public.
_LINK_PARAMETERS = frozenset({"hash", "id"})


class Redactor:
    """A redactor of tokens, people, jobs, links and addresses, the same ones always alike.

    What an account's answer holds beyond the contract is masked letter by letter: nobody knows
    what it is. Public answers keep their texts.
    """

    def __init__(self, contract: dict[str, Any], secrets: Collection[str] = ()) -> None:
        self._contract = contract
        self._secrets = sorted(
            {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))},
            key=len,
            reverse=True,
        )
        self._hashes: dict[str, str] = {}
        self._files: dict[str, int] = {}

    def body(self, operation: str, value: Any) -> Any:
        """Return an answer's body without what belongs to somebody."""
        for hash_ in _hashes(value):
            self._hash(hash_)
        private = OPERATIONS[operation].token is not None
        personal = private or operation == "app_demo"
        success = operation_of(self._contract, operation)["responses"]["200"]
        media = resolve(self._contract, success)["content"]["application/json"]
        known = media["schema"] if private else None
        return self._cleaned(value, known, "", {}, masked=False, personal=personal)

    def text(self, text: str) -> str:
        """Return a text without tokens, addresses, hashes and the queries of links."""
        for secret in self._secrets:
            text = text.replace(secret, TOKEN)
        for hash_, invented in sorted(self._hashes.items(), key=lambda pair: -len(pair[0])):
            text = text.replace(hash_, invented)
        text = _LONG_HASH.sub(lambda found: self._hash(found[0]), text)
        text = _QUERY.sub(r"\1", text)
        text = _MAIL.sub(MAIL, text)
        text = _ALNUM.sub(TOKEN, text)
        text = _IP.sub(lambda found: ADDRESS if _is_address(found[0]) else found[0], text)
        return _IP_6.sub(lambda found: ADDRESS_6 if _is_address(found[0]) else found[0], text)

    def _cleaned(
        self,
        value: Any,
        schema: dict[str, Any] | None,
        key: str,
        beside: Mapping[str, Any],
        *,
        masked: bool,
        personal: bool,
    ) -> Any:
        schema = None if schema is None else resolve(self._contract, schema)
        if isinstance(value, list):
            items = None if schema is None else schema.get("items")
            return [
                self._cleaned(item, items, key, beside, masked=masked, personal=personal)
                for item in value
            ]
        if isinstance(value, dict):
            named = None if schema is None else schema.get("properties", {})
            return {
                self.text(name): self._cleaned(
                    item,
                    None if named is None or name in _THE_SERVICES else named.get(name, {}),
                    name,
                    value,
                    masked=_is_masked(masked, named, name),
                    personal=personal,
                )
                for name, item in value.items()
            }
        if isinstance(value, str):
            return self._word(value, key, beside, masked=masked, personal=personal)
        if masked and not isinstance(value, bool) and value is not None:
            return type(value)(0)
        return value

    def _word(
        self, text: str, key: str, beside: Mapping[str, Any], *, masked: bool, personal: bool
    ) -> str:
        if _SECRET_KEY.search(key):
            return TOKEN
        if key == "email":
            return MAIL
        if key == "name" and beside.keys() & {"email", "api_token"}:
            return PERSON
        if key == "hash":
            return self.text(self._hash(text))
        if personal and key == "download":
            return self.text(_file_name(text))
        if personal and key == "algorithm_description":
            return "The chosen options"  # a prompt of somebody's may be among them
        if personal and key in _LINKS:
            return self._link(text)
        if masked and not _DATE.fullmatch(text):
            text = _mask(text)
        return self.text(text)

    def _hash(self, hash_: str) -> str:
        if hash_ in self._hashes.values():
            return hash_
        if hash_ not in self._hashes:
            number = len(self._hashes) + 1
            suffix = PurePosixPath(hash_).suffix
            if _LONG_HASH.fullmatch(hash_):
                invented = f"{_STAMP}-{number:010x}-mixture{suffix}"
            else:
                # As long as the other one.
                invented = "EXAMPLEremote".ljust(len(hash_) - 3, "0")[: max(0, len(hash_) - 3)]
                invented += f"{number:03}"
            self._hashes[hash_] = invented
        return self._hashes[hash_]

    def _link(self, link: str) -> str:
        try:
            parts = urlsplit(link)
        except ValueError:
            return _mask(link)
        asked = [
            (name, self._hash(value) if name == "hash" else value)
            for name, value in parse_qsl(parts.query)
            if name in _LINK_PARAMETERS and (name == "hash" or value.isdecimal())
        ]
        path = parts.path
        if not path.startswith("/api/"):
            folder, _, name = path.rpartition("/")
            name = unquote(name)
            if name in self._hashes:
                path = f"{folder}/{self._hashes[name]}"
            else:
                number = self._files.setdefault(name, len(self._files) + 1)
                path = f"{folder}/example{number:03}-{quote(_file_name(name))}"
        # Without the query, for `text` takes queries away.
        clean = self.text(urlunsplit((parts.scheme, parts.hostname or "", path, "", "")))
        return f"{clean}?{urlencode(asked)}" if asked else clean


def leftovers(text: str) -> list[str]:
    """Name what in a text still looks like a secret."""
    found = []
    if any(not mail.rstrip(".").endswith("@example.com") for mail in _MAIL.findall(text)):
        found.append("an e-mail address")
    if any(run != TOKEN for run in _ALNUM.findall(text)):
        found.append("30 or more letters and digits in a row, as in a token")
    addresses = filter(_is_address, (*_IP.findall(text), *_IP_6.findall(text)))
    if any(address not in {ADDRESS, ADDRESS_6} for address in addresses):
        found.append("an IP address")
    return found


def _hashes(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("hash"), str) and value["hash"]:
            yield value["hash"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _hashes(item)


def _is_masked(masked: bool, named: Mapping[str, Any] | None, name: str) -> bool:
    if name in _THE_SERVICES:
        return False
    # A schema without a type says that the content is unknown.
    return masked or (named is not None and not named.get(name, {}).keys() & {"type", "$ref"})


def _mask(text: str) -> str:
    return "".join(
        "0" if sign.isdigit() else "X" if sign.isupper() else "x" if sign.isalpha() else sign
        for sign in text
    )


def _file_name(name: str) -> str:
    """Return a stem's name without that of the song: `mixture_bs6stem_mt_0_vocals.mp3`."""
    ending = _STEM.search(name) or _SUFFIX.search(name)
    return "mixture" + (ending[0] if ending else "")


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False
