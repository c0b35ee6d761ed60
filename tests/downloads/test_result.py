"""A result finds its stems by their labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from mvsep import Result, StemFile


def stem(label: str) -> StemFile:
    return StemFile(label, Path(f"{label}.wav"), 1, "00")


RESULT = Result("h", (stem("Vocals"), stem("Other"), stem("other"), stem("Bass"), stem("Bass")))


@pytest.mark.parametrize("label", ["Vocals", "vocals", "VOCALS"])
def test_a_stem_is_found_by_its_label_in_any_case(label: str) -> None:
    assert RESULT[label] is RESULT.files[0]


def test_a_label_written_alike_counts_before_one_in_another_case() -> None:
    assert RESULT["other"] is RESULT.files[2]


@pytest.mark.parametrize(
    ("label", "what"),
    [("Drums", "No stem is labelled 'Drums'"), ("OTHER", "2 stems are"), ("Bass", "2 stems are")],
)
def test_another_label_is_a_key_error_that_names_the_labels(label: str, what: str) -> None:
    with pytest.raises(KeyError, match=what) as caught:
        RESULT[label]

    assert "'Vocals', 'Other', 'other', 'Bass', 'Bass'" in caught.value.args[0]


def test_it_is_iterated_and_counted_and_is_true_without_stems() -> None:
    assert list(RESULT) == list(RESULT.files)
    assert len(RESULT) == 5
    assert Result("h", ())
