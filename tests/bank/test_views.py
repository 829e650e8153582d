"""A member reports a problem; a trainer reads and answers it without learning whose it was."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.bank.models import ReportRow
from app.base.db import db
from tests.conftest import Cast

URL = "/questions/fx-a01-01/report"


@pytest.fixture
def people(bank: Flask, cast: Cast) -> Cast:
    """A member and a trainer."""
    cast.make_member("学员甲")
    cast.make_member("书记乙", role="trainer")
    return cast


def test_a_report_goes_to_the_trainer_and_is_answered(people: Cast) -> None:
    reply = people.sign_in("学员甲").post(URL, data={"text": "<b>错字</b>", "next": "/study"})
    assert (reply.status_code, reply.location) == (302, "/study")
    trainer = people.sign_in("书记乙")
    page = trainer.get("/question-reports").text
    assert "&lt;b&gt;错字" in page
    assert "学员甲" not in page
    row = db.session.scalars(select(ReportRow)).one()
    address = f"/question-reports/{row.member_id}/{row.id}"
    assert trainer.post(address, data={"text": "已改正"}).location == "/question-reports"
    assert "已改正" in trainer.get("/question-reports").text
    own = people.sign_in("学员甲").get("/my-reports").text
    assert "&lt;b&gt;错字" in own
    assert "已改正" in own


def test_a_report_is_acknowledged_once(people: Cast) -> None:
    member = people.sign_in("学员甲")
    member.post(URL, data={"text": "错字", "next": "/ways"})
    assert "谢谢，已转告出题人。" in member.get("/ways").text
    assert "谢谢，已转告出题人。" not in member.get("/ways").text


def test_nobody_elses_reports_are_shown(people: Cast) -> None:
    people.sign_in("学员甲").post(URL, data={"text": "错字"})
    assert "错字" not in people.sign_in("书记乙").get("/my-reports").text


@pytest.mark.parametrize("text", ["", "长" * 501])
def test_a_report_that_does_not_fit_is_refused(people: Cast, text: str) -> None:
    assert people.sign_in("学员甲").post(URL, data={"text": text}).status_code == 422


def test_going_back_stays_on_the_site(people: Cast) -> None:
    data = {"text": "错字", "next": "//evil.example/"}
    assert people.sign_in("学员甲").post(URL, data=data).location == "/"


def test_members_do_not_see_reports(people: Cast) -> None:
    assert people.sign_in("学员甲").get("/question-reports").status_code == 404


def test_open_reports_come_first(people: Cast) -> None:
    member, trainer = people.sign_in("学员甲"), people.sign_in("书记乙")
    member.post(URL, data={"text": "第一条反馈"})
    row = db.session.scalars(select(ReportRow)).one()
    address = f"/question-reports/{row.member_id}/{row.id}"
    trainer.post(address, data={"text": "已改正"})
    member.post(URL, data={"text": "第二条反馈"})
    page = trainer.get("/question-reports").text
    assert page.index("第二条反馈") < page.index("第一条反馈")
