"""`--verbose`: each request to the service, as a line on standard error."""

from __future__ import annotations

import logging
from datetime import datetime
from urllib.parse import urlsplit

import click

from mvsep.cli.output.streams import note
from mvsep.cli.output.text import printable

# httpx logs each answer here: method, address, version, status, and its words.
_LOGGER = "httpx"
_FIELDS = 5


class _Requests(logging.Handler):
    """A handler that shows no query and no header: neither can show a token."""

    def emit(self, record: logging.LogRecord) -> None:
        if not isinstance(record.args, tuple) or len(record.args) != _FIELDS:
            return  # another line, in whose words there may be more
        method, address, _, status, _ = record.args
        parts = urlsplit(str(address))
        time = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S.%f")[:-3]
        note(printable(f"{time} {method} {parts.netloc.rpartition('@')[2]}{parts.path} {status}"))


def _begin(ctx: click.Context, param: click.Parameter, given: bool) -> None:
    if not given:
        return
    logger, handler = logging.getLogger(_LOGGER), _Requests(logging.INFO)
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
    help="Show each request on standard error: time, method, path and status. No token is shown.",
)
