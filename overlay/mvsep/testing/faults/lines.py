"""Connections that break or hang. All need a real socket."""

from __future__ import annotations

from typing import Final

from mvsep.testing.faults.fault import ANY, Fault, Kind, Phase
from mvsep.testing.faults.scene import Scene, raw_head
from mvsep.testing.faults.statuses import Play

_SUBMIT: Final[frozenset[Phase]] = frozenset({"submit"})


# --- without an answer ------------------------------------------------------------------------


async def _reset_unread(scene: Scene) -> None:
    await scene.reset()


async def _reset_in_upload(scene: Scene) -> None:
    await scene.drain(int(scene.headers.get("content-length", "0")) // 2)
    await scene.reset()


async def _closed_unread(scene: Scene) -> None:
    await scene.hang_up()


async def _closed_in_upload(scene: Scene) -> None:
    await scene.drain(int(scene.headers.get("content-length", "0")) // 2)
    await scene.hang_up()


async def _stall_in_upload(scene: Scene) -> None:
    # Read a little, and then no more: what the client has left fills the buffers between them.
    await scene.drain(1)
    await scene.stall_unread()


def _then(how: str, *, acting: bool) -> Play:
    async def play(scene: Scene) -> None:
        if acting:
            await scene.act()
        else:
            await scene.drain()
        await (scene.reset() if how == "reset" else scene.hang_up())

    return play


def _never(*, acting: bool) -> Play:
    async def play(scene: Scene) -> None:
        if acting:
            await scene.act()
        else:
            await scene.drain()
        await scene.stall()

    return play


# --- in the middle of the answer --------------------------------------------------------------


def _in_head(how: str) -> Play:
    async def play(scene: Scene) -> None:
        async with scene.flow() as flow:
            head = raw_head(flow.status, flow.headers)
        await scene.wire.write(head[: len(head) // 2])
        await _broken(scene, how)

    return play


def _in_body(how: str) -> Play:
    async def play(scene: Scene) -> None:
        async with scene.flow() as flow:
            await scene.write_head(flow.status, flow.headers)
            left = flow.length // 2
            async for data in flow.pieces:
                await scene.wire.write(data[:left])
                left -= len(data)
                if left <= 0:
                    break
        await _broken(scene, how)

    return play


async def _broken(scene: Scene, how: str) -> None:
    await {"reset": scene.reset, "closed": scene.hang_up, "stalls": scene.stall}[how]()


def _fault(
    name: str,
    about: str,
    play: Play,
    phases: frozenset[Phase] = ANY,
    *,
    kind: Kind = "broken",
    acts: bool = False,
) -> Fault:
    return Fault(name, about, kind, play, phases, acts=acts, needs_socket=True)


TABLE: Final[tuple[Fault, ...]] = (
    _fault(
        "reset-before-reading",
        "The connection is reset when the head of the request is there; its body is not read.",
        _reset_unread,
    ),
    _fault(
        "reset-during-upload",
        "The connection is reset when half of the upload was read.",
        _reset_in_upload,
        _SUBMIT,
    ),
    _fault(
        "reset-after-upload",
        "The request is carried out, and the connection is reset before the answer.",
        _then("reset", acting=True),
        acts=True,
    ),
    _fault(
        "reset-unheeded",
        "The whole request is read and not carried out, and the connection is reset.",
        _then("reset", acting=False),
    ),
    _fault(
        "closed-before-reading",
        "The connection is closed when the head of the request is there.",
        _closed_unread,
    ),
    _fault(
        "closed-during-upload",
        "The connection is closed when half of the upload was read.",
        _closed_in_upload,
        _SUBMIT,
    ),
    _fault(
        "closed-after-upload",
        "The request is carried out, and the connection is closed without an answer.",
        _then("closed", acting=True),
        acts=True,
    ),
    _fault(
        "closed-unheeded",
        "The whole request is read and not carried out, and the connection is closed.",
        _then("closed", acting=False),
    ),
    _fault(
        "reset-in-head",
        "The connection is reset in the middle of the answer's head.",
        _in_head("reset"),
        acts=True,
    ),
    _fault(
        "closed-in-head",
        "The connection is closed in the middle of the answer's head.",
        _in_head("closed"),
        acts=True,
    ),
    _fault(
        "reset-in-body",
        "The connection is reset in the middle of the answer's body.",
        _in_body("reset"),
        acts=True,
    ),
    _fault(
        "closed-in-body",
        "The connection is closed in the middle of the answer's body.",
        _in_body("closed"),
        acts=True,
    ),
    _fault(
        "never-answers",
        "The request is read and not carried out, and no answer comes.",
        _never(acting=False),
        kind="stall",
    ),
    _fault(
        "never-answers-after",
        "The request is carried out, and no answer comes.",
        _never(acting=True),
        _SUBMIT,
        kind="stall",
        acts=True,
    ),
    _fault(
        "stalls-during-upload",
        "The server takes no more of the upload, and says nothing.",
        _stall_in_upload,
        _SUBMIT,
        kind="stall",
    ),
    _fault(
        "stalls-in-head",
        "The answer stops in the middle of its head, and the connection stays.",
        _in_head("stalls"),
        kind="stall",
        acts=True,
    ),
    _fault(
        "stalls-in-body",
        "The answer stops in the middle of its body, and the connection stays.",
        _in_body("stalls"),
        kind="stall",
        acts=True,
    ),
)
