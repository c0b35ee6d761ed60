"""Blocks and hooks that are written once for both clients."""

import asyncio

from mvsep import Job


def written_once(shell, block):
    """Return `block` for `do`: a coroutine function of the async client, or of one like it."""

    async def sync(client):
        return await block(Awaitable(client))

    return block if shell == "async" else lambda client: asyncio.run(sync(client))


class Awaitable:
    """A sync client, or a job of one, with the interface of the async one."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        found = getattr(self._inner, name)
        if not callable(found):
            return found
        if name == "job":  # which asks nobody
            return lambda *arguments: Awaitable(found(*arguments))
        return lambda *arguments, **more: _Later(lambda: found(*arguments, **more))


class _Later:
    """A call that is made when it is awaited, entered or iterated."""

    def __init__(self, call):
        self._call = call

    def __await__(self):
        made = self._call()
        return Awaitable(made) if isinstance(made, Job) else made
        yield

    async def __aenter__(self):
        self._entered = self._call()
        return self._entered.__enter__()

    async def __aexit__(self, *ended):
        return self._entered.__exit__(*ended)

    async def __aiter__(self):
        for each in self._call():
            yield each
