# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
"""The operations of the tag `app`, typed, for the sync and the async client."""

from __future__ import annotations

from typing import Any
from typing import cast as _cast

from ...models.algorithm import Algorithm
from ...models.demo_item import DemoItem
from ...models.error_answer import ErrorAnswer
from ...models.history_answer import HistoryAnswer
from ...models.login_body import LoginBody
from ...models.message_answer import MessageAnswer
from ...models.news_item import NewsItem
from ...models.queue_answer import QueueAnswer
from ...models.queue_summary_answer import QueueSummaryAnswer
from ...models.register_body import RegisterBody
from ...models.switch_body import SwitchBody
from ...models.user_answer import UserAnswer
from ...types import UNSET, File, Unset
from .. import AsyncCaller, Caller


class AppApi:
    """The operations of the tag `app`."""

    def __init__(self, call: Caller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return "AppApi(13 operations)"

    def algorithms(
        self,
        *,
        scopes: str | Unset = UNSET,
    ) -> list[Algorithm]:
        """List the separation types

        Answers with every separation type, its extra fields, prices and descriptions, as one
        bare array of about 1 MB without pages: keep it. Inactive types are listed too. Rows
        come by falling `algorithm_group_id`, then by `order_id`. No token is needed.
        `render_id` is the number to send as `sep_type`; `id` is another one.

        Unknown: the rows of the no_upload and matchering_upload types (no saved response holds
        them) and their prices.

        Args:
            scopes: Kinds of input wanted, joined by commas. The server takes single_upload when
                it is absent; all three together list everything.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_algorithms as _endpoint  # noqa: PLC0415

        return _cast(
            "list[Algorithm]",
            self._call(
                "app_algorithms",
                _endpoint.sync_detailed,
                scopes=scopes,
            ),
        )

    def news(
        self,
        *,
        lang: str | Unset = UNSET,
        start: int | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> list[NewsItem]:
        """List the news of the service

        Answers with news items, newest first, as a bare array.

        Args:
            lang: Language of the items.
            start: Number of rows to skip, counted from the newest. The server takes 0 when it
                is absent.
            limit: Highest number of rows. The server takes 10 when it is absent.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_news as _endpoint  # noqa: PLC0415

        return _cast(
            "list[NewsItem]",
            self._call(
                "app_news",
                _endpoint.sync_detailed,
                lang=lang,
                start=start,
                limit=limit,
            ),
        )

    def queue(
        self,
    ) -> QueueAnswer:
        """Get the lengths of the queues

        Answers with the number of unfinished jobs of each plan and with the place of the
        caller's plan. Without a token the caller counts as unregistered. There is no `success`
        key. The documentation calls the second key `plan`, a client of September 2026 saw
        `current`.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_queue as _endpoint  # noqa: PLC0415

        return _cast(
            "QueueAnswer",
            self._call(
                "app_queue",
                _endpoint.sync_detailed,
                api_token=self._call.token("app_queue"),
            ),
        )

    def queue_summary(
        self,
    ) -> QueueSummaryAnswer:
        """Get the expected wait of the caller's jobs

        Answers with the number of jobs ahead of the caller's own and the expected wait. Known
        from two clients only; what other keys there are is unknown.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_queue_summary as _endpoint  # noqa: PLC0415

        return _cast(
            "QueueSummaryAnswer",
            self._call(
                "app_queue_summary",
                _endpoint.sync_detailed,
                api_token=self._call.token("app_queue_summary"),
            ),
        )

    def demo(
        self,
        *,
        start: int | Unset = UNSET,
        limit: int | Unset = UNSET,
        algorithm_id: int | Unset = UNSET,
        additional_options: str | Unset = UNSET,
        optionsadd_opt1: str | Unset = UNSET,
        optionsadd_opt2: str | Unset = UNSET,
        optionsadd_opt3: str | Unset = UNSET,
    ) -> list[DemoItem]:
        """List the published demo separations

        Answers with the separations that were published on the demo page, newest first, as a
        bare array. Newer clients narrow it to one separation type and to the values of its
        extra fields; which field names the server takes inside `options[...]` is unknown.

        Args:
            start: Number of rows to skip, counted from the newest. The server takes 0 when it
                is absent.
            limit: Highest number of rows. The server takes 10 when it is absent.
            algorithm_id: Only this separation type: the `id` of a row of app_algorithms, not
                its render_id.
            additional_options: Seen in a newer client; its meaning is unknown.
            optionsadd_opt1: Only separations made with this option key in extra field 1.
            optionsadd_opt2: Only separations made with this option key in extra field 2.
            optionsadd_opt3: Only separations made with this option key in extra field 3.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_demo as _endpoint  # noqa: PLC0415

        return _cast(
            "list[DemoItem]",
            self._call(
                "app_demo",
                _endpoint.sync_detailed,
                start=start,
                limit=limit,
                algorithm_id=algorithm_id,
                additional_options=additional_options,
                optionsadd_opt1=optionsadd_opt1,
                optionsadd_opt2=optionsadd_opt2,
                optionsadd_opt3=optionsadd_opt3,
            ),
        )

    def login(
        self,
        *,
        email: str,
        password: str,
    ) -> UserAnswer:
        """Log in and get the API token

        Answers with the account's data, its API token among them. The token may be null. Wrong
        or missing fields give 400; the body for wrong credentials is unknown.

        Args:
            email: E-mail address of the account.
            password: Password of the account.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_login as _endpoint  # noqa: PLC0415

        try:
            return _cast(
                "UserAnswer",
                self._call(
                    "app_login",
                    _endpoint.sync_detailed,
                    body=LoginBody(
                        email=email,
                        password=password,
                    ),
                ),
            )
        finally:
            del password

    def register(
        self,
        *,
        name: str,
        email: str,
        password: str,
        password_confirmation: str,
    ) -> MessageAnswer:
        """Register an account

        Creates an account and has a verification mail sent. No token comes back. The service's
        own curl line says GET; the saved response used POST.

        Args:
            name: Name of the user.
            email: E-mail address of the account.
            password: Password of the account.
            password_confirmation: The same password again.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_register as _endpoint  # noqa: PLC0415

        try:
            return _cast(
                "MessageAnswer",
                self._call(
                    "app_register",
                    _endpoint.sync_detailed,
                    body=RegisterBody(
                        name=name,
                        email=email,
                        password=password,
                        password_confirmation=password_confirmation,
                    ),
                ),
            )
        finally:
            del password, password_confirmation

    def user(
        self,
    ) -> UserAnswer:
        """Get the account

        Answers with the account's data: credits left, switches and the running separations. An
        invalid token gives 400 by the documentation, 401 by some clients.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_user as _endpoint  # noqa: PLC0415

        return _cast(
            "UserAnswer",
            self._call(
                "app_user",
                _endpoint.sync_detailed,
                api_token=self._call.token("app_user"),
            ),
        )

    def separation_history(
        self,
        *,
        start: int | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> HistoryAnswer:
        """List the account's separations

        Answers with the account's separations, newest first. `time_left` is in hours and goes
        negative once the files are gone; `job_exists` may stay true long after that.

        Args:
            start: Number of rows to skip, counted from the newest. The server takes 0 when it
                is absent.
            limit: Highest number of rows. The server takes 10 when it is absent.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_separation_history as _endpoint  # noqa: PLC0415

        return _cast(
            "HistoryAnswer",
            self._call(
                "app_separation_history",
                _endpoint.sync_detailed,
                start=start,
                limit=limit,
                api_token=self._call.token("app_separation_history"),
            ),
        )

    def enable_premium(
        self,
    ) -> MessageAnswer:
        """Enable the spending of credits

        Lets the account spend its credits, which premium types, formats and queue places need.
        An invalid token gives 400 by the documentation.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_enable_premium as _endpoint  # noqa: PLC0415

        return _cast(
            "MessageAnswer",
            self._call(
                "app_enable_premium",
                _endpoint.sync_detailed,
                body=SwitchBody(
                    api_token=self._call.token("app_enable_premium"),
                ),
            ),
        )

    def disable_premium(
        self,
    ) -> MessageAnswer:
        """Disable the spending of credits

        Keeps the account from spending its credits: it is then treated as a free one. An
        invalid token gives 400 by the documentation.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_disable_premium as _endpoint  # noqa: PLC0415

        return _cast(
            "MessageAnswer",
            self._call(
                "app_disable_premium",
                _endpoint.sync_detailed,
                body=SwitchBody(
                    api_token=self._call.token("app_disable_premium"),
                ),
            ),
        )

    def enable_long_filenames(
        self,
    ) -> MessageAnswer:
        """Enable long file names

        Has the service put more detail and the suffix `_[mvsep.com]` into the names of new
        stems. An invalid token gives 400 by the documentation.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_enable_long_filenames as _endpoint  # noqa: PLC0415

        return _cast(
            "MessageAnswer",
            self._call(
                "app_enable_long_filenames",
                _endpoint.sync_detailed,
                body=SwitchBody(
                    api_token=self._call.token("app_enable_long_filenames"),
                ),
            ),
        )

    def disable_long_filenames(
        self,
    ) -> MessageAnswer:
        """Disable long file names

        Has the service give new stems their short names again. An invalid token gives 400 by
        the documentation.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_disable_long_filenames as _endpoint  # noqa: PLC0415

        return _cast(
            "MessageAnswer",
            self._call(
                "app_disable_long_filenames",
                _endpoint.sync_detailed,
                body=SwitchBody(
                    api_token=self._call.token("app_disable_long_filenames"),
                ),
            ),
        )


class AsyncAppApi:
    """The operations of the tag `app`, with await."""

    def __init__(self, call: AsyncCaller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return "AsyncAppApi(13 operations)"

    async def algorithms(
        self,
        *,
        scopes: str | Unset = UNSET,
    ) -> list[Algorithm]:
        """List the separation types

        Answers with every separation type, its extra fields, prices and descriptions, as one
        bare array of about 1 MB without pages: keep it. Inactive types are listed too. Rows
        come by falling `algorithm_group_id`, then by `order_id`. No token is needed.
        `render_id` is the number to send as `sep_type`; `id` is another one.

        Unknown: the rows of the no_upload and matchering_upload types (no saved response holds
        them) and their prices.

        Args:
            scopes: Kinds of input wanted, joined by commas. The server takes single_upload when
                it is absent; all three together list everything.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_algorithms as _endpoint  # noqa: PLC0415

        return _cast(
            "list[Algorithm]",
            await self._call(
                "app_algorithms",
                _endpoint.asyncio_detailed,
                scopes=scopes,
            ),
        )

    async def news(
        self,
        *,
        lang: str | Unset = UNSET,
        start: int | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> list[NewsItem]:
        """List the news of the service

        Answers with news items, newest first, as a bare array.

        Args:
            lang: Language of the items.
            start: Number of rows to skip, counted from the newest. The server takes 0 when it
                is absent.
            limit: Highest number of rows. The server takes 10 when it is absent.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_news as _endpoint  # noqa: PLC0415

        return _cast(
            "list[NewsItem]",
            await self._call(
                "app_news",
                _endpoint.asyncio_detailed,
                lang=lang,
                start=start,
                limit=limit,
            ),
        )

    async def queue(
        self,
    ) -> QueueAnswer:
        """Get the lengths of the queues

        Answers with the number of unfinished jobs of each plan and with the place of the
        caller's plan. Without a token the caller counts as unregistered. There is no `success`
        key. The documentation calls the second key `plan`, a client of September 2026 saw
        `current`.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_queue as _endpoint  # noqa: PLC0415

        return _cast(
            "QueueAnswer",
            await self._call(
                "app_queue",
                _endpoint.asyncio_detailed,
                api_token=self._call.token("app_queue"),
            ),
        )

    async def queue_summary(
        self,
    ) -> QueueSummaryAnswer:
        """Get the expected wait of the caller's jobs

        Answers with the number of jobs ahead of the caller's own and the expected wait. Known
        from two clients only; what other keys there are is unknown.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_queue_summary as _endpoint  # noqa: PLC0415

        return _cast(
            "QueueSummaryAnswer",
            await self._call(
                "app_queue_summary",
                _endpoint.asyncio_detailed,
                api_token=self._call.token("app_queue_summary"),
            ),
        )

    async def demo(
        self,
        *,
        start: int | Unset = UNSET,
        limit: int | Unset = UNSET,
        algorithm_id: int | Unset = UNSET,
        additional_options: str | Unset = UNSET,
        optionsadd_opt1: str | Unset = UNSET,
        optionsadd_opt2: str | Unset = UNSET,
        optionsadd_opt3: str | Unset = UNSET,
    ) -> list[DemoItem]:
        """List the published demo separations

        Answers with the separations that were published on the demo page, newest first, as a
        bare array. Newer clients narrow it to one separation type and to the values of its
        extra fields; which field names the server takes inside `options[...]` is unknown.

        Args:
            start: Number of rows to skip, counted from the newest. The server takes 0 when it
                is absent.
            limit: Highest number of rows. The server takes 10 when it is absent.
            algorithm_id: Only this separation type: the `id` of a row of app_algorithms, not
                its render_id.
            additional_options: Seen in a newer client; its meaning is unknown.
            optionsadd_opt1: Only separations made with this option key in extra field 1.
            optionsadd_opt2: Only separations made with this option key in extra field 2.
            optionsadd_opt3: Only separations made with this option key in extra field 3.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_demo as _endpoint  # noqa: PLC0415

        return _cast(
            "list[DemoItem]",
            await self._call(
                "app_demo",
                _endpoint.asyncio_detailed,
                start=start,
                limit=limit,
                algorithm_id=algorithm_id,
                additional_options=additional_options,
                optionsadd_opt1=optionsadd_opt1,
                optionsadd_opt2=optionsadd_opt2,
                optionsadd_opt3=optionsadd_opt3,
            ),
        )

    async def login(
        self,
        *,
        email: str,
        password: str,
    ) -> UserAnswer:
        """Log in and get the API token

        Answers with the account's data, its API token among them. The token may be null. Wrong
        or missing fields give 400; the body for wrong credentials is unknown.

        Args:
            email: E-mail address of the account.
            password: Password of the account.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_login as _endpoint  # noqa: PLC0415

        try:
            return _cast(
                "UserAnswer",
                await self._call(
                    "app_login",
                    _endpoint.asyncio_detailed,
                    body=LoginBody(
                        email=email,
                        password=password,
                    ),
                ),
            )
        finally:
            del password

    async def register(
        self,
        *,
        name: str,
        email: str,
        password: str,
        password_confirmation: str,
    ) -> MessageAnswer:
        """Register an account

        Creates an account and has a verification mail sent. No token comes back. The service's
        own curl line says GET; the saved response used POST.

        Args:
            name: Name of the user.
            email: E-mail address of the account.
            password: Password of the account.
            password_confirmation: The same password again.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_register as _endpoint  # noqa: PLC0415

        try:
            return _cast(
                "MessageAnswer",
                await self._call(
                    "app_register",
                    _endpoint.asyncio_detailed,
                    body=RegisterBody(
                        name=name,
                        email=email,
                        password=password,
                        password_confirmation=password_confirmation,
                    ),
                ),
            )
        finally:
            del password, password_confirmation

    async def user(
        self,
    ) -> UserAnswer:
        """Get the account

        Answers with the account's data: credits left, switches and the running separations. An
        invalid token gives 400 by the documentation, 401 by some clients.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_user as _endpoint  # noqa: PLC0415

        return _cast(
            "UserAnswer",
            await self._call(
                "app_user",
                _endpoint.asyncio_detailed,
                api_token=self._call.token("app_user"),
            ),
        )

    async def separation_history(
        self,
        *,
        start: int | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> HistoryAnswer:
        """List the account's separations

        Answers with the account's separations, newest first. `time_left` is in hours and goes
        negative once the files are gone; `job_exists` may stay true long after that.

        Args:
            start: Number of rows to skip, counted from the newest. The server takes 0 when it
                is absent.
            limit: Highest number of rows. The server takes 10 when it is absent.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_separation_history as _endpoint  # noqa: PLC0415

        return _cast(
            "HistoryAnswer",
            await self._call(
                "app_separation_history",
                _endpoint.asyncio_detailed,
                start=start,
                limit=limit,
                api_token=self._call.token("app_separation_history"),
            ),
        )

    async def enable_premium(
        self,
    ) -> MessageAnswer:
        """Enable the spending of credits

        Lets the account spend its credits, which premium types, formats and queue places need.
        An invalid token gives 400 by the documentation.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_enable_premium as _endpoint  # noqa: PLC0415

        return _cast(
            "MessageAnswer",
            await self._call(
                "app_enable_premium",
                _endpoint.asyncio_detailed,
                body=SwitchBody(
                    api_token=self._call.token("app_enable_premium"),
                ),
            ),
        )

    async def disable_premium(
        self,
    ) -> MessageAnswer:
        """Disable the spending of credits

        Keeps the account from spending its credits: it is then treated as a free one. An
        invalid token gives 400 by the documentation.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_disable_premium as _endpoint  # noqa: PLC0415

        return _cast(
            "MessageAnswer",
            await self._call(
                "app_disable_premium",
                _endpoint.asyncio_detailed,
                body=SwitchBody(
                    api_token=self._call.token("app_disable_premium"),
                ),
            ),
        )

    async def enable_long_filenames(
        self,
    ) -> MessageAnswer:
        """Enable long file names

        Has the service put more detail and the suffix `_[mvsep.com]` into the names of new
        stems. An invalid token gives 400 by the documentation.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_enable_long_filenames as _endpoint  # noqa: PLC0415

        return _cast(
            "MessageAnswer",
            await self._call(
                "app_enable_long_filenames",
                _endpoint.asyncio_detailed,
                body=SwitchBody(
                    api_token=self._call.token("app_enable_long_filenames"),
                ),
            ),
        )

    async def disable_long_filenames(
        self,
    ) -> MessageAnswer:
        """Disable long file names

        Has the service give new stems their short names again. An invalid token gives 400 by
        the documentation.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import app_disable_long_filenames as _endpoint  # noqa: PLC0415

        return _cast(
            "MessageAnswer",
            await self._call(
                "app_disable_long_filenames",
                _endpoint.asyncio_detailed,
                body=SwitchBody(
                    api_token=self._call.token("app_disable_long_filenames"),
                ),
            ),
        )
