"""Stems to expect of a job, and their comparison with those that came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from attrs import field, frozen

from mvsep.catalog.fields import OptionField, OutputChange
from mvsep.catalog.formats import OutputFormat
from mvsep.core.objects import Brief
from mvsep.core.text import head, letters
from mvsep.core.values import SURE, Doubts
from mvsep.files import names

# Options of quality, which leave the stems alone. Inferred from their names.
_NEVER_STEMS: Final = frozenset({"overlap", "agg", "input_cutoff"})
# The service's keys that tell which stems an option brings.
_TELLING: Final = frozenset({"output_overrides", "conditions"})


@frozen(repr=False)
class Stem(Brief):
    """A stem to expect.

    Args:
        key: The service's word for it, with which its own file name ends: `..._vocals.flac`.
        label: Its label, such as "Vocals".
    """

    key: str
    label: str

    @property
    def other_label(self) -> str:
        """Its key with a capital, with which files came: "Instrum" for "Instrumental"."""
        return self.key[:1].upper() + self.key[1:]


@frozen(repr=False)
class OutputVariant(Brief):
    """The stems that the service lists for certain choices.

    Args:
        match: The choices, by the options' `server_key`.
        outputs: The stems, as key to label.
        seen: The number of jobs the service derived it from; None where not told.
    """

    match: Mapping[str, str] = field(hash=False)
    outputs: Mapping[str, str] = field(hash=False)
    seen: int | None = None


@frozen(repr=False)
class Prediction(Brief):
    """The stems to expect of a job.

    Args:
        stems: The stems; empty where none are known.
        doubts: Reasons why others may come.
    """

    stems: tuple[Stem, ...]
    doubts: Doubts = SURE

    @property
    def sure(self) -> bool:
        """True where the catalogue's facts cover the options chosen."""
        return not self.doubts

    @property
    def labels(self) -> tuple[str, ...]:
        """The stems' labels."""
        return tuple(stem.label for stem in self.stems)

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The labels that the files may come with: the catalogue's, or the keys with a capital."""
        keys = tuple(stem.other_label for stem in self.stems)
        return tuple(dict.fromkeys((self.labels, keys)))

    def file_names(
        self,
        input_name: str,
        output_format: OutputFormat | None = None,
        template: str = names.DEFAULT_TEMPLATE,
        type_name: str = names.ANY_TYPE,
    ) -> tuple[str, ...]:
        """Return the names that `download` will give the files, where they are free.

        A stem that the service may call by its label or by its key has no sure name, and is left
        out. So is every stem of an unsure prediction.

        Args:
            input_name: The song's name or path.
            output_format: The format; None is the service's default, mp3.
            template: Text with any of the fields {input}, {stem}, {type} and {ext}.
            type_name: The name of the separation type, such as bs_roformer.

        Raises:
            InvalidInput: When the template gives no file names.
        """
        extension = "mp3" if output_format is None else output_format.extension or "bin"
        stems = [
            (stem.label, extension)
            for stem in self.stems
            if self.sure and stem.label == stem.other_label
        ]
        song = names.input_stem(input_name)
        made = names.stem_filenames(stems, input_name=song, template=template, type_name=type_name)
        return tuple(made)


def stems_of(name: str) -> tuple[str, ...]:
    """List the stems in the last parenthesis of a type's name."""
    if "," not in name or not name.endswith(")"):
        return ()
    inside = name[len(head(name)) :].strip().removeprefix("(").removesuffix(")")
    parts = [part.strip() for part in inside.split(",")]
    return tuple(part for part in parts if part) if len(parts) > 1 else ()


def predict(
    fields: Sequence[OptionField],
    outputs: Mapping[str, str],
    variants: Sequence[OutputVariant] | None,
    options: Mapping[str, str],
) -> Prediction:
    """Predict the stems of a separation type with these options; a missing one has its default.

    Source: the service's `outputs`, which hold for the defaults; its `output_variants`, which it
    derives from jobs (None where they can't be read); and the `output_overrides` of a choice. A
    choice other than the default that none of these mentions makes the prediction unsure, and so
    does any of them that can't be read.
    """
    values = {each.key: each.default for each in fields if each.default is not None} | {**options}
    listed = {each.key for each in fields}
    doubts = [f"The type lists no option {key}." for key in options if key not in listed]
    if variants is None:
        doubts.append("The service's stems for certain choices can't be read.")
    outputs, named = _with_variant(fields, outputs, variants or (), values)
    changes = []
    for option in fields:
        if option.unread & _TELLING:
            doubts.append(f"The service's stems for {option.name!r} can't be read.")
        effect = _effect(option, values, named)
        if isinstance(effect, OutputChange):
            changes.append(effect)
        elif effect:
            doubts.append(effect)
    outputs = _changed(outputs, changes)
    if not outputs:
        doubts.insert(0, "The service lists no stems for this type.")
    return Prediction(tuple(Stem(*pair) for pair in outputs.items()), Doubts(doubts))


def _effect(
    option: OptionField, values: Mapping[str, str], named: set[str]
) -> OutputChange | str | None:
    """Return the stems that an option's value brings, or a doubt about them, or neither."""
    value = values.get(option.key)
    if option.is_text:
        return None
    if option.is_hidden(values):
        if value == option.default:
            return None
        return f"{option.name!r} is not offered with the other options."
    change = option.output_changes.get(value or "")
    if change and change.mode in ("set", "add"):
        return change
    if value is None:
        return f"The service names no default for {option.name!r}."
    if value == option.default or option.server_key in named | _NEVER_STEMS:
        return None
    return f"The effect of {option.name!r} on the stems is not known."


def _with_variant(
    fields: Sequence[OptionField],
    outputs: Mapping[str, str],
    variants: Sequence[OutputVariant],
    values: Mapping[str, str],
) -> tuple[Mapping[str, str], set[str]]:
    """Find the stems of the variant that fits best, and the options that any variant names."""
    sent = {each.server_key: values.get(each.key) for each in fields}
    fitting = [
        variant
        for variant in variants
        if all(sent.get(key) == value for key, value in variant.match.items())
    ]
    if not fitting:
        return outputs, set()
    best = max(fitting, key=lambda variant: len(variant.match)).outputs
    # Variants come sorted by key; the type's own outputs show the service's order.
    first = {key: best[key] for key in outputs if key in best}
    return {**first, **best}, {key for variant in variants for key in variant.match}


def _changed(outputs: Mapping[str, str], changes: Iterable[OutputChange]) -> Mapping[str, str]:
    for change in sorted(changes, key=lambda each: each.mode == "add"):
        outputs = {**(outputs if change.mode == "add" else {}), **change.outputs}
    return outputs


def differences(expected: Prediction, came: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Compare a job's files (label, name) with the stems to expect; return sentences.

    A file is recognised by the stem's label, by the stem's key as its label, or by a file name
    that ends in the key: labels were seen to vary. An unsure prediction is not compared.
    """
    if not expected.sure:
        return ()
    files = list(came)
    left = list(expected.stems)
    surplus: list[tuple[str, str]] = []
    for match in (_same_label, _same_key, _same_ending):
        surplus = []
        for label, name in files:
            found = next((stem for stem in left if match(stem, label, name)), None)
            if found:
                left.remove(found)
            else:
                surplus.append((label, name))
        files = surplus
    missing = (f"The stem {stem.label!r} was expected and did not come." for stem in left)
    more = (f"The stem {label or name!r:.80} came and was not expected." for label, name in surplus)
    return (*missing, *more)


def _same_label(stem: Stem, label: str, name: str) -> bool:
    return letters(label) == letters(stem.label)


def _same_key(stem: Stem, label: str, name: str) -> bool:
    return letters(label) == letters(stem.key)


def _same_ending(stem: Stem, label: str, name: str) -> bool:
    base = names.input_stem(name).casefold()
    return base.endswith(f"_{stem.key.casefold()}")
