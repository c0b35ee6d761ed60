"""Plan of a download: where a job's stems go, their names, and the result."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import httpx
from attrs import evolve, field, frozen

from mvsep import manifest as manifests
from mvsep.catalog.sep_type import SepType
from mvsep.catalog.stems import Prediction, differences
from mvsep.core.checks import check_count
from mvsep.core.defaults import PARALLEL
from mvsep.core.disk import path_of
from mvsep.core.objects import Plain
from mvsep.core.values import presentable, shown
from mvsep.downloads.part_file import forget
from mvsep.errors import DownloadError, InvalidInput
from mvsep.files import names
from mvsep.files.names import extension_of, input_stem
from mvsep.files.stem_file import StemFile
from mvsep.job_state import JobState, ResultFile
from mvsep.settings.client import ClientSettings, is_loopback

#: Called after each piece of a file: the file, bytes so far, and bytes in all where known.
OnFile = Callable[[ResultFile, int, int | None], object]

Folder = str | os.PathLike[str]

_SERVICE: Final = "mvsep.com"
_PORTS: Final = range(1, 1 << 16)

#: Files of a job, at most. The separation type with the most gives 53.
MOST_FILES: Final = 1000

# Of a stem: bytes a second (8 channels of 64 bits at 48 kHz are less, and so are 2 of 32 bits at
# 192 kHz), bytes for each byte of the song, and bytes in any case. They are large on purpose: a
# wrong header of the song must not cost its stems.
_A_SECOND: Final = 4_000_000
_A_BYTE: Final = 64
_ANYWAY: Final = 1 << 26
_LONGEST_LABEL: Final = 60
_REPORT: Final = "Nothing was fetched. Please report this."


@frozen(repr=False)
class Result(Plain):
    """The stems of a finished job on the disk.

    Args:
        hash: The job's hash.
        files: The stems, in the service's order.
        manifest: The manifest's path, when one was asked for; see `mvsep.manifest`.
        warnings: What could not be checked of the options, which stems have another name because
            theirs was taken, what is missing of what the service lists, and how the stems differ
            from those expected of the type and its options.
        already: Whether the stems were saved before, by the journal.

    `result["Vocals"]` is a stem by its label, iterating gives each `StemFile`, and `len` counts
    them. A notebook shows a table with a player for each.
    """

    hash: str
    files: tuple[StemFile, ...]
    manifest: Path | None = None
    warnings: tuple[str, ...] = ()
    already: bool = False

    def __getitem__(self, label: str) -> StemFile:
        """Return a stem by its label, as `result["Vocals"]`; case does not count.

        Raises:
            KeyError: When no stem has that label, or more than one; the text names the labels.
        """
        same = [stem for stem in self.files if stem.label == label]
        same = same or [each for each in self.files if each.label.casefold() == label.casefold()]
        if len(same) == 1:
            return same[0]
        labels = ", ".join(repr(presentable(stem.label, _LONGEST_LABEL)) for stem in self.files)
        count = f"{len(same)} stems are" if same else "No stem is"
        raise KeyError(f"{count} labelled {shown(label)}. The labels: {labels}.")

    def __iter__(self) -> Iterator[StemFile]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def __bool__(self) -> bool:
        return True  # without stems, too: it is not an absent one

    def _repr_html_(self) -> str:
        """Return its stems as Jupyter shows them: a table with players and waveforms."""
        from mvsep.notebook import stems_html

        return stems_html(self.hash, self.files, self.warnings)


@frozen
class Record:
    """A record of a job's stems that is kept elsewhere, such as in a journal.

    `keep` is called with the stems when all are whole on the disk, before the part files forget
    whose they are: at every moment one of both knows. `written` has those the job wrote before.
    """

    keep: Callable[[tuple[StemFile, ...]], object]
    written: tuple[StemFile, ...] = ()


def check_place(out: Folder, template: str, parallel: int = PARALLEL) -> None:
    """Check, before a job is paid for, that its stems will have a place; make the folder."""
    check_count("parallel", parallel)
    names.check_template(template)
    folder = _folder(out)
    try:
        # Asking for permissions would not find a full or read-only disk.
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"?")
    except OSError as error:
        raise InvalidInput(
            f"Nothing can be written to {folder}: {error.strerror or error}.",
            next_step="Choose another folder.",
            param="out",
        ) from error


def check_free(
    out: Folder,
    template: str,
    input: str,
    labels: Iterable[str],
    extension: str,
    sep_type: int | None = None,
) -> None:
    """Check, before a job is paid for, that no file has the name of an expected stem.

    Labels and extension are those to expect; the service may give others.
    """
    made = names.stem_filenames(
        [(label, extension) for label in labels],
        input_name=input,
        template=template,
        taken=[manifests.name_for(input)],
        type_name=_type_name(sep_type),
    )
    for name in made:
        path = path_of(out, "out") / name
        _check_folders(path_of(out, "out"), path.parent)
        if os.path.lexists(path):
            raise InvalidInput(
                f"{path} already exists.",
                next_step="Pass overwrite=True to replace it, or choose another folder, or a "
                "template with {type}.",
                param="overwrite",
            )


def _check_folders(out: Path, folder: Path) -> None:
    """Check that the folders of a template can be made."""
    while folder != out:
        if os.path.lexists(folder) and not folder.is_dir():
            raise InvalidInput(
                f"{folder} is a file, and the template wants a folder of that name.",
                next_step="Choose another folder, or another template.",
                param="template",
            )
        folder = folder.parent


def plausible_size(seconds: float, size: int | None) -> int:
    """Return the bytes that a stem can have, at most, of a song of so many seconds and bytes."""
    return _ANYWAY + max(int(seconds * _A_SECOND), (size or 0) * _A_BYTE)


@frozen
class Place:
    """The place for a job's stems: folder, template of names, and facts for the manifest.

    `plausible` are the bytes that a stem can have by the length of the song, where that is known.
    """

    hash: str
    input: str
    out: Path = field(converter=path_of)
    template: str
    overwrite: bool
    about: Mapping[str, Any]
    expected: Prediction | None
    warnings: tuple[str, ...] = ()
    plausible: int | None = None

    @property
    def type_name(self) -> str:
        """The name of the job's separation type in file names."""
        return _type_name(self.about.get("sep_type"))


@frozen
class Wanted:
    """A file to fetch: the offer, the file to be, and the record of an earlier download.

    Where another file has the path, the stem gets the next free name in the same folder.
    """

    file: ResultFile
    path: Path
    label: str
    known: StemFile | None = None


@frozen
class Order:
    """The files of a job to fetch, in the service's order, and the names meant for its files."""

    place: Place
    settings: ClientSettings
    wanted: tuple[Wanted, ...]
    names: frozenset[str] = frozenset()

    def check_link(self, url: str) -> httpx.URL:
        """Check that a link leads to where files of the job may come from.

        It is encrypted, unless it leads to a server on this machine. One without a host is of the
        host that has the job.
        """
        settings = self.settings
        try:
            url.encode()
            parts = httpx.URL(self.settings.base_url).join(url)
            name = parts.host  # decoded when it is asked for, which a bad one does not stand
        except (ValueError, httpx.InvalidURL) as error:
            raise self.error(
                f"The service gave a link that is no address: {error}.", _REPORT
            ) from error
        if parts.port is not None and parts.port not in _PORTS:
            # A connection would go to the rest of its division by 65536.
            raise self.error(f"The service gave a link to port {parts.port}.", _REPORT)
        netloc = parts.netloc.decode()
        service = name == _SERVICE or name.endswith(f".{_SERVICE}")
        allowed = netloc in {settings.host, *settings.result_hosts}
        if parts.scheme == "https" and (service or allowed):
            return parts
        if parts.scheme == "http" and settings.is_local and allowed and is_loopback(name):
            return parts
        link = f"{parts.scheme}://{netloc}"
        raise self.error(
            f"The service gave a link to {link!a:.100}, which is not its own.", _REPORT
        )

    def error(
        self,
        message: str,
        next_step: str,
        *,
        finished: tuple[StemFile, ...] = (),
        status: int | None = None,
        retryable: bool = False,
        param: str | None = None,
    ) -> DownloadError:
        """Return an error about a download of the job."""
        return DownloadError(
            message,
            finished=finished,
            hash=self.place.hash,
            host=self.settings.host,
            charged=True,
            status=status,
            retryable=retryable,
            next_step=next_step,
            param=param,
        )


def plan(
    place: Place, state: JobState, settings: ClientSettings, record: Record | None = None
) -> Order:
    """Name the files to fetch, and look up the records of earlier downloads."""
    if len(state.files) > MOST_FILES:
        raise Order(place, settings, ()).error(
            f"The service lists {len(state.files)} files, and a job has {MOST_FILES} at most.",
            _REPORT,
        )
    folder = _folder(place.out)
    earlier = manifests.found(
        manifests.place_for(folder, place.input, place.hash, overwrite=False), place.hash
    )
    files, taken = state.files, manifests.name_for(place.input)
    stems = [
        (file.label or input_stem(file.name), extension_of(file.name, file.url, "bin"))
        for file in files
    ]
    made = names.stem_filenames(
        stems,
        input_name=place.input,
        template=place.template,
        taken=[taken],
        type_name=place.type_name,
    )
    paths = [folder / name for name in made]
    for parent in {path.parent for path in paths} - {folder}:
        _folder(parent)
    labels = [f.label or path.stem for f, path in zip(files, paths, strict=True)]
    records = [*(earlier.files if earlier else ()), *(record.written if record else ())]
    known = _known(records, paths, labels)
    wanted = [*map(Wanted, files, paths, labels, known)]
    meant = frozenset({taken, *(path.name for path in paths)})
    order = Order(place, settings, tuple(wanted), meant)
    linked = [evolve(w, file=evolve(w.file, url=str(order.check_link(w.file.url)))) for w in wanted]
    return evolve(order, wanted=tuple(linked))


def _known(
    records: Sequence[StemFile], paths: Sequence[Path], labels: Sequence[str]
) -> list[StemFile | None]:
    """Return for each stem what earlier downloads of its job say of it.

    A stem whose name was taken is known by its label, where no other stem has the same.
    """
    by_path = {(stem.path.absolute(), stem.label): stem for stem in records}
    by_label, times = {stem.label: stem for stem in records}, Counter(labels)
    found = []
    for path, label in zip(paths, labels, strict=True):
        known, namesake = by_path.get((path.absolute(), label)), by_label.get(label)
        if known is None and namesake and times[label] == 1:
            there = namesake.path.absolute()
            if there.parent == path.absolute().parent and names.is_numbered(path.name, there.name):
                known = namesake
        found.append(known)
    return found


def finish(
    order: Order,
    state: JobState,
    files: tuple[StemFile, ...],
    record: Record | None,
    manifest: bool,
) -> Result:
    """Write down the stems of an order once all are whole."""
    place = order.place
    path = _write_manifest(order, files) if manifest else None
    if record:
        record.keep(files)
    forget((wanted.path for wanted in order.wanted), place.hash)
    warnings = list(place.warnings)
    for wanted, stem in zip(order.wanted, files, strict=True):
        if stem.path.name != wanted.path.name:
            why = f"{wanted.path.name} was taken by another file"
            warnings.append(f"The stem {stem.label} is in {stem.path.name}: {why}.")
    if state.unreadable:
        warnings.append(f"{state.unreadable} of the files that the service lists can't be read.")
    if place.expected:
        came = [(file.label, file.name) for file in state.files]
        warnings += differences(place.expected, came)
    return Result(place.hash, files, path, tuple(warnings))


def _type_name(sep_type: object) -> str:
    if not isinstance(sep_type, int):
        return names.ANY_TYPE
    known = SepType(sep_type)
    return known.name.lower() if known.known else str(sep_type)


def _write_manifest(order: Order, files: tuple[StemFile, ...]) -> Path:
    place, host = order.place, order.settings.host
    path = manifests.place_for(Path(place.out), place.input, place.hash, overwrite=place.overwrite)
    manifest = manifests.Manifest(place.hash, host, place.input, files, place.about)
    try:
        manifests.write(path, manifest)
    except OSError as error:
        raise order.error(
            f"The stems are saved, but {path.name} could not be written: {error}.",
            "Download again; no stem is fetched twice.",
            finished=files,
            retryable=True,
        ) from error
    return path


def _folder(out: Folder) -> Path:
    folder = path_of(out, "out")
    try:
        folder.absolute()  # fails where the working folder was deleted
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"The folder {folder} can't be made: {error}.",
            next_step="Choose another one.",
            param="out",
        ) from error
    return folder
