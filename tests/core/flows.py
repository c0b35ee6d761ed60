"""A service for flows, and a wait that never ends."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from typing import Any

from tests.wire import Wire, answer

WIRE = Wire(answer({"success": True}))
Drive = Callable[[Callable[[Any], Coroutine[Any, Any, Any]]], Any]


class Never:
    def __await__(self) -> Generator[None]:
        yield
