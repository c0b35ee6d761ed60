# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
"""The facts of each operation that its types do not show."""

from typing import Literal, NamedTuple


class Operation(NamedTuple):
    """An operation of the contract.

    Attributes:
        id: The operationId, `<tag>_<name>`.
        method: The HTTP method, in capitals.
        path: The path below the server, with the prefix `/api`.
        token: The place of the API token: the query, the form, or none.
        token_required: True if the service refuses the call without a token.
        idempotent: True if the call may be sent again after it failed.
        is_state: True if `success: false` is a state to read, not a refusal.
        evidence: How firm the contract is here: captured, observed, documented or inferred.
    """

    id: str
    method: str
    path: str
    token: Literal["query", "form"] | None
    token_required: bool
    idempotent: bool
    is_state: bool
    evidence: str


OPERATIONS: dict[str, Operation] = {
    "separation_create": Operation(
        id="separation_create",
        method="POST",
        path="/api/separation/create",
        token="form",
        token_required=True,
        idempotent=False,
        is_state=False,
        evidence="captured",
    ),
    "separation_get": Operation(
        id="separation_get",
        method="GET",
        path="/api/separation/get",
        token="query",
        token_required=False,
        idempotent=True,
        is_state=True,
        evidence="captured",
    ),
    "separation_get_remote": Operation(
        id="separation_get_remote",
        method="GET",
        path="/api/separation/get-remote",
        token=None,
        token_required=False,
        idempotent=True,
        is_state=True,
        evidence="documented",
    ),
    "separation_cancel": Operation(
        id="separation_cancel",
        method="POST",
        path="/api/separation/cancel",
        token="form",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="documented",
    ),
    "separation_delete": Operation(
        id="separation_delete",
        method="POST",
        path="/api/separation/delete",
        token="form",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="observed",
    ),
    "app_algorithms": Operation(
        id="app_algorithms",
        method="GET",
        path="/api/app/algorithms",
        token=None,
        token_required=False,
        idempotent=True,
        is_state=False,
        evidence="captured",
    ),
    "app_news": Operation(
        id="app_news",
        method="GET",
        path="/api/app/news",
        token=None,
        token_required=False,
        idempotent=True,
        is_state=False,
        evidence="captured",
    ),
    "app_queue": Operation(
        id="app_queue",
        method="GET",
        path="/api/app/queue",
        token="query",
        token_required=False,
        idempotent=True,
        is_state=False,
        evidence="documented",
    ),
    "app_queue_summary": Operation(
        id="app_queue_summary",
        method="GET",
        path="/api/app/queue/summary",
        token="query",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="observed",
    ),
    "app_demo": Operation(
        id="app_demo",
        method="GET",
        path="/api/app/demo",
        token=None,
        token_required=False,
        idempotent=True,
        is_state=False,
        evidence="captured",
    ),
    "app_login": Operation(
        id="app_login",
        method="POST",
        path="/api/app/login",
        token=None,
        token_required=False,
        idempotent=False,
        is_state=False,
        evidence="captured",
    ),
    "app_register": Operation(
        id="app_register",
        method="POST",
        path="/api/app/register",
        token=None,
        token_required=False,
        idempotent=False,
        is_state=False,
        evidence="captured",
    ),
    "app_user": Operation(
        id="app_user",
        method="GET",
        path="/api/app/user",
        token="query",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="documented",
    ),
    "app_separation_history": Operation(
        id="app_separation_history",
        method="GET",
        path="/api/app/separation_history",
        token="query",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="captured",
    ),
    "app_enable_premium": Operation(
        id="app_enable_premium",
        method="POST",
        path="/api/app/enable_premium",
        token="form",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="captured",
    ),
    "app_disable_premium": Operation(
        id="app_disable_premium",
        method="POST",
        path="/api/app/disable_premium",
        token="form",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="captured",
    ),
    "app_enable_long_filenames": Operation(
        id="app_enable_long_filenames",
        method="POST",
        path="/api/app/enable_long_filenames",
        token="form",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="captured",
    ),
    "app_disable_long_filenames": Operation(
        id="app_disable_long_filenames",
        method="POST",
        path="/api/app/disable_long_filenames",
        token="form",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="captured",
    ),
    "quality_checker_queue": Operation(
        id="quality_checker_queue",
        method="GET",
        path="/api/quality_checker/queue",
        token=None,
        token_required=False,
        idempotent=True,
        is_state=False,
        evidence="documented",
    ),
    "quality_checker_leaderboard": Operation(
        id="quality_checker_leaderboard",
        method="GET",
        path="/api/quality_checker/leaderboard",
        token=None,
        token_required=False,
        idempotent=True,
        is_state=False,
        evidence="documented",
    ),
    "quality_checker_add": Operation(
        id="quality_checker_add",
        method="POST",
        path="/api/quality_checker/add",
        token="form",
        token_required=True,
        idempotent=False,
        is_state=False,
        evidence="captured",
    ),
    "quality_checker_entry": Operation(
        id="quality_checker_entry",
        method="GET",
        path="/api/quality_checker/entry",
        token=None,
        token_required=False,
        idempotent=True,
        is_state=False,
        evidence="captured",
    ),
    "quality_checker_delete": Operation(
        id="quality_checker_delete",
        method="POST",
        path="/api/quality_checker/delete",
        token=None,
        token_required=False,
        idempotent=False,
        is_state=False,
        evidence="captured",
    ),
    "account_purchases": Operation(
        id="account_purchases",
        method="GET",
        path="/api/purchases",
        token="query",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="documented",
    ),
    "account_credit_alert": Operation(
        id="account_credit_alert",
        method="GET",
        path="/api/credit_alert",
        token="query",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="documented",
    ),
    "account_set_credit_alert": Operation(
        id="account_set_credit_alert",
        method="POST",
        path="/api/credit_alert",
        token="form",
        token_required=True,
        idempotent=True,
        is_state=False,
        evidence="documented",
    ),
}

SERVERS: tuple[str, ...] = (
    "https://mvsep.com",
    "https://de.mvsep.com",
    "https://de2.mvsep.com",
    "https://hk.mvsep.com",
    "https://sg.mvsep.com",
    "https://mirror.mvsep.com",
)
