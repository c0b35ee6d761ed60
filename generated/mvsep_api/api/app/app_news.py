# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.news_item import NewsItem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    lang: str | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> dict[str, Any]:

    _params: dict[str, Any] = {}

    _params["lang"] = lang

    _params["start"] = start

    _params["limit"] = limit

    _params = {k: v for k, v in _params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/app/news",
        "params": _params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | list[NewsItem]:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = NewsItem.from_dict(response_200_item_data)

            response_200.append(response_200_item)

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
) -> Response[ErrorAnswer | list[NewsItem]]:
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
    lang: str | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> Response[ErrorAnswer | list[NewsItem]]:
    """List the news of the service

     Answers with news items, newest first, as a bare array.

    Args:
        lang (str | Unset): Language of the items.
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | list[NewsItem]]
    """

    _kwargs = _get_kwargs(
        lang=lang,
        start=start,
        limit=limit,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> ErrorAnswer | list[NewsItem] | None:
    """List the news of the service

     Answers with news items, newest first, as a bare array.

    Args:
        lang (str | Unset): Language of the items.
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | list[NewsItem]
    """

    return sync_detailed(
        client=client,
        lang=lang,
        start=start,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> Response[ErrorAnswer | list[NewsItem]]:
    """List the news of the service

     Answers with news items, newest first, as a bare array.

    Args:
        lang (str | Unset): Language of the items.
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | list[NewsItem]]
    """

    _kwargs = _get_kwargs(
        lang=lang,
        start=start,
        limit=limit,
    )

    return _build_response(
        client=client, response=await client.get_async_httpx_client().request(**_kwargs)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
) -> ErrorAnswer | list[NewsItem] | None:
    """List the news of the service

     Answers with news items, newest first, as a bare array.

    Args:
        lang (str | Unset): Language of the items.
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | list[NewsItem]
    """

    return (
        await asyncio_detailed(
            client=client,
            lang=lang,
            start=start,
            limit=limit,
        )
    ).parsed
