"""Which stems a job will give, and how what came compares with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from mvsep.core.text import letters
from mvsep.files import names

if TYPE_CHECKING:
    from mvsep.catalog.formats import OutputFormat
    from mvsep.catalog.types import SeparationType


# Options of how well a model works, not of what it gives. Inferred from what they are.
_NEVER_STEMS: Final = frozenset({"overlap", "agg", "input_cutoff"})
# What the service tells of an option by which its stems are found, by its keys.
_TELLING: Final = frozenset({"output_overrides", "conditions"})


@frozen
class Stem:
    """A stem to expect.

    Args:
        key: The service's word for it, with which its own file name ends: `..._vocals.flac`.
        label: Its label, such as "Vocals".
    """

    key: str
    label: str


@frozen
class OutputChange:
    """How a choice changes which stems come.

    Args:
        mode: "set" where they replace the others, "add" where they come besides; anything else
            is not understood.
        outputs: The stems, as key to label.
    """

    mode: str
    outputs: Mapping[str, str] = field(hash=False)


@frozen
class OutputVariant:
    """The stems that the service lists for certain choices.

    Args:
        match: The choices, by the options' `server_key`.
        outputs: The stems, as key to label.
        seen: How many jobs of the service it was derived from; None where not told.
    """

    match: Mapping[str, str] = field(hash=False)
    outputs: Mapping[str, str] = field(hash=False)
    seen: int | None = None


@frozen
class Prediction:
    """The stems to expect of a job.

    Args:
        stems: The stems; empty where none are known.
        unsure: Why they may be others; None where the facts cover the options chosen.
    """

    stems: tuple[Stem, ...]
    unsure: str | None = None

    @property
    def sure(self) -> bool:
        """Whether the facts of the catalogue cover the options chosen."""
        return self.unsure is None

    @property
    def labels(self) -> tuple[str, ...]:
        """The stems' labels."""
        return tuple(stem.label for stem in self.stems)

    def file_names(
        self,
        input_name: str,
        output_format: OutputFormat | None = None,
        template: str = names.DEFAULT_TEMPLATE,
    ) -> tuple[str, ...]:
        """The names that `download` will give the files.

        The service's own names can't be foretold whole; they end in the stem's key.

        Args:
            input_name: The mixture's name or path.
            output_format: The format asked for; None is the service's default, mp3.
            template: Text with any of the fields {input}, {stem} and {ext}.

        Raises:
            InvalidInput: When the template gives no file names.
        """
        extension = "mp3" if output_format is None else output_format.extension or "bin"
        taken: list[str] = []
        for stem in self.stems:
            name = names.stem_filename(
                stem.label,
                input_name=names.input_stem(input_name),
                extension=extension,
                taken=taken,
                template=template,
            )
            taken.append(name)
        return tuple(taken)


def predict(entry: SeparationType, options: Mapping[str, str]) -> Prediction:
    """The stems to expect of a separation type with these options.

    Source: the service's `outputs`, which hold for the defaults; its `output_variants`, which it
    derives from jobs; and the `output_overrides` of a choice. A choice beside the defaults that
    none of them names makes the prediction unsure, and so does what can't be read of them.

    Args:
        entry: The separation type.
        options: `add_optN` to the value sent; what is not there counts with its default.
    """
    values = {**entry.defaults, **options}
    outputs, covered = dict(entry.output_labels), set(_NEVER_STEMS)
    listed = {option.key for option in entry.fields}
    doubts = [f"the type lists no option {key}" for key in options if key not in listed]
    if "output_variants" in entry.unread:
        doubts.append("what the service lists for certain choices can't be read")
    if entry.variants:
        named = {each.server_key: values.get(each.key) for each in entry.fields}
        keys = {key for variant in entry.variants for key in variant.match}
        fitting = [
            variant
            for variant in entry.variants
            if all(named.get(key) == value for key, value in variant.match.items())
        ]
        if fitting:
            outputs = _in_order(max(fitting, key=lambda one: len(one.match)).outputs, outputs)
            covered |= keys
    changes = []
    for option in entry.fields:
        value = values.get(option.key)
        if option.unread & _TELLING:
            doubts.append(f"what the service tells of {option.name!r} can't be read")
        if option.is_text:
            continue
        if option.is_hidden(values):
            if options.get(option.key, option.default) != option.default:
                doubts.append(f"{option.name!r} is not offered with the other options")
            continue
        change = option.output_changes.get(value or "")
        if change and change.mode in ("set", "add"):
            changes.append(change)
        elif value is None:
            doubts.append(f"the service names no default for {option.name!r}")
        elif value != option.default and option.server_key not in covered:
            doubts.append(f"what {option.name!r} does to the stems is not known")
    for change in sorted(changes, key=lambda each: each.mode == "add"):
        outputs = {**(outputs if change.mode == "add" else {}), **change.outputs}
    if not outputs:
        doubts.insert(0, "the service lists none for this type")
    stems = tuple(Stem(key, label) for key, label in outputs.items())
    return Prediction(stems, "; ".join(doubts) or None)


def _in_order(outputs: Mapping[str, str], order: Mapping[str, str]) -> dict[str, str]:
    """Variants come sorted by key; the type's own outputs show the service's order."""
    first = {key: outputs[key] for key in order if key in outputs}
    return {**first, **outputs}


def differences(expected: Prediction, came: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """How the files of a job differ from what was expected, in sentences.

    A file is recognised by its label, by its label being the stem's key, or by a file name that
    ends in the key: labels were seen to vary.

    Args:
        expected: The prediction; nothing is compared with an unsure one.
        came: Each file's label and file name.
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
    return tuple(_told(left, surplus))


def _told(missing: list[Stem], surplus: list[tuple[str, str]]) -> Iterator[str]:
    for stem in missing:
        yield f"The stem {stem.label!r} was expected and did not come."
    for label, name in surplus:
        yield f"The stem {label or name!r:.80} came and was not expected."


def _same_label(stem: Stem, label: str, name: str) -> bool:
    return letters(label) == letters(stem.label)


def _same_key(stem: Stem, label: str, name: str) -> bool:
    return letters(label) == letters(stem.key)


def _same_ending(stem: Stem, label: str, name: str) -> bool:
    base = names.input_stem(name).casefold()
    return base.endswith(f"_{stem.key.casefold()}")
