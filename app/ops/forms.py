"""Shape of what administrators send about erasing somebody."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length


class EraseForm(FlaskForm):  # type: ignore[misc]
    """The person's name, typed again, so that nobody is erased by a slip."""

    name = StringField(
        _l("请再输入一遍此人的姓名"),
        validators=[DataRequired(_l("请填写姓名。")), Length(max=40)],
        render_kw={"autocomplete": "off"},
    )


ACTIONS = {
    "bank.publish_bank": _l("发布题库"),
    "bank.reply_report": _l("答复题目反馈"),
    "ops.erase_member": _l("抹除成员资料"),
}
