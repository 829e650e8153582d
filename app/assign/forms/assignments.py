"""What pages send that ask a paper or a study goal of people; no rules of the domain."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.assign.assignment import Terms, read_days
from app.assign.forms.audience import CHINESE, UNKNOWN, AudienceForm
from app.assign.goal import Goal, goal_day, read_chapters
from app.bank.queries import Chapter, Subject
from app.base.clock import SHANGHAI, day_start, epoch, from_epoch
from app.quiz.paper import Paper

KIND_NAMES = {"paper": _l("试卷"), "goal": _l("学习目标")}
WHEN_NAMES = {
    "now": _l("正在进行"),
    "later": _l("还没开始"),
    "past": _l("已截止"),
    "withdrawn": _l("已撤回"),
}
GIVEN = InputRequired(_l("请填写。"))


class AssignmentForm(AudienceForm):
    """What papers and goals share; `seen` tells an old form of a change from a new one."""

    title = StringField(_l("名称"), validators=[Length(max=80)], render_kw=CHINESE)
    remind = StringField(
        _l("截止前几天提醒"),
        description=_l("如 7、3、1；不填就不提醒"),
        default="3、1",
        validators=[Length(max=40)],
    )
    form_id = HiddenField(validators=[DataRequired(), Length(22, 22)])
    seen = IntegerField(default=0, validators=[Optional(), NumberRange(0, 10**9)])
    do = HiddenField(default="save", validators=[Length(max=10)])


class PaperForm(AssignmentForm):
    """A paper asked of people."""

    paper = SelectField(_l("试卷"), coerce=int, invalid_choice_message=UNKNOWN, render_kw=CHINESE)
    opens = DateTimeLocalField(
        _l("开始时间（北京时间）"),
        description=_l("不填就从现在起，以前答过的也算"),
        format=["%Y-%m-%dT%H:%M"],
        validators=[Optional()],
    )
    closes = DateTimeLocalField(
        _l("截止时间（北京时间）"),
        description=_l("不填就用试卷自己的截止时间"),
        format=["%Y-%m-%dT%H:%M"],
        validators=[Optional()],
    )
    attempts = IntegerField(
        _l("算前几次"),
        default=0,
        description=_l("0 表示试卷允许的每一次都算，取最好的一次"),
        validators=[GIVEN, NumberRange(0, 50)],
    )
    pass_percent = IntegerField(
        _l("合格线（百分比）"),
        description=_l("不填就用试卷自己的"),
        validators=[Optional(), NumberRange(0, 100)],
    )


class GoalForm(AssignmentForm):
    """A study goal: chapters to be known by a day."""

    chapters = SelectMultipleField(_l("学会哪几章"), invalid_choice_message=UNKNOWN)
    percent = IntegerField(
        _l("到那天平均能记得（百分比）"),
        default=90,
        description=_l("没学过的题按 0 算"),
        validators=[GIVEN, NumberRange(1, 100)],
    )
    closes = DateField(_l("到哪一天"), validators=[InputRequired(_l("请填写日期。"))])


class FilterForm(FlaskForm):  # type: ignore[misc]
    """What a list of assignments is narrowed by."""

    class Meta:
        """A search changes nothing and needs no token."""

        csrf = False

    q = StringField(_l("名称里的字"), validators=[Length(max=40)])
    when = SelectField(
        _l("时间"),
        choices=[SelectChoice("", _l("全部")), *(SelectChoice(*one) for one in WHEN_NAMES.items())],
        default="",
    )
    kind = SelectField(
        _l("布置的是"),
        choices=[SelectChoice("", _l("全部")), *(SelectChoice(*one) for one in KIND_NAMES.items())],
        default="",
    )


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button and nothing else."""


def offer_papers(form: PaperForm, papers: Iterable[Paper]) -> None:
    """Let the form choose among papers."""
    form.paper.choices = [SelectChoice(paper.id, paper.terms.title) for paper in papers]


def offer_chapters(form: GoalForm, scopes: Iterable[tuple[Subject, list[Chapter]]]) -> None:
    """Let the form choose among chapters, written as "subject/chapter"."""
    form.chapters.choices = [
        SelectChoice(f"{subject.id}/{chapter.id}", chapter.title, optgroup=subject.title)
        for subject, chapters in scopes
        for chapter in chapters
    ]


def read_paper_terms(form: PaperForm, paper: Paper) -> Terms:
    """Return the terms a form says; what it leaves open is the paper's own."""
    closes_at = _epoch(form.closes.data) or paper.terms.closes_at
    percent = form.pass_percent.data
    return Terms(
        title=form.title.data or paper.terms.title,
        closes_at=closes_at or 0,
        paper_id=paper.id,
        opens_at=_epoch(form.opens.data),
        attempts=form.attempts.data,
        pass_percent=paper.terms.pass_percent if percent is None else percent,
        remind_days=read_days(_words(form.remind.data)),
    )


def read_goal_terms(form: GoalForm, title: str) -> Terms:
    """Return the terms a form says; `title` is for a goal without a name."""
    day: date = form.closes.data
    return Terms(
        title=form.title.data or title,
        closes_at=epoch(day_start(day + timedelta(days=1))),
        goal=Goal(read_chapters(form.chapters.data or ()), form.percent.data),
        remind_days=read_days(_words(form.remind.data)),
    )


def values_of_terms(terms: Terms) -> dict[str, Any]:
    """Return what a form shows for terms."""
    shared = {"title": terms.title, "remind": "、".join(str(day) for day in terms.remind_days)}
    if terms.goal is not None:
        chapters = [f"{subject}/{chapter}" for subject, chapter in terms.goal.chapters]
        goal = {"chapters": chapters, "percent": terms.goal.percent}
        return shared | goal | {"closes": goal_day(terms.closes_at)}
    return shared | {
        "paper": terms.paper_id,
        "opens": _local(terms.opens_at),
        "closes": _local(terms.closes_at),
        "attempts": terms.attempts,
        "pass_percent": terms.pass_percent,
    }


def _words(text: str | None) -> list[str]:
    """Return the numbers of a line, whatever stands between them."""
    plain = text or ""
    for mark in "、,，;；。":
        plain = plain.replace(mark, " ")
    return plain.split()


def _epoch(moment: datetime | None) -> int | None:
    return epoch(moment.replace(tzinfo=SHANGHAI)) if moment else None


def _local(seconds: int | None) -> datetime | None:
    if seconds is None:
        return None
    return from_epoch(seconds).astimezone(SHANGHAI).replace(tzinfo=None)
