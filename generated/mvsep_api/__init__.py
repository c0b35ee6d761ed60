# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.

"""A client library for accessing MVSEP API"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
