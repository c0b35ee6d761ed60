# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.history_answer import HistoryAnswer
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    api_token: str,
) -> dict[str, Any]:

    _params: dict[str, Any] = {}

    _params["start"] = start

    _params["limit"] = limit

    _params["api_token"] = api_token

    _params = {k: v for k, v in _params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/app/separation_history",
        "params": _params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | HistoryAnswer:
    if response.status_code == 200:
        response_200 = HistoryAnswer.from_dict(response.json())

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
) -> Response[ErrorAnswer | HistoryAnswer]:
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
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    api_token: str,
) -> Response[ErrorAnswer | HistoryAnswer]:
    """List the account's separations

     Answers with the account's separations, newest first. `time_left` is in hours and goes negative once
    the files are gone; `job_exists` may stay true long after that.

    Args:
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | HistoryAnswer]
    """

    _kwargs = _get_kwargs(
        start=start,
        limit=limit,
        api_token=api_token,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    api_token: str,
) -> ErrorAnswer | HistoryAnswer | None:
    """List the account's separations

     Answers with the account's separations, newest first. `time_left` is in hours and goes negative once
    the files are gone; `job_exists` may stay true long after that.

    Args:
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | HistoryAnswer
    """

    return sync_detailed(
        client=client,
        start=start,
        limit=limit,
        api_token=api_token,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    api_token: str,
) -> Response[ErrorAnswer | HistoryAnswer]:
    """List the account's separations

     Answers with the account's separations, newest first. `time_left` is in hours and goes negative once
    the files are gone; `job_exists` may stay true long after that.

    Args:
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | HistoryAnswer]
    """

    _kwargs = _get_kwargs(
        start=start,
        limit=limit,
        api_token=api_token,
    )

    return _build_response(
        client=client, response=await client.get_async_httpx_client().request(**_kwargs)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    api_token: str,
) -> ErrorAnswer | HistoryAnswer | None:
    """List the account's separations

     Answers with the account's separations, newest first. `time_left` is in hours and goes negative once
    the files are gone; `job_exists` may stay true long after that.

    Args:
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | HistoryAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            start=start,
            limit=limit,
            api_token=api_token,
        )
    ).parsed
