"""Orders: the form of separation/create, read and allowed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from attrs import frozen

from mvsep.catalog.formats import OutputFormat
from mvsep.pricing import formula
from mvsep.testing import refusals
from mvsep.testing.accounts import Account
from mvsep.testing.algorithms import Algorithm, algorithms


@frozen
class Upload:
    """A file that came with a form: the client's name for it, and the path it was spooled to."""

    name: str
    path: Path


@frozen
class Order:
    """A separation that may be made.

    Args:
        account: The account that asks.
        algorithm: The separation type.
        output_format: The format asked for.
        form: The fields as they were sent.
        long_filenames: Whether its files are named at length; a later switch of the account
            changes no names that somebody has links to.
    """

    account: Account
    algorithm: Algorithm
    output_format: OutputFormat
    form: Mapping[str, str]
    long_filenames: bool

    @property
    def options(self) -> set[tuple[str, str]]:
        """The options it has, chosen or by default, as name and key."""
        fields = self.algorithm.known.fields
        found = ((field.key, self.form.get(field.key, field.default)) for field in fields)
        return {(name, key) for name, key in found if key is not None}

    def price(self, seconds: Fraction) -> int:
        """Return the credits for an input of so many seconds; free accounts pay none."""
        if not self.account.premium:
            return 0
        multipliers = self.algorithm.multipliers(self.form)
        return formula.credits(seconds, self.algorithm.coefficient, multipliers)


def read_order(form: Mapping[str, str], account: Account) -> Order:
    """Read the fields of a form that are not files.

    Raises:
        Refusal: There is no such separation type or format, or it is for premium accounts.
    """
    algorithm = _algorithm(form.get("sep_type", ""))
    if algorithm.orientation == 2 and not account.premium:
        raise refusals.by_errors(refusals.PREMIUM_TYPE)
    output_format = _output_format(form.get("output_format", "0"))
    if output_format.premium_only and not account.premium:
        raise refusals.by_errors(refusals.PREMIUM_FORMAT)
    return Order(account, algorithm, output_format, dict(form), account.long_filenames_enabled)


def mixture(algorithm: Algorithm, files: Mapping[str, Upload]) -> Upload:
    """Choose the file that will be separated.

    Raises:
        Refusal: A file that the separation type needs is missing.
    """
    names: tuple[str, ...] = ("audiofile",)
    if algorithm.audio_widget == "matchering_upload":
        names = ("target_audiofile", "reference_audiofile")
    missing = [name for name in names if name not in files]
    if missing:
        raise refusals.by_field_errors(refusals.required(*missing))
    return files[names[0]]


def _algorithm(sep_type: str) -> Algorithm:
    found = algorithms().get(int(sep_type)) if sep_type.isdecimal() else None
    if found is None:
        raise refusals.by_errors(refusals.SEP_TYPE_NOT_SET)
    return found


def _output_format(text: str) -> OutputFormat:
    if text not in {str(int(known)) for known in OutputFormat}:
        problem = "The selected output format is invalid."
        raise refusals.by_field_errors({"output_format": [problem]})
    return OutputFormat(int(text))
