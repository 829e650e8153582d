"""Shape of what pages of duties and of items of plans send."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.assign.audience import Audience
from app.assign.ownership import Charge
from app.assign.proof import Proof
from app.assign.queries.choices import Choices
from app.assign.queries.hours import Gathering
from app.assign.wording import LONGEST_MEASURE, LONGEST_REASON, LONGEST_TITLE, Wording
from app.org.forms import CHINESE, offer
from app.org.party import POST_NAMES, STATUS_NAMES
from app.org.queries import Unit

NEEDS_DAY = _l("请填写日期。")
POST, PERSON = "post:", "person:"


class WordingForm(FlaskForm):  # type: ignore[misc]
    """What is to be done, for whom, from when to when."""

    title = StringField(
        _l("要做的事"),
        validators=[DataRequired(_l("请写明要做的事。")), Length(max=LONGEST_TITLE)],
        render_kw=CHINESE,
    )
    measure = TextAreaField(
        _l("衡量标准"),
        description=_l("怎样算做到了，例如：每季度讲一次，有教案和签到表"),
        validators=[Length(max=LONGEST_MEASURE)],
        render_kw={**CHINESE, "rows": 3},
    )
    starts_on = DateField(_l("开始日期"), validators=[InputRequired(NEEDS_DAY)])
    due_on = DateField(_l("完成期限"), validators=[InputRequired(NEEDS_DAY)])
    statuses = SelectMultipleField(
        _l("对象：人员类别"), choices=offer(STATUS_NAMES), validate_choice=False
    )
    posts = SelectMultipleField(_l("对象：职务"), choices=offer(POST_NAMES), validate_choice=False)

    def wording(self) -> Wording:
        """Return what was sent; whom it is for narrows the unit down by status and post."""
        statuses = tuple(s for s in STATUS_NAMES if s in (self.statuses.data or ()))
        posts = tuple(p for p in POST_NAMES if p in (self.posts.data or ()))
        return Wording(
            self.title.data,
            self.measure.data or "",
            self.starts_on.data,
            self.due_on.data,
            Audience(statuses=statuses, posts=posts),
        )


class DutyForm(WordingForm):
    """A new duty or item, with whom it lies on."""

    owner = SelectField(
        _l("由谁负责"),
        description=_l("选职务的，换人时责任自动随职务移交"),
        validate_choice=False,
    )


class ChangeForm(WordingForm):
    """Other words or days; `version` tells an old form from a new one."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    text = StringField(
        _l("为什么改"),
        validators=[DataRequired(_l("请写明原因。")), Length(max=LONGEST_REASON)],
        render_kw=CHINESE,
    )


class HandForm(FlaskForm):  # type: ignore[misc]
    """To whom, from when on, and why."""

    owner = SelectField(_l("移交给谁"), validate_choice=False)
    day = DateField(_l("从哪一天起"), validators=[InputRequired(NEEDS_DAY)])
    text = StringField(
        _l("原因"),
        validators=[DataRequired(_l("请写明原因。")), Length(max=LONGEST_REASON)],
        render_kw=CHINESE,
    )


class SettleForm(FlaskForm):  # type: ignore[misc]
    """When it was done, and what shows it."""

    day = DateField(_l("哪一天完成的"), validators=[InputRequired(NEEDS_DAY)])
    text = TextAreaField(
        _l("完成情况和依据"),
        description=_l("做了什么，记录或照片存在哪里"),
        validators=[Optional(), Length(max=LONGEST_REASON)],
        render_kw={**CHINESE, "rows": 3},
    )
    gathering = SelectField(_l("有登记的集体学习"), validate_choice=False, render_kw=CHINESE)
    assignment = SelectField(_l("有布置的试卷或目标"), validate_choice=False, render_kw=CHINESE)

    def proof(self) -> Proof:
        """Return what was chosen as evidence; a number that is none means nothing."""
        number = self.assignment.data or ""
        known = number.isascii() and number.isdigit() and len(number) < 10
        return Proof(self.gathering.data or None, int(number) if known else None)


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why."""

    text = StringField(
        _l("原因"),
        validators=[DataRequired(_l("请写明原因。")), Length(max=LONGEST_REASON)],
        render_kw=CHINESE,
    )


class UnitsForm(FlaskForm):  # type: ignore[misc]
    """Which units below."""

    units = SelectMultipleField(
        _l("下级单位"),
        coerce=int,
        validate_choice=False,
        invalid_value_message=_l("请从列出的单位里选。"),
    )


def owner_choices(choices: Choices) -> list[SelectChoice]:
    """Return posts with whoever holds them, then people, to choose from."""
    vacant = str(_("现在无人任职"))
    posts = [
        SelectChoice(
            POST + post,
            f"{POST_NAMES[post]}（{name or vacant}）",
            optgroup=str(_("职务")),
        )
        for post, name in choices.posts
    ]
    people = [
        SelectChoice(
            f"{PERSON}{one.id}",
            one.name if one.unit_name is None else f"{one.name}（{one.unit_name}）",
            CHINESE,
            optgroup=str(_("个人")),
        )
        for one in choices.people
    ]
    return posts + people


def read_charge(text: str | None) -> Charge:
    """Return what a choice of `owner_choices` means; nothing for anything else."""
    text = text or ""
    number = text.removeprefix(PERSON)
    if text.startswith(PERSON) and number.isascii() and number.isdigit() and len(number) < 10:
        return Charge(member_id=int(number))
    return Charge(post=text.removeprefix(POST)) if text.startswith(POST) else Charge()


def gathering_choices(gatherings: Iterable[Gathering]) -> list[SelectChoice]:
    """Return gatherings to choose from, "" for none."""
    found = [SelectChoice(one.id, f"{one.day} {one.subject}") for one in gatherings]
    return [SelectChoice("", _("（不选）")), *found]


def assignment_choices(assignments: Iterable[tuple[int, str]]) -> list[SelectChoice]:
    """Return assignments to choose from, "" for none."""
    found = [SelectChoice(str(number), title) for number, title in assignments]
    return [SelectChoice("", _("（不选）")), *found]


def below_choices(units: Iterable[Unit]) -> list[SelectChoice]:
    """Return units below to tick."""
    return [SelectChoice(str(unit.id), unit.name, CHINESE) for unit in units]
