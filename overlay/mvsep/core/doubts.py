"""The one value for "not sure, because ..."."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal


class Doubts(tuple[str, ...]):
    """Reasons for not relying on a value, in sentences; empty for a value that is sure.

    It is a tuple of texts. `|` joins the reasons of two.
    """

    __slots__ = ()

    @classmethod
    def of(cls, *reasons: str | Literal[False] | None) -> Doubts:
        """Make doubts of sentences; None and False are left out."""
        return cls(reason for reason in reasons if reason)

    def __or__(self, more: Iterable[str]) -> Doubts:
        return Doubts((*self, *more))

    @property
    def text(self) -> str:
        """All reasons in one text."""
        return " ".join(self)


#: Of a value that is sure.
SURE = Doubts()
