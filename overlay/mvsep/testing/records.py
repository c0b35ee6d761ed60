"""Records of what happened at the fake server, for tests to count."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, frozen


@define
class LoggedRequest:
    """A request that arrived.

    Args:
        method: GET or POST.
        path: The path, without the query.
        fields: Query or form fields; tokens and passwords are written as `***`.
        files: Field name to the name of the file that came in it.
        status: The HTTP status of the answer; None when the client went away before it.
    """

    method: str
    path: str
    fields: Mapping[str, str]
    files: Mapping[str, str]
    status: int | None = None


@frozen
class Tally:
    """The number of jobs created of one input, and the credits they were charged."""

    jobs: int = 0
    credits: int = 0
