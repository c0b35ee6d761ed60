"""The form of a job as the caller asks for it, and as it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import asdict, evolve, field, frozen
from attrs.validators import optional

from mvsep.catalog.formats import OutputFormat, RemoteType
from mvsep.catalog.goals import Goal
from mvsep.core.checks import by, check_flag, check_link, check_plain, check_seconds, check_switch
from mvsep.core.values import Number
from mvsep.files.sources import (
    Progress,
    Source,
)


@frozen(kw_only=True)
class JobOptions:
    """Everything `submit` takes besides the song and its type, as the caller gave it.

    The parameters are described at `MVSep.submit`. Three are given by no caller. With `once` the
    account is asked once for all songs. `elsewhen` has the choices that the goal may have had by
    the list of another day. With `only_audio` a file of no known kind is refused.
    """

    reference: Source | None = None
    remote_type: RemoteType | str | None = None
    best_for: str | Goal | None = None
    options: Mapping[str, object] | None = None
    validate: bool = field(default=True, validator=by(check_flag))
    output_format: OutputFormat | int | str | None = None
    is_demo: bool | None = field(default=None, validator=optional(by(check_switch)))
    webhook_url: str | None = field(default=None, validator=optional(by(check_link)))
    preset_id: int | None = None
    send_mail_on_error: bool | None = field(default=None, validator=optional(by(check_switch)))
    wait_for_place: float | None = field(default=None, validator=by(check_seconds))
    on_upload: Progress | None = field(default=None, validator=by(check_plain))
    max_credits: Number | None = None
    seconds: Number | None = None
    allow_unknown_price: bool = field(default=False, validator=by(check_flag))
    preflight: bool | None = field(default=None, validator=optional(by(check_flag)))
    once: bool = False
    elsewhen: tuple[Mapping[str, Any], ...] = ()
    only_audio: bool = False

    @property
    def is_checked(self) -> bool:
        """True where the account is asked before the upload."""
        return bool(self.preflight) or self.once or self.max_credits is not None

    def checked_once(self) -> JobOptions:
        """Return the same, with the account asked once for all songs, unless that was chosen."""
        return evolve(self, once=True) if self.preflight is None else self


@frozen(kw_only=True)
class Form:
    """The fields of the form besides files, as they are sent; None is left out.

    Args:
        sep_type: The number of the separation type.
        options: The type's options, `add_optN` to the value.
        output_format: The number of the format; the service's default is MP3.
        is_demo: 1 to publish the result on the service's demo page.
        webhook_url: Where the service posts the job's state.
        preset_id: A preset saved on the service's site.
        send_mail_on_error: 1 to get a mail when the job fails.
        remote_type: Where a link leads.
    """

    sep_type: int
    options: Mapping[str, str] = field(factory=dict, hash=False)
    output_format: int | None = None
    is_demo: int | None = None
    webhook_url: str | None = None
    preset_id: int | None = None
    send_mail_on_error: int | None = None
    remote_type: str | None = None

    def fields(self) -> dict[str, Any]:
        """Return the fields to send."""
        named = asdict(self)
        named.update(named.pop("options"))
        return {name: value for name, value in named.items() if value is not None}

    def as_json(self) -> dict[str, Any]:
        """Return the keywords that `submit` makes the same form from, as JSON has them."""
        return {**asdict(self), "validate": False}
