"""The shape of reports about questions and of answers to them."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length


class ReportForm(FlaskForm):  # type: ignore[misc]
    """“This question is wrong.”"""

    text = TextAreaField(_l("这道题有问题？"), validators=[Length(max=2000)])
    next = HiddenField(default="")


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """The answer to a report."""

    reply = TextAreaField(_l("答复"), validators=[Length(max=2000)])
