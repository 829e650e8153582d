"""What is wrong with the site, in words, each with what to do about it; nothing is changed."""

import os
import random
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from flask import current_app
from sqlalchemy import select, text

from app.accounts.queries import listing
from app.bank.actions import digest_of
from app.bank.queries import find_digest
from app.bank.source import read_bank
from app.base import audit
from app.base.clock import SHANGHAI
from app.base.db import db
from app.base.jobs import find_failed, find_worker
from app.base.schema import current_revision, newest_revision
from app.ops.queries.copies import find_newest_copy
from app.study.queries import (
    find_newest_moment,
    list_drifted,
    list_missummed_members,
    list_missummed_units,
)

State = Literal["ok", "warn", "fault"]
LEAST_FREE = 100 * 1024 * 1024  # bytes: below, answers may soon not fit any more
SCARCE = 1024 * 1024 * 1024  # bytes: below, a copy may not fit any more
STALE = timedelta(hours=26)  # a day between copies, and some time for making one
AHEAD = timedelta(minutes=5)  # how far clocks of two machines may differ
DURABLE: dict[str, int | str] = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
DURABLE_POSTGRESQL: dict[str, int | str] = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: fine, to be seen to, or broken, and a sentence about it."""

    name: str
    state: State
    words: str


def list_findings(now: datetime, recount: int = 0) -> list[Finding]:
    """Look at everything; `recount` members' cards are replayed from their answers."""
    looked: list[tuple[str, Callable[[], Finding]]] = [
        ("database", look_at_database),
        ("durable", look_at_durability),
        ("schema", look_at_schema),
        ("bank", look_at_bank),
        ("disk", look_at_disk),
        ("folder", look_at_folder),
        ("secrets", look_at_secrets),
        ("backup", lambda: look_at_backup(now)),
        ("worker", lambda: look_at_worker(now)),
        ("audit", look_at_audit),
        ("clock", lambda: look_at_clock(now)),
    ]
    if recount:
        looked.append(("cards", lambda: look_at_cards(recount)))
        looked.append(("summaries", lambda: look_at_summaries(recount)))
    return [look(name, ask) for name, ask in looked]


def look(name: str, ask: Callable[[], Finding]) -> Finding:
    """Say that something could not be looked at, without what the error quotes."""
    try:
        return ask()
    except Exception as error:  # whatever it is, the other findings are wanted too
        db.session.rollback()
        return Finding(name, "fault", f"没有查成（{type(error).__name__}），请先解决其他问题再查。")


def look_at_database() -> Finding:
    """Is there a database, and does it answer?"""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception as error:
        db.session.rollback()
        words = "连不上数据库（{}）。请检查 XUEJI_DATABASE_URL、数据文件夹和数据库服务。"
        return Finding("database", "fault", words.format(type(error).__name__))
    return Finding("database", "ok", f"数据库应答正常（{db.engine.dialect.name}）。")


def look_at_durability() -> Finding:
    """Is an answer on the disk before it is acknowledged?"""
    sqlite = db.engine.dialect.name == "sqlite"
    wanted = DURABLE if sqlite else DURABLE_POSTGRESQL
    ask = "PRAGMA {}" if sqlite else "SHOW {}"
    found = {name: db.session.scalar(text(ask.format(name))) for name in wanted}
    wrong = [f"{name}={found[name]}" for name in wanted if found[name] != wanted[name]]
    if not wrong:
        return Finding("durable", "ok", "已确认的作答断电也不丢。")
    words = "断电可能丢失最后的作答：{}。请去掉 XUEJI_SQLITE_SYNC 或改回数据库的设置。"
    return Finding("durable", "fault", words.format("，".join(wrong)))


def look_at_schema() -> Finding:
    """Are the tables those this version needs?"""
    at, newest = current_revision(), newest_revision()
    if at == newest:
        return Finding("schema", "ok", f"数据表是最新的（{newest}）。")
    if at is not None and at > newest:
        return Finding("schema", "fault", f"数据库（{at}）比程序（{newest}）新，请更新程序。")
    words = f"数据表停在 {at or '空库'}，程序需要 {newest}。请先备份，再运行 schema upgrade。"
    return Finding("schema", "fault", words)


def look_at_bank() -> Finding:
    """Is what is published what the files say?"""
    if find_digest() == digest_of(read_bank(current_app.config["QUESTION_BANK"])):
        return Finding("bank", "ok", "题库已发布，与文件一致。")
    return Finding("bank", "warn", "题库文件有改动还没有发布。请运行 bank publish。")


def look_at_disk() -> Finding:
    """Is there room for answers and copies?"""
    free = shutil.disk_usage(_data()).free
    state: State = "fault" if free < LEAST_FREE else "warn" if free < SCARCE else "ok"
    more = "" if state == "ok" else "请腾出空间，或把数据文件夹移到更大的磁盘。"
    return Finding("disk", state, f"磁盘还剩 {free >> 20} MB。{more}")


def look_at_folder() -> Finding:
    """Can the site write where it must?"""
    try:
        with tempfile.TemporaryFile(dir=_data()) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        words = f"数据文件夹写不进去（{error.strerror}）。请检查所有者、权限和磁盘。"
        return Finding("folder", "fault", words)
    return Finding("folder", "ok", "数据文件夹可写。")


def look_at_secrets() -> Finding:
    """May only the owner read the key, the database and the copies?"""
    closed = not stat.S_IMODE(_data().stat().st_mode) & 0o077
    found = [p for p in (_data() / "secret-key", *_data().glob("*.sqlite3")) if p.exists()]
    wide = [p.name for p in found if stat.S_IMODE(p.stat().st_mode) & 0o077]
    if "secret-key" in wide or (wide and not closed):
        words = (
            f"别的用户能读到：{'、'.join(wide)}。请运行 chmod 700 {_data()}；chmod 600 {wide[0]}。"
        )
        return Finding("secrets", "fault", words)
    return Finding("secrets", "ok", "密钥和数据库只有所有者能读。")


def look_at_backup(now: datetime) -> Finding:
    """Is there a copy, and is it young enough?"""
    copy = find_newest_copy(now)
    if copy is None:
        return Finding("backup", "warn", "还没有备份。请运行 ops backup，并每天定时运行。")
    hours = copy.age // timedelta(hours=1)
    if copy.age > STALE:
        words = f"最近的备份是 {hours} 小时以前的。请检查定时任务，运行 ops backup。"
        return Finding("backup", "warn", words)
    return Finding("backup", "ok", f"最近的备份：{hours} 小时以前（{copy.path.name}）。")


def look_at_worker(now: datetime) -> Finding:
    """Does somebody do the regular work, and did the last of each kind succeed?"""
    worker = find_worker(now)
    if worker is None or not worker.is_alive:
        since = f"已经 {worker.age // 60} 分钟没有动静" if worker else "从来没有运行过"
        words = f"后台程序{since}：夜间备份、提醒都停着。请用 ./xueji serve 或 ./xueji jobs work。"
        return Finding("worker", "warn", words)
    failed = find_failed()
    if failed:
        names = "、".join(job.kind for job in failed)
        words = f"后台任务没有办成：{names}。请看日志，再用 jobs run 重试。"
        return Finding("worker", "warn", words)
    return Finding("worker", "ok", "后台程序在运行，定时任务都办成了。")


def look_at_audit() -> Finding:
    """Is the record of acts whole?"""
    broken, missing = audit.find_break(), audit.find_missing()
    if broken is not None:
        words = f"操作记录从第 {broken} 条起对不上：有人改动、删除或插入过，或密钥换过。"
        return Finding("audit", "fault", words)
    if missing is not None:
        words = f"操作记录被截短：库外记着第 {missing} 条，库里没有。"
        return Finding("audit", "fault", words)
    last = audit.find_last()
    return Finding("audit", "ok", f"操作记录完整（{last.number if last else 0} 条）。")


def look_at_clock(now: datetime) -> Finding:
    """Is the machine's time later than everything that has happened?"""
    entries = audit.list_entries(limit=1)
    newest = max(find_newest_moment() or 0, entries[0].at_ms if entries else 0) / 1000
    shown = now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if now.timestamp() + AHEAD.total_seconds() < newest:
        words = f"机器的时间（{shown}）早于最近的作答或操作。请校准时钟（timedatectl）。"
        return Finding("clock", "fault", words)
    return Finding("clock", "ok", f"时钟正常（北京时间 {shown}）。")


def look_at_cards(members: int) -> Finding:
    """Is every card of some members what replaying their answers gives?"""
    chosen = choose_members(members)
    drifted = [(member, question) for member in chosen for question in list_drifted(member)]
    if not drifted:
        return Finding("cards", "ok", f"抽查 {len(chosen)} 人，卡片都与作答记录一致。")
    member, question = drifted[0]
    words = f"{len(drifted)} 张卡片与作答记录不符，第一张：成员 {member}，题目 {question}。"
    return Finding("cards", "fault", words)


def look_at_summaries(members: int) -> Finding:
    """Are the summaries of some members, and of all units, what counting the answers gives?"""
    chosen = choose_members(members)
    people, units = list_missummed_members(chosen), list_missummed_units()
    if not people and not units:
        return Finding("summaries", "ok", f"抽查 {len(chosen)} 人和全部单位，汇总都与作答一致。")
    words = f"{len(people)} 人、{len(units)} 个单位的汇总与作答不符。请运行 ops doctor --mend。"
    return Finding("summaries", "fault", words)


def choose_members(most: int) -> list[int]:
    """Return the ids of up to `most` members, drawn by lot, in order."""
    ids = list(db.session.scalars(select(listing.c.id).order_by(listing.c.id)))
    return sorted(random.sample(ids, min(most, len(ids))))


def _data() -> Path:
    path: Path = current_app.config["DATA"]
    return path
