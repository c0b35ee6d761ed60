# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
"""The operations of the tag `quality_checker`, typed, for the sync and the async client."""

from __future__ import annotations

from typing import Any
from typing import cast as _cast

from ...models.action_answer import ActionAnswer
from ...models.error_answer import ErrorAnswer
from ...models.leaderboard_answer import LeaderboardAnswer
from ...models.quality_added import QualityAdded
from ...models.quality_checker_add_body import QualityCheckerAddBody
from ...models.quality_checker_delete_body import QualityCheckerDeleteBody
from ...models.quality_entry import QualityEntry
from ...models.quality_entry_answer import QualityEntryAnswer
from ...types import UNSET, File, Unset
from .. import AsyncCaller, Caller


class QualityCheckerApi:
    """The operations of the tag `quality_checker`."""

    def __init__(self, call: Caller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return "QualityCheckerApi(5 operations)"

    def queue(
        self,
        *,
        start: int | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> list[QualityEntry]:
        """List the entries of the quality checker

        Answers with the entries, newest first, as a bare array.

        Args:
            start: Number of rows to skip, counted from the newest. The server takes 0 when it
                is absent.
            limit: Highest number of rows. The server takes 10 when it is absent.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import quality_checker_queue as _endpoint  # noqa: PLC0415

        return _cast(
            "list[QualityEntry]",
            self._call(
                "quality_checker_queue",
                _endpoint.sync_detailed,
                start=start,
                limit=limit,
            ),
        )

    def leaderboard(
        self,
        *,
        dataset_type: str | Unset = UNSET,
        start: int | Unset = UNSET,
        limit: int | Unset = UNSET,
        algo_name_filter: str | Unset = UNSET,
        sort: str | Unset = UNSET,
    ) -> LeaderboardAnswer:
        """Get the leaderboard of a data set

        Answers with the best entries of one data set. What `sortables` holds exactly is
        unknown.

        Args:
            dataset_type: The data set. The server takes 0 when it is absent. 0 to 12 exist; the
                names of 5 to 12 are unknown.
            start: Number of rows to skip, counted from the newest. The server takes 0 when it
                is absent.
            limit: Highest number of rows. The server takes 10 when it is absent.
            algo_name_filter: Only entries whose algorithm name holds this text.
            sort: A key out of the answer's `sortables`.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import quality_checker_leaderboard as _endpoint  # noqa: PLC0415

        return _cast(
            "LeaderboardAnswer",
            self._call(
                "quality_checker_leaderboard",
                _endpoint.sync_detailed,
                dataset_type=dataset_type,
                start=start,
                limit=limit,
                algo_name_filter=algo_name_filter,
                sort=sort,
            ),
        )

    def add(
        self,
        *,
        zipfile: File,
        algo_name: str,
        main_text: str,
        password: str,
        dataset_type: str | Unset = UNSET,
        ensemble: int | Unset = UNSET,
    ) -> QualityAdded:
        """Add an entry to the quality checker

        Uploads a zip file of separated stems to be rated against a data set.

        Args:
            zipfile: Zip file of the separated stems.
            algo_name: Name of the algorithm.
            main_text: Description of the algorithm.
            password: Password to delete the entry with later.
            dataset_type: The data set. The server takes 0 when it is absent. 0 to 12 exist; the
                names of 5 to 12 are unknown.
            ensemble: 1 if the algorithm is an ensemble.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import quality_checker_add as _endpoint  # noqa: PLC0415

        try:
            return _cast(
                "QualityAdded",
                self._call(
                    "quality_checker_add",
                    _endpoint.sync_detailed,
                    body=QualityCheckerAddBody(
                        zipfile=zipfile,
                        algo_name=algo_name,
                        main_text=main_text,
                        password=password,
                        api_token=self._call.token("quality_checker_add"),
                        dataset_type=dataset_type,
                        ensemble=ensemble,
                    ),
                ),
            )
        finally:
            del password

    def entry(
        self,
        *,
        id: int,
    ) -> QualityEntryAnswer:
        """Get one entry of the quality checker

        Answers with one entry. One that does not exist gives 400 with the message "Job not
        found".

        Args:
            id: Number of the entry.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import quality_checker_entry as _endpoint  # noqa: PLC0415

        return _cast(
            "QualityEntryAnswer",
            self._call(
                "quality_checker_entry",
                _endpoint.sync_detailed,
                id=id,
            ),
        )

    def delete(
        self,
        *,
        id: int,
        password: str,
    ) -> ActionAnswer:
        """Delete an entry of the quality checker

        Deletes an entry with the password that was given when it was added. No token is needed.
        The service's own text says GET; the saved response used POST.

        Args:
            id: Number of the entry.
            password: Password given when the entry was added.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import quality_checker_delete as _endpoint  # noqa: PLC0415

        try:
            return _cast(
                "ActionAnswer",
                self._call(
                    "quality_checker_delete",
                    _endpoint.sync_detailed,
                    body=QualityCheckerDeleteBody(
                        id=id,
                        password=password,
                    ),
                ),
            )
        finally:
            del password


class AsyncQualityCheckerApi:
    """The operations of the tag `quality_checker`, with await."""

    def __init__(self, call: AsyncCaller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return "AsyncQualityCheckerApi(5 operations)"

    async def queue(
        self,
        *,
        start: int | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> list[QualityEntry]:
        """List the entries of the quality checker

        Answers with the entries, newest first, as a bare array.

        Args:
            start: Number of rows to skip, counted from the newest. The server takes 0 when it
                is absent.
            limit: Highest number of rows. The server takes 10 when it is absent.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import quality_checker_queue as _endpoint  # noqa: PLC0415

        return _cast(
            "list[QualityEntry]",
            await self._call(
                "quality_checker_queue",
                _endpoint.asyncio_detailed,
                start=start,
                limit=limit,
            ),
        )

    async def leaderboard(
        self,
        *,
        dataset_type: str | Unset = UNSET,
        start: int | Unset = UNSET,
        limit: int | Unset = UNSET,
        algo_name_filter: str | Unset = UNSET,
        sort: str | Unset = UNSET,
    ) -> LeaderboardAnswer:
        """Get the leaderboard of a data set

        Answers with the best entries of one data set. What `sortables` holds exactly is
        unknown.

        Args:
            dataset_type: The data set. The server takes 0 when it is absent. 0 to 12 exist; the
                names of 5 to 12 are unknown.
            start: Number of rows to skip, counted from the newest. The server takes 0 when it
                is absent.
            limit: Highest number of rows. The server takes 10 when it is absent.
            algo_name_filter: Only entries whose algorithm name holds this text.
            sort: A key out of the answer's `sortables`.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import quality_checker_leaderboard as _endpoint  # noqa: PLC0415

        return _cast(
            "LeaderboardAnswer",
            await self._call(
                "quality_checker_leaderboard",
                _endpoint.asyncio_detailed,
                dataset_type=dataset_type,
                start=start,
                limit=limit,
                algo_name_filter=algo_name_filter,
                sort=sort,
            ),
        )

    async def add(
        self,
        *,
        zipfile: File,
        algo_name: str,
        main_text: str,
        password: str,
        dataset_type: str | Unset = UNSET,
        ensemble: int | Unset = UNSET,
    ) -> QualityAdded:
        """Add an entry to the quality checker

        Uploads a zip file of separated stems to be rated against a data set.

        Args:
            zipfile: Zip file of the separated stems.
            algo_name: Name of the algorithm.
            main_text: Description of the algorithm.
            password: Password to delete the entry with later.
            dataset_type: The data set. The server takes 0 when it is absent. 0 to 12 exist; the
                names of 5 to 12 are unknown.
            ensemble: 1 if the algorithm is an ensemble.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import quality_checker_add as _endpoint  # noqa: PLC0415

        try:
            return _cast(
                "QualityAdded",
                await self._call(
                    "quality_checker_add",
                    _endpoint.asyncio_detailed,
                    body=QualityCheckerAddBody(
                        zipfile=zipfile,
                        algo_name=algo_name,
                        main_text=main_text,
                        password=password,
                        api_token=self._call.token("quality_checker_add"),
                        dataset_type=dataset_type,
                        ensemble=ensemble,
                    ),
                ),
            )
        finally:
            del password

    async def entry(
        self,
        *,
        id: int,
    ) -> QualityEntryAnswer:
        """Get one entry of the quality checker

        Answers with one entry. One that does not exist gives 400 with the message "Job not
        found".

        Args:
            id: Number of the entry.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import quality_checker_entry as _endpoint  # noqa: PLC0415

        return _cast(
            "QualityEntryAnswer",
            await self._call(
                "quality_checker_entry",
                _endpoint.asyncio_detailed,
                id=id,
            ),
        )

    async def delete(
        self,
        *,
        id: int,
        password: str,
    ) -> ActionAnswer:
        """Delete an entry of the quality checker

        Deletes an entry with the password that was given when it was added. No token is needed.
        The service's own text says GET; the saved response used POST.

        Args:
            id: Number of the entry.
            password: Password given when the entry was added.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import quality_checker_delete as _endpoint  # noqa: PLC0415

        try:
            return _cast(
                "ActionAnswer",
                await self._call(
                    "quality_checker_delete",
                    _endpoint.asyncio_detailed,
                    body=QualityCheckerDeleteBody(
                        id=id,
                        password=password,
                    ),
                ),
            )
        finally:
            del password
