# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
"""The operations of the tag `account`, typed, for the sync and the async client."""

from __future__ import annotations

from typing import Any
from typing import cast as _cast

from ...models.credit_alert_answer import CreditAlertAnswer
from ...models.error_answer import ErrorAnswer
from ...models.purchases_answer import PurchasesAnswer
from ...models.set_credit_alert_body import SetCreditAlertBody
from ...types import UNSET, File, Unset
from .. import AsyncCaller, Caller


class AccountApi:
    """The operations of the tag `account`."""

    def __init__(self, call: Caller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return "AccountApi(3 operations)"

    def purchases(
        self,
        *,
        limit: int | Unset = UNSET,
        offset: int | Unset = UNSET,
        status: str | Unset = UNSET,
    ) -> PurchasesAnswer:
        """List the account's purchases

        Answers with the account's purchases. The body of the answer is unknown: the official
        document describes none and no saved response holds one.

        Args:
            limit: Highest number of purchases. The server takes 20 when it is absent.
            offset: Number of purchases to skip.
            status: Only purchases in this state: all, succeeded, unpaid and others that are
                unknown.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import account_purchases as _endpoint  # noqa: PLC0415

        return _cast(
            "PurchasesAnswer",
            self._call(
                "account_purchases",
                _endpoint.sync_detailed,
                limit=limit,
                offset=offset,
                status=status,
                api_token=self._call.token("account_purchases"),
            ),
        )

    def credit_alert(
        self,
    ) -> CreditAlertAnswer:
        """Get the low-credit alert

        Answers with the threshold at or below which the service sends a mail. The body of the
        answer is unknown.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import account_credit_alert as _endpoint  # noqa: PLC0415

        return _cast(
            "CreditAlertAnswer",
            self._call(
                "account_credit_alert",
                _endpoint.sync_detailed,
                api_token=self._call.token("account_credit_alert"),
            ),
        )

    def set_credit_alert(
        self,
        *,
        credit_threshold: int,
    ) -> CreditAlertAnswer:
        """Set the low-credit alert

        Sets the number of credits at or below which the service sends a mail; 0 turns the alert
        off, and setting it arms it again. The body of the answer is unknown.

        The official document 1.1.1 declares both values as query parameters. We send them as
        form fields, as a client does, because a token in a URL ends in logs; the server reads
        both places alike, as a deployed client shows.

        Args:
            credit_threshold: Credits at or below which a mail is sent; 0 turns the alert off.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import account_set_credit_alert as _endpoint  # noqa: PLC0415

        return _cast(
            "CreditAlertAnswer",
            self._call(
                "account_set_credit_alert",
                _endpoint.sync_detailed,
                body=SetCreditAlertBody(
                    credit_threshold=credit_threshold,
                    api_token=self._call.token("account_set_credit_alert"),
                ),
            ),
        )


class AsyncAccountApi:
    """The operations of the tag `account`, with await."""

    def __init__(self, call: AsyncCaller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return "AsyncAccountApi(3 operations)"

    async def purchases(
        self,
        *,
        limit: int | Unset = UNSET,
        offset: int | Unset = UNSET,
        status: str | Unset = UNSET,
    ) -> PurchasesAnswer:
        """List the account's purchases

        Answers with the account's purchases. The body of the answer is unknown: the official
        document describes none and no saved response holds one.

        Args:
            limit: Highest number of purchases. The server takes 20 when it is absent.
            offset: Number of purchases to skip.
            status: Only purchases in this state: all, succeeded, unpaid and others that are
                unknown.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import account_purchases as _endpoint  # noqa: PLC0415

        return _cast(
            "PurchasesAnswer",
            await self._call(
                "account_purchases",
                _endpoint.asyncio_detailed,
                limit=limit,
                offset=offset,
                status=status,
                api_token=self._call.token("account_purchases"),
            ),
        )

    async def credit_alert(
        self,
    ) -> CreditAlertAnswer:
        """Get the low-credit alert

        Answers with the threshold at or below which the service sends a mail. The body of the
        answer is unknown.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import account_credit_alert as _endpoint  # noqa: PLC0415

        return _cast(
            "CreditAlertAnswer",
            await self._call(
                "account_credit_alert",
                _endpoint.asyncio_detailed,
                api_token=self._call.token("account_credit_alert"),
            ),
        )

    async def set_credit_alert(
        self,
        *,
        credit_threshold: int,
    ) -> CreditAlertAnswer:
        """Set the low-credit alert

        Sets the number of credits at or below which the service sends a mail; 0 turns the alert
        off, and setting it arms it again. The body of the answer is unknown.

        The official document 1.1.1 declares both values as query parameters. We send them as
        form fields, as a client does, because a token in a URL ends in logs; the server reads
        both places alike, as a deployed client shows.

        Args:
            credit_threshold: Credits at or below which a mail is sent; 0 turns the alert off.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import account_set_credit_alert as _endpoint  # noqa: PLC0415

        return _cast(
            "CreditAlertAnswer",
            await self._call(
                "account_set_credit_alert",
                _endpoint.asyncio_detailed,
                body=SetCreditAlertBody(
                    credit_threshold=credit_threshold,
                    api_token=self._call.token("account_set_credit_alert"),
                ),
            ),
        )
