# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.purchases_answer import PurchasesAnswer
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: str | Unset = UNSET,
    api_token: str,
) -> dict[str, Any]:

    _params: dict[str, Any] = {}

    _params["limit"] = limit

    _params["offset"] = offset

    _params["status"] = status

    _params["api_token"] = api_token

    _params = {k: v for k, v in _params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/purchases",
        "params": _params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | PurchasesAnswer:
    if response.status_code == 200:
        response_200 = PurchasesAnswer.from_dict(response.json())

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
) -> Response[ErrorAnswer | PurchasesAnswer]:
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
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: str | Unset = UNSET,
    api_token: str,
) -> Response[ErrorAnswer | PurchasesAnswer]:
    """List the account's purchases

     Answers with the account's purchases. The body of the answer is unknown: the official document
    describes none and no saved response holds one.

    Args:
        limit (int | Unset): Highest number of purchases. The server takes 20 when it is absent.
        offset (int | Unset): Number of purchases to skip.
        status (str | Unset): Only purchases in this state: all, succeeded, unpaid and others that
            are unknown.
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | PurchasesAnswer]
    """

    _kwargs = _get_kwargs(
        limit=limit,
        offset=offset,
        status=status,
        api_token=api_token,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: str | Unset = UNSET,
    api_token: str,
) -> ErrorAnswer | PurchasesAnswer | None:
    """List the account's purchases

     Answers with the account's purchases. The body of the answer is unknown: the official document
    describes none and no saved response holds one.

    Args:
        limit (int | Unset): Highest number of purchases. The server takes 20 when it is absent.
        offset (int | Unset): Number of purchases to skip.
        status (str | Unset): Only purchases in this state: all, succeeded, unpaid and others that
            are unknown.
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | PurchasesAnswer
    """

    return sync_detailed(
        client=client,
        limit=limit,
        offset=offset,
        status=status,
        api_token=api_token,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: str | Unset = UNSET,
    api_token: str,
) -> Response[ErrorAnswer | PurchasesAnswer]:
    """List the account's purchases

     Answers with the account's purchases. The body of the answer is unknown: the official document
    describes none and no saved response holds one.

    Args:
        limit (int | Unset): Highest number of purchases. The server takes 20 when it is absent.
        offset (int | Unset): Number of purchases to skip.
        status (str | Unset): Only purchases in this state: all, succeeded, unpaid and others that
            are unknown.
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | PurchasesAnswer]
    """

    _kwargs = _get_kwargs(
        limit=limit,
        offset=offset,
        status=status,
        api_token=api_token,
    )

    return _build_response(
        client=client, response=await client.get_async_httpx_client().request(**_kwargs)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: str | Unset = UNSET,
    api_token: str,
) -> ErrorAnswer | PurchasesAnswer | None:
    """List the account's purchases

     Answers with the account's purchases. The body of the answer is unknown: the official document
    describes none and no saved response holds one.

    Args:
        limit (int | Unset): Highest number of purchases. The server takes 20 when it is absent.
        offset (int | Unset): Number of purchases to skip.
        status (str | Unset): Only purchases in this state: all, succeeded, unpaid and others that
            are unknown.
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | PurchasesAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            offset=offset,
            status=status,
            api_token=api_token,
        )
    ).parsed
