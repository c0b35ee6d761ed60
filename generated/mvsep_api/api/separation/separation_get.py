# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.separation_state import SeparationState
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    hash_: str,
    mirror: int | Unset = UNSET,
    api_token: str | Unset = UNSET,
) -> dict[str, Any]:

    _params: dict[str, Any] = {}

    _params["hash"] = hash_

    _params["mirror"] = mirror

    _params["api_token"] = api_token

    _params = {k: v for k, v in _params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/separation/get",
        "params": _params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | SeparationState:
    if response.status_code == 200:
        response_200 = SeparationState.from_dict(response.json())

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
) -> Response[ErrorAnswer | SeparationState]:
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
    hash_: str,
    mirror: int | Unset = UNSET,
    api_token: str | Unset = UNSET,
) -> Response[ErrorAnswer | SeparationState]:
    """Get the state of a job

     Answers with the state of a job and, when it is done, the links of its stems. No token is needed.
    Ask every 4 to 10 seconds.

    `success: false` is a state here, not an error: the hash is unknown, removed or expired. Decide by
    `status` first. A status never seen before means that the job goes on. `done` may come with an empty
    `files` for a short while (the list is written after the flag) and for good once the files have
    expired, after about 72 hours.

    Unknown: the HTTP status of `not_found` (clients accept 200, 400 and 404), the value of `success`
    when the job failed, and the shape of the answer to `mirror=1`.

    Args:
        hash_ (str): Hash of the job: opaque text, dots included. On the wire it is percent-
            encoded like any other query value.
        mirror (int | Unset): 1 asks for the files through another mirror. That needs `api_token`
            and costs 1 credit. The server takes 0 when it is absent.
        api_token (str | Unset): The account's API token, if there is one.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | SeparationState]
    """

    _kwargs = _get_kwargs(
        hash_=hash_,
        mirror=mirror,
        api_token=api_token,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    hash_: str,
    mirror: int | Unset = UNSET,
    api_token: str | Unset = UNSET,
) -> ErrorAnswer | SeparationState | None:
    """Get the state of a job

     Answers with the state of a job and, when it is done, the links of its stems. No token is needed.
    Ask every 4 to 10 seconds.

    `success: false` is a state here, not an error: the hash is unknown, removed or expired. Decide by
    `status` first. A status never seen before means that the job goes on. `done` may come with an empty
    `files` for a short while (the list is written after the flag) and for good once the files have
    expired, after about 72 hours.

    Unknown: the HTTP status of `not_found` (clients accept 200, 400 and 404), the value of `success`
    when the job failed, and the shape of the answer to `mirror=1`.

    Args:
        hash_ (str): Hash of the job: opaque text, dots included. On the wire it is percent-
            encoded like any other query value.
        mirror (int | Unset): 1 asks for the files through another mirror. That needs `api_token`
            and costs 1 credit. The server takes 0 when it is absent.
        api_token (str | Unset): The account's API token, if there is one.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | SeparationState
    """

    return sync_detailed(
        client=client,
        hash_=hash_,
        mirror=mirror,
        api_token=api_token,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    hash_: str,
    mirror: int | Unset = UNSET,
    api_token: str | Unset = UNSET,
) -> Response[ErrorAnswer | SeparationState]:
    """Get the state of a job

     Answers with the state of a job and, when it is done, the links of its stems. No token is needed.
    Ask every 4 to 10 seconds.

    `success: false` is a state here, not an error: the hash is unknown, removed or expired. Decide by
    `status` first. A status never seen before means that the job goes on. `done` may come with an empty
    `files` for a short while (the list is written after the flag) and for good once the files have
    expired, after about 72 hours.

    Unknown: the HTTP status of `not_found` (clients accept 200, 400 and 404), the value of `success`
    when the job failed, and the shape of the answer to `mirror=1`.

    Args:
        hash_ (str): Hash of the job: opaque text, dots included. On the wire it is percent-
            encoded like any other query value.
        mirror (int | Unset): 1 asks for the files through another mirror. That needs `api_token`
            and costs 1 credit. The server takes 0 when it is absent.
        api_token (str | Unset): The account's API token, if there is one.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | SeparationState]
    """

    _kwargs = _get_kwargs(
        hash_=hash_,
        mirror=mirror,
        api_token=api_token,
    )

    return _build_response(
        client=client, response=await client.get_async_httpx_client().request(**_kwargs)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    hash_: str,
    mirror: int | Unset = UNSET,
    api_token: str | Unset = UNSET,
) -> ErrorAnswer | SeparationState | None:
    """Get the state of a job

     Answers with the state of a job and, when it is done, the links of its stems. No token is needed.
    Ask every 4 to 10 seconds.

    `success: false` is a state here, not an error: the hash is unknown, removed or expired. Decide by
    `status` first. A status never seen before means that the job goes on. `done` may come with an empty
    `files` for a short while (the list is written after the flag) and for good once the files have
    expired, after about 72 hours.

    Unknown: the HTTP status of `not_found` (clients accept 200, 400 and 404), the value of `success`
    when the job failed, and the shape of the answer to `mirror=1`.

    Args:
        hash_ (str): Hash of the job: opaque text, dots included. On the wire it is percent-
            encoded like any other query value.
        mirror (int | Unset): 1 asks for the files through another mirror. That needs `api_token`
            and costs 1 credit. The server takes 0 when it is absent.
        api_token (str | Unset): The account's API token, if there is one.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | SeparationState
    """

    return (
        await asyncio_detailed(
            client=client,
            hash_=hash_,
            mirror=mirror,
            api_token=api_token,
        )
    ).parsed
