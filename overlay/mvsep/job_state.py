"""The state of a job, read from the answers of `separation.get` and `get_remote`."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any, Final
from urllib.parse import unquote

from attrs import field, frozen

from mvsep.core.objects import Brief, Plain
from mvsep.core.values import filled_text, integer_of, presentable, truth
from mvsep_api.models.remote_state import RemoteState
from mvsep_api.models.separation_state import SeparationState

# Characters that go into a URL and a message, and no more than a file name holds.
_HASH: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,1000}")


@frozen(repr=False)
class ResultFile(Brief):
    """A file the service offers for download.

    Args:
        label: The stem's label, such as "Vocals"; empty where the service gave none.
        url: Where it is.
        name: The name the service suggests; not to be trusted as a path.
        size: Its size in bytes, where the service said so.
    """

    label: str
    url: str
    name: str
    size: int | None = None


@frozen(repr=False)
class JobState(Plain):
    """The state of a job.

    Args:
        status: The service's word: waiting, processing, distributing, merging, converting, done,
            failed, not_found, or one that is not known yet. Where it gives none: downloading,
            while it fetches a link, and unknown else.
        message: The service's text about it.
        place: The job's place in its queue, where it waits.
        queue: The number of jobs in that queue.
        chunks_done: Finished chunks of a large job.
        chunks_all: All chunks of a large job.
        files: The result files, when it is done.
        unreadable: Entries of the list of files that can't be read, so that stems are missing.
        hash: The hash under which the results are, where the answer names one.
        eta: Seconds until it leaves the queue, as the service estimates it.
        algorithm: The name of the job's separation type, where the answer has it.
        trouble: The reason why the last question got no answer; the rest is as it was before.
    """

    status: str
    message: str | None = None
    place: int | None = None
    queue: int | None = None
    chunks_done: int | None = None
    chunks_all: int | None = None
    files: tuple[ResultFile, ...] = field(default=(), repr=False)
    unreadable: int = 0
    hash: str | None = None
    eta: float | None = field(default=None, eq=False)
    algorithm: str | None = field(default=None, eq=False)
    trouble: str | None = None

    def __str__(self) -> str:
        parts = [presentable(self.status)]
        if self.chunks_all:
            parts.append(f"{self.chunks_done or 0} of {self.chunks_all} chunks")
        elif self.place is not None:
            parts.append(f"place {self.place} of {self.queue or '?'} in the queue")
        if self.eta is not None:
            parts.append(f"about {self.eta:.0f} s to wait")
        if self.trouble:
            parts.append(f"no news: {self.trouble}")
        return ", ".join(parts)


def read_state(answer: SeparationState | RemoteState) -> JobState:
    """Read a state from the answer of `separation.get` or `separation.get_remote`."""
    body = answer.to_dict()
    data = body.get("data")
    data = data if isinstance(data, dict) else {}
    entries = data.get("files")
    entries = entries if isinstance(entries, list) else []
    files, hash = tuple(_files(entries)), usable_hash(data.get("hash"))
    status = filled_text(body.get("status"))
    if status is None:
        # The page: success is false when the hash is unknown, removed or expired. For the
        # service's own downloads it is false as well while they go on.
        status = "unknown"
        if not truth(body.get("success")):
            status = "not_found" if isinstance(answer, SeparationState) else "downloading"
    return JobState(
        status=status,
        message=filled_text(data.get("message")) or filled_text(body.get("message")),
        place=integer_of(data.get("current_order")),
        queue=integer_of(data.get("queue_count")),
        chunks_done=integer_of(data.get("finished_chunks")),
        chunks_all=integer_of(data.get("all_chunks")),
        files=files,
        unreadable=len(entries) - len(files),
        hash=hash,
        algorithm=filled_text(data.get("algorithm")),
    )


def usable_hash(value: object) -> str | None:
    """Return a hash that an answer names, or None where it can't be one."""
    # Asterisks are what is left of an answer that repeats the token.
    fits = (
        isinstance(value, str)
        and "***" not in value
        and value.strip(" ,*")
        and _HASH.fullmatch(value)
    )
    return str(value) if fits else None


def _files(entries: list[Any]) -> Generator[ResultFile]:
    for entry in entries:
        if isinstance(entry, dict) and filled_text(entry.get("url")):
            url = entry["url"]
            yield ResultFile(
                label=filled_text(entry.get("type")) or "",
                url=url,
                name=filled_text(entry.get("download")) or _last_part(url),
                size=integer_of(entry.get("bytes")),
            )


def _last_part(url: str) -> str:
    # Not with `urlsplit`, which raises for some of what a server can call a link.
    return unquote(re.split("[?#]", url, maxsplit=1)[0].rpartition("/")[2])


def is_remote(hash: str) -> bool:
    """Tell whether a hash is that of a download the service makes first.

    Hashes of jobs hold the name of the input and so a dot; those of downloads are short and
    plain. Seen in answers, not documented.
    """
    return "." not in hash and "-" not in hash
