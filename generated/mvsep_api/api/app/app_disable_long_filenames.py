# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.message_answer import MessageAnswer
from ...models.switch_body import SwitchBody
from ...types import Response


def _get_kwargs(
    *,
    body: SwitchBody,
) -> dict[str, Any]:
    _headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/app/disable_long_filenames",
    }

    _kwargs["files"] = body.to_multipart()

    _kwargs["headers"] = _headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | MessageAnswer:
    if response.status_code == 200:
        response_200 = MessageAnswer.from_dict(response.json())

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
) -> Response[ErrorAnswer | MessageAnswer]:
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
    body: SwitchBody,
) -> Response[ErrorAnswer | MessageAnswer]:
    """Disable long file names

     Has the service give new stems their short names again. An invalid token gives 400 by the
    documentation.

    Args:
        body (SwitchBody): The account whose switch is set.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | MessageAnswer]
    """

    _kwargs = _get_kwargs(
        body=body,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: SwitchBody,
) -> ErrorAnswer | MessageAnswer | None:
    """Disable long file names

     Has the service give new stems their short names again. An invalid token gives 400 by the
    documentation.

    Args:
        body (SwitchBody): The account whose switch is set.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | MessageAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: SwitchBody,
) -> Response[ErrorAnswer | MessageAnswer]:
    """Disable long file names

     Has the service give new stems their short names again. An invalid token gives 400 by the
    documentation.

    Args:
        body (SwitchBody): The account whose switch is set.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | MessageAnswer]
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
    body: SwitchBody,
) -> ErrorAnswer | MessageAnswer | None:
    """Disable long file names

     Has the service give new stems their short names again. An invalid token gives 400 by the
    documentation.

    Args:
        body (SwitchBody): The account whose switch is set.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | MessageAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
