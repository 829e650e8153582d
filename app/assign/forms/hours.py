"""Shape of what pages of collective study send."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FloatField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import HiddenInput

from app.assign.actions.hours import Told
from app.assign.hours import LONGEST_SUBJECT, LONGEST_TEXT
from app.assign.wording import LONGEST_REASON
from app.org.forms import CHINESE

NOT_A_NUMBER = _l("请用数字填写学时，例如 2 或 1.5。")


class GatheringForm(FlaskForm):  # type: ignore[misc]
    """An occasion of collective study; `id` makes sending it twice record it once."""

    id = HiddenField()
    day = DateField(_l("日期"), validators=[InputRequired(_l("请填写日期。"))])
    subject = StringField(
        _l("学习内容"),
        validators=[DataRequired(_l("请写明学习内容。")), Length(max=LONGEST_SUBJECT)],
        render_kw=CHINESE,
    )
    hours = FloatField(
        _l("学时"), validators=[InputRequired(NOT_A_NUMBER)], render_kw={"inputmode": "decimal"}
    )
    evidence = TextAreaField(
        _l("依据"),
        description=_l("会议记录、签到表、照片存在哪里"),
        validators=[DataRequired(_l("请写明依据。")), Length(max=LONGEST_TEXT)],
        render_kw={**CHINESE, "rows": 2},
    )
    present = SelectMultipleField(
        _l("到场的人"),
        coerce=int,
        validate_choice=False,
        invalid_value_message=_l("名单不完整，请重新打开这一页。"),
    )

    def told(self) -> Told:
        """Return what was sent."""
        return Told(
            self.day.data,
            self.subject.data,
            self.hours.data,
            self.evidence.data,
            tuple(self.present.data or ()),
        )


class CorrectForm(GatheringForm):
    """A further version of the record; `version` tells an old form from a new one."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    text = StringField(
        _l("为什么更正"),
        validators=[DataRequired(_l("请写明原因。")), Length(max=LONGEST_REASON)],
        render_kw=CHINESE,
    )
    cancel = BooleanField(_l("这次学习不作数，所有人的学时都去掉"))


class TargetForm(FlaskForm):  # type: ignore[misc]
    """How many hours are asked of a status or post, and where that comes from."""

    applies_to = HiddenField()
    hours = FloatField(
        _l("每年学时"),
        validators=[InputRequired(NOT_A_NUMBER)],
        render_kw={"inputmode": "decimal"},
    )
    source = StringField(
        _l("依据"),
        validators=[DataRequired(_l("请写明依据。")), Length(max=LONGEST_TEXT)],
        render_kw=CHINESE,
    )
