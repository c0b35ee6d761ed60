# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
"""The facade: every operation of the contract as a typed method, grouped by tag."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .account import AccountApi, AsyncAccountApi
    from .app import AppApi, AsyncAppApi
    from .quality_checker import AsyncQualityCheckerApi, QualityCheckerApi
    from .separation import AsyncSeparationApi, SeparationApi


class Caller(Protocol):
    """What makes the calls: it adds the client and turns every answer into a value or a typed error."""

    def token(self, operation: str) -> Any:
        """The token an operation is to carry, or UNSET"""

    def __call__(self, operation: str, function: Callable[..., Any], **arguments: Any) -> Any:
        """Call a generated function and give back the model of its 2xx answer"""


class AsyncCaller(Protocol):
    """The same with `await`."""

    def token(self, operation: str) -> Any:
        """The token an operation is to carry, or UNSET"""

    def __call__(
        self, operation: str, function: Callable[..., Awaitable[Any]], **arguments: Any
    ) -> Awaitable[Any]:
        """Call a generated function and give back the model of its 2xx answer"""


class Api:
    """All tags; each is imported when first used."""

    def __init__(self, call: Caller) -> None:
        self._call = call

    @cached_property
    def separation(self) -> SeparationApi:
        """The operations of the tag `separation`."""
        from .separation import SeparationApi  # noqa: PLC0415

        return SeparationApi(self._call)

    @cached_property
    def app(self) -> AppApi:
        """The operations of the tag `app`."""
        from .app import AppApi  # noqa: PLC0415

        return AppApi(self._call)

    @cached_property
    def quality_checker(self) -> QualityCheckerApi:
        """The operations of the tag `quality_checker`."""
        from .quality_checker import QualityCheckerApi  # noqa: PLC0415

        return QualityCheckerApi(self._call)

    @cached_property
    def account(self) -> AccountApi:
        """The operations of the tag `account`."""
        from .account import AccountApi  # noqa: PLC0415

        return AccountApi(self._call)


class AsyncApi:
    """All tags, with await; each is imported when first used."""

    def __init__(self, call: AsyncCaller) -> None:
        self._call = call

    @cached_property
    def separation(self) -> AsyncSeparationApi:
        """The operations of the tag `separation`."""
        from .separation import AsyncSeparationApi  # noqa: PLC0415

        return AsyncSeparationApi(self._call)

    @cached_property
    def app(self) -> AsyncAppApi:
        """The operations of the tag `app`."""
        from .app import AsyncAppApi  # noqa: PLC0415

        return AsyncAppApi(self._call)

    @cached_property
    def quality_checker(self) -> AsyncQualityCheckerApi:
        """The operations of the tag `quality_checker`."""
        from .quality_checker import AsyncQualityCheckerApi  # noqa: PLC0415

        return AsyncQualityCheckerApi(self._call)

    @cached_property
    def account(self) -> AsyncAccountApi:
        """The operations of the tag `account`."""
        from .account import AsyncAccountApi  # noqa: PLC0415

        return AsyncAccountApi(self._call)
