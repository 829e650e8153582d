"""A copy put back into a fresh folder, or refused when anything about it is not as it was made.

No Flask, no clock. What is checked is what was written: the file is hashed while it is copied, and
the rows are read from the new file.
"""

import hashlib
import os
import sqlite3
from pathlib import Path

import msgspec

from app.base.errors import Invalid, NotFound
from app.base.head import Head
from app.ops.manifest import Manifest, decode, is_sealed_by, manifest_of
from app.ops.snapshot import PACKS, find_damage, read_tables, select_rows, sync_file

PIECE = 1 << 20  # bytes
DATABASE = "xueji.sqlite3"


def read_manifest(copy: Path, secret: str | None) -> Manifest:
    """Return the manifest of a copy; raise Invalid unless it is sealed with `secret`.

    Without a secret the seal is not looked at.
    """
    try:
        manifest = decode(manifest_of(copy).read_bytes())
    except FileNotFoundError as error:
        raise NotFound(f"没有找到备份的清单 {manifest_of(copy)}。") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Invalid("备份的清单读不懂，可能已损坏。没有恢复。") from error
    if secret is not None and not is_sealed_by(manifest, secret):
        raise Invalid(
            "清单不是用这把密钥封存的：可能被改动过，也可能来自另一个站点。没有恢复。"
            "如果来自另一个站点，请用 --key-file 指出它的 secret-key。"
        )
    return manifest


def restore(copy: Path, into: Path, secret: str | None) -> Manifest:
    """Put a SQLite copy into the fresh folder `into`; nothing stays there when it is refused."""
    manifest = read_manifest(copy, secret)
    if manifest.format not in PACKS:
        raise Invalid("这份备份是更新的版本做的。请先更新学记，再恢复。")
    if manifest.engine != "sqlite":
        raise Invalid(f"这是 PostgreSQL 的备份。请用：createdb 新库 && pg_restore -d 新库 {copy}")
    if into.exists() and any(into.iterdir()):
        raise Invalid(f"{into} 不是空文件夹。请恢复到一个新文件夹，以免盖掉现有的数据。")
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = into / DATABASE
    try:
        _check(_write(copy, target), target, manifest)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    sync_file(target)
    return manifest


def find_last_act(database: Path) -> Head | None:
    """Return where the chain of acts stands in a restored file, None when it holds no acts."""
    query = "SELECT number, mac FROM base_audit ORDER BY number DESC LIMIT 1"
    try:
        rows = select_rows(database, query)
    except sqlite3.OperationalError:  # older than the record of acts
        return None
    return Head(*rows[0]) if rows else None


def _write(copy: Path, target: Path) -> str:
    """Copy the file and return the SHA-256 of what was written."""
    if not copy.exists():
        raise NotFound(f"没有找到备份 {copy}。")
    total = hashlib.sha256()
    with copy.open("rb") as read:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as write:
            while piece := read.read(PIECE):
                total.update(piece)
                write.write(piece)
    return total.hexdigest()


def _check(found: str, target: Path, manifest: Manifest) -> None:
    """Refuse what differs from the manifest in bytes, pages or rows."""
    if found != manifest.sha256:
        raise Invalid("备份文件与清单不符：已损坏或被改动过。没有恢复，请换一份备份。")
    damage = find_damage(target)
    if damage:
        raise Invalid(f"备份文件已损坏（{damage}）。没有恢复，请换一份备份。")
    if read_tables(target, manifest.format) != manifest.tables:
        raise Invalid("恢复出来的行与清单不符。没有恢复，请换一份备份。")
