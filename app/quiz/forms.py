"""The shape of what quiz pages send; no rules of the domain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.bank.kinds import KINDS
from app.bank.queries import list_chapters, list_subjects
from app.base.clock import SHANGHAI, epoch, from_epoch
from app.quiz.actions import Times
from app.quiz.blueprint import MOST_QUESTIONS, MOST_RULES, Rule
from app.quiz.paper import IN_ORDER, Paper, Plan, Terms
from app.quiz.scoring import MOST_POINTS
from app.quiz.terms import LONGEST_REASON

CHINESE = {"lang": "zh-CN"}
MODE_NAMES = {
    "exam": _l("考试"),
    "practice": _l("练习"),
    "challenge": _l("挑战答题"),
    "weekly": _l("每周一答"),
}
KEY_NAMES = {"closing": _l("截止以后"), "submission": _l("各人交卷以后")}
DIFFICULTY_NAMES = {"know": _l("识记"), "understand": _l("理解"), "apply": _l("应用")}
STATE_NAMES = {"draft": _l("草稿"), "published": _l("已发布"), "closed": _l("已结束")}
POINTS = {"single": 2, "multiple": 3, "truefalse": 1, "blank": 2, "order": 3}
KIND_NAMES = {
    "single": _l("单选题"),
    "multiple": _l("多选题"),
    "truefalse": _l("判断题"),
    "blank": _l("填空题"),
    "order": _l("排序题"),
}
GIVEN = InputRequired(_l("请填写。"))


def _offer(choices: dict[str, Any], whole: Any = None) -> list[SelectChoice]:
    first = [SelectChoice("", whole)] if whole is not None else []
    return first + [SelectChoice(value, label) for value, label in choices.items()]


def scope_choices(units: frozenset[int]) -> list[SelectChoice]:
    """Return everything, each subject and each of its chapters, to choose from.

    Those of the own questions of `units` are among them.
    """
    found = [SelectChoice("", _l("全部"))]
    for subject in list_subjects(units):
        found.append(SelectChoice(subject.id, subject.title, CHINESE))
        for chapter in list_chapters(subject.id, units):
            label = f"{subject.title} · {chapter.title}"
            found.append(SelectChoice(f"{subject.id}/{chapter.id}", label, CHINESE))
    return found


class SortForm(Form):  # type: ignore[misc]
    """Which sort of questions; a page offers the scopes."""

    scope = SelectField(_l("范围"), default="")
    kind = SelectField(_l("题型"), choices=_offer(KIND_NAMES, _l("全部")), default="")
    difficulty = SelectField(_l("难度"), choices=_offer(DIFFICULTY_NAMES, _l("全部")), default="")


class RuleForm(SortForm):
    """One rule; without a number of questions it counts as not written."""

    count = IntegerField(_l("题数"), validators=[Optional(), NumberRange(1, MOST_QUESTIONS)])
    points = IntegerField(
        _l("每题分数"), default=2, validators=[Optional(), NumberRange(1, MOST_POINTS)]
    )


class SearchForm(SortForm):
    """Words and a sort to look for in the bank."""

    q = StringField(_l("题目或条文里的字"), validators=[Length(max=100)])


def _points(kind: str) -> IntegerField:
    most = NumberRange(1, MOST_POINTS)
    return IntegerField(KIND_NAMES[kind], default=POINTS[kind], validators=[GIVEN, most])


def _moment(label: Any) -> DateTimeLocalField:
    return DateTimeLocalField(label, format=["%Y-%m-%dT%H:%M"], validators=[Optional()])


class PaperForm(FlaskForm):  # type: ignore[misc]
    """The terms of a paper and, for one made by rules, the rules."""

    title = StringField(
        _l("名称"),
        validators=[DataRequired(_l("请给试卷写一个名称。")), Length(max=80)],
        render_kw=CHINESE,
    )
    mode = SelectField(_l("方式"), choices=_offer(MODE_NAMES), default="exam")
    unit = SelectField(_l("给谁答（单位及其下级）"), render_kw=CHINESE)
    duration = IntegerField(
        _l("时长（分钟）"),
        description=_l("不填就不限时长"),
        validators=[Optional(), NumberRange(1, 24 * 60)],
    )
    opens = _moment(_l("开始时间（北京时间）"))
    closes = _moment(_l("截止时间（北京时间）"))
    attempts = IntegerField(
        _l("可以答几次"),
        default=1,
        description=_l("0 表示不限；每周一答每周一次"),
        validators=[GIVEN, NumberRange(0, 50)],
    )
    pass_percent = IntegerField(
        _l("合格线（百分比）"),
        default=60,
        validators=[GIVEN, NumberRange(0, 100)],
    )
    key_shown = SelectField(_l("何时公布成绩和答案"), choices=_offer(KEY_NAMES))
    per_person = BooleanField(_l("每人一份不同的卷（按规则各自抽题，优先抽见得少的题）"))
    partial = BooleanField(_l("多选题少选、填空题对一部分，也给一部分分"), default=True)
    reserved = BooleanField(_l("这些题专为此卷保留，结束前不在日常练习里出现"))
    single = _points("single")
    multiple = _points("multiple")
    truefalse = _points("truefalse")
    blank = _points("blank")
    order = _points("order")
    rules = FieldList(FormField(RuleForm), max_entries=MOST_RULES)
    scopes: Sequence[SelectChoice] = ()  # what rules may draw from
    do = HiddenField(default="save", validators=[Length(max=10)])


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """An answer to one question, as its page was made; `goto` is where to go next."""

    answer_id = HiddenField(validators=[InputRequired(), Length(22, 22)])
    version = IntegerField(validators=[InputRequired(), NumberRange(0, 10**9)])
    goto = HiddenField(default="", validators=[Length(max=10)])


class WindowForm(FlaskForm):  # type: ignore[misc]
    """When a published paper opens and closes; `seen` is how often that was changed before."""

    opens = _moment(_l("开始时间（北京时间）"))
    closes = _moment(_l("截止时间（北京时间）"))
    reason = StringField(
        _l("理由（答卷的人会看到）"),
        validators=[DataRequired(_l("请写明理由。")), Length(max=LONGEST_REASON)],
        render_kw=CHINESE,
    )
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, 10**6)])


class EndForm(FlaskForm):  # type: ignore[misc]
    """Why a paper is ended for everybody, now."""

    why = StringField(
        _l("理由（答卷的人会看到）"),
        validators=[DataRequired(_l("请写明理由。")), Length(max=LONGEST_REASON)],
        render_kw=CHINESE,
    )


class TimeForm(FlaskForm):  # type: ignore[misc]
    """Extra time for a person."""

    minutes = IntegerField(
        _l("比别人多几分钟（总共）"),
        validators=[GIVEN, NumberRange(0, 360)],
    )
    reason = StringField(
        _l("理由"),
        validators=[DataRequired(_l("请写明理由。")), Length(max=LONGEST_REASON)],
        render_kw=CHINESE,
    )


class RemarkForm(FlaskForm):  # type: ignore[misc]
    """How and why a question is marked anew."""

    way = SelectField(
        _l("怎样重新评分"),
        choices=[
            SelectChoice("key", _l("按题库更正后的答案")),
            SelectChoice("full", _l("每个人都给满分")),
        ],
    )
    reason = StringField(
        _l("理由（答过的人会看到）"),
        validators=[DataRequired(_l("请写明理由。")), Length(max=LONGEST_REASON)],
        render_kw=CHINESE,
    )


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button and nothing else."""


def read_terms(form: PaperForm) -> Terms:
    """Return the terms a form says."""
    weekly_or_challenge = form.mode.data in ("weekly", "challenge")
    return Terms(
        title=form.title.data,
        mode=form.mode.data,
        unit_id=int(form.unit.data) if form.unit.data else None,
        per_person=bool(form.per_person.data) or weekly_or_challenge,
        partial=bool(form.partial.data),
        duration_s=form.duration.data * 60 if form.duration.data else None,
        opens_at=_epoch(form.opens.data),
        closes_at=_epoch(form.closes.data),
        attempts_allowed=form.attempts.data,
        pass_percent=form.pass_percent.data,
        key_shown=form.key_shown.data,
        reserved=bool(form.reserved.data),
    )


def read_times(form: WindowForm) -> Times:
    """Return the window a form says."""
    opens_at, closes_at = _epoch(form.opens.data), _epoch(form.closes.data)
    return Times(opens_at, closes_at, form.reason.data, form.seen.data)


def read_plan(form: PaperForm, picked: tuple[str, ...]) -> Plan:
    """Return the plan a form says, with the questions that were picked on another page."""
    return Plan(read_rules(form), picked, {kind: form[kind].data for kind in KINDS})


def read_rules(form: PaperForm) -> tuple[Rule, ...]:
    """Return the rules that have a number of questions."""
    written = [entry.form for entry in form.rules.entries if entry.form.count.data]
    return tuple(_rule(one) for one in written)


def _rule(form: RuleForm) -> Rule:
    subject, _slash, chapter = (form.scope.data or "").partition("/")
    return Rule(
        count=form.count.data,
        points=form.points.data or 1,
        kind=form.kind.data or "",
        subject=subject,
        chapter=chapter,
        difficulty=form.difficulty.data or "",
    )


def values_of(paper: Paper) -> dict[str, Any]:
    """Return what a form shows for a paper."""
    terms = paper.terms
    return {
        "title": terms.title,
        "mode": terms.mode,
        "unit": "" if terms.unit_id is None else str(terms.unit_id),
        "duration": terms.duration_s // 60 if terms.duration_s else None,
        "opens": _local(terms.opens_at),
        "closes": _local(terms.closes_at),
        "attempts": terms.attempts_allowed,
        "pass_percent": terms.pass_percent,
        "key_shown": terms.key_shown,
        "per_person": terms.per_person,
        "partial": terms.partial,
        "reserved": terms.reserved,
        **{kind: paper.plan.points.get(kind, POINTS[kind]) for kind in IN_ORDER},
        "rules": [_values(rule) for rule in paper.plan.rules],
    }


def _values(rule: Rule) -> dict[str, Any]:
    scope = f"{rule.subject}/{rule.chapter}" if rule.chapter else rule.subject
    return {
        "scope": scope,
        "kind": rule.kind,
        "difficulty": rule.difficulty,
        "count": rule.count,
        "points": rule.points,
    }


def _epoch(moment: datetime | None) -> int | None:
    return epoch(moment.replace(tzinfo=SHANGHAI)) if moment else None


def _local(seconds: int | None) -> datetime | None:
    if seconds is None:
        return None
    return from_epoch(seconds).astimezone(SHANGHAI).replace(tzinfo=None)
