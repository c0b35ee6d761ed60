# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.queue_answer import QueueAnswer
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    api_token: str | Unset = UNSET,
) -> dict[str, Any]:

    _params: dict[str, Any] = {}

    _params["api_token"] = api_token

    _params = {k: v for k, v in _params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/app/queue",
        "params": _params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | QueueAnswer:
    if response.status_code == 200:
        response_200 = QueueAnswer.from_dict(response.json())

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
) -> Response[ErrorAnswer | QueueAnswer]:
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
    api_token: str | Unset = UNSET,
) -> Response[ErrorAnswer | QueueAnswer]:
    """Get the lengths of the queues

     Answers with the number of unfinished jobs of each plan and with the place of the caller's plan.
    Without a token the caller counts as unregistered. There is no `success` key. The documentation
    calls the second key `plan`, a client of September 2026 saw `current`.

    Args:
        api_token (str | Unset): The account's API token, if there is one.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | QueueAnswer]
    """

    _kwargs = _get_kwargs(
        api_token=api_token,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    api_token: str | Unset = UNSET,
) -> ErrorAnswer | QueueAnswer | None:
    """Get the lengths of the queues

     Answers with the number of unfinished jobs of each plan and with the place of the caller's plan.
    Without a token the caller counts as unregistered. There is no `success` key. The documentation
    calls the second key `plan`, a client of September 2026 saw `current`.

    Args:
        api_token (str | Unset): The account's API token, if there is one.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | QueueAnswer
    """

    return sync_detailed(
        client=client,
        api_token=api_token,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    api_token: str | Unset = UNSET,
) -> Response[ErrorAnswer | QueueAnswer]:
    """Get the lengths of the queues

     Answers with the number of unfinished jobs of each plan and with the place of the caller's plan.
    Without a token the caller counts as unregistered. There is no `success` key. The documentation
    calls the second key `plan`, a client of September 2026 saw `current`.

    Args:
        api_token (str | Unset): The account's API token, if there is one.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | QueueAnswer]
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
    api_token: str | Unset = UNSET,
) -> ErrorAnswer | QueueAnswer | None:
    """Get the lengths of the queues

     Answers with the number of unfinished jobs of each plan and with the place of the caller's plan.
    Without a token the caller counts as unregistered. There is no `success` key. The documentation
    calls the second key `plan`, a client of September 2026 saw `current`.

    Args:
        api_token (str | Unset): The account's API token, if there is one.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | QueueAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            api_token=api_token,
        )
    ).parsed
