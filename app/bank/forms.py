"""Shape of what people send about questions."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length


class ReportForm(FlaskForm):  # type: ignore[misc]
    """What is wrong with a question, and where to go back to."""

    text = TextAreaField(
        validators=[
            DataRequired(_l("请写明这道题有什么问题。")),
            Length(max=500, message=_l("最多 500 个字，请写短一些。")),
        ]
    )
    next = HiddenField()


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """The answer to a report."""

    text = TextAreaField(
        _l("答复"),
        validators=[
            DataRequired(_l("请写下答复。")),
            Length(max=500, message=_l("最多 500 个字，请写短一些。")),
        ],
    )
