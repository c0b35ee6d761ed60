"""Mutants of the generated client: what a template, an override or a hand may spoil."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.mutant import Edit, Mutant, Text
from contract_tests.mutants.tests import (
    asks,
    becomes,
    facade,
    hostile,
    node,
    reads,
    sends,
    sends_async,
)

_CREATE = "POST /api/separation/create"
_FORM_VALUE = "test_a_form_value_is_written_as_the_service_takes_it"
_TABLE = "test_the_table_of_operations_says_what_the_contract_says"


def _text(file: str, old: str, new: str, count: int = 1) -> Text:
    return Text(f"generated/mvsep_api/{file}", old, new, count)


def _mutant(id: str, what: str, *edits: Edit, tests: tuple[str, ...], survives: str = "") -> Mutant:
    return Mutant(f"client-{id}", "client", what, edits, tests, survives)


_FIRST_FIELD = '        files.extend(types.form_field("sep_type", self.sep_type))\n'
_TOKEN_FIELD = '        files.extend(types.form_field("api_token", self.api_token))\n'

MUTANTS: Final = (
    # What is sent
    _mutant(
        "form-field-gone",
        "separation_create never sends preset_id.",
        _text(
            "models/separation_create_body.py",
            '            files.extend(types.form_field("preset_id", self.preset_id))\n',
            "            pass\n",
        ),
        tests=(sends(_CREATE),),
    ),
    _mutant(
        "form-field-renamed",
        "The matchering reference is sent under its old name.",
        _text(
            "models/separation_create_body.py",
            'files.append(("reference_audiofile"',
            'files.append(("reference"',
        ),
        tests=(sends(_CREATE),),
    ),
    _mutant(
        "form-fields-swapped",
        "Name and description of a quality checker's entry change places.",
        _text("models/quality_checker_add_body.py", '"algo_name", self.algo_name', '"A", "A"'),
        _text(
            "models/quality_checker_add_body.py",
            '"main_text", self.main_text',
            '"algo_name", self.main_text',
        ),
        _text("models/quality_checker_add_body.py", '"A", "A"', '"main_text", self.algo_name'),
        tests=(sends("POST /api/quality_checker/add"),),
    ),
    _mutant(
        "token-first",
        "The token is the first field of separation_create.",
        _text("models/separation_create_body.py", _TOKEN_FIELD, ""),
        _text("models/separation_create_body.py", _FIRST_FIELD, _TOKEN_FIELD + _FIRST_FIELD),
        tests=(sends(_CREATE),),
    ),
    _mutant(
        "flag-as-word",
        "A boolean is sent as True or False.",
        _text("types.py", "        value = int(value)\n", "        value = str(value)\n"),
        tests=(node("multipart", _FORM_VALUE),),
    ),
    _mutant(
        "none-as-word",
        "None is sent as a word.",
        _text("types.py", "    if value is None:\n        return []\n", ""),
        tests=(node("multipart", _FORM_VALUE),),
    ),
    _mutant(
        "boundary-fixed",
        "Forms have the generator's own boundary, +++, which a file may hold too.",
        _text(
            "api/separation/separation_create.py",
            '    _kwargs["headers"] = headers\n',
            '    headers["Content-Type"] = "multipart/form-data; boundary=+++"\n'
            '    _kwargs["headers"] = headers\n',
        ),
        tests=(node("multipart", "test_each_request_has_a_boundary_of_its_own"),),
    ),
    _mutant(
        "method-wrong",
        "app_register is a GET, as in the service's own curl line.",
        _text("api/app/app_register.py", '"method": "post"', '"method": "get"'),
        tests=(sends("POST /api/app/register"),),
    ),
    _mutant(
        "path-wrong",
        "separation_get_remote asks get_remote, and not get-remote.",
        _text("api/separation/separation_get_remote.py", "get-remote", "get_remote"),
        tests=(sends("GET /api/separation/get-remote"),),
    ),
    _mutant(
        "parameters-swapped",
        "start and limit of app_news change places.",
        _text("api/app/app_news.py", 'params["start"] = start', 'params["start"] = limit'),
        _text("api/app/app_news.py", 'params["limit"] = limit', 'params["limit"] = start'),
        tests=(sends("GET /api/app/news"),),
    ),
    _mutant(
        "parameter-in-python-spelling",
        "The hash is asked for as hash_.",
        _text("api/separation/separation_get.py", 'params["hash"]', 'params["hash_"]'),
        tests=(sends("GET /api/separation/get"),),
    ),
    _mutant(
        "zero-left-out",
        "A parameter that is 0 is not sent.",
        _text(
            "api/app/app_separation_history.py",
            "if v is not UNSET and v is not None}",
            "if v}",
        ),
        tests=(sends("GET /api/app/separation_history"),),
    ),
    _mutant(
        "parameter-lost-async",
        "The async app_demo forgets the limit.",
        _text(
            "api/app/app_demo.py",
            "    response = await client.get_async_httpx_client().request(**kwargs)\n",
            '    kwargs["params"].pop("limit", None)\n'
            "    response = await client.get_async_httpx_client().request(**kwargs)\n",
        ),
        tests=(sends_async("GET /api/app/demo"),),
    ),
    # The facade, and what it knows of the operations
    _mutant(
        "facade-calls-another",
        "The facade's disable_premium enables it.",
        _text(
            "api/app/__init__.py",
            "from . import app_disable_premium as _endpoint",
            "from . import app_enable_premium as _endpoint",
            count=2,
        ),
        tests=(node("curl_golden", "test_the_method_and_the_address_are_those_of_curl"),),
    ),
    _mutant(
        "facade-swaps-arguments",
        "The facade's login takes the e-mail address for the password, and the other way round.",
        _text(
            "api/app/__init__.py",
            "LoginBody(\n                    email=email,\n                    password=password,",
            "LoginBody(\n                    email=password,\n                    password=email,",
            count=2,
        ),
        tests=(node("curl_golden", "test_the_form_has_the_fields_and_files_of_curl_each_once"),),
    ),
    _mutant(
        "create-idempotent",
        "The table of operations says that a job may be created again.",
        _text(
            "operations.py",
            '        path="/api/separation/create",\n'
            '        token="form",\n'
            "        token_required=True,\n"
            "        idempotent=False,\n",
            '        path="/api/separation/create",\n'
            '        token="form",\n'
            "        token_required=True,\n"
            "        idempotent=True,\n",
        ),
        tests=(facade(_TABLE),),
    ),
    # What is read
    _mutant(
        "status-not-a-number-of-the-standard",
        "A status that Python does not know ends in a ValueError.",
        _text("api/app/app_news.py", "from typing", "from http import HTTPStatus\nfrom typing"),
        _text(
            "api/app/app_news.py",
            "        status_code=response.status_code,\n",
            "        status_code=HTTPStatus(response.status_code),\n",
        ),
        tests=(asks("app_news > default > success_false"),),
    ),
    _mutant(
        "refusal-read-as-success",
        "The 400 of app_login is read as an account.",
        _text(
            "api/app/app_login.py",
            "response_400 = ErrorAnswer.from_dict(response.json())",
            "response_400 = UserAnswer.from_dict(response.json())",
        ),
        tests=(reads("app_login-400-401-429-default"),),
    ),
    _mutant(
        "unreadable-not-told",
        "An answer of another type ends in a TypeError.",
        _text("errors.py", "(ValueError, TypeError, KeyError,", "(ValueError, KeyError,"),
        tests=(hostile("answers", "test_a_spoiled_answer_is_a_value_or_a_typed_error[app_news]"),),
    ),
    _mutant(
        "status-word-closed",
        "A state that is not in the contract breaks the answer.",
        _text(
            "models/separation_status.py",
            "        if not isinstance(value, str):\n            return None\n",
            "        return None\n",
        ),
        tests=(node("responses", "test_a_status_that_the_contract_does_not_know_is_kept"),),
    ),
    _mutant(
        "unknown-keys-lost",
        "What the contract does not know of a job's state is dropped.",
        _text(
            "models/separation_data.py",
            "        separation_data.additional_properties = d\n",
            "",
        ),
        tests=(reads("separation_get-200"),),
    ),
    _mutant(
        "key-not-read",
        "The place in the queue is looked for under another name.",
        _text("models/separation_data.py", 'd.pop("current_order"', 'd.pop("currentOrder"'),
        tests=(becomes("separation_get > 200 > waiting"),),
    ),
    _mutant(
        "null-not-read",
        "A download's name that is null becomes the text None.",
        _text(
            "models/separation_file.py",
            "            if data is None:\n                return data\n",
            "            if data is None:\n                return str(data)\n",
        ),
        tests=(becomes("separation_get > 200 > done"),),
    ),
    _mutant(
        "last-row-lost",
        "Of a page of the history all but the last row are read.",
        _text("models/history_answer.py", "in _data:", "in _data[:-1]:"),
        tests=(reads("app_separation_history-200"),),
    ),
    # What it shows, and whom it follows
    _mutant(
        "token-shown",
        "The repr of a form shows the token.",
        _text("models/switch_body.py", "_attrs_field(repr=False)", "_attrs_field()"),
        tests=(facade("test_a_repr_does_not_show_a_token_or_a_password[SwitchBody]"),),
    ),
    _mutant(
        "redirects-followed",
        "The generated client follows redirects, its form and token with it.",
        _text(
            "client.py",
            "_follow_redirects: bool = field(default=False,",
            "_follow_redirects: bool = field(default=True,",
            count=2,
        ),
        tests=(facade("test_the_generated_client_alone_follows_no_redirect"),),
    ),
)
