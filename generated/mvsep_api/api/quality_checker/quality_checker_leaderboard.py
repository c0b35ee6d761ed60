# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_answer import ErrorAnswer
from ...models.leaderboard_answer import LeaderboardAnswer
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    dataset_type: str | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    algo_name_filter: str | Unset = UNSET,
    sort: str | Unset = UNSET,
) -> dict[str, Any]:

    _params: dict[str, Any] = {}

    _params["dataset_type"] = dataset_type

    _params["start"] = start

    _params["limit"] = limit

    _params["algo_name_filter"] = algo_name_filter

    _params["sort"] = sort

    _params = {k: v for k, v in _params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/quality_checker/leaderboard",
        "params": _params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | LeaderboardAnswer:
    if response.status_code == 200:
        response_200 = LeaderboardAnswer.from_dict(response.json())

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
) -> Response[ErrorAnswer | LeaderboardAnswer]:
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
    dataset_type: str | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    algo_name_filter: str | Unset = UNSET,
    sort: str | Unset = UNSET,
) -> Response[ErrorAnswer | LeaderboardAnswer]:
    """Get the leaderboard of a data set

     Answers with the best entries of one data set. What `sortables` holds exactly is unknown.

    Args:
        dataset_type (str | Unset): The data set. The server takes 0 when it is absent. 0 to 12
            exist; the names of 5 to 12 are unknown.
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        algo_name_filter (str | Unset): Only entries whose algorithm name holds this text.
        sort (str | Unset): A key out of the answer's `sortables`.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | LeaderboardAnswer]
    """

    _kwargs = _get_kwargs(
        dataset_type=dataset_type,
        start=start,
        limit=limit,
        algo_name_filter=algo_name_filter,
        sort=sort,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    dataset_type: str | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    algo_name_filter: str | Unset = UNSET,
    sort: str | Unset = UNSET,
) -> ErrorAnswer | LeaderboardAnswer | None:
    """Get the leaderboard of a data set

     Answers with the best entries of one data set. What `sortables` holds exactly is unknown.

    Args:
        dataset_type (str | Unset): The data set. The server takes 0 when it is absent. 0 to 12
            exist; the names of 5 to 12 are unknown.
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        algo_name_filter (str | Unset): Only entries whose algorithm name holds this text.
        sort (str | Unset): A key out of the answer's `sortables`.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | LeaderboardAnswer
    """

    return sync_detailed(
        client=client,
        dataset_type=dataset_type,
        start=start,
        limit=limit,
        algo_name_filter=algo_name_filter,
        sort=sort,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    dataset_type: str | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    algo_name_filter: str | Unset = UNSET,
    sort: str | Unset = UNSET,
) -> Response[ErrorAnswer | LeaderboardAnswer]:
    """Get the leaderboard of a data set

     Answers with the best entries of one data set. What `sortables` holds exactly is unknown.

    Args:
        dataset_type (str | Unset): The data set. The server takes 0 when it is absent. 0 to 12
            exist; the names of 5 to 12 are unknown.
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        algo_name_filter (str | Unset): Only entries whose algorithm name holds this text.
        sort (str | Unset): A key out of the answer's `sortables`.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | LeaderboardAnswer]
    """

    _kwargs = _get_kwargs(
        dataset_type=dataset_type,
        start=start,
        limit=limit,
        algo_name_filter=algo_name_filter,
        sort=sort,
    )

    return _build_response(
        client=client, response=await client.get_async_httpx_client().request(**_kwargs)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    dataset_type: str | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    algo_name_filter: str | Unset = UNSET,
    sort: str | Unset = UNSET,
) -> ErrorAnswer | LeaderboardAnswer | None:
    """Get the leaderboard of a data set

     Answers with the best entries of one data set. What `sortables` holds exactly is unknown.

    Args:
        dataset_type (str | Unset): The data set. The server takes 0 when it is absent. 0 to 12
            exist; the names of 5 to 12 are unknown.
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        algo_name_filter (str | Unset): Only entries whose algorithm name holds this text.
        sort (str | Unset): A key out of the answer's `sortables`.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | LeaderboardAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            dataset_type=dataset_type,
            start=start,
            limit=limit,
            algo_name_filter=algo_name_filter,
            sort=sort,
        )
    ).parsed
