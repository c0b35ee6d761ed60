# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.separation_create_body import SeparationCreateBody
from ...models.separation_created import SeparationCreated
from ...types import Response


def _get_kwargs(
    *,
    body: SeparationCreateBody,
) -> dict[str, Any]:
    _headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/separation/create",
    }

    _kwargs["files"] = body.to_multipart()

    _kwargs["headers"] = _headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | SeparationCreated:
    if response.status_code == 200:
        response_200 = SeparationCreated.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ErrorAnswer.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ErrorAnswer.from_dict(response.json())

        return response_401

    if response.status_code == 429:
        response_429 = ErrorAnswer.from_dict(response.json())

        return response_429

    response_default = ErrorAnswer.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorAnswer | SeparationCreated]:
    try:
        parsed = _parse_response(client=client, response=response)
    except errors.UNREADABLE as reason:
        raise errors.UnreadableAnswer(
            response.status_code, response.content, response.headers
        ) from reason
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=parsed,
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: SeparationCreateBody,
) -> Response[ErrorAnswer | SeparationCreated]:
    """Create a separation

     Submits a mixture and starts a job. The input is one of: `audiofile`; `url` (with `remote_type`);
    `target_audiofile` and `reference_audiofile` together (matchering, type 68); or nothing at all, for
    the types that take text only.

    Credits are taken when the job is created, so never send the same request again after an ambiguous
    failure. A free account may have one unfinished job at a time, a premium account any number. Types
    with orientation 1 need a registered account, those with orientation 2 a premium account with
    credits to spend.

    All values travel as text. Send a true Content-Length: a chunked body was refused with 400.

    Args:
        body (SeparationCreateBody): What to separate, and how. Leave out what is not wanted; the
            server takes an empty text for an absent field.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | SeparationCreated]
    """

    _kwargs = _get_kwargs(
        body=body,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: SeparationCreateBody,
) -> ErrorAnswer | SeparationCreated | None:
    """Create a separation

     Submits a mixture and starts a job. The input is one of: `audiofile`; `url` (with `remote_type`);
    `target_audiofile` and `reference_audiofile` together (matchering, type 68); or nothing at all, for
    the types that take text only.

    Credits are taken when the job is created, so never send the same request again after an ambiguous
    failure. A free account may have one unfinished job at a time, a premium account any number. Types
    with orientation 1 need a registered account, those with orientation 2 a premium account with
    credits to spend.

    All values travel as text. Send a true Content-Length: a chunked body was refused with 400.

    Args:
        body (SeparationCreateBody): What to separate, and how. Leave out what is not wanted; the
            server takes an empty text for an absent field.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | SeparationCreated
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: SeparationCreateBody,
) -> Response[ErrorAnswer | SeparationCreated]:
    """Create a separation

     Submits a mixture and starts a job. The input is one of: `audiofile`; `url` (with `remote_type`);
    `target_audiofile` and `reference_audiofile` together (matchering, type 68); or nothing at all, for
    the types that take text only.

    Credits are taken when the job is created, so never send the same request again after an ambiguous
    failure. A free account may have one unfinished job at a time, a premium account any number. Types
    with orientation 1 need a registered account, those with orientation 2 a premium account with
    credits to spend.

    All values travel as text. Send a true Content-Length: a chunked body was refused with 400.

    Args:
        body (SeparationCreateBody): What to separate, and how. Leave out what is not wanted; the
            server takes an empty text for an absent field.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | SeparationCreated]
    """

    _kwargs = _get_kwargs(
        body=body,
    )

    return _build_response(
        client=client, response=await client.get_async_httpx_client().request(**_kwargs)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: SeparationCreateBody,
) -> ErrorAnswer | SeparationCreated | None:
    """Create a separation

     Submits a mixture and starts a job. The input is one of: `audiofile`; `url` (with `remote_type`);
    `target_audiofile` and `reference_audiofile` together (matchering, type 68); or nothing at all, for
    the types that take text only.

    Credits are taken when the job is created, so never send the same request again after an ambiguous
    failure. A free account may have one unfinished job at a time, a premium account any number. Types
    with orientation 1 need a registered account, those with orientation 2 a premium account with
    credits to spend.

    All values travel as text. Send a true Content-Length: a chunked body was refused with 400.

    Args:
        body (SeparationCreateBody): What to separate, and how. Leave out what is not wanted; the
            server takes an empty text for an absent field.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | SeparationCreated
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
