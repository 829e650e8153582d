"""Erasing a person leaves no trace, takes nothing from anybody else, and cannot be turned back."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app.accounts.actions import add_user, invite_newcomers
from app.accounts.invitation import Newcomer
from app.accounts.queries import Viewer, is_erased
from app.assign.actions import make_assignment, refresh_loads
from app.assign.actions.duties import make_duty
from app.assign.actions.hours import Told, record_gathering
from app.assign.actions.settling import settle_duty
from app.assign.assignment import Terms
from app.assign.audience import make_audience
from app.assign.goal import Goal
from app.assign.ownership import Charge
from app.assign.wording import Wording
from app.bank.actions import reply_report, report_question
from app.bank.queries import get_question, get_questions, list_question_ids
from app.base import audit
from app.base.clock import epoch, study_day
from app.base.db import db, transaction
from app.base.errors import NotFound
from app.base.ids import new_id
from app.ops import actions
from app.ops.queries import get_everything, list_mentions, list_owned
from app.org.actions import Edited, edit_person, give_post
from app.org.queries import get_profile
from app.quiz.press import wait_for_press
from app.study.actions import Answer, answer_card, undo_answer, write_note
from app.study.queries import list_drifted, list_erased_counts
from tests.conftest import PASSWORD, Cast, Clock

CANARY, PHONE = "金丝雀", "13912345678"
TRACES = (CANARY, PHONE, "canary-note", "canary-report", "canary-answer", "canary-agent")


@pytest.fixture
def people(bank: Flask, cast: Cast, clock: Clock) -> Cast:
    """An administrator, six members who all answer one question, and the canary among them."""
    cast.make_unit("A")
    cast.make_member("总管", role="admin", unit="A")
    for name in ("一", "二", "三", "四"):
        cast.make_member(name, unit="A")
    unit = cast.units["A"]
    cast.people[CANARY] = add_user(CANARY, "member", clock(), PASSWORD, PHONE, unit)
    for name in ("一", "二", "三", "四", CANARY):
        answer(cast.people[name], 0, clock)
    return cast


def answer(member_id: int, place: int, clock: Clock, response: object = None) -> str:
    """Answer a question of the bank, wrongly."""
    asked = get_question(list_question_ids()[place])
    sent = Answer(new_id(), asked.id, asked.revision, 0, response or [], 900, "due")
    answer_card(member_id, sent, clock())
    return sent.answer_id


def leave_traces(people: Cast, clock: Clock) -> FlaskClient:
    """Let the canary do everything a member can, and others do things to them."""
    member, questions = people.people[CANARY], list_question_ids()
    answer(member, 1, clock, ["canary-answer"])
    undo_answer(member, answer(member, 2, clock), clock())
    write_note(member, questions[0], "canary-note")
    report_question(member, questions[0], "canary-report", clock())
    report = db.session.execute(text("SELECT id FROM bank_report")).scalar_one()
    reply_report(member, report, "谢谢", people.people["总管"], clock())
    leave_traces_in_org(people, clock)
    leave_traces_in_assign(people, clock)
    client = people.app.test_client()
    client.post("/sign-in", data={"login": PHONE, "password": "wrong"})
    head = {"User-Agent": "canary-agent"}
    client.post("/sign-in", data={"login": PHONE, "password": PASSWORD}, headers=head)
    settings = {"new_per_day": "7", "answers_per_day": "70", "subject": ""}
    assert client.post("/study/settings", data=settings).status_code == 302
    client.post("/sign-in", data={"login": CANARY, "password": "wrong"})
    return client


def leave_traces_in_org(people: Cast, clock: Clock) -> None:
    """Let the canary become somebody in the Party, hold a post, and move to another unit."""
    member, by, day = people.people[CANARY], people.viewer("总管"), study_day(clock())
    give_post(member, people.units["A"], "secretary", day, None, by, clock())
    ask_a_goal(by, member, clock)
    seen, unit = get_profile(member, day).seen, people.make_unit("B", "A")
    wanted = Edited(CANARY, PHONE, "member", unit, "full", "exempt", seen)
    edit_person(member, wanted, by, clock())


def leave_traces_in_assign(people: Cast, clock: Clock) -> None:
    """Let the canary answer for a duty, report it as done, and be at a gathering."""
    member, unit, day = people.people[CANARY], people.units["A"], study_day(clock())
    wording = Wording("联系群众", "有记录", day, day)
    duty = make_duty(None, unit, wording, Charge(member_id=member), clock())
    settle_duty(people.viewer(CANARY), duty, day, "办了", clock())
    told = Told(day, "学条例", 2.0, "签到表", (member,))
    record_gathering(people.viewer("总管"), new_id(), unit, told, clock())


def ask_a_goal(by: Viewer, member: int, clock: Clock) -> None:
    """Name the canary in a study goal, and work out what it takes of them."""
    pairs = {(q.subject, q.chapter_id) for q in get_questions(list_question_ids()).values()}
    goal = Goal(tuple(sorted(pairs)), 80)
    terms = Terms("目标", epoch(clock()) + 60 * 24 * 3600, goal=goal)
    make_assignment(by, terms, make_audience(persons=[member]), new_id(), clock())
    assert refresh_loads(member, clock()) == 1


def leave_remains() -> None:
    """Delete a trace as a database that does not overwrite would, so that its bytes remain."""
    if db.engine.dialect.name != "sqlite":
        return
    path = db.engine.url.database or ""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("CREATE TABLE old (note TEXT)")
        connection.executemany("INSERT INTO old VALUES (?)", [("canary-note" * 300,)] * 9)
        connection.execute("DELETE FROM old")
        connection.execute("DROP TABLE old")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "canary-note" in found_in(Path(path))


def found_in(path: Path) -> list[str]:
    """Return the traces found in the bytes of a file."""
    data = path.read_bytes()
    return [trace for trace in TRACES if trace.encode() in data]


def rows_naming(member_id: int) -> list[str]:
    """Return the tables whose rows hold a trace, or the id in a column that names people."""
    found = []
    for table in db.metadata.sorted_tables:
        people = [
            c for c in table.columns if any(k in c.name for k in ("member", "user_id", "_by"))
        ]
        for row in db.session.execute(table.select()).mappings():
            told = json.dumps(dict(row), default=str, ensure_ascii=False)
            named = any(row[c.name] == member_id for c in people)
            if any(trace in told for trace in TRACES) or (named and table.name != "base_audit"):
                found.append(table.name)
    return found


def test_nothing_of_the_person_is_left(people: Cast, clock: Clock) -> None:
    member = people.people[CANARY]
    leave_traces(people, clock)
    leave_remains()
    assert set(rows_naming(member)) >= {
        "accounts_user",
        "accounts_session",
        "assign_attendance",
        "assign_duty_note",
        "assign_person_term",
        "assign_load",
        "assign_named",
        "bank_report",
        "org_membership",
        "org_post",
        "org_profile",
        "study_card",
        "study_note",
        "study_review",
        "study_setting",
        "study_void",
    }
    erased = actions.erase_member(member, people.people["总管"], clock())
    assert erased.rows > 8
    assert erased.swept
    assert rows_naming(member) == []
    with pytest.raises(NotFound):
        get_everything(member, clock())
    if db.engine.dialect.name == "sqlite":
        path = Path(db.engine.url.database or "")
        for file in path.parent.glob(path.name + "*"):
            assert found_in(file) == [], file
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA freelist_count").scalar() == 0


@pytest.mark.once
def test_files_that_may_name_the_person_are_gone(people: Cast, clock: Clock) -> None:
    """A report that somebody has just had made holds names; so does an order still under way."""
    client, folder = people.sign_in("总管"), Path(people.app.config["DATA"]) / "printed"
    assert client.get(f"/people/{people.people[CANARY]}/record.pdf").status_code == 302
    wait_for_press()
    assert len(list(folder.iterdir())) == 1
    actions.erase_member(people.people[CANARY], None, clock())
    assert list(folder.iterdir()) == []


def test_tries_to_sign_in_are_forgotten_too(people: Cast, clock: Clock) -> None:
    """A digest of a phone number can be undone by trying them all."""
    client = people.app.test_client()
    for login in (PHONE, CANARY, "nobody"):
        client.post("/sign-in", data={"login": login, "password": "wrong"})
    actions.erase_member(people.people[CANARY], None, clock())
    client.post("/sign-in", data={"login": PHONE, "password": "wrong"})
    query = text("SELECT count(*) FROM accounts_throttle WHERE bucket NOT LIKE 'address:%'")
    assert db.session.scalar(query) == 2  # the nobody of before, and the phone of after


def test_everybody_else_stays(people: Cast, clock: Clock) -> None:
    before = get_everything(people.people["一"], clock())
    leave_traces(people, clock)
    actions.erase_member(people.people[CANARY], None, clock())
    assert get_everything(people.people["一"], clock()) == before
    for name in ("一", "二", "三", "四"):
        assert list_drifted(people.people[name]) == []
    assert people.sign_in("一").get("/account").status_code == 200


def test_the_act_is_recorded_without_the_name(people: Cast, clock: Clock) -> None:
    actions.erase_member(people.people[CANARY], people.people["总管"], clock())
    [entry] = [e for e in audit.list_entries() if e.action == "ops.erase_member"]
    assert entry.actor_id == people.people["总管"]
    assert CANARY not in f"{entry.subject}{entry.details}"
    assert audit.find_break() is None


def test_a_phone_cannot_bring_anything_back(people: Cast, clock: Clock) -> None:
    member = people.people[CANARY]
    client = leave_traces(people, clock)
    assert client.post("/sign-in", data={"login": PHONE, "password": PASSWORD}).status_code == 302
    assert client.get("/account").status_code == 200
    actions.erase_member(member, None, clock())
    asked = get_question(list_question_ids()[3])
    data = {
        "answer_id": new_id(),
        "question_id": asked.id,
        "revision": str(asked.revision),
        "version": "0",
        "way": "due",
        "elapsed_ms": "9",
        "choice": "0",
    }
    assert "/sign-in" in client.post("/study/answer", data=data).location
    assert rows_naming(member) == []
    assert is_erased(member)
    again = add_user(CANARY, "member", clock(), PASSWORD, PHONE)
    assert again != member
    assert not is_erased(again)


def test_ids_of_the_erased_are_never_given_again(people: Cast, clock: Clock) -> None:
    given = set()
    for number in range(4):
        fresh = add_user(f"新人{number}", "member", clock())
        assert fresh not in given
        given.add(fresh)
        actions.erase_member(fresh, None, clock())


def test_many_who_are_added_at_once_get_no_id_of_the_erased(people: Cast, clock: Clock) -> None:
    gone = [add_user(f"旧人{number}", "member", clock()) for number in range(3)]
    for member in (gone[0], gone[2]):
        actions.erase_member(member, None, clock())
    actions.erase_member(gone[1], None, clock())
    with transaction() as session:
        newcomers = [Newcomer(f"新人{number}", None, None) for number in range(5)]
        added = {one.user_id for one in invite_newcomers(session, newcomers, None, clock())}
    assert len(added) == 5
    assert not added & set(gone)


def test_tombstones_name_nobody_without_the_secret(people: Cast, clock: Clock) -> None:
    import hashlib

    member = people.people[CANARY]
    actions.erase_member(member, None, clock())
    [mark] = db.session.execute(text("SELECT id_hash FROM accounts_tombstone")).scalars()
    guesses = {hashlib.sha256(str(n).encode()).hexdigest() for n in range(100)}
    assert mark not in guesses
    people.app.config["SECRET_KEY"] = "another"
    assert not is_erased(member)


def test_counts_of_five_or_more_are_kept_and_fewer_are_not(people: Cast, clock: Clock) -> None:
    first, second = list_question_ids()[:2]
    answer(people.people[CANARY], 1, clock)
    erased = actions.erase_member(people.people[CANARY], None, clock())
    assert erased.counted == 1
    assert list_erased_counts() == {first: (1, 1, 0)}
    for name in ("一", "二"):
        answer(people.people[name], 1, clock)
        actions.erase_member(people.people[name], None, clock())
    assert second not in list_erased_counts()
    assert list_erased_counts()[first] == (3, 3, 0)


def test_a_restored_copy_is_cleared_at_its_first_start(
    people: Cast, clock: Clock, tmp_path: Path
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("copies of a PostgreSQL database are restored by its own tool")
    made = actions.make_backup(clock())
    member = people.people[CANARY]
    erased = actions.erase_member(member, None, clock())
    assert erased.copies == 1
    actions.restore_backup(Path(made.file), tmp_path / "new", "test")
    from app.factory import create_app

    settings = {
        "TESTING": True,
        "DATA": tmp_path / "new",
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'new' / 'xueji.sqlite3'}",
        "CLOCK": clock,
    }
    other = create_app(settings)
    with other.app_context():
        assert rows_naming(member) != []
        assert actions.erase_again(clock()) == 1
        assert rows_naming(member) == []
        assert actions.erase_again(clock()) == 0
        assert found_in(tmp_path / "new" / "xueji.sqlite3") == []
        db.session.remove()
        db.engine.dispose()


def test_every_column_that_names_a_person_is_emptied_or_its_row_deleted(app: Flask) -> None:
    """A further room's table must belong to its member or be able to forget them."""
    owned = {table.name for table, _owner in list_owned()}
    assert owned >= {"accounts_user", "study_review", "bank_report", "accounts_session"}
    for table, column in list_mentions():
        assert column.nullable or table.name in owned, f"{table.name}.{column.name}"
    known = {(t.name, c.name) for t, c in (*list_owned(), *list_mentions())}
    known |= {("base_audit", "actor_id"), ("base_audit", "member_id")}  # numbers that name nobody
    for table in db.metadata.sorted_tables:
        for column in (c for c in table.columns if c.type.python_type is int):
            if column.name.endswith(("_by", "member_id", "user_id", "trainer_id", "author_id")):
                assert (table.name, column.name) in known, f"{table.name}.{column.name}"


def test_from_the_terminal(people: Cast, clock: Clock) -> None:
    runner = people.app.test_cli_runner()
    asked = runner.invoke(args=["accounts", "erase", CANARY], input="n\n")
    assert asked.exit_code == 1
    assert rows_naming(people.people[CANARY])
    words = ["accounts", "erase", f"#{people.people[CANARY]}", "--yes", "--json"]
    done = runner.invoke(args=words)
    assert json.loads(done.stdout)["counted"] == 1
    assert rows_naming(people.people[CANARY]) == []
    gone = runner.invoke(args=words)
    assert gone.exit_code == 1
    assert "没有找到" in gone.stderr


def test_namesakes_are_not_guessed(people: Cast, clock: Clock) -> None:
    add_user("一", "member", clock(), phone="13900000001")
    runner = people.app.test_cli_runner()
    done = runner.invoke(args=["accounts", "erase", "一", "--yes"])
    assert done.exit_code == 1
    assert "编号" in done.stderr


def test_the_site_itself_still_works(people: Cast, clock: Clock) -> None:
    leave_traces(people, clock)
    actions.erase_member(people.people[CANARY], None, clock())
    admin = people.sign_in("总管")
    for path in ("/people", "/reports", "/acts", "/statistics"):
        assert admin.get(path, follow_redirects=True).status_code in (200, 404), path
    assert db.session.scalars(select(audit.AuditRow.number)).all()
