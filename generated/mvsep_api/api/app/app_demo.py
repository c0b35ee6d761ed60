# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.demo_item import DemoItem
from ...models.error_answer import ErrorAnswer
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    algorithm_id: int | Unset = UNSET,
    additional_options: str | Unset = UNSET,
    optionsadd_opt1: str | Unset = UNSET,
    optionsadd_opt2: str | Unset = UNSET,
    optionsadd_opt3: str | Unset = UNSET,
) -> dict[str, Any]:

    _params: dict[str, Any] = {}

    _params["start"] = start

    _params["limit"] = limit

    _params["algorithm_id"] = algorithm_id

    _params["additional_options"] = additional_options

    _params["options[add_opt1]"] = optionsadd_opt1

    _params["options[add_opt2]"] = optionsadd_opt2

    _params["options[add_opt3]"] = optionsadd_opt3

    _params = {k: v for k, v in _params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/app/demo",
        "params": _params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorAnswer | list[DemoItem]:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = DemoItem.from_dict(response_200_item_data)

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
) -> Response[ErrorAnswer | list[DemoItem]]:
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
    algorithm_id: int | Unset = UNSET,
    additional_options: str | Unset = UNSET,
    optionsadd_opt1: str | Unset = UNSET,
    optionsadd_opt2: str | Unset = UNSET,
    optionsadd_opt3: str | Unset = UNSET,
) -> Response[ErrorAnswer | list[DemoItem]]:
    """List the published demo separations

     Answers with the separations that were published on the demo page, newest first, as a bare array.
    Newer clients narrow it to one separation type and to the values of its extra fields; which field
    names the server takes inside `options[...]` is unknown.

    Args:
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        algorithm_id (int | Unset): Only this separation type: the `id` of a row of
            app_algorithms, not its render_id.
        additional_options (str | Unset): Seen in a newer client; its meaning is unknown.
        optionsadd_opt1 (str | Unset): Only separations made with this option key in extra field
            1.
        optionsadd_opt2 (str | Unset): Only separations made with this option key in extra field
            2.
        optionsadd_opt3 (str | Unset): Only separations made with this option key in extra field
            3.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | list[DemoItem]]
    """

    _kwargs = _get_kwargs(
        start=start,
        limit=limit,
        algorithm_id=algorithm_id,
        additional_options=additional_options,
        optionsadd_opt1=optionsadd_opt1,
        optionsadd_opt2=optionsadd_opt2,
        optionsadd_opt3=optionsadd_opt3,
    )

    return _build_response(client=client, response=client.get_httpx_client().request(**_kwargs))


def sync(
    *,
    client: AuthenticatedClient | Client,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    algorithm_id: int | Unset = UNSET,
    additional_options: str | Unset = UNSET,
    optionsadd_opt1: str | Unset = UNSET,
    optionsadd_opt2: str | Unset = UNSET,
    optionsadd_opt3: str | Unset = UNSET,
) -> ErrorAnswer | list[DemoItem] | None:
    """List the published demo separations

     Answers with the separations that were published on the demo page, newest first, as a bare array.
    Newer clients narrow it to one separation type and to the values of its extra fields; which field
    names the server takes inside `options[...]` is unknown.

    Args:
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        algorithm_id (int | Unset): Only this separation type: the `id` of a row of
            app_algorithms, not its render_id.
        additional_options (str | Unset): Seen in a newer client; its meaning is unknown.
        optionsadd_opt1 (str | Unset): Only separations made with this option key in extra field
            1.
        optionsadd_opt2 (str | Unset): Only separations made with this option key in extra field
            2.
        optionsadd_opt3 (str | Unset): Only separations made with this option key in extra field
            3.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | list[DemoItem]
    """

    return sync_detailed(
        client=client,
        start=start,
        limit=limit,
        algorithm_id=algorithm_id,
        additional_options=additional_options,
        optionsadd_opt1=optionsadd_opt1,
        optionsadd_opt2=optionsadd_opt2,
        optionsadd_opt3=optionsadd_opt3,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    algorithm_id: int | Unset = UNSET,
    additional_options: str | Unset = UNSET,
    optionsadd_opt1: str | Unset = UNSET,
    optionsadd_opt2: str | Unset = UNSET,
    optionsadd_opt3: str | Unset = UNSET,
) -> Response[ErrorAnswer | list[DemoItem]]:
    """List the published demo separations

     Answers with the separations that were published on the demo page, newest first, as a bare array.
    Newer clients narrow it to one separation type and to the values of its extra fields; which field
    names the server takes inside `options[...]` is unknown.

    Args:
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        algorithm_id (int | Unset): Only this separation type: the `id` of a row of
            app_algorithms, not its render_id.
        additional_options (str | Unset): Seen in a newer client; its meaning is unknown.
        optionsadd_opt1 (str | Unset): Only separations made with this option key in extra field
            1.
        optionsadd_opt2 (str | Unset): Only separations made with this option key in extra field
            2.
        optionsadd_opt3 (str | Unset): Only separations made with this option key in extra field
            3.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorAnswer | list[DemoItem]]
    """

    _kwargs = _get_kwargs(
        start=start,
        limit=limit,
        algorithm_id=algorithm_id,
        additional_options=additional_options,
        optionsadd_opt1=optionsadd_opt1,
        optionsadd_opt2=optionsadd_opt2,
        optionsadd_opt3=optionsadd_opt3,
    )

    return _build_response(
        client=client, response=await client.get_async_httpx_client().request(**_kwargs)
    )


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    algorithm_id: int | Unset = UNSET,
    additional_options: str | Unset = UNSET,
    optionsadd_opt1: str | Unset = UNSET,
    optionsadd_opt2: str | Unset = UNSET,
    optionsadd_opt3: str | Unset = UNSET,
) -> ErrorAnswer | list[DemoItem] | None:
    """List the published demo separations

     Answers with the separations that were published on the demo page, newest first, as a bare array.
    Newer clients narrow it to one separation type and to the values of its extra fields; which field
    names the server takes inside `options[...]` is unknown.

    Args:
        start (int | Unset): Number of rows to skip, counted from the newest. The server takes 0
            when it is absent.
        limit (int | Unset): Highest number of rows. The server takes 10 when it is absent.
        algorithm_id (int | Unset): Only this separation type: the `id` of a row of
            app_algorithms, not its render_id.
        additional_options (str | Unset): Seen in a newer client; its meaning is unknown.
        optionsadd_opt1 (str | Unset): Only separations made with this option key in extra field
            1.
        optionsadd_opt2 (str | Unset): Only separations made with this option key in extra field
            2.
        optionsadd_opt3 (str | Unset): Only separations made with this option key in extra field
            3.

    Raises:
        errors.UnreadableAnswer: If the answer is not what the contract describes for its status code.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorAnswer | list[DemoItem]
    """

    return (
        await asyncio_detailed(
            client=client,
            start=start,
            limit=limit,
            algorithm_id=algorithm_id,
            additional_options=additional_options,
            optionsadd_opt1=optionsadd_opt1,
            optionsadd_opt2=optionsadd_opt2,
            optionsadd_opt3=optionsadd_opt3,
        )
    ).parsed
