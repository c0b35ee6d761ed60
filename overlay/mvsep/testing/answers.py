"""Answers about a job: bodies of separation/get, get-remote, history and demo."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

from mvsep.catalog.formats import OutputFormat
from mvsep.testing import refusals
from mvsep.testing.audio import Wav
from mvsep.testing.jobs import KEPT_SECONDS, Job, RemoteJob
from mvsep.testing.schedule import Moment, server_date

Json = dict[str, object]


def php_json(value: object) -> bytes:
    """Write JSON as PHP does, slashes escaped and in ASCII only: the service is PHP."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode("ascii")


# Source: the service's API page.
_FORMAT_LABELS = {
    OutputFormat.MP3_320: "mp3 (320 kbps)",
    OutputFormat.WAV_16: "wav (uncompressed, 16 bit)",
    OutputFormat.FLAC_16: "flac (lossless, 16 bit)",
    OutputFormat.M4A: "m4a (lossy)",
    OutputFormat.WAV_32: "wav (uncompressed, 32 bit)",
    OutputFormat.FLAC_24: "flac (lossless, 24 bit)",
}


def created(made: Job | RemoteJob, base: str) -> Json:
    """Return the answer to a create; of a URL job `success` is the text "true", as observed."""
    remote = isinstance(made, RemoteJob)
    return {
        "success": "true" if remote else True,
        "data": {"link": link(made.hash, base, remote=remote), "hash": made.hash},
    }


def link(hash_: str, base: str, *, remote: bool = False) -> str:
    """Return the address of a job's state."""
    call = "get-remote" if remote else "get"
    return f"{base}/api/separation/{call}?{urlencode({'hash': hash_})}"


def not_found() -> Json:
    """Return what get and get-remote say of an unknown hash, with HTTP status 200."""
    return {"success": False, "status": "not_found", "data": {"message": refusals.NOT_FOUND}}


def state_of(job: Job, moment: Moment, now: float, base: str, queue_count: int) -> Json:
    """Return what get says of a job.

    Args:
        job: The job.
        moment: Its state now.
        now: Seconds since 1970.
        base: Scheme and host that its files are on.
        queue_count: The number of jobs that wait.
    """
    if moment.status == "done":
        data = _done(job, moment, now, base)
    elif moment.status == "failed":
        data = {"message": job.schedule.failure or "Separation failed."}
    else:
        data = {"message": f"Your file is {moment.status}."}
        if moment.place:
            data |= {"queue_count": max(queue_count, moment.place), "current_order": moment.place}
        if moment.all_chunks:
            data |= {"finished_chunks": moment.finished_chunks, "all_chunks": moment.all_chunks}
    # That `success` is true for `failed` too is read from the documentation, not seen.
    return {"success": True, "status": moment.status, "data": data}


def state_of_remote(remote: RemoteJob, base: str) -> Json:
    """Return what get-remote says of a URL job; while it is fetched there is no status at all."""
    if remote.failure is not None:
        return {"success": True, "status": "failed", "data": {"message": remote.failure}}
    if remote.job is None:
        return {"success": False, "data": {"message": refusals.BEING_DOWNLOADED}}
    hash_ = remote.job.hash
    return {"success": True, "status": "done", "data": {"link": link(hash_, base), "hash": hash_}}


def history_row(job: Job, now: float) -> Json:
    """Return a row of separation_history; `time_left` is in hours and goes below zero."""
    algorithm = job.order.algorithm
    return {
        "id": job.id,
        "hash": job.hash,
        "created_at": server_date(job.created),
        "updated_at": server_date(min(now, job.finished(now))),
        "job_exists": not job.gone,
        "credits": None if job.gone else job.credits,
        "time_left": (KEPT_SECONDS - int(now - job.created)) // 3600,
        "algorithm": {**algorithm.brief(), "algorithm_group": algorithm.group()},
    }


def demo_row(job: Job, base: str) -> Json:
    """Return a row of the demo list; its date has no seconds."""
    return {
        "hash": job.hash,
        "date": server_date(job.created)[:-3],
        "input_audio": _input_url(job, base),
        "algorithm": job.order.algorithm.brief(),
    }


def _done(job: Job, moment: Moment, now: float, base: str) -> Json:
    wav = job.wav
    if wav is None:  # such a job fails: it is never done
        return {}
    stems = job.stems if moment.listed and not job.expired(now) else []
    return {
        "hash": job.hash,
        "algorithm": job.order.algorithm.name,
        "algorithm_description": job.order.algorithm.description(job.order.form),
        "output_format": _format_text(job.order.output_format, wav),
        "size": _size(sum(stem.size for stem in stems)),
        "tags": _tags(wav),
        "input_file": {
            "url": _input_url(job, base),
            "size": _size(job.input_path.stat().st_size),
            "download": job.source,
        },
        "files": [
            {
                "type": stem.label,
                "url": f"{base}/storage/processed/{quote(stem.stored)}",
                "size": _size(stem.size),
                "bytes": stem.size,
                "download": stem.name,
                "image": None,
                "peaks": [],
            }
            for stem in stems
        ],
        "date": server_date(min(now, job.finished(now))),
        "transcription": [],
        "message": None,
    }


def _format_text(asked: OutputFormat, wav: Wav) -> str:
    """Name the format that the files really have, and the one asked for if it differs."""
    real = f"wav (uncompressed, {8 * wav.width} bit)"
    label = _FORMAT_LABELS[asked]
    return real if label == real else f"{real}, the sandbox's stand-in for {label}"


def _tags(wav: Wav) -> Json:
    stream = {
        "dataformat": "wav",
        "channels": wav.channels,
        "sample_rate": wav.rate,
        "bits_per_sample": 8 * wav.width,
        "bitrate": float(wav.rate * wav.channels * wav.width * 8),
        "bitrate_mode": "cbr",
        "lossless": True,
        "compression_ratio": 1,
    }
    return {"audio": {**stream, "streams": [stream]}, "tags": []}


def _input_url(job: Job, base: str) -> str:
    return f"{base}/storage/temp/{quote(job.hash)}"


def _size(count: int) -> str:
    if count < 1_048_576:
        return f"{count / 1024:.2f} KB"
    return f"{count / 1_048_576:.2f} MB"
