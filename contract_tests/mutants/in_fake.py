"""Mutants of the fake server: answers that the service does not give, and money it miscounts."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.mutant import Edit, Mutant, Text
from contract_tests.mutants.tests import enough, lives, node


def _text(file: str, old: str, new: str, count: int = 1) -> Text:
    return Text(f"overlay/mvsep/testing/{file}", old, new, count)


def _mutant(id: str, what: str, *edits: Edit, tests: tuple[str, ...], survives: str = "") -> Mutant:
    return Mutant(f"fake-{id}", "fake", what, edits, tests, survives)


_REFUSED = "test_what_is_refused_is_told_and_changes_nothing"
_SUCCEEDS = "test_every_operation_succeeds"
_STATES = "test_every_state_of_a_job_is_shown_with_what_belongs_to_it"
_KEPT = "test_files_are_kept_for_72_hours_and_the_history_tells_the_hours_left"
_ROWS = "test_a_page_has_no_more_rows_than_the_contract_allows_to_ask_for"
_HEARD = "test_it_says_what_the_service_was_heard_to_say"
_KEEPS = "fake_keeps_the_contract"

MUTANTS: Final = (
    # Answers
    _mutant(
        "key-missing",
        "A job that was created has no link.",
        _text("answers.py", '"link": link(made.hash, base, remote=remote), "hash"', '"hash"'),
        tests=(lives(_SUCCEEDS),),
    ),
    _mutant(
        "keys-of-a-state-missing",
        "A job that is worked on in parts does not say in how many.",
        _text("answers.py", "        if moment.all_chunks:\n", "        if False:\n"),
        tests=(lives(_STATES),),
    ),
    _mutant(
        "options-no-text",
        "The options of a type's field are an object, and no JSON text.",
        _text("algorithms.py", "json.dumps(options, ensure_ascii=False)", "options"),
        tests=(enough("app_algorithms"),),
    ),
    _mutant(
        "size-in-kilobytes",
        "The size of a result file is told in kilobytes.",
        _text("answers.py", '"bytes": stem.size', '"bytes": stem.size // 1024'),
        tests=(lives(),),
    ),
    _mutant(
        "time-left-in-seconds",
        "The history's time_left is in seconds.",
        _text("answers.py", "- int(now - job.created)) // 3600", "- int(now - job.created))"),
        tests=(lives(_KEPT),),
    ),
    _mutant(
        "date-of-iso",
        "Dates are written as ISO 8601 has them.",
        _text("schedule.py", '"%Y-%m-%d %H:%M:%S"', '"%Y-%m-%dT%H:%M:%SZ"'),
        tests=(lives(),),
    ),
    _mutant(
        "limit-not-heeded",
        "A page may be as long as one likes.",
        _text("operations.py", 'self.number("limit", 10, 20)', 'self.number("limit", 10)'),
        tests=(node("account_against_the_fake", _ROWS),),
    ),
    # Refusals
    _mutant(
        "wrong-token-401",
        "The calls about the account refuse a wrong token with 401.",
        _text(
            "state.py",
            "raise refusals.by_message(refusals.INVALID_KEY)",
            "raise refusals.unauthenticated()",
        ),
        tests=(lives(_REFUSED),),
    ),
    _mutant(
        "unknown-hash-404",
        "A hash that nobody knows is answered with 404.",
        _text(
            "operations.py",
            "from mvsep.testing.state import",
            "from mvsep.testing.refusals import Refusal\nfrom mvsep.testing.state import",
        ),
        _text(
            "operations.py",
            "    if found is None:\n        return answers.not_found()\n",
            "    if found is None:\n        raise Refusal(404, answers.not_found())\n",
        ),
        tests=(node(_KEEPS, _HEARD),),
    ),
    _mutant(
        "refusal-of-another-shape",
        "separation_create refuses with error, and not with errors.",
        _text("refusals.py", '"errors": list(texts)', '"error": list(texts)'),
        tests=(node(_KEEPS, _HEARD),),
    ),
    _mutant(
        "wait-in-milliseconds",
        "Retry-After is in milliseconds.",
        _text("app.py", "str(60 - int(", "str(60_000 - 1000 * int("),
        tests=(lives("test_too_many_requests_are_told_with_the_time_to_wait"),),
    ),
    _mutant(
        "page-for-json",
        "JSON is sent as a page.",
        _text("app.py", 'headers, "application/json")', 'headers, "text/html")'),
        tests=(lives(_SUCCEEDS),),
    ),
    # What it does
    _mutant(
        "password-not-asked",
        "An e-mail address is enough to log in.",
        _text(
            "accounts.py",
            '(account.email, account.password) == (form["email"], form["password"])',
            'account.email == form["email"]',
        ),
        tests=(lives(_REFUSED),),
    ),
    _mutant(
        "second-job-of-a-free-account",
        "A free account may have two jobs at a time.",
        _text("state.py", "not account.premium and self.pending(account)", "not account"),
        tests=(lives("test_a_free_account_has_one_job_at_a_time"),),
    ),
    _mutant(
        "no-refund",
        "A job that is cancelled while it waits is paid for all the same.",
        _text("state.py", '        if moment.status == "waiting":\n', "        if False:\n"),
        tests=(lives(),),
    ),
    _mutant(
        "threshold-not-kept",
        "The balance at which to warn is not kept.",
        _text("operations.py", "    account.credit_threshold = int(text)\n", ""),
        tests=(lives("test_a_threshold_is_kept"),),
    ),
    _mutant(
        "files-kept-for-ever",
        "A job lists its files for ever.",
        _text("answers.py", "moment.listed and not job.expired(now)", "moment.listed"),
        tests=(lives(_KEPT),),
    ),
)
