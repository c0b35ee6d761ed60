"""The cache of the service's catalogue, and the fallback to an older list if the service is down.

Both clients ask; every decision is here. The disk has one file for each host: a line with the
format's version, the time and the size, and then the service's answer as it came.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from mvsep.catalog.catalog import Catalog
from mvsep.core.defaults import MAX_AGE
from mvsep.core.disk import path_of, read_whole, user_folder, write_whole
from mvsep.core.values import Doubts
from mvsep.errors import InvalidInput, MVSepError, UnexpectedResponse

if TYPE_CHECKING:
    from mvsep.transport.port import Port

#: Every kind of input. The service lists the types of one kind when none is named.
SCOPES: Final = "single_upload,no_upload,matchering_upload"

#: Seconds for which the prices of a list are relied on. The service changes its types every
#: month. The list of a release does not grow old: it is what the release was tried with.
RELIED_ON: Final = 30 * 24 * 3600.0

#: The folder of the cache, instead of the user's own.
FOLDER_VARIABLE: Final = "MVSEP_CACHE_DIR"

_VERSION: Final = 1
_LARGEST: Final = 64 * 1024 * 1024  # bytes; the service's list has about one million


@frozen
class _Kept:
    """A catalogue, and the time of the answer in seconds since 1970."""

    catalog: Catalog
    asked: float

    def is_fresh(self, now: float, max_age: float) -> bool:
        # A time in the future is from before the clock was set back.
        return 0 <= now - self.asked <= max_age


class CatalogStore:
    """The catalogues of one host: in memory, on disk (not without a folder), and bundled."""

    def __init__(
        self, host: str, folder: Path | None, now: Callable[[], float] = time.time
    ) -> None:
        name = re.sub(r"[^a-z0-9.-]", "_", host.lower())
        self._path = folder / f"catalog-{name}.json" if folder else None
        self._now = now
        self._memory: _Kept | None = None

    def fresh(self, *, refresh: bool, max_age: float) -> Catalog | None:
        """Return a list at most `max_age` seconds old, or None; always None with `refresh`."""
        if isinstance(max_age, bool) or not isinstance(max_age, int | float) or not max_age >= 0:
            raise InvalidInput(
                f"max_age can't be {max_age!r:.40}: it is seconds from 0.", param="max_age"
            )
        if refresh:
            return None
        if not self._memory or not self._memory.is_fresh(self._now(), max_age):
            self._memory = self._from_disk() or self._memory
        kept = self._memory
        return kept.catalog if kept and kept.is_fresh(self._now(), max_age) else None

    def keep(self, content: bytes, host: str) -> Catalog:
        """Keep a fresh answer and return its catalogue.

        Kinds of input without any type are completed from the bundled catalogue, with a warning.

        Raises:
            UnexpectedResponse: When the answer lists nothing.
        """
        asked = self._now()
        catalog = _read(content, asked, "live")
        if not catalog.types:
            raise UnexpectedResponse(catalog.warnings.text, host=host)
        kept = self._memory = _Kept(catalog, asked)
        try:
            self._write(content, kept)
        except OSError as error:
            why = f"The list could not be kept on disk: {error.strerror or error}."
            return evolve(catalog, warnings=catalog.warnings | (why,))
        return catalog

    def fallback(self, error: MVSepError) -> Catalog:
        """Return the newest catalogue at hand, with a warning that says why."""
        catalog = self.at_hand()
        which = "that of this release" if catalog.source == "bundled" else "an older one"
        why = (
            f"The service's list could not be read: {error.message} "
            f"This is {which}, of {catalog.captured}."
        )
        return evolve(catalog, warnings=catalog.warnings | (why,))

    def at_hand(self) -> Catalog:
        """Return the newest catalogue without asking; one this client asked for comes first."""
        bundled = Catalog.bundled()
        kept = self._memory = self._memory or self._from_disk()
        if kept is None:
            return bundled
        live = kept.catalog.source == "live"
        newer = (kept.catalog.captured or "") >= (bundled.captured or "")
        if not (live or newer):
            return bundled
        # The clock may have been set back since, by a little.
        if abs(self._now() - kept.asked) <= RELIED_ON:
            return kept.catalog
        doubt = (
            f"The prices are of {kept.catalog.captured} and may be out of date. "
            "Refresh the list of types."
        )
        return evolve(kept.catalog, doubts=Doubts([doubt]))

    def _from_disk(self) -> _Kept | None:
        """Read the list on disk; None where there is none, or none of this version."""
        try:
            if self._path is None:
                return None
            head, _, content = read_whole(self._path, _LARGEST).partition(b"\n")
            about = json.loads(head)
            if about["mvsep-catalog"] != _VERSION or about["size"] != len(content):
                return None
            asked = float(about["asked"])
            catalog = _read(content, asked, "cache")
        except (OSError, ValueError, TypeError, KeyError, RecursionError, OverflowError):
            return None
        return _Kept(catalog, asked) if catalog.types and math.isfinite(asked) else None

    def _write(self, content: bytes, kept: _Kept) -> None:
        if self._path is None:
            return
        about = {"mvsep-catalog": _VERSION, "asked": kept.asked, "size": len(content)}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, json.dumps(about).encode() + b"\n" + content)


def open_store(
    host: str,
    *,
    local: bool,
    environment: Mapping[str, str],
    now: Callable[[], float] = time.time,
) -> CatalogStore:
    """Open the catalogues of a host; those of a host on this machine are not kept on disk."""
    own = environment.get(FOLDER_VARIABLE)
    folder = None if local else path_of(own) if own else user_folder("cache")
    return CatalogStore(host, folder, now)


async def current(
    port: Port, store: CatalogStore, *, refresh: bool = False, max_age: float = MAX_AGE
) -> Catalog:
    """Return the service's list, or an older one with a warning; see `MVSep.catalog`."""
    catalog = await port.disk(store.fresh, refresh=refresh, max_age=max_age)
    try:
        return catalog or await ask(port, store)
    except MVSepError as error:
        return await port.disk(store.fallback, error)


async def ask(port: Port, store: CatalogStore) -> Catalog:
    """Ask for the service's list, and keep it."""
    from mvsep_api.api.app import app_algorithms  # with it come the models of all of `app`

    content = await port.content("app_algorithms", app_algorithms.asyncio_detailed, scopes=SCOPES)
    return await port.disk(store.keep, content, port.settings.host)


def _read(content: bytes, asked: float, source: str) -> Catalog:
    captured = datetime.fromtimestamp(asked, UTC).date().isoformat()
    return _completed(Catalog.from_response(content, captured=captured, source=source))


def _completed(catalog: Catalog) -> Catalog:
    kinds = {entry.audio_widget for entry in catalog}
    if not catalog.types or None in kinds:
        return catalog
    left_out = [
        entry
        for entry in Catalog.bundled()
        if entry.audio_widget not in kinds and entry.sep_type not in catalog
    ]
    if not left_out:
        return catalog
    names = ", ".join(dict.fromkeys(str(entry.audio_widget) for entry in left_out))
    warning = f"The service's list says nothing of {names}: those are of this release."
    types = (*catalog.types, *left_out)
    return evolve(catalog, types=types, warnings=catalog.warnings | (warning,))
