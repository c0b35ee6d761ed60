"""What every error knows, and how it crosses to another process."""

import copy
import pickle
import typing

import pytest

from mvsep import errors
from mvsep.errors import (
    ConnectionFailed,
    DurationUnknown,
    InvalidInput,
    MVSepError,
    PriceUnknown,
    SubmitUncertain,
    TooExpensive,
    add_job_facts,
)

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, MVSepError)
]


@pytest.mark.parametrize("kind", [InvalidInput, DurationUnknown, PriceUnknown, TooExpensive])
def test_what_a_caller_handed_over_wrongly_costs_nothing_unless_said_otherwise(
    kind: type[InvalidInput],
) -> None:
    assert kind("No.").charged is False
    assert str(kind("No.")) == "No. Nothing was charged."
    assert kind("No.", charged=None).charged is None
    assert str(kind("No.", charged=None)) == "No."


def test_of_other_errors_it_is_not_known_whether_they_cost_anything() -> None:
    assert {kind("x").charged for kind in KINDS if not issubclass(kind, InvalidInput)} == {None}


@pytest.mark.parametrize(
    ("charged", "then"), [(False, None), (None, None), (True, True)], ids=["no", "unknown", "yes"]
)
def test_an_error_about_a_job_never_says_that_nothing_was_charged(
    charged: bool | None, then: bool | None
) -> None:
    error = add_job_facts(InvalidInput("No.", charged=charged), "a-b.wav", "mvsep.com")
    assert (error.hash, error.host, error.charged) == ("a-b.wav", "mvsep.com", then)


def test_an_error_keeps_the_job_it_named_itself() -> None:
    error = add_job_facts(
        ConnectionFailed("x", hash="own", host="de.mvsep.com"), "other", "mvsep.com"
    )
    assert (error.hash, error.host) == ("own", "de.mvsep.com")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_says_all_it_knows_and_so_does_its_copy(
    kind: type[MVSepError], way: typing.Callable[[MVSepError], MVSepError]
) -> None:
    job: typing.Any = {"hash": "h", "host": "mvsep.com", "charged": False}
    told: typing.Any = {"server_text": "no", "status": 400, "retryable": True}
    error = kind("It broke.", param="output_format", next_step="Try again.", **job, **told)
    again = way(error)

    text = 'It broke. The service said: "no". Job: h on mvsep.com. Nothing was charged. Try again.'
    assert type(again) is kind
    assert str(again) == str(error) == text
    assert vars(again) == vars(error)
    assert again.param == "output_format"


def test_an_uncertain_submit_from_another_process_names_the_way_to_look_for_its_job() -> None:
    error = pickle.loads(pickle.dumps(SubmitUncertain("x").found_by(lambda error: None)))
    with pytest.raises(InvalidInput, match=r"reconcile\(\) of a client") as caught:
        error.reconcile()
    assert caught.value.charged is None
