"""The life cycle of jobs: all that can happen to them, in any order, on both clients at once."""

from __future__ import annotations

import hashlib
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import Bundle, initialize, multiple, rule

from contract_tests.harness import model as expected
from contract_tests.harness.inprocess import POLLING, Fault, Side
from contract_tests.harness.model import KINDS, LINKS, SONGS, Kind, Refusal, Song, Track
from contract_tests.harness.twins import TOKENS, Handle, Twins, stem_of_hash
from mvsep import JobState, OutputFormat
from mvsep.errors import (
    ConnectionFailed,
    DownloadError,
    InvalidToken,
    JobFailed,
    JobNotFound,
    JobTimeout,
    MVSepError,
    SubmitUncertain,
)

owners = st.sampled_from(["rich", "poor", "free"])
anyone = st.sampled_from(list(TOKENS))
formats = st.sampled_from([None, OutputFormat.WAV_16, OutputFormat.FLAC_24])
links = st.sampled_from([None, *LINKS])
troubles = st.sampled_from(["unreachable", "upload breaks", "answer lost", "front end fails"])
faults = st.none() | st.builds(Fault, st.sampled_from(["cut", "short"]), st.integers(0, 2))


class LifeCycle(Twins):
    """A machine that drives both clients through the lives of jobs."""

    handles: Bundle[Handle] = Bundle("handles")

    # --- submitting ---------------------------------------------------------------------------

    @initialize(target=handles)
    def begin(self) -> Any:
        """Start with a job, so that every rule has one."""
        return self._submit("rich", KINDS[0], SONGS[0])

    @rule(
        target=handles,
        who=owners,
        kind=st.sampled_from(KINDS),
        song=st.sampled_from(SONGS),
        format=formats,
        failing=st.booleans(),
    )
    def submit(
        self, who: str, kind: Kind, song: Song, format: OutputFormat | None, failing: bool
    ) -> Any:
        """Submit what the type takes."""
        return self._submit(who, kind, song, format=format, failing=failing)

    @rule(
        target=handles,
        who=owners,
        kind=st.sampled_from([kind for kind in KINDS if kind.takes == "file"]),
        url=st.sampled_from(list(LINKS)),
    )
    def submit_link(self, who: str, kind: Kind, url: str) -> Any:
        """Submit a link that the server fetches."""
        return self._submit(who, kind, LINKS[url], url=url)

    @rule(
        target=handles,
        who=anyone,
        kind=st.sampled_from([expected.UNKNOWN, *KINDS]),
        given=st.sampled_from(["file", "two files", "nothing"]),
        format=st.sampled_from([None, 9]),
    )
    def submit_wrongly(
        self, who: str, kind: Kind, given: expected.Given, format: int | None
    ) -> Any:
        """Submit something that is mostly refused."""
        return self._submit(who, kind, SONGS[0], given=given, format=format)

    @rule(target=handles, who=owners, url=links, trouble=troubles)
    def submit_in_trouble(self, who: str, url: str | None, trouble: Any) -> Any:
        """Submit while the line breaks, before or after the server has all."""
        song = LINKS[url] if url else SONGS[0]
        return self._submit(who, KINDS[0], song, url=url, fault=Fault(trouble))

    def _submit(
        self,
        who: str,
        kind: Kind,
        song: Song | None,
        *,
        given: expected.Given | None = None,
        url: str | None = None,
        format: int | None = None,
        failing: bool = False,
        fault: Fault | None = None,
    ) -> Any:
        given = "link" if url else given or kind.takes
        for side in self._sides:
            side.server.state.schedule = expected.FAILING if failing else expected.SCHEDULE
        refusal = self._model.refusal(who, kind, given, song, format, self._now)
        outcome = self._sent(who, kind, given, url or song, format, fault)
        if fault and fault.kind in {"unreachable", "upload breaks"}:
            self._fails(outcome, ConnectionFailed, charged=False)
            return multiple()
        if fault:
            self._fails(outcome, SubmitUncertain, charged=None)
        elif refusal:
            self._refuses(outcome, refusal, charged=False)
        if refusal:
            return multiple()
        if fault:
            outcome = {side.name: self._find(side, who, url) for side in self._sides}
        self._succeeds(outcome)
        track = self._model.take(who, kind, given, song, failing, self._now)
        if fault:
            track.stem = stem_of_hash(outcome["sync"].hash)
        return Handle(outcome, track)

    def _sent(
        self,
        who: str,
        kind: Kind,
        given: expected.Given,
        input: Song | str | None,
        format: int | None,
        fault: Fault | None,
    ) -> Any:
        path = self._folder / input.name if isinstance(input, Song) else input
        more: dict[str, Any] = {"options": dict(kind.options) or None, "output_format": format}
        if given not in {kind.takes, "link"}:
            more["validate"] = False  # it is the server that is to refuse it
        if given == "two files":
            more["reference"] = path
        source = None if given == "nothing" else path
        return self._both(
            "separation_create",
            lambda side: side.call(side.client(TOKENS[who]).submit, source, kind.sep_type, **more),
            fault=fault,
            seen=lambda job: job.hash,
        )

    def _find(self, side: Side, who: str, url: str | None) -> Any:
        """Return the job that an uncertain call created, as its owner would find it."""
        if url is not None:  # while it is fetched no list has it: only the server knows
            hash_ = list(side.server.state.remotes)[-1]
        else:
            api = side.client(TOKENS[who]).api
            hash_ = side.call(api.app.separation_history, limit=1).data[0].hash_
        return side.client(TOKENS[who]).job(hash_)

    # --- watching and fetching ----------------------------------------------------------------

    @rule(handle=handles, timeout=st.sampled_from([0, 3, 9, 20, None]))
    def watch(self, handle: Handle, timeout: float | None) -> None:
        """Go through a job's events."""
        began = self._now
        seen: dict[str, list[JobState]] = {side.name: [] for side in self._sides}
        outcome = self._both(
            "separation_get",
            lambda side: side.watch(handle.jobs[side.name], timeout, seen[side.name]),
            job=handle,
        )
        places = [
            expected.STAGES.index(s.status)
            for s in seen["sync"]
            if not s.trouble and s.status != "not_found"
        ]
        self._says(seen["sync"] == seen["async"], f"events differ: {seen}")
        self._says(places == sorted(places), f"states went back: {seen['sync']}")
        self._waited(handle.track, outcome, began, timeout)

    @rule(handle=handles, timeout=st.sampled_from([0, 4, 30]))
    def wait(self, handle: Handle, timeout: float) -> None:
        """Wait for a job."""
        began = self._now
        outcome = self._both(
            "separation_get",
            lambda side: side.call(handle.jobs[side.name].wait, timeout=timeout),
            job=handle,
            seen=lambda job: (job.hash, job.state),
        )
        self._waited(handle.track, outcome, began, timeout)

    def _waited(self, track: Track, outcome: Any, began: float, timeout: float | None) -> bool:
        """Check how waiting ended, and return whether the job is done."""
        self._model.settle(self._now)
        stage = track.stage(self._now)
        ends = {"done": None, "failed": JobFailed, "not_found": JobNotFound}
        if stage not in ends:
            self._fails(outcome, JobTimeout)
            self._says(self._now - began == timeout, "not that long")
            return False
        wanted = ends[stage]
        ended = isinstance(outcome, wanted) if wanted else not isinstance(outcome, MVSepError)
        waited = self._now - began
        self._says(ended, f"the job is {stage}, and this came of waiting: {outcome!r}")
        self._says(timeout is None or waited <= timeout, f"waited {waited} seconds")
        track.known = stage == "done"
        return track.known

    @rule(
        handle=handles,
        out=st.sampled_from(["one", "two"]),
        overwrite=st.booleans(),
        fault=faults,
    )
    def download(self, handle: Handle, out: str, overwrite: bool, fault: Fault | None) -> None:
        """Fetch the stems, with or without a line that breaks."""
        track, began = handle.track, self._now
        outcome = self._both(
            "separation_get",
            lambda side: side.call(
                handle.jobs[side.name].download,
                side.folder / out,
                overwrite=overwrite,
                parallel=1,  # else the order of the requests is chance
            ),
            job=handle,
            fault=fault,
            seen=lambda result: [(f.label, f.path.name, f.size, f.sha256) for f in result.files],
        )
        if not track.known and not isinstance(outcome, DownloadError):
            ended = outcome if isinstance(outcome, MVSepError) else None
            if not self._waited(track, ended, began, POLLING.timeout):
                return
        track.known = True
        self._model.settle(self._now)
        broken = fault.file if fault else None
        if not self._disk.download(track, out, overwrite=overwrite, broken=broken):
            self._fails(outcome, DownloadError, charged=True)
            return
        self._succeeds(outcome)
        for side, result in outcome.items():
            for file in result.files:
                digest = hashlib.sha256(file.path.read_bytes()).hexdigest()
                self._says(digest == file.sha256, f"{side}: {file} is another")

    @rule(target=handles, who=owners, kind=st.sampled_from(KINDS), fault=faults)
    def separate(self, who: str, kind: Kind, fault: Fault | None) -> Any:
        """Submit, wait and fetch in one call."""
        began, song = self._now, SONGS[0]
        path = self._folder / song.name
        for side in self._sides:
            side.server.state.schedule = expected.SCHEDULE
        refusal = self._model.refusal(who, kind, kind.takes, song, None, began)
        outcome = self._both(
            "separation_create",
            lambda side: side.call(
                side.client(TOKENS[who]).separate,
                None if kind.takes == "nothing" else path,
                kind.sep_type,
                reference=path if kind.takes == "two files" else None,
                options=dict(kind.options),
                out=side.folder / "one",
                parallel=1,
            ),
            fault=fault,
            seen=lambda result: (result.hash, [file.path.name for file in result.files]),
        )
        if refusal:
            self._refuses(outcome, refusal, charged=False)
            return multiple()
        track = self._model.take(who, kind, kind.takes, song, False, began)
        self._model.settle(self._now)
        broken = fault.file if fault else None
        if not self._disk.download(track, "one", overwrite=False, broken=broken):
            self._fails(outcome, DownloadError, charged=True)
        else:
            self._succeeds(outcome)
            outcome = outcome["sync"]
        hash_, jobs = outcome.hash, self._sides[0].server.state.jobs
        new = hash_ in jobs and jobs[hash_].order.account.token == TOKENS[who]
        new = new and jobs[hash_].created == began
        self._says(new, f"{hash_} is not the job's: {list(jobs)}")
        track.stem = stem_of_hash(hash_)
        return Handle({s.name: s.client(TOKENS[who]).job(hash_) for s in self._sides}, track)

    # --- ending -------------------------------------------------------------------------------

    @rule(handle=handles, who=st.none() | anyone)
    def cancel(self, handle: Handle, who: str | None) -> None:
        """Cancel a job, or try to with another's token."""
        waits = handle.track.stage(self._now) == "waiting"
        if self._end("cancel", handle, who, None if waits else expected.NOT_WAITING):
            self._model.drop(handle.track, self._now, refund=True)

    @rule(who=owners, kind=st.sampled_from(KINDS))
    def cancel_at_once(self, who: str, kind: Kind) -> None:
        """Submit, and think better of it while the job waits: the credits come back."""
        handle = self._submit(who, kind, SONGS[0])
        if isinstance(handle, Handle):
            self.both_sides_are_where_the_model_is()
            self.cancel(handle, None)

    @rule(handle=handles, who=st.none() | anyone)
    def delete(self, handle: Handle, who: str | None) -> None:
        """Delete a job, or try to with another's token."""
        if self._end("delete", handle, who, None):
            self._model.drop(handle.track, self._now, refund=False)

    def _end(self, how: str, handle: Handle, who: str | None, refusal: Refusal | None) -> bool:
        track = handle.track
        hash_ = handle.jobs["sync"].hash
        own = who is None or who == track.owner
        if not own or track.gone or "." not in hash_:
            refusal = expected.NOT_FOUND
        if who == "stranger":
            refusal = expected.UNAUTHENTICATED
        outcome = self._both(
            f"separation_{how}",
            lambda side: side.call(
                getattr(side.client(TOKENS[who]).job(hash_) if who else handle.jobs[side.name], how)
            ),
            job=handle,
            seen=_as_dict,
        )
        if refusal:
            self._refuses(outcome, refusal)
            return False
        self._succeeds(outcome)
        return True

    @rule(handle=handles)
    def resume(self, handle: Handle) -> None:
        """Come back to a job with a new client, by its hash."""
        token = TOKENS[handle.track.owner]
        for side in self._sides:
            hash_ = handle.jobs[side.name].hash
            handle.jobs[side.name] = side.client(token, new=True).job(hash_)
        handle.track.known = False
        handle.track.stem = stem_of_hash(handle.jobs["sync"].hash)

    # --- the account --------------------------------------------------------------------------

    @rule(who=anyone, on=st.booleans(), what=st.sampled_from(["premium", "long_filenames"]))
    def switch(self, who: str, on: bool, what: str) -> None:
        """Switch premium or long file names on or off."""
        name = f"{'enable' if on else 'disable'}_{what}"
        outcome = self._both(
            f"app_{name}",
            lambda side: side.call(getattr(side.client(TOKENS[who]).api.app, name)),
            seen=_as_dict,
        )
        if who == "stranger":
            self._fails(outcome, InvalidToken)
        elif what == "premium":
            self._model.accounts[who].enabled = on

    @rule(who=anyone)
    def look(self, who: str) -> None:
        """Read the profile and the history."""
        outcome = self._both(
            "app_user",
            lambda side: side.call(side.client(TOKENS[who]).api.app.user),
            seen=_as_dict,
        )
        if who == "stranger":
            self._fails(outcome, InvalidToken)
            return
        account, profile = self._model.accounts[who], outcome["sync"].data
        shown = profile.premium_minutes, profile.premium_enabled
        self._says(shown == (account.credits, account.enabled), f"it shows {shown}")
        history = self._both(
            "app_separation_history",
            lambda side: side.call(side.client(TOKENS[who]).api.app.separation_history, limit=20),
            seen=_as_dict,
        )
        tracks = [
            track
            for track in self._model.tracks
            if track.owner == who and track.fetched is not False and not track.broke
        ]
        shown_rows = [(row.job_exists, row.credits_) for row in history["sync"].data]
        rows = sorted((not t.gone, None if t.gone else t.price) for t in tracks)
        alike = len(tracks) > 20 or sorted(shown_rows, key=str) == sorted(rows, key=str)
        self._says(alike, f"it shows {shown_rows}, and there are {rows}")

    @rule(seconds=st.sampled_from([1, 4, 10]))
    def let_time_pass(self, seconds: float) -> None:
        """Do nothing for a while."""
        for side in self._sides:
            side.clock.advance(seconds)


def _as_dict(answer: Any) -> Any:
    return answer.to_dict()
