# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
"""The facade: every operation of the contract as a typed method, grouped by tag."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from . import account as _account
    from . import app as _app
    from . import quality_checker as _quality_checker
    from . import separation as _separation
else:

    class _Tag:
        """A module of this package, imported when it is first asked for something."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, attribute: str) -> Any:
            return getattr(import_module(f"{__name__}.{self._name}"), attribute)

    _separation = _Tag("separation")
    _app = _Tag("app")
    _quality_checker = _Tag("quality_checker")
    _account = _Tag("account")


class Caller(Protocol):
    """The maker of calls: adds the client and turns each answer into a value or a typed error."""

    def token(self, operation: str) -> Any:
        """Return the token that an operation carries, or UNSET."""

    def __call__(self, operation: str, function: Callable[..., Any], /, **arguments: Any) -> Any:
        """Call a generated function and return the model of its 2xx answer."""


class AsyncCaller(Protocol):
    """The maker of calls for the async client."""

    def token(self, operation: str) -> Any:
        """Return the token that an operation carries, or UNSET."""

    def __call__(
        self, operation: str, function: Callable[..., Awaitable[Any]], /, **arguments: Any
    ) -> Awaitable[Any]:
        """Call a generated function and return the model of its 2xx answer."""


class Api:
    """All tags; each is imported when first used."""

    def __init__(self, call: Caller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return "Api(separation, app, quality_checker, account)"

    @cached_property
    def separation(self) -> _separation.SeparationApi:
        """The operations of the tag `separation`."""
        return _separation.SeparationApi(self._call)

    @cached_property
    def app(self) -> _app.AppApi:
        """The operations of the tag `app`."""
        return _app.AppApi(self._call)

    @cached_property
    def quality_checker(self) -> _quality_checker.QualityCheckerApi:
        """The operations of the tag `quality_checker`."""
        return _quality_checker.QualityCheckerApi(self._call)

    @cached_property
    def account(self) -> _account.AccountApi:
        """The operations of the tag `account`."""
        return _account.AccountApi(self._call)


class AsyncApi:
    """All tags, with await; each is imported when first used."""

    def __init__(self, call: AsyncCaller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return "AsyncApi(separation, app, quality_checker, account)"

    @cached_property
    def separation(self) -> _separation.AsyncSeparationApi:
        """The operations of the tag `separation`."""
        return _separation.AsyncSeparationApi(self._call)

    @cached_property
    def app(self) -> _app.AsyncAppApi:
        """The operations of the tag `app`."""
        return _app.AsyncAppApi(self._call)

    @cached_property
    def quality_checker(self) -> _quality_checker.AsyncQualityCheckerApi:
        """The operations of the tag `quality_checker`."""
        return _quality_checker.AsyncQualityCheckerApi(self._call)

    @cached_property
    def account(self) -> _account.AsyncAccountApi:
        """The operations of the tag `account`."""
        return _account.AsyncAccountApi(self._call)
