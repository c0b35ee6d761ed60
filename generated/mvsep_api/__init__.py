# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.

"""A client library for accessing MVSEP API"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client
else:

    def __getattr__(name: str) -> Any:
        # The client comes when it is asked for: with it comes httpx.
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import client  # noqa: PLC0415

        return getattr(client, name)


__all__ = (
    "AuthenticatedClient",
    "Client",
)
