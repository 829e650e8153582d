"""The shape of what pages of assessment send; no rules of the domain."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length


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
