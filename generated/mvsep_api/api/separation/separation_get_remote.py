# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.remote_state import RemoteState
from ...types import UNSET, Response


def _get_kwargs(
    *,
    hash_: str,
) -> dict[str, Any]:

    _params: dict[str, Any] = {}

    _params["hash"] = hash_

    _params = {k: v for k, v in _params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/separation/get-remote",
        "params": _params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | RemoteState:
    if response.status_code == 200:
        response_200 = RemoteState.from_dict(response.json())

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
) -> Response[ErrorAnswer | RemoteState]:
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
) -> Response[ErrorAnswer | RemoteState]:
    """Get the state of a job made from a link

     Answers with the state of a remote job: one that was created from a link and whose file the server
    fetches first. When it is done, `data.hash` is the long hash to ask separation_get for.

    Right after the creation the answer is `success: false` with a message that the file is being
    downloaded. That passes; it is a state, not an error. Whether that answer carries a `status`, and
    which, is unknown.

    Args:
        hash_ (str): Hash of the job: opaque text, dots included. On the wire it is percent-
            encoded like any other query value.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | RemoteState]
    """

    _kwargs = _get_kwargs(
        hash_=hash_,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    hash_: str,
) -> ErrorAnswer | RemoteState | None:
    """Get the state of a job made from a link

     Answers with the state of a remote job: one that was created from a link and whose file the server
    fetches first. When it is done, `data.hash` is the long hash to ask separation_get for.

    Right after the creation the answer is `success: false` with a message that the file is being
    downloaded. That passes; it is a state, not an error. Whether that answer carries a `status`, and
    which, is unknown.

    Args:
        hash_ (str): Hash of the job: opaque text, dots included. On the wire it is percent-
            encoded like any other query value.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | RemoteState
    """

    return sync_detailed(
        client=client,
        hash_=hash_,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    hash_: str,
) -> Response[ErrorAnswer | RemoteState]:
    """Get the state of a job made from a link

     Answers with the state of a remote job: one that was created from a link and whose file the server
    fetches first. When it is done, `data.hash` is the long hash to ask separation_get for.

    Right after the creation the answer is `success: false` with a message that the file is being
    downloaded. That passes; it is a state, not an error. Whether that answer carries a `status`, and
    which, is unknown.

    Args:
        hash_ (str): Hash of the job: opaque text, dots included. On the wire it is percent-
            encoded like any other query value.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | RemoteState]
    """

    _kwargs = _get_kwargs(
        hash_=hash_,
    )

    return _build_response(
        client=client, response=await client.get_async_httpx_client().request(**_kwargs)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    hash_: str,
) -> ErrorAnswer | RemoteState | None:
    """Get the state of a job made from a link

     Answers with the state of a remote job: one that was created from a link and whose file the server
    fetches first. When it is done, `data.hash` is the long hash to ask separation_get for.

    Right after the creation the answer is `success: false` with a message that the file is being
    downloaded. That passes; it is a state, not an error. Whether that answer carries a `status`, and
    which, is unknown.

    Args:
        hash_ (str): Hash of the job: opaque text, dots included. On the wire it is percent-
            encoded like any other query value.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | RemoteState
    """

    return (
        await asyncio_detailed(
            client=client,
            hash_=hash_,
        )
    ).parsed
