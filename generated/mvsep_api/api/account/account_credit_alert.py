# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.credit_alert_answer import CreditAlertAnswer
from ...models.error_answer import ErrorAnswer
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
        "url": "/api/credit_alert",
        "params": _params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CreditAlertAnswer | ErrorAnswer:
    if response.status_code == 200:
        response_200 = CreditAlertAnswer.from_dict(response.json())

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
) -> Response[CreditAlertAnswer | ErrorAnswer]:
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
) -> Response[CreditAlertAnswer | ErrorAnswer]:
    """Get the low-credit alert

     Answers with the threshold at or below which the service sends a mail. The body of the answer is
    unknown.

    Args:
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreditAlertAnswer | ErrorAnswer]
    """

    _kwargs = _get_kwargs(
        api_token=api_token,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    api_token: str,
) -> CreditAlertAnswer | ErrorAnswer | None:
    """Get the low-credit alert

     Answers with the threshold at or below which the service sends a mail. The body of the answer is
    unknown.

    Args:
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreditAlertAnswer | ErrorAnswer
    """

    return sync_detailed(
        client=client,
        api_token=api_token,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    api_token: str,
) -> Response[CreditAlertAnswer | ErrorAnswer]:
    """Get the low-credit alert

     Answers with the threshold at or below which the service sends a mail. The body of the answer is
    unknown.

    Args:
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreditAlertAnswer | ErrorAnswer]
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
) -> CreditAlertAnswer | ErrorAnswer | None:
    """Get the low-credit alert

     Answers with the threshold at or below which the service sends a mail. The body of the answer is
    unknown.

    Args:
        api_token (str): The account's API token.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreditAlertAnswer | ErrorAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            api_token=api_token,
        )
    ).parsed
