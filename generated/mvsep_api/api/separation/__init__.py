# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
"""The operations of the tag `separation`, typed, for the sync and the async client."""

from __future__ import annotations

from typing import Any
from typing import cast as _cast

from ...models.action_answer import ActionAnswer
from ...models.error_answer import ErrorAnswer
from ...models.remote_state import RemoteState
from ...models.separation_cancel_body import SeparationCancelBody
from ...models.separation_create_body import SeparationCreateBody
from ...models.separation_created import SeparationCreated
from ...models.separation_delete_body import SeparationDeleteBody
from ...models.separation_state import SeparationState
from ...types import UNSET, File, Unset
from .. import AsyncCaller, Caller


class SeparationApi:
    """The operations of the tag `separation`."""

    def __init__(self, call: Caller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return "SeparationApi(5 operations)"

    def create(
        self,
        *,
        sep_type: int,
        audiofile: File | Unset = UNSET,
        url: str | Unset = UNSET,
        remote_type: str | Unset = UNSET,
        target_audiofile: File | Unset = UNSET,
        reference_audiofile: File | Unset = UNSET,
        add_opt1: str | Unset = UNSET,
        add_opt2: str | Unset = UNSET,
        add_opt3: str | Unset = UNSET,
        add_opt4: str | Unset = UNSET,
        add_opt5: str | Unset = UNSET,
        add_opt6: str | Unset = UNSET,
        add_opt7: str | Unset = UNSET,
        add_opt8: str | Unset = UNSET,
        add_opt9: str | Unset = UNSET,
        add_opt10: str | Unset = UNSET,
        output_format: int | Unset = UNSET,
        is_demo: int | Unset = UNSET,
        preset_id: int | Unset = UNSET,
        webhook_url: str | Unset = UNSET,
        send_mail_on_error: int | Unset = UNSET,
    ) -> SeparationCreated:
        """Create a separation

        Submits a mixture and starts a job. The input is one of: `audiofile`; `url` (with
        `remote_type`); `target_audiofile` and `reference_audiofile` together (matchering, type
        68); or nothing at all, for the types that take text only.

        Credits are taken when the job is created, so never send the same request again after an
        ambiguous failure. A free account may have one unfinished job at a time, a premium
        account any number. Types with orientation 1 need a registered account, those with
        orientation 2 a premium account with credits to spend.

        All values travel as text. Send a true Content-Length: a chunked body was refused with
        400.

        Args:
            sep_type: Separation type: the `render_id` of a row of app_algorithms. Required here
                although the server has a default, because three documents name three defaults (11,
                20 and 49).
            audiofile: The mixture: an audio file, or a video file with sound.
            url: Link to the mixture, instead of `audiofile`.
            remote_type: Where the link leads. The server takes direct when it is absent.
            target_audiofile: Matchering: the track to be changed.
            reference_audiofile: Matchering: the track to be matched.
            add_opt1: Extra field 1 of the separation type: an option key, or free text. Server
                defaults apply to what is not sent.
            add_opt2: Extra field 2 of the separation type: an option key, or free text.
            add_opt3: Extra field 3 of the separation type: an option key, or free text.
            add_opt4: Extra field 4 of the separation type: an option key, or free text. The
                service's own page lists fields 1 to 3 only; the higher ones belong to newer types.
            add_opt5: Extra field 5 of the separation type: an option key, or free text.
            add_opt6: Extra field 6 of the separation type: an option key, or free text.
            add_opt7: Extra field 7 of the separation type: an option key, or free text.
            add_opt8: Extra field 8 of the separation type: an option key, or free text.
            add_opt9: Extra field 9 of the separation type: an option key, or free text.
            add_opt10: Extra field 10 of the separation type: an option key, or free text. The
                highest one known.
            output_format: Format of the stems. The server takes 0 when it is absent. 4 and 5
                need a premium account.
            is_demo: 1 publishes the result on the demo page. The server takes 0 when it is
                absent.
            preset_id: Probably a preset saved on the site; its meaning is not confirmed.
            webhook_url: URL that the service posts the state of this job to.
            send_mail_on_error: Probably 1 has a mail sent when the job fails; seen in one
                client only.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import separation_create as _endpoint  # noqa: PLC0415

        return _cast(
            "SeparationCreated",
            self._call(
                "separation_create",
                _endpoint.sync_detailed,
                body=SeparationCreateBody(
                    sep_type=sep_type,
                    api_token=self._call.token("separation_create"),
                    audiofile=audiofile,
                    url=url,
                    remote_type=remote_type,
                    target_audiofile=target_audiofile,
                    reference_audiofile=reference_audiofile,
                    add_opt1=add_opt1,
                    add_opt2=add_opt2,
                    add_opt3=add_opt3,
                    add_opt4=add_opt4,
                    add_opt5=add_opt5,
                    add_opt6=add_opt6,
                    add_opt7=add_opt7,
                    add_opt8=add_opt8,
                    add_opt9=add_opt9,
                    add_opt10=add_opt10,
                    output_format=output_format,
                    is_demo=is_demo,
                    preset_id=preset_id,
                    webhook_url=webhook_url,
                    send_mail_on_error=send_mail_on_error,
                ),
            ),
        )

    def get(
        self,
        *,
        hash: str,
        mirror: int | Unset = UNSET,
    ) -> SeparationState:
        """Get the state of a job

        Answers with the state of a job and, when it is done, the links of its stems. No token
        is needed. Ask every 4 to 10 seconds.

        `success: false` is a state here, not an error: the hash is unknown, removed or expired.
        Decide by `status` first. A status never seen before means that the job goes on. `done`
        may come with an empty `files` for a short while (the list is written after the flag)
        and for good once the files have expired, after about 72 hours.

        Unknown: the HTTP status of `not_found` (clients accept 200, 400 and 404), the value of
        `success` when the job failed, and the shape of the answer to `mirror=1`.

        Args:
            hash: Hash of the job: opaque text, dots included. On the wire it is percent-encoded
                like any other query value.
            mirror: 1 asks for the files through another mirror. That needs `api_token` and
                costs 1 credit. The server takes 0 when it is absent.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import separation_get as _endpoint  # noqa: PLC0415

        return _cast(
            "SeparationState",
            self._call(
                "separation_get",
                _endpoint.sync_detailed,
                hash_=hash,
                mirror=mirror,
                api_token=self._call.token("separation_get"),
            ),
        )

    def get_remote(
        self,
        *,
        hash: str,
    ) -> RemoteState:
        """Get the state of a job made from a link

        Answers with the state of a remote job: one that was created from a link and whose file
        the server fetches first. When it is done, `data.hash` is the long hash to ask
        separation_get for.

        Right after the creation the answer is `success: false` with a message that the file is
        being downloaded. That passes; it is a state, not an error. Whether that answer carries
        a `status`, and which, is unknown.

        Args:
            hash: Hash of the job: opaque text, dots included. On the wire it is percent-encoded
                like any other query value.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import separation_get_remote as _endpoint  # noqa: PLC0415

        return _cast(
            "RemoteState",
            self._call(
                "separation_get_remote",
                _endpoint.sync_detailed,
                hash_=hash,
            ),
        )

    def cancel(
        self,
        *,
        hash: str,
    ) -> ActionAnswer:
        """Cancel a job

        Cancels a job that waits, and gives its credits back. Once it is being processed the
        service refuses; its words are unknown.

        Args:
            hash: Hash of the job: opaque text.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import separation_cancel as _endpoint  # noqa: PLC0415

        return _cast(
            "ActionAnswer",
            self._call(
                "separation_cancel",
                _endpoint.sync_detailed,
                body=SeparationCancelBody(
                    hash_=hash,
                    api_token=self._call.token("separation_cancel"),
                ),
            ),
        )

    def delete(
        self,
        *,
        hash: str,
    ) -> ActionAnswer:
        """Delete a job and its files

        Deletes a job together with its output files. Newer documentation and four independent
        clients have it; the service's older page does not.

        Args:
            hash: Hash of the job: opaque text.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import separation_delete as _endpoint  # noqa: PLC0415

        return _cast(
            "ActionAnswer",
            self._call(
                "separation_delete",
                _endpoint.sync_detailed,
                body=SeparationDeleteBody(
                    hash_=hash,
                    api_token=self._call.token("separation_delete"),
                ),
            ),
        )


class AsyncSeparationApi:
    """The operations of the tag `separation`, with await."""

    def __init__(self, call: AsyncCaller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return "AsyncSeparationApi(5 operations)"

    async def create(
        self,
        *,
        sep_type: int,
        audiofile: File | Unset = UNSET,
        url: str | Unset = UNSET,
        remote_type: str | Unset = UNSET,
        target_audiofile: File | Unset = UNSET,
        reference_audiofile: File | Unset = UNSET,
        add_opt1: str | Unset = UNSET,
        add_opt2: str | Unset = UNSET,
        add_opt3: str | Unset = UNSET,
        add_opt4: str | Unset = UNSET,
        add_opt5: str | Unset = UNSET,
        add_opt6: str | Unset = UNSET,
        add_opt7: str | Unset = UNSET,
        add_opt8: str | Unset = UNSET,
        add_opt9: str | Unset = UNSET,
        add_opt10: str | Unset = UNSET,
        output_format: int | Unset = UNSET,
        is_demo: int | Unset = UNSET,
        preset_id: int | Unset = UNSET,
        webhook_url: str | Unset = UNSET,
        send_mail_on_error: int | Unset = UNSET,
    ) -> SeparationCreated:
        """Create a separation

        Submits a mixture and starts a job. The input is one of: `audiofile`; `url` (with
        `remote_type`); `target_audiofile` and `reference_audiofile` together (matchering, type
        68); or nothing at all, for the types that take text only.

        Credits are taken when the job is created, so never send the same request again after an
        ambiguous failure. A free account may have one unfinished job at a time, a premium
        account any number. Types with orientation 1 need a registered account, those with
        orientation 2 a premium account with credits to spend.

        All values travel as text. Send a true Content-Length: a chunked body was refused with
        400.

        Args:
            sep_type: Separation type: the `render_id` of a row of app_algorithms. Required here
                although the server has a default, because three documents name three defaults (11,
                20 and 49).
            audiofile: The mixture: an audio file, or a video file with sound.
            url: Link to the mixture, instead of `audiofile`.
            remote_type: Where the link leads. The server takes direct when it is absent.
            target_audiofile: Matchering: the track to be changed.
            reference_audiofile: Matchering: the track to be matched.
            add_opt1: Extra field 1 of the separation type: an option key, or free text. Server
                defaults apply to what is not sent.
            add_opt2: Extra field 2 of the separation type: an option key, or free text.
            add_opt3: Extra field 3 of the separation type: an option key, or free text.
            add_opt4: Extra field 4 of the separation type: an option key, or free text. The
                service's own page lists fields 1 to 3 only; the higher ones belong to newer types.
            add_opt5: Extra field 5 of the separation type: an option key, or free text.
            add_opt6: Extra field 6 of the separation type: an option key, or free text.
            add_opt7: Extra field 7 of the separation type: an option key, or free text.
            add_opt8: Extra field 8 of the separation type: an option key, or free text.
            add_opt9: Extra field 9 of the separation type: an option key, or free text.
            add_opt10: Extra field 10 of the separation type: an option key, or free text. The
                highest one known.
            output_format: Format of the stems. The server takes 0 when it is absent. 4 and 5
                need a premium account.
            is_demo: 1 publishes the result on the demo page. The server takes 0 when it is
                absent.
            preset_id: Probably a preset saved on the site; its meaning is not confirmed.
            webhook_url: URL that the service posts the state of this job to.
            send_mail_on_error: Probably 1 has a mail sent when the job fails; seen in one
                client only.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import separation_create as _endpoint  # noqa: PLC0415

        return _cast(
            "SeparationCreated",
            await self._call(
                "separation_create",
                _endpoint.asyncio_detailed,
                body=SeparationCreateBody(
                    sep_type=sep_type,
                    api_token=self._call.token("separation_create"),
                    audiofile=audiofile,
                    url=url,
                    remote_type=remote_type,
                    target_audiofile=target_audiofile,
                    reference_audiofile=reference_audiofile,
                    add_opt1=add_opt1,
                    add_opt2=add_opt2,
                    add_opt3=add_opt3,
                    add_opt4=add_opt4,
                    add_opt5=add_opt5,
                    add_opt6=add_opt6,
                    add_opt7=add_opt7,
                    add_opt8=add_opt8,
                    add_opt9=add_opt9,
                    add_opt10=add_opt10,
                    output_format=output_format,
                    is_demo=is_demo,
                    preset_id=preset_id,
                    webhook_url=webhook_url,
                    send_mail_on_error=send_mail_on_error,
                ),
            ),
        )

    async def get(
        self,
        *,
        hash: str,
        mirror: int | Unset = UNSET,
    ) -> SeparationState:
        """Get the state of a job

        Answers with the state of a job and, when it is done, the links of its stems. No token
        is needed. Ask every 4 to 10 seconds.

        `success: false` is a state here, not an error: the hash is unknown, removed or expired.
        Decide by `status` first. A status never seen before means that the job goes on. `done`
        may come with an empty `files` for a short while (the list is written after the flag)
        and for good once the files have expired, after about 72 hours.

        Unknown: the HTTP status of `not_found` (clients accept 200, 400 and 404), the value of
        `success` when the job failed, and the shape of the answer to `mirror=1`.

        Args:
            hash: Hash of the job: opaque text, dots included. On the wire it is percent-encoded
                like any other query value.
            mirror: 1 asks for the files through another mirror. That needs `api_token` and
                costs 1 credit. The server takes 0 when it is absent.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import separation_get as _endpoint  # noqa: PLC0415

        return _cast(
            "SeparationState",
            await self._call(
                "separation_get",
                _endpoint.asyncio_detailed,
                hash_=hash,
                mirror=mirror,
                api_token=self._call.token("separation_get"),
            ),
        )

    async def get_remote(
        self,
        *,
        hash: str,
    ) -> RemoteState:
        """Get the state of a job made from a link

        Answers with the state of a remote job: one that was created from a link and whose file
        the server fetches first. When it is done, `data.hash` is the long hash to ask
        separation_get for.

        Right after the creation the answer is `success: false` with a message that the file is
        being downloaded. That passes; it is a state, not an error. Whether that answer carries
        a `status`, and which, is unknown.

        Args:
            hash: Hash of the job: opaque text, dots included. On the wire it is percent-encoded
                like any other query value.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import separation_get_remote as _endpoint  # noqa: PLC0415

        return _cast(
            "RemoteState",
            await self._call(
                "separation_get_remote",
                _endpoint.asyncio_detailed,
                hash_=hash,
            ),
        )

    async def cancel(
        self,
        *,
        hash: str,
    ) -> ActionAnswer:
        """Cancel a job

        Cancels a job that waits, and gives its credits back. Once it is being processed the
        service refuses; its words are unknown.

        Args:
            hash: Hash of the job: opaque text.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import separation_cancel as _endpoint  # noqa: PLC0415

        return _cast(
            "ActionAnswer",
            await self._call(
                "separation_cancel",
                _endpoint.asyncio_detailed,
                body=SeparationCancelBody(
                    hash_=hash,
                    api_token=self._call.token("separation_cancel"),
                ),
            ),
        )

    async def delete(
        self,
        *,
        hash: str,
    ) -> ActionAnswer:
        """Delete a job and its files

        Deletes a job together with its output files. Newer documentation and four independent
        clients have it; the service's older page does not.

        Args:
            hash: Hash of the job: opaque text.

        Raises:
            MVSepError: Or one of its kinds, when the service refuses or can't be reached.
        """
        from . import separation_delete as _endpoint  # noqa: PLC0415

        return _cast(
            "ActionAnswer",
            await self._call(
                "separation_delete",
                _endpoint.asyncio_detailed,
                body=SeparationDeleteBody(
                    hash_=hash,
                    api_token=self._call.token("separation_delete"),
                ),
            ),
        )
