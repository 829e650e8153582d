"""Publishing is idempotent, keeps every revision and deletes nothing; reports are kept once."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.bank import actions, queries
from app.bank.actions import PublishResult, publish, publish_bank
from app.bank.actions.reports import MOST_OPEN
from app.bank.models import PublicationRow, QuestionRow, ReportRow, RevisionRow
from app.base import audit
from app.base.db import db
from app.base.errors import Invalid, NotFound, Stale, TooMany
from tests.conftest import FIXTURE_BANK, Cast, Clock

AGE = "fx-a01-01"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small test bank to change."""
    return Path(shutil.copytree(FIXTURE_BANK, tmp_path / "bank"))


def change(folder: Path, old: str, new: str, name: str = "dangzhang/ch1.toml") -> None:
    """Replace a text in a file of the bank."""
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def number() -> int:
    """Return the counter of publications."""
    row = db.session.get(PublicationRow, 1)
    assert row is not None
    return row.number


def cut_age(folder: Path) -> str:
    """Remove the first question of chapter one and return its text."""
    path = folder / "dangzhang/ch1.toml"
    parts = path.read_text().split("[[question]]")
    path.write_text("[[question]]".join([parts[0], *parts[2:]]))
    return parts[1]


def test_publishing_twice_changes_nothing(app: Flask, folder: Path, clock: Clock) -> None:
    assert publish_bank(folder, clock()) == PublishResult(12, 0, 0, 0)
    clock.move(days=1)
    assert publish_bank(folder, clock()) == PublishResult(0, 0, 12, 0)
    assert number() == 1
    assert db.session.scalar(select(func.count()).select_from(RevisionRow)) == 12


def test_files_that_are_known_are_not_read_again(
    app: Flask, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_bank(folder, clock())
    with monkeypatch.context() as patch:
        patch.setattr(publish, "read_bank", None)
        assert publish_bank(folder, clock()) == PublishResult(0, 0, 12, 0)
        cut_age(folder)
        with pytest.raises(TypeError):
            publish_bank(folder, clock())
    assert publish_bank(folder, clock()) == PublishResult(0, 0, 11, 1)
    assert publish_bank(folder, clock()) == PublishResult(0, 0, 11, 0)


def test_files_are_read_again_by_other_code(
    app: Flask, folder: Path, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_bank(folder, clock())
    monkeypatch.setattr(publish, "CODE", tmp_path / "newer")
    monkeypatch.setattr(publish, "read_bank", None)
    with pytest.raises(TypeError):
        publish_bank(folder, clock())


def test_a_changed_question_gets_a_revision_and_keeps_the_old(
    app: Flask, folder: Path, clock: Clock
) -> None:
    publish_bank(folder, clock())
    before = queries.get_question(AGE)
    clock.move(days=1)
    change(folder, "须年满（　　）。", "应当年满（　　）。")
    assert publish_bank(folder, clock()) == PublishResult(0, 1, 11, 0)
    after = queries.get_question(AGE)
    assert (after.revision, "应当年满" in after.stem) == (2, True)
    assert after.updated_at == before.updated_at + 86400
    old = queries.get_question(AGE, 1)
    assert (old.stem, old.content) == (before.stem, before.content)
    assert number() == 2
    change(folder, "应当年满（　　）。", "须年满（　　）。")
    assert publish_bank(folder, clock()).revised == 1
    assert queries.get_question(AGE).revision == 3


def test_editors_notes_make_no_revision(app: Flask, folder: Path, clock: Clock) -> None:
    publish_bank(folder, clock())
    change(folder, 'reviewed = "2026-11"', 'reviewed = "2026-12"\ntags = ["x"]')
    assert publish_bank(folder, clock()) == PublishResult(0, 0, 12, 0)


def test_a_question_that_is_gone_is_retired_and_may_come_back(
    app: Flask, folder: Path, clock: Clock
) -> None:
    publish_bank(folder, clock())
    text = cut_age(folder)
    assert publish_bank(folder, clock()) == PublishResult(0, 0, 11, 1)
    assert AGE not in queries.list_question_ids()
    assert queries.list_retired_ids() == (AGE,)
    assert queries.get_question(AGE).status == "retired"
    assert publish_bank(folder, clock()) == PublishResult(0, 0, 11, 0)
    with (folder / "dangzhang/ch1.toml").open("a") as file:
        file.write("[[question]]" + text)
    assert publish_bank(folder, clock()) == PublishResult(1, 0, 11, 0)
    assert queries.get_question(AGE).revision == 1
    assert queries.list_question_ids()[-1] == AGE


def test_a_bank_with_errors_is_refused_whole(app: Flask, folder: Path, clock: Clock) -> None:
    change(folder, 'answer = "A"', 'answer = "E"')
    with pytest.raises(Invalid, match="fx-a08-01"):
        publish_bank(folder, clock())
    assert db.session.scalar(select(func.count()).select_from(QuestionRow)) == 0


def test_a_failure_half_way_leaves_the_publication_as_it_was(
    app: Flask, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_bank(folder, clock())
    change(folder, "须年满", "应当年满")

    def fail(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(publish, "write_publication", fail)
    with pytest.raises(RuntimeError):
        publish_bank(folder, clock())
    assert (number(), queries.get_question(AGE).revision) == (1, 1)


def test_a_title_corrected_in_the_sources_is_shown(app: Flask, folder: Path, clock: Clock) -> None:
    publish_bank(folder, clock())
    change(folder, 'short = "2022年修改"', 'short = "2022年版"', "sources.toml")
    assert publish_bank(folder, clock()) == PublishResult(0, 0, 12, 0)
    assert queries.get_question(AGE).edition_short == "2022年版"


def test_the_same_report_is_kept_once(bank: Flask, cast: Cast, clock: Clock) -> None:
    member = cast.make_member("甲")
    for text in ("题干有错字", " 题干有错字 "):
        actions.report_question(member, AGE, text, clock())
    assert queries.count_reports() == 1
    report = queries.list_reports(10, 0)[0]
    assert (report.text, report.question.id, report.state) == ("题干有错字", AGE, "open")


@pytest.mark.parametrize("text", ["", "  ", "长" * 501])
def test_an_empty_or_endless_report_is_refused(
    bank: Flask, cast: Cast, clock: Clock, text: str
) -> None:
    with pytest.raises(Invalid):
        actions.report_question(cast.make_member("甲"), AGE, text, clock())


def test_reports_on_nothing_and_too_many_reports_are_refused(
    bank: Flask, cast: Cast, clock: Clock
) -> None:
    member = cast.make_member("甲")
    with pytest.raises(NotFound):
        actions.report_question(member, "no-such", "x", clock())
    for n in range(MOST_OPEN):
        actions.report_question(member, AGE, f"x{n}", clock())
    with pytest.raises(TooMany):
        actions.report_question(member, AGE, "one more", clock())


def test_a_report_is_answered_once(bank: Flask, cast: Cast, clock: Clock) -> None:
    member, trainer = cast.make_member("甲"), cast.make_member("乙", role="trainer")
    actions.report_question(member, AGE, "题干有错字", clock())
    report_id = db.session.scalars(select(ReportRow.id)).one()
    for _delivery in range(2):
        actions.reply_report(member, report_id, "已改正", trainer, clock())
    with pytest.raises(Stale):
        actions.reply_report(member, report_id, "别的", trainer, clock())
    with pytest.raises(NotFound):
        actions.reply_report(trainer, report_id, "别的", trainer, clock())
    report = queries.list_reports(10, 0)[0]
    assert (report.state, report.reply) == ("answered", "已改正")


def test_publishing_and_answering_are_on_record(bank: Flask, cast: Cast, clock: Clock) -> None:
    member, trainer = cast.make_member("甲"), cast.make_member("乙", role="trainer")
    actions.report_question(member, "fx-a01-01", "错字", clock())
    report = queries.list_own_reports(member)[0]
    actions.reply_report(member, report.id, "已改正", trainer, clock())
    acts = [e for e in audit.list_entries() if e.action.startswith("bank.")]
    told = [(e.action, e.actor_id, e.member_id) for e in acts]
    assert told == [("bank.reply_report", trainer, member), ("bank.publish_bank", None, None)]
