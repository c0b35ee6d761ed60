"""The operations of the contract for the command line: found by name, fields read from words."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_type_hints

from attrs import frozen

from mvsep.core.text import close
from mvsep.core.values import digits
from mvsep.errors import InvalidInput
from mvsep_api.api import Api
from mvsep_api.operations import OPERATIONS
from mvsep_api.types import File, Unset

_FACADE: Final = "mvsep_api.api"


@frozen
class Field:
    """A field of an operation.

    Args:
        kind: Its values: text, whole numbers, or files.
        is_optional: True where it may be left out.
        is_secret: True for a password, which is no argument of a command.
    """

    kind: Literal["text", "number", "file"]
    is_optional: bool
    is_secret: bool


@frozen
class Operation:
    """An operation of the contract.

    Args:
        tag: Its group in the facade.
        short: Its name there: `client.api.<tag>.<short>(...)`.
        about: A line about it.
        http_method: The HTTP method, in capitals.
        fields: Its fields by name.
    """

    tag: str
    short: str
    about: str
    http_method: str
    fields: Mapping[str, Field]

    @property
    def name(self) -> str:
        """The name as Python has it: `app.news`."""
        return f"{self.tag}.{self.short}"

    @property
    def reads(self) -> bool:
        """True where it changes nothing."""
        return self.http_method == "GET"

    @property
    def secrets(self) -> list[str]:
        """The fields that are no arguments of a command."""
        return [name for name, field in self.fields.items() if field.is_secret]

    def method(self, api: Api) -> Callable[..., Any]:
        """Return the method of a client's facade."""
        found: Callable[..., Any] = getattr(getattr(api, self.tag), self.short)
        return found

    def check_complete(self, values: Mapping[str, object]) -> None:
        """Check that no field is missing.

        Raises:
            InvalidInput: When one is; nothing was sent.
        """
        missing = [
            name
            for name, field in self.fields.items()
            if not field.is_optional and name not in values
        ]
        if missing:
            raise InvalidInput(
                f"{self.name} needs {', '.join(missing)}.",
                next_step=f"Write it as {missing[0]}=...",
                charged=False,
            )


def all_operations() -> list[Operation]:
    """Return all operations, in the order of the contract."""
    return [_operation(id) for id in OPERATIONS]


def find_operation(name: str) -> Operation:
    """Return an operation by its name: `app.news`, or `app_news` as the contract has it.

    Raises:
        InvalidInput: When there is none; it names the nearest ones.
    """
    id = name.strip().replace(".", "_").replace("-", "_")
    if id in OPERATIONS:
        return _operation(id)
    known = {each: ".".join(_parts(each)) for each in OPERATIONS}
    raise _unknown(f"The service has no operation {name!r:.60}.", name, known.values())


def read_fields(operation: Operation, words: tuple[str, ...], stack: ExitStack) -> dict[str, Any]:
    """Read `name=value` and `name=@file` into an operation's arguments.

    Args:
        operation: The operation.
        words: The words.
        stack: Closes the files that are opened.

    Raises:
        InvalidInput: When a word is none of these, or a value not what the field takes.
    """
    values: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        name = name.strip()
        if not equals or not name:
            raise InvalidInput(f"{word!r:.60} is not of the form name=value.")
        if name not in operation.fields:
            if not operation.fields:
                raise InvalidInput(f"{operation.name} has no fields.")
            raise _unknown(f"{operation.name} has no field {name!r:.60}.", name, operation.fields)
        if name in values:
            raise InvalidInput(f"{name} is set twice.")
        values[name] = _value(name, operation.fields[name], text, stack)
    return values


def _value(name: str, field: Field, text: str, stack: ExitStack) -> Any:
    path = None
    if text.startswith("@"):
        path, text = (None, text[1:]) if text.startswith("@@") else (Path(text[1:]), "")
    if field.kind == "file":
        if path is None:
            raise InvalidInput(f"{name} is a file: write {name}=@FILE.")
        return File(stack.enter_context(_opened(name, path)), path.name)
    if path is not None:
        with _opened(name, path) as file:
            text = file.read().decode(errors="replace").rstrip("\r\n")
    elif field.is_secret:
        raise InvalidInput(
            f"Other users of the machine can read arguments, so {name} is not taken as one.",
            next_step=f"Write {name}=@FILE, or leave it out and type it.",
        )
    if field.kind == "text":
        return text
    number = digits(text.removeprefix("-"))
    if number is None:
        raise InvalidInput(f"{name} is a whole number, not {text!r:.60}.")
    return -number if text.startswith("-") else number


def _opened(name: str, path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise InvalidInput(f"{name}: {path} can't be read: {error.strerror}.") from error


def _unknown(message: str, name: str, known: Any) -> InvalidInput:
    names = list(known)
    near = close(name, names) or (names if len(names) <= 10 else [])
    meant = f"Did you mean {', '.join(near)}? " if near else ""
    return InvalidInput(message, next_step=f"{meant}`mvsep api` lists all.")


def _operation(id: str) -> Operation:
    tag, short = _parts(id)
    method = getattr(_facade(tag), short)
    hints = get_type_hints(method)
    names = inspect.signature(method).parameters
    fields = {name: _field(name, hints[name]) for name in names if name != "self"}
    about = (inspect.getdoc(method) or "").partition("\n")[0]
    return Operation(tag, short, about, OPERATIONS[id].method, fields)


def _parts(id: str) -> tuple[str, str]:
    """Split an operation's id into its tag, which may have an underscore, and the rest."""
    tags = [name for name in vars(Api) if not name.startswith("_")]
    tag = max((each for each in tags if id.startswith(f"{each}_")), key=len)
    return tag, id.removeprefix(f"{tag}_")


def _facade(tag: str) -> type:
    words = "".join(map(str.capitalize, tag.split("_")))
    found: type = getattr(import_module(f"{_FACADE}.{tag}"), f"{words}Api")
    return found


def _field(name: str, hint: Any) -> Field:
    kinds = set(get_args(hint) or [hint])
    kind: Literal["text", "number", "file"] = "text"
    if File in kinds:
        kind = "file"
    elif str not in kinds and int in kinds:
        kind = "number"
    return Field(kind, Unset in kinds, "password" in name)
