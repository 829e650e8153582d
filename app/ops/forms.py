"""Shape of what administrators send about erasing somebody."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.org.acts import WORDS


class EraseForm(FlaskForm):  # type: ignore[misc]
    """The person's name, typed again, so that nobody is erased by a slip."""

    name = StringField(
        _l("请再输入一遍此人的姓名"),
        validators=[DataRequired(_l("请填写姓名。")), Length(max=40)],
        render_kw={"autocomplete": "off"},
    )


# Acts in words for those who look at others: nobody is addressed.
ACTIONS = {
    **WORDS,
    "accounts.add_user": _l("添加了账号"),
    "accounts.invite_person": _l("添加了账号，并生成邀请链接"),
    "accounts.name_identity": _l("登记或更改了单位账号"),
    "accounts.reset_factors": _l("重置了登录第二步"),
    "assess.answer_appeal": _l("答复了申诉"),
    "assess.look_at_record": _l("看了学习档案"),
    "assign.correct_hours": _l("更正了成员的学时"),
    "assign.give_duty": _l("把一项责任移交给了人"),
    "assign.record_hours": _l("登记了成员的学时"),
    "assign.take_duty": _l("移走了一个人的一项责任"),
    "bank.reply_report": _l("答复了题目反馈"),
    "org.merge_person": _l("随单位合并，更改了成员的单位"),
    "quiz.extend_time": _l("给人加了答卷时间"),
}
