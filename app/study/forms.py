"""The shape of what study pages send; no rules of the domain."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from app.study.queries import WAYS


class WayForm(FlaskForm):  # type: ignore[misc]
    """How the member came to a question; every study form carries it."""

    way = HiddenField(default="due", validators=[AnyOf(WAYS)])
    subject = HiddenField(default="", validators=[Length(max=60)])
    chapter = HiddenField(default="", validators=[Length(max=60)])
    since = IntegerField(default=0, validators=[NumberRange(0, 2**40)])


class AnswerForm(WayForm):
    """One answer: which question, as seen at which revision and card version."""

    answer_id = HiddenField(validators=[InputRequired(), Length(22, 22)])
    question_id = HiddenField(validators=[InputRequired(), Length(max=60)])
    revision = IntegerField(validators=[InputRequired(), NumberRange(1, 10**6)])
    version = IntegerField(validators=[InputRequired(), NumberRange(0, 10**9)])
    elapsed_ms = IntegerField(default=0, validators=[NumberRange(0, 2**40)])


class RateForm(WayForm):
    """How hard a right answer was."""

    answer_id = HiddenField(validators=[InputRequired(), Length(22, 22)])
    new_id = HiddenField(validators=[InputRequired(), Length(22, 22)])
    rating = IntegerField(validators=[InputRequired(), NumberRange(2, 4)])


class UndoForm(WayForm):
    """Which answer to take back."""

    answer_id = HiddenField(validators=[InputRequired(), Length(22, 22)])


class MarkForm(WayForm):
    """A mark on a question: star, suspend or bury, on or off."""

    mark = HiddenField(validators=[AnyOf(("star", "unstar", "suspend", "resume", "bury"))])
    answer_id = HiddenField(default="", validators=[Length(max=22)])


class NoteForm(WayForm):
    """A note to self."""

    text = TextAreaField(_l("给自己的笔记"), validators=[Length(max=500)])
    answer_id = HiddenField(default="", validators=[Length(max=22)])


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """How much to study a day, and what."""

    new_per_day = IntegerField(
        _l("每天学几道新题"), validators=[InputRequired(), NumberRange(0, 200)]
    )
    answers_per_day = IntegerField(
        _l("每天最多答几道题"), validators=[InputRequired(), NumberRange(1, 1000)]
    )
    subject = SelectField(_l("新题来自"), render_kw={"lang": "zh-CN"})


class SearchForm(FlaskForm):  # type: ignore[misc]
    """Words or an article to look for."""

    q = StringField(_l("搜索题目、条文"), validators=[Length(max=100)])
