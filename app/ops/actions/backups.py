"""Copies of the database: made while the site runs, proven by restoring them, and put back."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from app.base.config import write_secret
from app.base.db import db
from app.base.errors import Invalid, Stale
from app.base.head import FILE, append_head
from app.base.schema import current_revision
from app.ops.dump import dump
from app.ops.manifest import Manifest, encode, list_copies, manifest_of, seal, stamp
from app.ops.queries import hash_postgresql
from app.ops.restore import DATABASE, find_last_act, restore
from app.ops.snapshot import (
    FORM,
    Tables,
    copy_database,
    find_damage,
    hash_file,
    read_tables,
    sync_file,
)

KEEP = 14  # copies: two weeks of one a day
ERASED = "erased"  # tombstones beside the copies, for copies that are older than an erasure
SPARE = 64 * 1024 * 1024  # bytes that must stay free beside the copies


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was proven: where it lies, how much is in it, how many older ones went."""

    file: str
    bytes: int
    tables: int
    rows: int
    removed: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What lies in the new folder, and of what moment."""

    folder: str
    made_at: datetime
    revision: str
    tables: int
    rows: int
    key: bool


def make_backup(now: datetime, keep: int = KEEP) -> Backup:
    """Copy the database into the data folder, prove the copy, then let all but `keep` copies go."""
    folder: Path = current_app.config["DATA"] / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = db.engine.dialect.name
    final = folder / (stamp(now) + (".sqlite3" if engine == "sqlite" else ".pgdump"))
    part = final.with_suffix(".part")
    if final.exists() or part.exists():
        raise Stale("这一秒里已经有一份备份，请稍后再试。")
    try:
        tables = _copy_sqlite(part) if engine == "sqlite" else _dump_postgresql(part)
        _keep(part, final, _describe(part, tables, engine, now))
    finally:
        part.unlink(missing_ok=True)
    size = final.stat().st_size
    return Backup(str(final), size, len(tables), _count(tables), _thin(folder, keep))


def restore_backup(copy: Path, into: Path, secret: str | None) -> Restored:
    """Put a copy into a fresh folder, with the site's key when the copy is sealed with it."""
    manifest = restore(copy, into, secret)
    if secret is not None:
        write_secret(into / "secret-key", secret)
    _bring_tombstones(copy.parent / ERASED, into / "backups")
    head = find_last_act(into / DATABASE)
    if head is not None:
        append_head(into / FILE, head)
    return Restored(
        folder=str(into),
        made_at=manifest.made_at,
        revision=manifest.revision,
        tables=len(manifest.tables),
        rows=_count(manifest.tables),
        key=secret is not None,
    )


def _bring_tombstones(marks: Path, folder: Path) -> None:
    """Take along who was erased since the copy was made; the first start erases them again."""
    if marks.exists():
        folder.mkdir(mode=0o700)
        write_secret(folder / ERASED, marks.read_text())


def _copy_sqlite(part: Path) -> Tables:
    """Copy the file, and compare a restored copy of the copy with what was read."""
    source = Path(db.engine.url.database or "")
    _check_room(part.parent, sum(p.stat().st_size for p in source.parent.glob(source.name + "*")))
    tables = copy_database(source, part)
    trial = part.with_suffix(".trial")
    try:
        shutil.copyfile(part, trial)
        if find_damage(trial) or read_tables(trial) != tables:
            raise Invalid("备份与原库不一致，没有留下这份备份。请运行 ops doctor。")
    finally:
        trial.unlink(missing_ok=True)
    return tables


def _check_room(folder: Path, size: int) -> None:
    """Refuse to begin when the copy and its trial would fill the disk."""
    needed, free = 2 * size + SPARE, shutil.disk_usage(folder).free
    if free < needed:
        raise Invalid(
            f"磁盘空间不够，没有备份：备份和验证约需 {needed >> 20} MB，只剩 {free >> 20} MB。"
        )


def _dump_postgresql(part: Path) -> Tables:
    """Dump one moment with PostgreSQL's tool; the rows are hashed in the same moment."""
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot: str = connection.scalar(text("SELECT pg_export_snapshot()")) or ""
        schema: str | None = connection.scalar(text("SELECT current_schema()"))
        dump(part, snapshot, _reach(), schema)
        tables = hash_postgresql(connection)
    sync_file(part)
    return tables


def _reach() -> dict[str, str]:
    """Return libpq's variables for the site's database."""
    url = db.engine.url
    found = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port or url.query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {name: str(value) for name, value in found.items() if value}


def _describe(part: Path, tables: Tables, engine: str, now: datetime) -> Manifest:
    manifest = Manifest(
        made_at=now,
        engine=engine,
        revision=current_revision() or "",
        bytes=part.stat().st_size,
        sha256=hash_file(part),
        tables=tables,
        format=FORM if engine == "sqlite" else 1,
    )
    return seal(manifest, current_app.config["SECRET_KEY"])


def _keep(part: Path, final: Path, manifest: Manifest) -> None:
    """Give a proven copy its name; the manifest comes last, and without it a copy is none."""
    os.replace(part, final)
    beside = manifest_of(final)
    write_secret(beside, encode(manifest).decode())
    sync_file(beside)


def _thin(folder: Path, keep: int) -> int:
    """Remove all but the newest copies, and return how many went."""
    old = list_copies(folder)[max(1, keep) :]
    for copy in old:
        manifest_of(copy).unlink()
        copy.unlink()
    return len(old)


def _count(tables: Tables) -> int:
    """Return how many rows there are, without the lines of the schema."""
    return sum(table.rows for name, table in tables.items() if name != "sqlite_schema")
