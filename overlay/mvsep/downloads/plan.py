"""What a finished job leaves on the disk: where its stems go, and what they are called."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from mvsep import manifest as manifests
from mvsep.catalog.stems import Prediction, differences
from mvsep.downloads.fetch import Order, Wanted
from mvsep.downloads.part_file import forget
from mvsep.downloads.result import PARALLEL, Folder, Record, Result, StemFile
from mvsep.errors import InvalidInput
from mvsep.files import names
from mvsep.job_state import JobState
from mvsep.settings.client import ClientSettings
from mvsep.settings.urls import check_link


def _folder(out: Folder) -> Path:
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"The folder {folder} can't be made: {error}.", next_step="Choose another one."
        ) from error
    return folder


def check_place(out: Folder, template: str, parallel: int = PARALLEL) -> None:
    """Check, before a job is paid for, that its stems will have a place.

    Args:
        out: The folder for the stems; made when it is not there.
        template: What the files are to be called.
        parallel: How many are to be fetched at once.

    Raises:
        InvalidInput: When the folder can't be made or written to, the template gives no file
            names, or none would be fetched at once.
    """
    if isinstance(parallel, bool) or not isinstance(parallel, int) or parallel < 1:
        raise InvalidInput(
            f"parallel is how many stems are fetched at once, and can't be {parallel!r:.40}."
        )
    names.check_template(template)
    folder = _folder(out)
    try:
        # Asking for permissions would not find a full or read-only disk.
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"?")
    except OSError as error:
        raise InvalidInput(
            f"Nothing can be written to {folder}: {error.strerror or error}.",
            charged=False,
            next_step="Choose another folder.",
        ) from error


def check_free(
    out: Folder, template: str, input: str, labels: Iterable[str], extension: str
) -> None:
    """Check, before a job is paid for, that the stems to expect have their names for themselves.

    Args:
        out: The folder for the stems.
        template: What the files are to be called.
        input: What the input is called, without extension.
        labels: The labels to expect; what the service really gives may differ.
        extension: The extension to expect.

    Raises:
        InvalidInput: When a file of such a name is there.
    """
    taken = {manifests.name_for(input)}
    for label in labels:
        name = names.stem_filename(
            label, input_name=input, extension=extension, taken=taken, template=template
        )
        taken.add(name)
        if os.path.lexists(Path(out) / name):
            raise InvalidInput(
                f"{Path(out) / name} is there already.",
                charged=False,
                next_step="Choose another folder or template, or ask to overwrite.",
            )


@frozen
class Place:
    """Where the stems of a job go.

    Args:
        hash: The job's hash.
        input: What the input is called, without extension.
        out: The folder.
        template: What the files are called.
        overwrite: Whether files that are there may be replaced.
        about: What is known of the job, for the manifest.
        expected: The stems to expect, where that is known.
        warnings: What was to be said already when the job was created.
    """

    hash: str
    input: str
    out: Folder
    template: str
    overwrite: bool
    about: Mapping[str, Any]
    expected: Prediction | None
    warnings: tuple[str, ...] = ()

    def order(self, state: JobState, session: ClientSettings, record: Record | None) -> Order:
        """What is to be fetched, and as which files.

        Raises:
            InvalidInput: When the folder can't be made.
            DownloadError: When a link leads where no stem of the service's is.
        """
        local, hosts, wanted = session.is_local, session.result_hosts, []
        folder, taken = _folder(self.out), {manifests.name_for(self.input)}
        for file in state.files:
            check_link(file.url, session.host, hosts, local=local, hash=self.hash)
            name = names.stem_filename(
                file.label or names.input_stem(file.name),
                input_name=self.input,
                extension=names.extension_of(file.name, file.url, "bin"),
                taken=taken,
                template=self.template,
            )
            taken.add(name)
            wanted.append(Wanted(file, folder / name))
        earlier = manifests.found(
            manifests.place_for(folder, self.input, self.hash, overwrite=False), self.hash
        )
        known = {}
        for each in wanted:
            written = earlier.file(each.path.name, each.label) if earlier else None
            if record:
                written = record.written.get(each.path.absolute(), written)
            if written:
                known[each.path.name] = written
        return Order(
            hash=self.hash,
            host=session.host,
            local=local,
            hosts=hosts,
            wanted=tuple(wanted),
            unreadable=state.unreadable,
            overwrite=self.overwrite,
            known=known,
        )

    def landed(
        self,
        order: Order,
        files: tuple[StemFile, ...],
        *,
        manifest: bool,
        record: Record | None,
    ) -> Result:
        """What came of an order whose files are all there.

        Raises:
            DownloadError: When the manifest can't be written.
        """
        path = None
        if manifest:
            stems = tuple(
                manifests.File(stem.label, stem.path.name, stem.size, stem.sha256) for stem in files
            )
            told = manifests.Manifest(self.hash, order.host, self.input, stems, self.about)
            path = manifests.place_for(
                Path(self.out), self.input, self.hash, overwrite=self.overwrite
            )
            try:
                manifests.write(path, told)
            except OSError as error:
                raise order.error(
                    f"The stems are whole, and {path.name} could not be written: {error}.",
                    "Download again; no stem is fetched twice.",
                    finished=files,
                    retryable=True,
                ) from error
        if record:
            record.keep(files)
        for stem in files:
            forget(stem.path, self.hash)
        came = [(each.file.label, each.file.name) for each in order.wanted]
        warnings = differences(self.expected, came) if self.expected else ()
        if order.unreadable:
            lost = f"{order.unreadable} of the files that the service lists can't be read."
            warnings = (lost, *warnings)
        return Result(self.hash, files, path, (*self.warnings, *warnings))
