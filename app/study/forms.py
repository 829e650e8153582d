"""The shape of what study pages send; no rules of the domain."""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

import msgspec
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from app.study.queries import WAYS

Id = Annotated[str, msgspec.Meta(min_length=22, max_length=22)]
Name = Annotated[str, msgspec.Meta(max_length=60)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=2**40)]
Sent = TypeVar("Sent", bound="WaySent")
GIVEN = InputRequired(_l("请填写。"))


class WaySent(msgspec.Struct, frozen=True):
    """How the member came to a question, of the forms that every answer sends.

    These are read without WTForms, which builds a dozen objects for each field of each request.
    """

    way: Literal["due", "chapter", "random", "wrong", "starred", "one"] = "due"
    subject: Name = ""
    chapter: Name = ""
    since: Seconds = 0


class AnswerSent(WaySent, frozen=True, kw_only=True):
    """One answer: which question, as seen at which revision and card version."""

    answer_id: Id
    question_id: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    revision: Annotated[int, msgspec.Meta(ge=1, le=10**6)]
    version: Annotated[int, msgspec.Meta(ge=0, le=10**9)]
    elapsed_ms: Seconds = 0


class RateSent(WaySent, frozen=True, kw_only=True):
    """How hard a right answer was."""

    answer_id: Id
    new_id: Id
    rating: Annotated[int, msgspec.Meta(ge=2, le=4)]


class UndoSent(WaySent, frozen=True, kw_only=True):
    """Which answer to take back."""

    answer_id: Id


def read_sent(kind: type[Sent], values: Mapping[str, str]) -> Sent | None:
    """Return what a form sent, None when it is not of that shape."""
    try:
        return msgspec.convert(dict(values), kind, strict=False)
    except msgspec.ValidationError:
        return None


class WayForm(FlaskForm):  # type: ignore[misc]
    """How the member came to a question; study forms carry it."""

    way = HiddenField(default="due", validators=[AnyOf(WAYS)])
    subject = HiddenField(default="", validators=[Length(max=60)])
    chapter = HiddenField(default="", validators=[Length(max=60)])
    since = IntegerField(default=0, validators=[NumberRange(0, 2**40)])


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

    new_per_day = IntegerField(_l("每天学几道新题"), validators=[GIVEN, NumberRange(0, 200)])
    answers_per_day = IntegerField(_l("每天最多答几道题"), validators=[GIVEN, NumberRange(1, 1000)])
    subject = SelectField(_l("新题来自"), render_kw={"lang": "zh-CN"})


class SearchForm(FlaskForm):  # type: ignore[misc]
    """Words or an article to look for."""

    q = StringField(_l("搜索题目、条文"), validators=[Length(max=100)])
