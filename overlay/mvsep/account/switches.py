"""The account's switches: turned for a block, and put back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from mvsep.account.profile import account
from mvsep.errors import ConnectionFailed, InvalidInput, MVSepError, Refused, UnexpectedResponse
from mvsep.transport.port import Port

#: A switch of the account, by the service's word for it in `enable_<name>`: credits may be spent;
#: the names of new stems hold more detail.
Switch = Literal["premium", "long_filenames"]


@asynccontextmanager
async def turned(port: Port, switch: Switch, on: bool = True) -> AsyncIterator[None]:
    """Turn a switch on, or off, for a block, and put it back as it was.

    The account is asked first; a switch that is already as wanted is not touched, then or
    afterwards, so blocks can be nested. It is put back when the block raises too, and when it is
    not known whether turning it took effect. When the process is killed, it stays as it is.

    The switch is the account's, not the client's: two blocks that overlap, in two clients,
    threads or programs, do not know of each other. The one that found it off puts it back when
    it ends, under the other. What depends on it is decided when a job is created.

    When the switch could not be put back, the error says so, and how to do it by hand. What the
    block had raised stays what is raised, with a note and, on one of ours, the next step.
    """
    before = await _stands(port, switch)
    if before == on:
        yield
        return
    inside = False
    try:
        await _turn(port, switch, on)
        inside = True
        yield
    except BaseException as ended:
        if inside or _may_have_acted(ended):
            try:
                await _turn(port, switch, before)
            except BaseException as failed:  # an interruption too: a job may be paid for
                _tell(ended, switch, before, failed)
        raise
    try:
        await _turn(port, switch, before)
    except BaseException as failed:
        _tell(failed, switch, before)
        raise


async def _stands(port: Port, switch: Switch) -> bool:
    found = await account(port)
    on = found.premium_enabled if switch == "premium" else found.long_filenames
    if on is None:
        raise UnexpectedResponse(
            f"The service does not say whether {_words(switch)} is on, so it was left as it is.",
            host=port.settings.host,
            next_step=f"Turn it by hand with api.app.{operation(switch, True)}().",
        )
    return on


async def _turn(port: Port, switch: Switch, on: bool) -> None:
    await getattr(port.api.app, operation(switch, on))()


def operation(switch: Switch, on: bool) -> str:
    """Return the operation of `client.api.app` that turns a switch, without a block."""
    return f"{'enable' if on else 'disable'}_{switch}"


def _words(switch: Switch) -> str:
    return switch.replace("_", " ")


def _tell(
    error: BaseException, switch: Switch, on: bool, failed: BaseException | None = None
) -> None:
    """Tell on an error that a switch could not be put back to `on`, for `failed` or for itself."""
    trouble = f"{_words(switch).capitalize()} may still be {'off' if on else 'on'}"
    by_hand = f"Turn it {'on' if on else 'off'} yourself: api.app.{operation(switch, on)}()."
    if failed is None and isinstance(error, MVSepError):
        error.message = f"{trouble}: it could not be put back. {error.message}"
        error.args, error.next_step = (error.message,), by_hand
        error.retryable = False  # to run the block again would be to pay again
        return
    why = f" ({failed!r:.200})" if failed else ""
    told = f"{trouble}: it could not be put back{why}. {by_hand}"
    error.add_note(told)
    if isinstance(error, MVSepError):
        error.next_step = f"{error.next_step or ''} {told}".lstrip()


def _may_have_acted(error: BaseException) -> bool:
    if isinstance(error, ConnectionFailed):
        return error.sent
    return not isinstance(error, Refused | InvalidInput)
