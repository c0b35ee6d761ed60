"""Result files of a job: their keys, types and names, as far as the service's were seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final, Literal

from attrs import frozen

from mvsep.testing.algorithms import Algorithm

Kind = Literal["audio", "text", "midi"]

_TEXTS: Final = frozenset({39, 64})
_MIDI: Final = frozenset({80, 113, 114, 127})
_EXTENSIONS: Final[Mapping[Kind, str]] = {"audio": "wav", "text": "txt", "midi": "mid"}
# Seen in names of files. Of the other types the code is made from the type's name.
_CODES: Final = {48: "melroformer", 49: "roformer_karaoke", 63: "bs6stem"}


# A text, and the shortest of MIDI files: one track, and in it its end.
CONTENTS: Final[Mapping[Kind, bytes]] = {
    "text": b"These words stand for those that are sung.\n",
    "midi": bytes.fromhex("4d546864 00000006 0000 0001 0060 4d54726b 00000004 00ff2f00"),
}


@frozen
class Output:
    """A result file.

    Args:
        key: The service's word for the stem.
        kind: The kind of its content.
    """

    key: str
    kind: Kind

    @property
    def label(self) -> str:
        """Its `type`: the key with a capital, as files were seen to come."""
        return self.key[:1].upper() + self.key[1:]


def outputs(algorithm: Algorithm, form: Mapping[str, str]) -> tuple[Output, ...]:
    """Return the result files that a form asks for; one named `other` where none are known."""
    if algorithm.sep_type in _TEXTS:
        return (Output("text", "text"),)
    if algorithm.sep_type in _MIDI:
        return (Output("midi", "midi"),)
    stems = algorithm.prediction(form).stems
    return tuple(Output(stem.key, "audio") for stem in stems) or (Output("other", "audio"),)


def names(
    output: Output, algorithm: Algorithm, form: Mapping[str, str], source: str, hash: str
) -> tuple[str, str]:
    """Return the names of a result file: the short one, and that in its URL.

    Both have the key of the model, which is the same for all files of a job. The URL has the
    job's hash for the input's name. A flac leaves a dot behind.
    """
    name = PurePosixPath(source.replace("\\", "/"))
    dot = "." if name.suffix.lower() == ".flac" else ""
    code = _CODES.get(algorithm.sep_type) or re.sub(
        r"[^a-z0-9]", "", algorithm.name.partition("(")[0].lower()
    )
    ending = f"{dot}_{code}_mt_{algorithm.model(form)}_{output.key}"
    tail = f"{ending}.{_EXTENSIONS[output.kind]}"
    return slug(name.stem) + tail, hash.rpartition(".")[0] + tail


def long_name(url_name: str) -> str:
    """Return the name that an account with long file names gets."""
    name, _, extension = url_name.rpartition(".")
    return f"{name}_[mvsep.com].{extension}"


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, as in a hash; `audio` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "audio"
