"""The shape of what pages of assessment send; no rules of the domain."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput

from app.assess.queries import Scheme
from app.assess.scheme import COMPONENTS, Plan


def _percent(least: int) -> list[Any]:
    """Return the validators of a whole number up to 100."""
    words = _l("请填 %(least)s 到 100 的整数。", least=least)
    return [InputRequired(words), NumberRange(least, 100, message=words)]


def _weight(label: Any, hint: Any) -> IntegerField:
    """Return the field of a weight."""
    return IntegerField(label, description=hint, default=0, validators=_percent(0))


class AppealForm(FlaskForm):  # type: ignore[misc]
    """A doubt about a figure."""

    text = TextAreaField(
        _l("哪里不对"),
        validators=[
            DataRequired(_l("请写明哪里不对。")),
            Length(max=500, message=_l("最多 500 个字，请写短一些。")),
        ],
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """The answer to a doubt."""

    text = TextAreaField(
        _l("答复"),
        validators=[
            DataRequired(_l("请写下答复。")),
            Length(max=500, message=_l("最多 500 个字，请写短一些。")),
        ],
    )


class SchemeForm(FlaskForm):  # type: ignore[misc]
    """An assessment scheme: period, weights and bars; there is no field for what may not count."""

    title = StringField(_l("名称"), validators=[DataRequired(_l("请写一个名称。")), Length(max=80)])
    unit = SelectField(_l("单位"))
    starts_on = DateField(_l("从哪一天"), validators=[DataRequired(_l("请选择日期。"))])
    ends_on = DateField(_l("到哪一天"), validators=[DataRequired(_l("请选择日期。"))])
    recall = _weight(_l("记得多少的权重"), _l("考评期最后一天，题库里的题预计还记得的比例。"))
    papers = _weight(
        _l("试卷的权重"), _l("期内截止的考试，每人第一次得分率的平均；该考没考按 0 算。")
    )
    plans = _weight(_l("计划事项的权重"), _l("期内到期、由本人负责的计划事项，按时完成的比例。"))
    hours = _weight(_l("学时的权重"), _l("登记的集体学习学时占要求的比例，超出的不多算。"))
    duties = _weight(_l("责任的权重"), _l("期内到期、由本人负责的责任，按时完成的比例。"))
    subjects = SelectMultipleField(
        _l("计入哪些科目（不选就是全部）"), option_widget=CheckboxInput()
    )
    person_bar = IntegerField(_l("个人达标线（分）"), validators=_percent(1))
    unit_share = IntegerField(_l("单位达标线（达标人数的百分比）"), validators=_percent(1))


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why a published scheme is corrected."""

    reason = TextAreaField(
        _l("为什么要更正"),
        validators=[
            DataRequired(_l("请写明为什么要更正。")),
            Length(max=500, message=_l("最多 500 个字，请写短一些。")),
        ],
    )


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the proof that the page is ours."""


def read_scheme(form: SchemeForm) -> tuple[str, date, date, Plan]:
    """Return what a valid form says."""
    weights = {name: form[name].data for name in COMPONENTS}
    plan = Plan(
        weights={name: weight for name, weight in weights.items() if weight},
        subjects=tuple(form.subjects.data or ()),
        person_bar=form.person_bar.data,
        unit_share=form.unit_share.data,
    )
    return form.title.data, form.starts_on.data, form.ends_on.data, plan


def values_of(scheme: Scheme) -> dict[str, Any]:
    """Return the fields of a scheme as its form shows them."""
    plan = scheme.plan
    return {
        "title": scheme.title,
        "unit": str(scheme.unit_id),
        "starts_on": scheme.starts_on,
        "ends_on": scheme.ends_on,
        **{name: plan.weights.get(name, 0) for name in COMPONENTS},
        "subjects": list(plan.subjects),
        "person_bar": plan.person_bar,
        "unit_share": plan.unit_share,
    }
