"""Letters: confirmed addresses only, one a day at most, whatever the mail server says or does."""

import re
from collections.abc import Iterator
from datetime import date
from email import message_from_string
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.assign.actions import mail_host, reminding, send_letters
from app.assign.actions.mailing import AGAIN
from app.assign.coming import Asked
from app.assign.models.reminders import DigestRow, WishRow
from app.assign.queries import get_wish
from app.assign.queries.coming import Coming
from app.base import jobs
from app.base.clock import study_day
from app.base.db import db, transaction
from app.base.jobs import Later, Task
from tests.conftest import Cast, Clock
from tests.receivers import PostOffice, post_office

ORIGIN = "https://xueji.example"


@pytest.fixture
def office(app: Flask) -> Iterator[PostOffice]:
    """A mail server on this machine."""
    with post_office() as made:
        app.config["ORIGIN"], app.config["MAIL_FROM"] = ORIGIN, "学记 <xueji@site.example>"
        app.config["SMTP"] = f"smtp://127.0.0.1:{made.port}"
        yield made


def read(letter: tuple[str, str]) -> EmailMessage:
    """Return a letter as a mail program would."""
    found = message_from_string(letter[1], policy=default)
    assert isinstance(found, EmailMessage)
    return found


def work(app: Flask, kind: str) -> None:
    """Let a worker do what waits of a kind, now."""
    for job in [*jobs.list_jobs(), *(j for m in range(1, 9) for j in jobs.list_own_jobs(m))]:
        if job.kind == kind and job.state == "waiting":
            jobs.run_next(app, only=job.id)
    db.session.rollback()


def make_reader(cast: Cast, name: str, email: str | None) -> int:
    """Add a member who wants letters."""
    member_id = cast.make_member(name)
    if email:
        with transaction() as session:
            wish = WishRow(member_id=member_id, mail=True, cards=False, email=email, confirmed_at=1)
            session.add(wish)
    return member_id


def remind(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch, members: list[int], key: str = "r"
) -> None:
    """Remind the members of one thing that is due tomorrow."""
    everybody = frozenset(members)
    one = Asked("paper", 5, "党章测验", date(2026, 11, 24), None, everybody, everybody)
    monkeypatch.setattr(reminding, "list_coming", lambda _now: Coming((one,), {}))
    jobs.add_job("assign.remind", clock(), key=key)
    work(app, "assign.remind")


def states() -> dict[int, str]:
    """Return member → what became of the letter."""
    db.session.rollback()
    return {row.member_id: row.mail_state for row in db.session.scalars(select(DigestRow))}


def test_an_address_counts_once_its_owner_opens_the_letter(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice
) -> None:
    member_id = cast.make_member("甲")
    client = cast.sign_in("甲")
    reply = client.post("/reminders/mail", data={"email": "jia@example.cn"}, follow_redirects=True)
    assert "等你打开确认邮件里的链接" in reply.text
    work(app, "assign.confirm")
    [letter] = office.letters
    assert letter[0] == "jia@example.cn"
    found = re.search(rf"{ORIGIN}(/reminders/mail/\S+)", read(letter).get_content())
    assert found
    stranger = cast.make_member("乙")
    assert stranger != member_id
    assert cast.sign_in("乙").get(found[1]).status_code == 404
    assert not get_wish(member_id).confirmed
    assert client.get(found[1]).status_code == 200
    db.session.rollback()
    assert not get_wish(member_id).confirmed  # opening alone does nothing: machines open links
    assert client.post(found[1]).status_code == 302
    db.session.rollback()
    assert get_wish(member_id).confirmed
    assert client.get(found[1]).status_code == 404


def test_a_link_holds_three_days_and_letters_are_not_asked_for_without_end(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice
) -> None:
    cast.make_member("甲")
    client = cast.sign_in("甲")
    client.post("/reminders/mail", data={"email": "jia@example.cn"})
    again = client.post("/reminders/mail", data={"email": "yi@example.cn"})
    assert (again.status_code, "过一分钟再试" in again.text) == (429, True)
    work(app, "assign.confirm")
    found = re.search(r"/reminders/mail/\S+", read(office.letters[0]).get_content())
    assert found
    clock.move(days=3)
    assert client.get(found[0]).status_code == 404
    assert client.post("/reminders/mail", data={"email": "not one"}).status_code == 422


def test_one_letter_a_person_and_day_to_those_who_want_it(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = [make_reader(cast, name, f"{name}@example.cn") for name in ("a", "b")]
    silent, unconfirmed = cast.make_member("c"), make_reader(cast, "d", "d@example.cn")
    with transaction() as session:
        session.execute(
            update(WishRow).where(WishRow.member_id == unconfirmed).values(confirmed_at=None)
        )
    for key in ("r", "again"):
        remind(app, clock, monkeypatch, [*readers, silent, unconfirmed], key)
        work(app, "assign.mail")
    assert sorted(whom for whom, _letter in office.letters) == ["a@example.cn", "b@example.cn"]
    told = read(office.letters[0])
    assert told["Subject"] == "学记提醒：1 项"
    assert "试卷《党章测验》明天截止" in told.get_content()
    assert f"{ORIGIN}/reminders/settings" in told.get_content()
    assert states() == {readers[0]: "sent", readers[1]: "sent", silent: "", unconfirmed: ""}


def test_a_letter_speaks_its_readers_language(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id = make_reader(cast, "a", "a@example.cn")
    look = {"text_size": "18", "theme": "auto", "language": "en"}
    assert cast.sign_in("a").post("/settings", data=look).status_code == 302
    remind(app, clock, monkeypatch, [member_id])
    work(app, "assign.mail")
    assert "due tomorrow" in read(office.letters[0]).get_content()


def test_who_may_not_sign_in_any_more_gets_no_letter(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, changed, reader = (make_reader(cast, n, f"{n}@example.cn") for n in ("a", "b", "c"))
    remind(app, clock, monkeypatch, [gone, changed, reader])
    from app.accounts.actions import disable_user

    disable_user(gone, clock())
    client = cast.sign_in("b")
    assert client.post("/reminders/mail", data={"do": "stop"}).status_code == 302
    work(app, "assign.mail")
    assert [whom for whom, _letter in office.letters] == ["c@example.cn"]
    assert states() == {gone: "refused", changed: "refused", reader: "sent"}


def test_a_server_that_is_away_is_tried_again(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id = make_reader(cast, "a", "a@example.cn")
    office.greeting = "421 not now"
    remind(app, clock, monkeypatch, [member_id])
    work(app, "assign.mail")
    assert states() == {member_id: "waiting"}
    office.greeting = "220 here"
    work(app, "assign.mail")
    assert office.letters == []  # not before its time
    clock.move(seconds=AGAIN)
    work(app, "assign.mail")
    assert states() == {member_id: "sent"}


def test_one_bad_address_does_not_stop_the_others(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = [make_reader(cast, name, f"{name}@example.cn") for name in ("a", "b", "c", "d")]
    told = {"a@example.cn": "550 no such", "b@example.cn": "451 later"}
    office.to_recipient = lambda whom: told.get(whom, "250 ok")
    remind(app, clock, monkeypatch, readers)
    work(app, "assign.mail")
    assert states() == dict(zip(readers, ("refused", "waiting", "sent", "sent"), strict=True))
    told.clear()
    clock.move(seconds=AGAIN)
    work(app, "assign.mail")
    assert states() == dict(zip(readers, ("refused", "sent", "sent", "sent"), strict=True))
    assert len(office.letters) == 3


def test_what_nobody_can_know_is_not_sent_again(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = [make_reader(cast, name, f"{name}@example.cn") for name in ("a", "b")]
    office.to_data = lambda whom: None if whom.startswith("a@") else "250 taken"
    remind(app, clock, monkeypatch, readers)
    work(app, "assign.mail")
    assert states() == {readers[0]: "unknown", readers[1]: "sent"}
    assert len(office.letters) == 2


def test_a_letter_that_was_being_sent_when_killed_is_unknown(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id = make_reader(cast, "a", "a@example.cn")
    remind(app, clock, monkeypatch, [member_id])
    with transaction() as session:
        session.execute(update(DigestRow).values(mail_state="sending"))
    work(app, "assign.mail")
    assert office.letters == []
    assert states() == {member_id: "unknown"}


def test_yesterdays_letters_are_not_sent_today(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id = make_reader(cast, "a", "a@example.cn")
    remind(app, clock, monkeypatch, [member_id])
    clock.move(days=1)
    work(app, "assign.mail")
    assert office.letters == []
    assert states() == {member_id: "refused"}


def test_at_night_and_without_a_server_nothing_is_sent(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id = make_reader(cast, "a", "a@example.cn")
    clock.move(hours=13)  # 23:00 in Shanghai
    remind(app, clock, monkeypatch, [member_id])
    assert states() == {member_id: ""}
    app.config["SMTP"] = ""
    assert mail_host() is None
    task = Task("x", 0, {"day": study_day(clock()).isoformat()}, "h")
    assert "没有设置邮件服务器" in send_letters(task, clock())
    assert "本站没有开通邮件" in cast.sign_in("a").get("/reminders/settings").text


def test_put_off_is_no_failure(
    app: Flask, cast: Cast, clock: Clock, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.greeting = "554 closed"
    member_id = make_reader(cast, "a", "a@example.cn")
    remind(app, clock, monkeypatch, [member_id])
    for _try in range(8):
        work(app, "assign.mail")
        clock.move(seconds=AGAIN)
    [job] = [one for one in jobs.list_jobs() if one.kind == "assign.mail"]
    assert (job.state, job.tries) == ("waiting", 0)
    with pytest.raises(Later):
        send_letters(Task("x", 0, {"day": study_day(clock()).isoformat()}, "h"), clock())
