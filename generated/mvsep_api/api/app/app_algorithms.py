# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.algorithm import Algorithm
from ...models.error_answer import ErrorAnswer
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    scopes: str | Unset = UNSET,
) -> dict[str, Any]:

    _params: dict[str, Any] = {}

    _params["scopes"] = scopes

    _params = {k: v for k, v in _params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/app/algorithms",
        "params": _params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | list[Algorithm]:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = Algorithm.from_dict(response_200_item_data)

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
) -> Response[ErrorAnswer | list[Algorithm]]:
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
    scopes: str | Unset = UNSET,
) -> Response[ErrorAnswer | list[Algorithm]]:
    """List the separation types

     Answers with every separation type, its extra fields, prices and descriptions, as one bare array of
    about 1 MB without pages: keep it. Inactive types are listed too. Rows come by falling
    `algorithm_group_id`, then by `order_id`. No token is needed. `render_id` is the number to send as
    `sep_type`; `id` is another one.

    Unknown: the rows of the no_upload and matchering_upload types (no saved response holds them) and
    their prices.

    Args:
        scopes (str | Unset): Kinds of input wanted, joined by commas. The server takes
            single_upload when it is absent; all three together list everything.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | list[Algorithm]]
    """

    _kwargs = _get_kwargs(
        scopes=scopes,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    scopes: str | Unset = UNSET,
) -> ErrorAnswer | list[Algorithm] | None:
    """List the separation types

     Answers with every separation type, its extra fields, prices and descriptions, as one bare array of
    about 1 MB without pages: keep it. Inactive types are listed too. Rows come by falling
    `algorithm_group_id`, then by `order_id`. No token is needed. `render_id` is the number to send as
    `sep_type`; `id` is another one.

    Unknown: the rows of the no_upload and matchering_upload types (no saved response holds them) and
    their prices.

    Args:
        scopes (str | Unset): Kinds of input wanted, joined by commas. The server takes
            single_upload when it is absent; all three together list everything.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | list[Algorithm]
    """

    return sync_detailed(
        client=client,
        scopes=scopes,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    scopes: str | Unset = UNSET,
) -> Response[ErrorAnswer | list[Algorithm]]:
    """List the separation types

     Answers with every separation type, its extra fields, prices and descriptions, as one bare array of
    about 1 MB without pages: keep it. Inactive types are listed too. Rows come by falling
    `algorithm_group_id`, then by `order_id`. No token is needed. `render_id` is the number to send as
    `sep_type`; `id` is another one.

    Unknown: the rows of the no_upload and matchering_upload types (no saved response holds them) and
    their prices.

    Args:
        scopes (str | Unset): Kinds of input wanted, joined by commas. The server takes
            single_upload when it is absent; all three together list everything.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | list[Algorithm]]
    """

    _kwargs = _get_kwargs(
        scopes=scopes,
    )

    return _build_response(
        client=client, response=await client.get_async_httpx_client().request(**_kwargs)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    scopes: str | Unset = UNSET,
) -> ErrorAnswer | list[Algorithm] | None:
    """List the separation types

     Answers with every separation type, its extra fields, prices and descriptions, as one bare array of
    about 1 MB without pages: keep it. Inactive types are listed too. Rows come by falling
    `algorithm_group_id`, then by `order_id`. No token is needed. `render_id` is the number to send as
    `sep_type`; `id` is another one.

    Unknown: the rows of the no_upload and matchering_upload types (no saved response holds them) and
    their prices.

    Args:
        scopes (str | Unset): Kinds of input wanted, joined by commas. The server takes
            single_upload when it is absent; all three together list everything.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | list[Algorithm]
    """

    return (
        await asyncio_detailed(
            client=client,
            scopes=scopes,
        )
    ).parsed
