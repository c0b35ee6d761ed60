# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.queue_summary_answer import QueueSummaryAnswer
from ...types import UNSET, Response


def _get_kwargs(
    *,
    api_token: str,
) -> dict[str, Any]:

    _params: dict[str, Any] = {}

    _params["api_token"] = api_token

    _params = {k: v for k, v in _params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/app/queue/summary",
        "params": _params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | QueueSummaryAnswer:
    if response.status_code == 200:
        response_200 = QueueSummaryAnswer.from_dict(response.json())

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
) -> Response[ErrorAnswer | QueueSummaryAnswer]:
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
    api_token: str,
) -> Response[ErrorAnswer | QueueSummaryAnswer]:
    """Get the expected wait of the caller's jobs

     Answers with the number of jobs ahead of the caller's own and the expected wait. Known from two
    clients only; what other keys there are is unknown.

    Args:
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | QueueSummaryAnswer]
    """

    _kwargs = _get_kwargs(
        api_token=api_token,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    api_token: str,
) -> ErrorAnswer | QueueSummaryAnswer | None:
    """Get the expected wait of the caller's jobs

     Answers with the number of jobs ahead of the caller's own and the expected wait. Known from two
    clients only; what other keys there are is unknown.

    Args:
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | QueueSummaryAnswer
    """

    return sync_detailed(
        client=client,
        api_token=api_token,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    api_token: str,
) -> Response[ErrorAnswer | QueueSummaryAnswer]:
    """Get the expected wait of the caller's jobs

     Answers with the number of jobs ahead of the caller's own and the expected wait. Known from two
    clients only; what other keys there are is unknown.

    Args:
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | QueueSummaryAnswer]
    """

    _kwargs = _get_kwargs(
        api_token=api_token,
    )

    return _build_response(
        client=client, response=await client.get_async_httpx_client().request(**_kwargs)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    api_token: str,
) -> ErrorAnswer | QueueSummaryAnswer | None:
    """Get the expected wait of the caller's jobs

     Answers with the number of jobs ahead of the caller's own and the expected wait. Known from two
    clients only; what other keys there are is unknown.

    Args:
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | QueueSummaryAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            api_token=api_token,
        )
    ).parsed
