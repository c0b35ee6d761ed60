"""Mutants of the overlay: of what it sends, says, waits for, keeps and leaves on the disk."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.mutant import Edit, Mutant, Text
from contract_tests.mutants.tests import asks, facade, hostile, lives, node, reads


def _text(file: str, old: str, new: str, count: int = 1) -> Text:
    return Text(f"overlay/mvsep/{file}", old, new, count)


def _mutant(id: str, what: str, *edits: Edit, tests: tuple[str, ...], survives: str = "") -> Mutant:
    return Mutant(f"overlay-{id}", "overlay", what, edits, tests, survives)


_SUCCEEDS = "test_every_operation_succeeds"
_REFUSED = "test_what_is_refused_is_told_and_changes_nothing"

MUTANTS: Final = (
    # Creating a job
    _mutant(
        "create-sent-again",
        "Every call whose answer got lost is sent again, the one that creates a job too.",
        _text("transport/retry.py", "(method, path) in _REPEATABLE", 'method == "POST"'),
        tests=(hostile("answers", "test_no_broken_connection_makes_a_second_job"),),
    ),
    _mutant(
        "create-sent-to-the-next-region",
        "After a lost answer the job is created at the next region.",
        _text(
            "jobs/create.py",
            "            if error.sent:\n",
            "            if error.sent and url == session.regions[-1]:\n",
        ),
        tests=(hostile("answers", "test_no_broken_connection_makes_a_second_job"),),
    ),
    _mutant(
        "uncertain-taken-for-not-created",
        "After a lost answer the caller is told that nothing was charged.",
        _text("jobs/submission.py", "            if error.sent:\n", "            if False:\n"),
        tests=(lives(),),
    ),
    _mutant(
        "failure-taken-for-not-created",
        "A failure of the service while a job is created passes for a plain failure.",
        _text(
            "jobs/submission.py",
            "elif isinstance(error, UnexpectedResponse):",
            "elif isinstance(error, UnexpectedResponse) and error.status == 200:",
        ),
        tests=(hostile("answers", "test_no_status_makes_a_second_job"),),
    ),
    _mutant(
        "upload-taken-for-whole",
        "A body counts as handed over before its first byte is.",
        _text(
            "transport/httpx_transport.py",
            '    piece, held = bytearray(), b""\n',
            '    piece, held = bytearray(), b""\n    extensions[BODY_SENT] = True\n',
        ),
        tests=(lives(),),
    ),
    _mutant(
        "time-out-in-tenths",
        "The client waits for an answer for 12 seconds, and not for 120.",
        _text("transport/connection.py", "httpx.Timeout(120.0,", "httpx.Timeout(12.0,"),
        tests=(lives(_SUCCEEDS),),
        survives="no server here is slow, and no test waits for seconds; how long the service "
        "takes to store an upload is seen there only",
    ),
    _mutant(
        "zero-not-sent",
        "A format or flag that is 0 is left out of the form.",
        _text(
            "jobs/submission.py",
            "    if value is None or isinstance(value, bool):\n"
            "        return None if value is None else int(value)\n",
            "    if not value or isinstance(value, bool):\n"
            "        return int(value) if value else None\n",
        ),
        tests=(node("multipart", "test_what_submit_is_told_goes_out_and_nothing_else"),),
    ),
    _mutant(
        "reference-is-the-mixture",
        "A matchering type gets the mixture for its reference.",
        _text("jobs/submission.py", "opened(self._reference)", "opened(self._source)"),
        tests=(node("multipart", "test_a_second_rendering_is_identical"),),
    ),
    _mutant(
        "link-type-not-told",
        "A link to Mega, Drive or Dropbox is sent as a direct one.",
        _text(
            "catalog/formats.py",
            "                return remote_type\n",
            "                return cls.DIRECT\n",
        ),
        tests=(node("multipart", "test_a_link_goes_out_with_the_kind_of_place_it_leads_to"),),
    ),
    _mutant(
        "upload-from-the-middle",
        "A file that is sent again is sent from where it was left.",
        _text(
            "files/sources.py",
            "return self._file.seek(base + offset, whence)",
            "return self._file.seek(0, os.SEEK_CUR)",
        ),
        tests=(node("multipart", "test_a_second_rendering_is_identical"),),
    ),
    # The token
    _mutant(
        "token-to-another-host",
        "A GET takes the token wherever it goes.",
        _text("settings/token.py", "    check_host(host, hosts)\n", ""),
        tests=(facade("test_a_request_turned_to_another_host_is_not_sent"),),
    ),
    _mutant(
        "form-to-another-host",
        "A form takes the token wherever it goes.",
        _text(
            "transport/httpx_transport.py",
            "            check_host(host, hosts)\n",
            "            pass\n",
        ),
        tests=(facade("test_a_request_turned_to_another_host_is_not_sent"),),
    ),
    _mutant(
        "token-in-logged-urls",
        "The token stands in the URL that httpx logs.",
        _text(
            "transport/calls.py",
            'return PLACEHOLDER if known.token == "query" else self._token',
            "return self._token",
        ),
        tests=(facade("test_no_log_record_url_or_repr_holds_the_token_on_a_real_connection"),),
    ),
    _mutant(
        "half-a-token-shown",
        "An excerpt of a page is cut before the token in it is masked.",
        _text(
            "transport/responses.py",
            "return hidden(text, self.token)[:EXCERPT] or None",
            "return hidden(text[:EXCERPT], self.token) or None",
        ),
        tests=(facade("test_no_half_of_the_token_is_left_where_a_page_is_cut"),),
    ),
    _mutant(
        "escaped-token-shown",
        "A token that stands in a URL is masked only where nothing in it has to be escaped.",
        _text("settings/token.py", '{quote(plain, safe=""), quote_plus(plain), ', "{"),
        tests=(facade("test_no_error_shows_a_token_as_it_stands_in_a_url"),),
    ),
    # What an answer means
    _mutant(
        "no-taken-for-yes",
        "The service's success false, spelled as a word, is a success.",
        _text(
            "transport/responses.py",
            'if word in ("false", "0", "", 0):',
            'if word in ("0", "", 0):',
        ),
        tests=(reads("separation_create-200"),),
    ),
    _mutant(
        "refusal-taken-for-wrong-token",
        "Any 400 of an operation about the account is a wrong token, that of a login too.",
        _text(
            "transport/responses.py", "operation.id in _PROFILE", 'operation.id.startswith("app_")'
        ),
        tests=(lives(_REFUSED),),
    ),
    _mutant(
        "too-large-not-told",
        "A 413 is a refusal like any other.",
        _text("transport/responses.py", "status == 413", "status == 412"),
        tests=(asks("separation_create > default > nginx_413 (text/html)"),),
    ),
    _mutant(
        "wait-in-minutes",
        "The seconds to wait are taken for minutes.",
        _text("transport/retry.py", "return float(text[:9])", "return 60 * float(text[:9])"),
        tests=(lives("test_too_many_requests_are_told_with_the_time_to_wait"),),
    ),
    _mutant(
        "words-in-another-order",
        "A refusal's message is taken before its errors.",
        _text("transport/responses.py", '        body.get("errors"),\n', ""),
        _text(
            "transport/responses.py",
            '        body.get("error"),\n    )',
            '        body.get("error"),\n        body.get("errors"),\n    )',
        ),
        tests=(node("responses", "test_of_several_words_the_same_are_always_told"),),
    ),
    # Waiting
    _mutant(
        "failed-goes-on",
        "A job that failed is waited for until the time is up.",
        _text("jobs/poll.py", 'if state.status == "failed":', 'if state.status == "error":'),
        tests=(node("states_against_prism", "test_a_job_that_fails_says_why"),),
    ),
    _mutant(
        "done-without-files-is-done",
        "A job is done as soon as the service says so, with or without files.",
        _text(
            "jobs/poll.py",
            "if state.files and not state.unreadable:",
            "if True:",
        ),
        tests=(node("states_against_prism", "test_files_may_come_a_little_after_the_state"),),
    ),
    _mutant(
        "second-hash-not-taken",
        "When a link was fetched, its first hash is asked about on.",
        _text(
            "jobs/poll.py",
            'if self._remote and state.status == "done" and state.hash:',
            "if False:",
        ),
        tests=(node("states_against_prism", "test_a_link_is_downloaded_and_then_is_a_job"),),
    ),
    _mutant(
        "unknown-state-is-an-end",
        "A state that came later than the client ends the waiting as a failure.",
        _text(
            "jobs/poll.py",
            'if state.status == "failed":',
            'if state.status not in {"waiting", "processing", "done", "not_found", "downloading"}:',
        ),
        tests=(node("states_against_prism", "test_a_job_goes_through_every_state_to_its_files"),),
    ),
    _mutant(
        "lost-connection-ends-the-wait",
        "One question that gets lost ends the waiting.",
        _text("jobs/poll.py", "_TRANSIENT: Final = (ConnectionFailed, ", "_TRANSIENT: Final = ("),
        tests=(hostile("states", "test_what_passes_does_not_end_a_wait"),),
    ),
    _mutant(
        "wait-not-heeded",
        "While a job is waited for, the pause that the service asks for is not kept.",
        _text(
            "jobs/poll.py",
            "max(pause, asked)",
            "pause",
        ),
        tests=(hostile("states", "test_a_wait_that_is_asked_for_is_kept"),),
    ),
    _mutant(
        "hash-not-told",
        "An error does not say which job it is about.",
        _text("errors.py", "error.hash or hash, error.host", "error.hash, error.host"),
        tests=(lives(),),
    ),
    _mutant(
        "delete-cancels-async",
        "The async job's delete cancels it.",
        _text("jobs/job.py", "return await base.delete(self)", "return await base.cancel(self)"),
        tests=(lives(),),
    ),
    # What is on the disk
    _mutant(
        "truncated-file-kept",
        "A file that ends early is taken for whole.",
        _text("downloads/fetch.py", "if part.size == take.total or (", "if part.size or ("),
        tests=(hostile("stems", "test_a_length_that_lies_leaves_nothing"),),
    ),
    _mutant(
        "two-versions-in-one-file",
        "A file that changed on the way is gone on with.",
        _text(
            "downloads/response.py",
            "if validator is not None and head.is_another(validator):",
            "if False:",
        ),
        tests=(hostile("stems", "test_a_file_that_changed_on_the_way_is_not_pieced_together"),),
    ),
    _mutant(
        "page-kept-as-stem",
        "A page in place of a file is kept as the file.",
        _text("downloads/response.py", '.startswith("text/html")', '== "text/html"'),
        tests=(hostile("stems", "test_no_status_redirect_or_page_brings_a_stem"),),
    ),
    _mutant(
        "same-name-twice",
        "Two stems of one label get one name.",
        _text("downloads/plan.py", "        taken.add(name)\n        path =", "        path ="),
        tests=(hostile("stems", "test_stems_of_one_name_have_each_a_place_in_the_folder"),),
    ),
    _mutant(
        "out-of-the-folder",
        "A stem's name may hold a slash.",
        _text("files/names.py", '_UNSAFE: Final = r"/', '_UNSAFE: Final = r"'),
        tests=(hostile("stems", "test_stems_of_one_name_have_each_a_place_in_the_folder"),),
    ),
    _mutant(
        "link-to-a-namesake",
        "Links to evilmvsep.com are fetched.",
        _text("settings/urls.py", 'name.endswith(f".{_SERVICE}")', "name.endswith(_SERVICE)"),
        tests=(hostile("stems", "test_a_link_that_is_not_the_services_is_refused"),),
    ),
    _mutant(
        "redirect-unchecked",
        "A file is fetched from wherever a redirect leads.",
        _text("downloads/fetch.py", "str(self._order.check_link(there))", "there"),
        tests=(hostile("stems", "test_no_status_redirect_or_page_brings_a_stem"),),
    ),
    # The account, lists, deliveries, the command line
    _mutant(
        "pages-for-rows",
        "start counts pages, and not rows.",
        _text("paging.py", "        start += len(rows)\n", "        start += 1\n"),
        tests=(node("account_against_the_fake", "test_the_whole_history_is_read_newest_first"),),
    ),
    _mutant(
        "premium-left-on",
        "Premium stays on after its block.",
        _text(
            "account/switches.py",
            "    with _putting_back(switch, before):\n        await _turn(port, switch, before)\n",
            "",
        ),
        tests=(node("account_against_the_fake", "test_premium_is_on_for_the_block_only"),),
    ),
    _mutant(
        "delivery-believed",
        "A delivery of a job that the service does not know is taken for one.",
        _text(
            "webhooks.py",
            'return _OK if state.status == "not_found" else evolve',
            "return evolve",
        ),
        tests=(
            node(
                "account_against_the_fake",
                "test_a_delivery_is_believed_only_as_far_as_the_server_knows",
            ),
        ),
    ),
    _mutant(
        "price-rounded-up",
        "A minute that is begun is paid for.",
        _text("pricing/formula.py", "math.floor(price / 60)", "math.ceil(price / 60)"),
        tests=(lives(),),
    ),
    _mutant(
        "exit-code-wrong",
        "A job that failed ends with the exit code of a refusal.",
        _text("cli/errors.py", "    JobError: 5,\n", "    JobError: 4,\n"),
        tests=(node("cli_against_the_fake", "test_exit_codes"),),
    ),
)
