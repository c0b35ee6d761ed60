"""The tables of a journal in PostgreSQL, and how a text is kept in them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import sqlalchemy as sa

from mvsep.journal.port import IS_OPEN, IS_UNFINISHED, Newer, Unusable

_VERSION: Final = 1
# The advisory lock under which the tables are made: any number that others do not use.
_MAKING: Final = 0x6D767365706A
_NAME: Final = "mvsep"

_TABLES: Final = sa.MetaData(schema=_NAME)
NUMBERS: Final = sa.Sequence("entry_numbers", metadata=_TABLES)
ENTRIES: Final = sa.Table(
    "entries",
    _TABLES,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("marker", sa.Text),
    sa.Column("sep_type", sa.BigInteger, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, index=True),
    sa.Column("reason", sa.Text),
    sa.Column("began", sa.Double, nullable=False),
    sa.Column("changed", sa.Double, nullable=False),
    sa.Index("entries_by_key", "key", "id"),
    sa.Index("one_at_a_time", "key", unique=True, postgresql_where=sa.text(IS_OPEN)),
    sa.Index("unfinished", "id", postgresql_where=sa.text(IS_UNFINISHED)),
)
FILES: Final = sa.Table(
    "files",
    _TABLES,
    sa.Column("entry", sa.ForeignKey(ENTRIES.c.id, ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Index("files_by_entry", "entry"),
)
HOLDS: Final = sa.Table(
    "holds",
    _TABLES,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False),
)
LIMITS: Final = sa.Table(
    "limits",
    _TABLES,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("most", sa.Integer, nullable=False),
    sa.Column("refused", sa.DateTime(timezone=True)),
)
_SCHEMA: Final = sa.Table("version", _TABLES, sa.Column("number", sa.Integer, nullable=False))


def set_up(engine: sa.Engine, connection: sa.Connection) -> None:
    """Make the tables where there are none, as one of all who may do it at once.

    Raises:
        Newer: When a newer version of mvsep made them.
        Unusable: When the database can't hold every text.
    """
    coding = connection.execute(sa.text("SHOW server_encoding")).scalar()
    if coding != "UTF8":
        hint = "Make another one: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0."
        raise Unusable(f"the database is in {coding}, not in UTF8", hint)
    version = _version(connection)
    if version is None:
        one_at_a_time = engine.connect().execution_options(isolation_level="READ COMMITTED")
        with one_at_a_time as making, making.begin():
            making.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING)))
            version = _version(making)
            if version is None:
                if not sa.inspect(making).has_schema(_NAME):
                    making.execute(sa.schema.CreateSchema(_NAME))
                _TABLES.create_all(making)
                making.execute(sa.insert(_SCHEMA).values(number=_VERSION))
                version = _VERSION
    if version > _VERSION:
        raise Newer


def check_version(connection: sa.Connection) -> None:
    """Check over a new connection that no newer version of mvsep has changed the tables.

    Raises:
        Unusable: When one has.
    """
    if (_version(connection) or 0) > _VERSION:
        raise Unusable("a newer version of mvsep has changed it", "Update mvsep.")


def _version(connection: sa.Connection) -> int | None:
    name = sa.func.to_regclass(sa.cast(f"{_NAME}.version", sa.Text))
    if connection.execute(sa.select(sa.cast(name, sa.Text))).scalar() is None:
        return None
    return connection.execute(sa.select(_SCHEMA.c.number)).scalar()


def kept(values: Mapping[str, object]) -> dict[str, Any]:
    r"""Return values as PostgreSQL takes them: a text that is no UTF-8 there is `\x` and hex."""

    def one(value: object) -> object:
        if not isinstance(value, str):
            return value
        coded = value.encode(errors="surrogatepass")
        plain = coded.decode(errors="replace") == value and "\0" not in value
        return value if plain and not value.startswith("\\x") else f"\\x{coded.hex()}"

    return {name: one(value) for name, value in values.items()}


def told(value: object) -> object:
    """Return a value as it was before `kept`; what can't have been is left as it is."""
    if isinstance(value, str) and value.startswith("\\x"):
        with suppress(ValueError):
            return bytes.fromhex(value[2:]).decode(errors="surrogatepass")
    return value
