"""The doctor finds each thing that can be wrong, says it in words, and changes nothing."""

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.base import audit
from app.base.db import db, transaction
from app.base.head import FILE
from app.base.jobs.queue import beat
from app.base.schema import stamp_schema
from app.ops import actions
from app.ops.demo import load_demo
from app.ops.queries import doctor
from app.ops.queries.doctor import Finding, list_findings
from tests.conftest import Cast, Clock


@pytest.fixture
def site(bank: Flask, cast: Cast, clock: Clock) -> Flask:
    """A site with nothing wrong: a bank, members with a history, one act, one copy."""
    stamp_schema()
    beat("worker", clock())
    (bank.config["DATA"] / "secret-key").touch(0o600)
    load_demo(2, 20, 1, clock())
    if db.engine.dialect.name == "sqlite":
        actions.make_backup(clock())
    return bank


def states(clock: Clock, recount: int = 50) -> dict[str, str]:
    """Return what is not fine, by name."""
    return {f.name: f.state for f in list_findings(clock(), recount) if f.state != "ok"}


def sound() -> dict[str, str]:
    """Return what is not fine on a sound site: PostgreSQL's copies need its own tool."""
    return {} if db.engine.dialect.name == "sqlite" else {"backup": "warn"}


def found(clock: Clock, name: str) -> Finding:
    """Return one finding."""
    return next(f for f in list_findings(clock(), 50) if f.name == name)


def test_a_sound_site_has_nothing_wrong(site: Flask, clock: Clock) -> None:
    assert states(clock) == sound()


@pytest.mark.parametrize(
    ("name", "state", "change"),
    [
        ("schema", "fault", "UPDATE alembic_version SET version_num = '0001'"),
        ("schema", "fault", "UPDATE alembic_version SET version_num = '9999'"),
        ("bank", "warn", "UPDATE bank_publication SET digest = 'x'"),
        ("audit", "fault", "UPDATE base_audit SET details = '{}'"),
        ("audit", "fault", "DELETE FROM base_audit"),
        ("cards", "fault", "UPDATE study_card SET reps = reps + 1 WHERE member_id = 2"),
        ("cards", "fault", "UPDATE study_review SET tally = 1 WHERE tally = 5"),
        ("summaries", "fault", "UPDATE study_member_chapter SET reviews = 1 WHERE member_id = 3"),
        ("summaries", "fault", "UPDATE study_member_chapter SET last_day = '2020-01-01'"),
        ("summaries", "fault", "UPDATE study_unit_chapter SET recalled = recalled - 1"),
        ("summaries", "fault", "DELETE FROM study_unit_chapter"),
        ("cards", "fault", "DELETE FROM study_card WHERE member_id = 3"),
    ],
)
def test_what_is_wrong_in_the_database_is_found(
    site: Flask, clock: Clock, name: str, state: str, change: str
) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(change))
    db.session.rollback()
    found_states = states(clock)
    if name == "cards" and "study_review" in change:  # what is counted again has changed too
        assert found_states.pop("summaries", "fault") == "fault"
    assert found_states == {**sound(), name: state}
    if name in ("cards", "summaries"):
        bank_mended(site)
        assert states(clock) == sound()


def bank_mended(site: Flask) -> None:
    """Put cards and summaries right from the terminal."""
    done = site.test_cli_runner().invoke(args=["ops", "doctor", "--mend", "--recount"])
    assert "汇总都与作答一致" in done.stdout, done.output


def test_answers_that_are_gone_show_in_cards_and_summaries(site: Flask, clock: Clock) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM study_review WHERE member_id = 3"))
    db.session.rollback()
    assert states(clock) == {**sound(), "cards": "fault", "summaries": "fault"}


def test_a_clock_behind_the_answers_is_found(site: Flask, clock: Clock) -> None:
    clock.move(days=-3)
    assert states(clock)["clock"] == "fault"


def test_a_copy_that_is_old_or_missing_is_found(site: Flask, clock: Clock) -> None:
    clock.move(hours=27)
    beat("worker", clock())
    assert states(clock) == {"backup": "warn"}
    shutil.rmtree(site.config["DATA"] / "backups", ignore_errors=True)
    assert "还没有备份" in found(clock, "backup").words


@pytest.mark.once
def test_secrets_that_others_can_read_are_found(site: Flask, clock: Clock) -> None:
    key: Path = site.config["DATA"] / "secret-key"
    key.chmod(0o644)
    finding = found(clock, "secrets")
    assert finding.state == "fault"
    assert "secret-key" in finding.words
    assert "chmod" in finding.words


@pytest.mark.once
def test_a_new_sqlite_database_is_its_owners_alone(site: Flask, clock: Clock) -> None:
    if db.engine.dialect.name == "sqlite":
        path = Path(db.engine.url.database or "")
        assert path.stat().st_mode & 0o077 == 0
        assert Path(f"{path}-wal").stat().st_mode & 0o077 == 0
        path.chmod(0o644)
        site.config["DATA"].chmod(0o755)
        assert states(clock) == {"secrets": "fault"}


@pytest.mark.once
@pytest.mark.parametrize(("free", "state"), [(1 << 20, "fault"), (500 << 20, "warn")])
def test_a_full_disk_is_found(
    site: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage)
    assert states(clock)["disk"] == state


@pytest.mark.once
def test_a_folder_that_cannot_be_written_is_found(
    site: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_where: object) -> None:
        raise OSError(30, os.strerror(30))

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    assert states(clock)["folder"] == "fault"


def test_weaker_sync_is_found(site: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    if db.engine.dialect.name == "sqlite":
        monkeypatch.setenv("XUEJI_SQLITE_SYNC", "NORMAL")
        db.session.remove()
        db.engine.dispose()
        finding = found(clock, "durable")
        assert (finding.state, "synchronous=1" in finding.words) == ("fault", True)


def test_a_database_that_is_gone_is_one_clear_sentence(site: Flask, clock: Clock) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a server is killed elsewhere")
    path = Path(db.engine.url.database or "")
    db.session.remove()
    db.engine.dispose()
    for file in path.parent.glob(path.name + "*"):
        file.unlink()
    path.mkdir()
    findings = {f.name: f for f in list_findings(clock())}
    assert "连不上数据库" in findings["database"].words
    assert findings["disk"].state == "ok"
    assert findings["cards" if "cards" in findings else "audit"].state == "fault"
    path.rmdir()


def test_from_the_terminal(site: Flask, clock: Clock) -> None:
    runner = site.test_cli_runner()
    done = runner.invoke(args=["ops", "doctor", "--recount", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["sound"] is True
    (site.config["DATA"] / "secret-key").chmod(0o666)
    broken = runner.invoke(args=["ops", "doctor"])
    assert broken.exit_code == 1
    assert "✗ 故障 别的用户能读到：secret-key" in broken.stdout


def test_the_chain_is_checked_from_the_terminal(site: Flask, clock: Clock) -> None:
    runner, before = site.test_cli_runner(), len(audit.list_entries())
    for number in range(3):
        with transaction() as session:
            audit.record(session, clock(), None, "org.add_unit", f"unit:{number}")
    acts = before + 3
    done = runner.invoke(args=["ops", "audit", "--json"])
    assert json.loads(done.stdout) == {"sound": True, "acts": acts, "broken": None, "missing": None}
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM base_audit WHERE number > 2"))
    db.session.rollback()
    cut = runner.invoke(args=["ops", "audit", "--json"])
    assert cut.exit_code == 1
    assert json.loads(cut.stdout) == {"sound": False, "acts": 2, "broken": None, "missing": acts}


def test_a_restored_copy_is_sound_in_its_own_folder(
    site: Flask, clock: Clock, tmp_path: Path
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("copies of a PostgreSQL database are restored by its own tool")
    clock.move(seconds=1)
    made = actions.make_backup(clock())
    with transaction() as session:
        audit.record(session, clock() + timedelta(seconds=1), None, "org.add_unit", "unit:9")
    actions.restore_backup(Path(made.file), tmp_path / "new", "test")
    from app.factory import create_app

    settings = {
        "TESTING": True,
        "DATA": tmp_path / "new",
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'new' / 'xueji.sqlite3'}",
        "QUESTION_BANK": site.config["QUESTION_BANK"],
        "CLOCK": clock,
    }
    other = create_app(settings)
    with other.app_context():
        assert (tmp_path / "new" / FILE).exists()
        assert states(clock) == {"backup": "warn"}
        db.session.remove()
        db.engine.dispose()
