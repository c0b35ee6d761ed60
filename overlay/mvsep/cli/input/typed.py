"""The command as it was typed, to be typed again with more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click
from click.core import ParameterSource

from mvsep.cli.output.text import quoted


def typed_line(*more: str) -> str:
    """Return the line of the command that runs, with more words.

    Args:
        more: An option and its value, harmless; what was typed of it is left out.
    """
    context = click.get_current_context()
    words = [word for param in context.command.params for word in _words(context, param, more)]
    return " ".join([context.command_path, *map(quoted, (*words, *more))])


def _words(context: click.Context, param: click.Parameter, without: Iterable[str]) -> Iterator[str]:
    if context.get_parameter_source(param.name or "") is not ParameterSource.COMMANDLINE:
        return
    names, value = param.opts, context.params.get(param.name or "")
    if any(name in without for name in names):
        return
    values: Iterable[Any] = value if isinstance(value, tuple) else (value,)
    for each in values:
        if isinstance(param, click.Option):
            yield max(names, key=len)
            if param.is_flag:
                continue
        yield "none" if each is None else str(each)
