"""Power cuts lose nothing with the site's setting, and the measurement can tell when one does."""

import random
import shutil

import pytest

from tests.bench.powercut import Disk, Step, measure, read_trace

pytestmark = pytest.mark.once

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@needs_strace
@pytest.mark.parametrize(("sync", "loses"), [("FULL", False), ("NORMAL", True)])
def test_only_the_weaker_setting_loses_answers(
    monkeypatch: pytest.MonkeyPatch, sync: str, loses: bool
) -> None:
    for name in ("XUEJI_DATABASE_URL", "XUEJI_SQLITE_SYNC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XUEJI_DATA", "")  # set again by the measurement, restored afterwards
    found = measure(cuts=40, count=30, sync=sync)
    assert found["corrupt"] == 0
    assert (found["disks_that_lost"] > 0) is loses


def test_what_was_synced_is_certain_and_the_rest_is_not() -> None:
    disk = Disk(bytearray(b"old "))
    disk.pending.append(Step("write", "", 4, b"new " * 512))
    outcomes = {disk.after_a_cut(random.Random(seed)) for seed in range(40)}
    assert b"old " in outcomes
    assert len(outcomes) > 3
    disk.sync()
    certain = {disk.after_a_cut(random.Random(seed)) for seed in range(40)}
    assert certain == {b"old " + b"new " * 512}


def test_a_trace_is_read() -> None:
    folder, name = "/d", b"/d/xueji.sqlite3".hex(" ").split()
    path = "".join(f"\\x{pair}" for pair in name)
    lines = [
        f'7 openat(AT_FDCWD, "{path}", O_RDWR) = 5',
        '7 pwrite64(5, "\\x61\\x62", 2, 4096) = 2',
        "8 fdatasync(5) = 0",
        '7 write(1, "\\x61\\x0a", 2) = 2',
        "7 ftruncate(5, 0) = 0",
        "7 close(5) = 0",
        '7 pwrite64(5, "\\x61\\x62", 2, 0) = 2',
        '7 openat(AT_FDCWD, "\\x2f\\x78", O_RDONLY) = -1 ENOENT',
    ]
    assert list(read_trace(iter(lines), folder)) == [
        Step("write", "xueji.sqlite3", 4096, b"ab"),
        Step("sync", "xueji.sqlite3"),
        Step("ack", data=b"a\n"),
        Step("truncate", "xueji.sqlite3", 0),
    ]


def test_calls_that_others_come_between_are_read() -> None:
    folder, name = "/d", b"/d/xueji.sqlite3".hex(" ").split()
    path = "".join(f"\\x{pair}" for pair in name)
    lines = [
        f'7 openat(AT_FDCWD, "{path}", O_RDWR) = 5',
        "7 fdatasync(5 <unfinished ...>",
        '8 write(1, "\\x62\\x0a", 2 <unfinished ...>',
        '9 pwrite64(5, "\\x61\\x62", 2, 4096 <unfinished ...>',
        "8 <... write resumed>) = 2",
        "9 <... pwrite64 resumed>) = 2",
        "7 <... fdatasync resumed>) = 0",
    ]
    assert list(read_trace(iter(lines), folder)) == [
        Step("begin", "xueji.sqlite3"),
        Step("ack", data=b"b\n"),
        Step("write", "xueji.sqlite3", 4096, b"ab"),
        Step("sync", "xueji.sqlite3"),
    ]


def test_what_is_written_during_a_sync_stays_uncertain() -> None:
    disk = Disk(bytearray(b"old "))
    disk.pending.append(Step("write", "", 0, b"new "))
    disk.begin()
    disk.pending.append(Step("write", "", 4, b"more"))
    disk.sync()
    found = {disk.after_a_cut(random.Random(seed)) for seed in range(40)}
    assert found == {b"new ", b"new more"}
