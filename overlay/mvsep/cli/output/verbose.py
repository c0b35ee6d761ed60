"""`--verbose`: each request to the service, as a line on standard error."""

from __future__ import annotations

import logging
from datetime import datetime

import click

from mvsep.cli.output.streams import note
from mvsep.cli.output.text import printable

# The library's own logger: its lines have no query, no header and no token.
_LOGGER = "mvsep"


class _Lines(logging.Handler):
    """A handler that writes each line with its time."""

    def emit(self, record: logging.LogRecord) -> None:
        time = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S.%f")[:-3]
        note(printable(f"{time} {record.getMessage()}"))


def _begin(ctx: click.Context, param: click.Parameter, given: bool) -> None:
    if not given:
        return
    logger, handler = logging.getLogger(_LOGGER), _Lines(logging.INFO)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)

    def end() -> None:
        logger.removeHandler(handler)
        logger.setLevel(level)

    ctx.call_on_close(end)


verbose_option = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    expose_value=False,
    callback=_begin,
    help="Show each request on standard error: time, method, path, status, seconds and attempt. No "
    "token is shown.",
)
