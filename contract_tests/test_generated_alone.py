"""The generated package without the overlay: no secret in a repr, and docstrings that are true."""

import asyncio
import inspect
import json

import httpx
import pytest

from mvsep_api import Client
from mvsep_api.api.app import app_login, app_user
from mvsep_api.errors import UnexpectedStatus, UnreadableAnswer
from mvsep_api.models import LoginBody
from tools.examples import endpoint_module
from tools.operations import operations
from tools.regenerate import Project

CONTRACT = json.loads(Project().contract.read_text(encoding="utf-8"))
OPERATIONS = [(each["operationId"], each["tags"][0]) for _, _, each in operations(CONTRACT)]
SECRET = "s3cretS3cretS3cret"
CALLS = {
    "login": (app_login, {"body": LoginBody(email="user@example.com", password=SECRET)}),
    "user": (app_user, {"api_token": SECRET}),
}


def answering(content):
    """Return a generated client whose server gives one answer."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=content))
    client = Client(base_url="https://mvsep.com")
    client.set_httpx_client(httpx.Client(base_url="https://mvsep.com", transport=transport))
    return client.set_async_httpx_client(
        httpx.AsyncClient(base_url="https://mvsep.com", transport=transport)
    )


def detailed(shell, module, client, arguments):
    if shell == "sync":
        return module.sync_detailed(client=client, **arguments)
    return asyncio.run(module.asyncio_detailed(client=client, **arguments))


@pytest.mark.parametrize("shell", ["sync", "async"])
@pytest.mark.parametrize(("module", "arguments"), CALLS.values(), ids=CALLS)
def test_a_response_that_holds_the_token_does_not_show_it(shell, module, arguments):
    content = json.dumps({"success": True, "data": {"api_token": SECRET}}).encode()
    response = detailed(shell, module, answering(content), arguments)
    assert response.parsed.data.api_token == SECRET
    assert response.content == content
    assert SECRET not in repr(response) + str(response) + repr(arguments.get("body"))


@pytest.mark.parametrize("shell", ["sync", "async"])
def test_an_answer_that_is_not_the_contracts_raises_what_the_docstring_names(shell):
    with pytest.raises(UnreadableAnswer) as caught:
        detailed(shell, app_user, answering(SECRET.encode()), {"api_token": SECRET})
    assert (caught.value.status_code, caught.value.content) == (200, SECRET.encode())
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(("operation", "tag"), OPERATIONS)
def test_docstrings_name_the_error_that_is_raised_and_no_other(operation, tag):
    module = endpoint_module(operation, tag)
    for name in ("sync", "sync_detailed", "asyncio", "asyncio_detailed"):
        if function := getattr(module, name, None):
            said = inspect.getdoc(function)
            assert f"errors.{UnreadableAnswer.__name__}: " in said
            assert UnexpectedStatus.__name__ not in said
