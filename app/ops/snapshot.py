"""A SQLite file copied while it is in use, and what its rows hash to; no Flask, no clock."""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

CHUNK = 1024  # rows hashed at once; part of what the hash means, so never changed
Row = tuple[Any, ...]
Pack = Callable[[list[Row]], bytes]
FORM = 2  # how rows become bytes in copies made today


def _literals(rows: list[Row]) -> bytes:
    """Return rows as Python's literals."""
    return repr(rows).encode("utf-8", "surrogatepass")


# Form → how rows become bytes; each tells 1 from 1.0, '1' and x'31'. Older copies keep the first,
# the second takes a third less time.
PACKS: dict[int, Pack] = {1: _literals, 2: msgspec.msgpack.Encoder().encode}


class Rows(msgspec.Struct, frozen=True):
    """How many rows a table has, and the SHA-256 over all of them in the order they lie."""

    rows: int
    hash: str


Tables = dict[str, Rows]


def copy_database(source: Path, target: Path) -> Tables:
    """Copy every page of `source` as of one moment to `target`, which must not exist yet.

    Writers go on meanwhile. What is returned was read from the source in the same moment, so the
    copy must give the same.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        tables = hash_tables(connection)  # the first read fixes the moment
        with closing(sqlite3.connect(target)) as copy:
            connection.backup(copy)
        connection.execute("COMMIT")
    sync_file(target)
    return tables


def read_tables(path: Path, form: int = FORM) -> Tables:
    """Return what the rows of a file at rest hash to; raise sqlite3.DatabaseError when broken."""
    with _at_rest(path) as connection:
        return hash_tables(connection, form)


def select_rows(path: Path, query: str) -> list[Row]:
    """Return what a query gives on a file at rest."""
    with _at_rest(path) as connection:
        return connection.execute(query).fetchall()


def find_damage(path: Path) -> str | None:
    """Return what SQLite finds wrong in the pages of a file at rest, None when they are sound."""
    try:
        with _at_rest(path) as connection:
            found: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == "ok" else found


def hash_tables(connection: sqlite3.Connection, form: int = FORM) -> Tables:
    """Return rows and hash of every table, and of the schema itself under its SQLite name."""
    pack = PACKS[form]
    named = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    names = [name for (name,) in connection.execute(named)]
    schema = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")
    hashed = {"sqlite_schema": _hash(schema, pack)}
    for name in names:
        quoted = name.replace('"', '""')
        # Without an index the rows come in the order of their pages, which a copy shares.
        rows = connection.execute(f'SELECT * FROM "{quoted}" NOT INDEXED')
        hashed[name] = _hash(rows, pack)
    return hashed


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_file(path: Path) -> None:
    """Force a file, and the folder's word that it exists, onto the disk."""
    for place in (path, path.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _at_rest(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file nobody writes, leaving no journal beside it."""
    address = f"file:{quote(str(path))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        yield connection


def _hash(rows: sqlite3.Cursor, pack: Pack) -> Rows:
    """Hash rows, so many at a time."""
    total, count = hashlib.sha256(), 0
    while chunk := rows.fetchmany(CHUNK):
        total.update(pack(chunk))
        count += len(chunk)
    return Rows(count, total.hexdigest())
