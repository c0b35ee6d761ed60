"""The facade: every operation as a typed method, and a token that is nowhere but on the wire."""

import asyncio
import inspect
import logging
import pickle
import re
import traceback
from urllib.parse import parse_qsl, quote

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contract_tests.harness.clients import do, hook
from contract_tests.harness.facade import USUAL, in_python
from mvsep import errors
from mvsep.testing import DEMO_TOKEN, FakeServer
from mvsep_api import AuthenticatedClient, Client, models
from mvsep_api.api import Api, AsyncApi
from mvsep_api.api.separation import separation_cancel
from mvsep_api.operations import OPERATIONS, SERVERS
from tools.examples import examples
from tools.operations import form_schema, operations, resolve

WITH_TOKEN = sorted(name for name, known in OPERATIONS.items() if known.token)
REQUIRED = sorted(name for name, known in OPERATIONS.items() if known.token_required)
ELSEWHERE = "https://elsewhere.example"

TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60)


# Methods


def methods(api):
    """Return the operations that a facade offers, as functions by operationId."""
    tags = [name for name in dir(api) if not name.startswith("_")]
    return {
        f"{tag}_{name}": function
        for tag in tags
        for name, function in inspect.getmembers(type(getattr(api, tag)), inspect.isfunction)
        if not name.startswith("_")
    }


def test_every_operation_of_the_contract_is_a_method_under_its_name_without_the_tag(contract):
    names = {found["operationId"] for _, _, found in operations(contract)}
    assert set(methods(Api(None))) == set(methods(AsyncApi(None))) == names == set(OPERATIONS)


def test_the_table_of_operations_says_what_the_contract_says(contract):
    for verb, path, found in operations(contract):
        known = OPERATIONS[found["operationId"]]
        assert (known.method, known.path) == (verb.upper(), path)
        assert known.evidence == found["x-evidence"]
        assert known.is_state == (found.get("x-answer") == "state")
        assert known.idempotent == (verb == "get" or found.get("x-idempotent", False))

        parameters = [resolve(contract, each) for each in found.get("parameters", [])]
        query = {each["name"]: each.get("required", False) for each in parameters}
        form = form_schema(contract, found)
        fields = {name: name in form["required"] for name in form.get("properties", {})}
        place = "query" if "api_token" in query else "form" if "api_token" in fields else None
        assert known.token == place
        assert known.token_required == {**query, **fields}.get("api_token", False)


def test_the_arguments_are_those_of_the_contract_and_the_token_is_never_one(contract, operation):
    found = next(each for _, _, each in operations(contract) if each["operationId"] == operation)
    form = form_schema(contract, found)
    asked = {in_python(name): name in form["required"] for name in form.get("properties", {})}
    for reference in found.get("parameters", []):
        parameter = resolve(contract, reference)
        asked[in_python(parameter["name"])] = parameter.get("required", False)
    asked.pop("api_token", None)

    function, with_await = methods(Api(None))[operation], methods(AsyncApi(None))[operation]
    assert inspect.signature(function) == inspect.signature(with_await)
    assert inspect.getdoc(function) == inspect.getdoc(with_await)
    assert inspect.iscoroutinefunction(with_await)
    assert not inspect.iscoroutinefunction(function)
    _, *parameters = inspect.signature(function).parameters.values()
    assert {each.name: each.default is each.empty for each in parameters} == asked
    assert {each.kind for each in parameters} <= {inspect.Parameter.KEYWORD_ONLY}


# Where the token goes


def places(request, wire):
    """Return the tokens that a request carries, in its query and in its form."""
    query = parse_qsl(request.url.query.decode(), keep_blank_values=True)
    parts = wire.parts(request) if request.method == "POST" else []
    return (
        [value for name, value in query if name == "api_token"],
        [content.decode() for name, _, content in parts if name == "api_token"],
    )


@pytest.fixture
def told(arguments):
    """Return a function: an operation's arguments with which it takes the token along."""
    more = {"separation_get": {"mirror": 1}}
    return lambda operation: {**arguments(operation), **more.get(operation, {})}


@pytest.fixture
def sent(wire, contract):
    """Return the far end, which answers with a success of the shape that is promised."""
    firsts = {(each.method.upper(), each.path): each for each in reversed([*examples(contract)])}
    wire.answer = lambda request: firsts[request.method, request.url.path].http_response()
    return wire


def test_the_token_arrives_where_the_contract_has_it_and_nowhere_else(sent, shell, told, operation):
    sent.call(shell, operation, **told(operation))
    request, place = sent.only, OPERATIONS[operation].token
    has = {"query": ([sent.token], []), "form": ([], [sent.token]), None: ([], [])}
    assert places(request, sent) == has[place]
    shown = f"{request.url} {request.headers} {request.content!r}"
    assert shown.count(sent.token) == (0 if place is None else 1)
    assert not {"authorization", "cookie"} & set(request.headers)


@pytest.mark.parametrize("mirror", [{}, {"mirror": 0}])
def test_a_state_is_asked_for_without_the_token_where_it_costs_nothing(sent, shell, mirror):
    sent.call(shell, "separation_get", hash="a", **mirror)
    assert places(sent.only, sent) == ([], [])


@pytest.mark.parametrize("operation", REQUIRED)
def test_a_missing_token_is_told_before_anything_is_sent(sent, shell, arguments, operation):
    with pytest.raises(errors.InvalidToken, match="MVSEP_API_TOKEN") as caught:
        sent.call(shell, operation, token=None, **arguments(operation))
    assert sent.requests == []
    assert caught.value.charged is False


@pytest.mark.parametrize("operation", sorted(USUAL - set(REQUIRED)))
def test_a_public_operation_works_without_a_token(sent, shell, arguments, operation):
    sent.call(shell, operation, token=None, **arguments(operation))
    assert places(sent.only, sent) == ([], [])


@pytest.mark.parametrize("operation", ["app_user", "separation_cancel"])
@given(token=TOKENS)
@example(token="a+b&c=d%2F#e")
@example(token="{")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_token_arrives_whole(sent, arguments, operation, token):
    sent.requests.clear()
    sent.call("sync", operation, token=token, **arguments(operation))
    assert [token] in places(sent.only, sent)


@pytest.mark.parametrize("hash_", ["TOKEN", "api_token=TOKEN", "x&api_token=TOKEN", "a b+c%2F"])
def test_only_the_tokens_own_place_is_filled(sent, shell, hash_):
    sent.call(shell, "separation_get", hash=hash_, mirror=1)
    query = parse_qsl(sent.only.url.query.decode(), strict_parsing=True)
    assert query == [("hash", hash_), ("mirror", "1"), ("api_token", sent.token)]


# Where it does not


def shown(error):
    """Return all that a person or a log may get to see of an error."""
    texts = ["".join(traceback.format_exception(error)), str(error), repr(error)]
    texts += [repr(vars(error)), pickle.dumps(error).decode("latin-1")]
    return "\n".join(texts)


# Answers that repeat the request, token and all; and broken connections.
FAULTS = {
    "refused in JSON": lambda said: httpx.Response(400, json={"success": False, "errors": [said]}),
    "refused with 200": lambda said: httpx.Response(
        200, json={"success": False, "data": {}, "message": said}
    ),
    "refused in HTML": lambda said: httpx.Response(401, html=f"<p>{said}</p>"),
    "failed": lambda said: httpx.Response(520, text=said),
    "not JSON": lambda said: httpx.Response(200, text=said),
    "of another shape": lambda said: httpx.Response(200, json=said),
    "redirected": lambda said: httpx.Response(302, headers={"location": "/login"}, text=said),
    "not connected": lambda said: httpx.ConnectError("refused"),
    "timed out": lambda said: httpx.ReadTimeout("too late"),
    "cut off": lambda said: httpx.RemoteProtocolError("peer closed connection"),
}


def echoing(fault):
    return lambda request: fault(f"no: {request.url} {request.content.decode('latin-1')}")


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("operation", WITH_TOKEN)
def test_no_error_shows_the_token(wire, shell, told, operation, fault):
    wire.answer = echoing(fault)
    if fault is FAULTS["refused with 200"] and operation in {"separation_get", "app_queue"}:
        return  # a state, and an answer without a success: neither can be a no
    with pytest.raises(errors.MVSepError) as caught:
        wire.call(shell, operation, **told(operation))
    (request,) = wire.requests
    assert wire.token in f"{request.url} {request.content!r}"
    assert wire.token not in shown(caught.value)


@pytest.mark.parametrize("token", ["a+b/c=d&e#f%g1234567890", "{a}^b|c`d<e>f1234567890"])
def test_no_error_shows_a_token_as_it_stands_in_a_url(wire, shell, token):
    for answer in (
        httpx.Response(520, text=quote(token, safe="")),
        httpx.Response(400, text=token),
    ):
        wire.answer = answer
        with pytest.raises(errors.MVSepError) as caught:
            wire.call(shell, "app_user", token=token)
        assert caught.value.server_text == "***"


@pytest.mark.parametrize("before", range(160, 205, 3))
def test_no_half_of_the_token_is_left_where_a_page_is_cut(wire, shell, before):
    wire.answer = httpx.Response(520, text=f"{'x' * before}{wire.token}")
    with pytest.raises(errors.UnexpectedResponse) as caught:
        wire.call(shell, "app_user")
    assert re.fullmatch(r"x*\**", caught.value.server_text)


def test_no_log_record_url_or_repr_holds_the_token_on_a_real_connection(shell, caplog):
    caplog.set_level(logging.DEBUG)
    responses = []
    http = {"trust_env": False, "event_hooks": {"response": [hook(shell, responses.append)]}}

    def look(mvsep):
        return [repr(each) for each in (mvsep, mvsep.api, vars(mvsep), *vars(mvsep).values())]

    def sync(mvsep):
        assert mvsep.api.app.user().data.api_token == DEMO_TOKEN
        mvsep.api.app.enable_premium()
        return look(mvsep)

    async def with_await(mvsep):
        assert (await mvsep.api.app.user()).data.api_token == DEMO_TOKEN
        await mvsep.api.app.enable_premium()
        return look(mvsep)

    with FakeServer().run() as server:
        texts = do(shell, sync if shell == "sync" else with_await, base_url=server.url, http=http)
    records = [record for record in caplog.records if record.name.startswith(("httpx", "httpcore"))]
    assert any("api_token=" in record.getMessage() for record in records)
    texts += [f"{record.getMessage()} {record.args}" for record in caplog.records]
    assert len(responses) == 2
    for response in responses:
        texts += [repr(response), repr(response.request), str(response.url), str(response.headers)]
        texts += [str(response.request.url), str(response.request.headers)]
    assert DEMO_TOKEN not in "\n".join(texts)


SECRET = "do not show this"


@pytest.mark.parametrize(
    "holder",
    [
        models.LoginBody(email="a@b", password=SECRET),
        models.RegisterBody(name="a", email="a@b", password=SECRET, password_confirmation=SECRET),
        models.SwitchBody(api_token=SECRET),
        models.SeparationCreateBody(sep_type=1, api_token=SECRET),
        models.QualityCheckerDeleteBody(id=1, password=SECRET),
        models.UserAnswer.from_dict({"success": True, "data": {"name": "a", "api_token": SECRET}}),
        AuthenticatedClient(base_url="https://a.example", token=SECRET),
    ],
    ids=lambda holder: type(holder).__name__,
)
def test_a_repr_does_not_show_a_token_or_a_password(holder):
    assert SECRET not in repr(holder)
    assert type(holder).__name__ in repr(holder)


# Other hosts


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("operation", ["app_user", "separation_create"])
def test_a_redirect_is_not_followed(wire, shell, arguments, operation, status):
    wire.answer = httpx.Response(status, headers={"location": f"{ELSEWHERE}/api"})
    with pytest.raises(errors.UnexpectedResponse) as caught:
        wire.call(shell, operation, settings={"follow_redirects": True}, **arguments(operation))
    assert wire.only.url.host == httpx.URL(SERVERS[0]).host
    assert caught.value.status == status


@pytest.mark.parametrize("kind", [Client, AuthenticatedClient])
def test_the_generated_client_alone_follows_no_redirect(wire, shell, kind):
    """Check the client that knows nothing of hosts: it would take the token along."""
    wire.answer = httpx.Response(307, json={}, headers={"location": f"{ELSEWHERE}/api"})
    token = {"token": "unused"} if kind is AuthenticatedClient else {}
    settings = {"transport": httpx.MockTransport(wire)}
    client = kind(base_url=SERVERS[0], httpx_args=settings, **token)
    body = models.SeparationCancelBody(hash_="a", api_token=wire.token)
    if shell == "sync":
        answer = separation_cancel.sync_detailed(client=client, body=body)
    else:
        answer = asyncio.run(separation_cancel.asyncio_detailed(client=client, body=body))
    assert answer.status_code == 307
    assert wire.only.url.host == httpx.URL(SERVERS[0]).host


@pytest.mark.parametrize("operation", WITH_TOKEN)
def test_a_request_turned_to_another_host_is_not_sent(wire, shell, told, operation):
    def turn(request):
        request.url = request.url.copy_with(host=httpx.URL(ELSEWHERE).host)

    hooks = {"event_hooks": {"request": [hook(shell, turn)]}}
    with pytest.raises(errors.InvalidInput) as caught:
        wire.call(shell, operation, settings=hooks, **told(operation))
    assert wire.requests == []
    assert wire.token not in shown(caught.value)


ORIGINS = {
    **{server: server for server in SERVERS},
    "https://mvsep.example:8443": "https://mvsep.example:8443",
    "https://mvsep.example:443": "https://mvsep.example",
    "https://MVSEP.example": "https://mvsep.example",
    "http://localhost:80": "http://localhost",
    "http://[::1]:8000": "http://[::1]:8000",
    "https://münchen.example": "https://xn--mnchen-3ya.example",
}


@pytest.mark.parametrize("base_url", ORIGINS)
def test_the_service_and_the_server_that_was_named_may_see_it(sent, base_url):
    http = {"transport": httpx.MockTransport(sent)}
    do("sync", lambda client: client.api.app.user(), base_url=base_url, http=http)
    # Compared as ASCII: httpx shows an international name in its own letters.
    seen = sent.only.url
    assert f"{seen.scheme}://{seen.netloc.decode('ascii')}" == ORIGINS[base_url]
    assert seen.raw_path.decode() == f"/api/app/user?api_token={DEMO_TOKEN}"
