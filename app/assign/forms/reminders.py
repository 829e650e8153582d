"""Shape of what people send about reminders, and trainers about group robots."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

KIND_NAMES = {"wecom": _l("企业微信"), "dingtalk": _l("钉钉")}
STATE_NAMES = {
    "waiting": _l("等着发"),
    "sending": _l("正在发"),
    "sent": _l("已发到群里"),
    "refused": _l("没有发成"),
    "unknown": _l("不知道收到没有"),
}


class WishForm(FlaskForm):  # type: ignore[misc]
    """What to be told of, and whether by letters."""

    cards = BooleanField(_l("有题要复习的日子也提醒我"))
    mail = BooleanField(_l("每天的提醒也用邮件发给我"))


class MailForm(FlaskForm):  # type: ignore[misc]
    """A mailbox."""

    email = StringField(
        _l("邮箱地址"),
        validators=[DataRequired(_l("请填写邮箱地址。")), Length(max=254)],
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )


class RobotForm(FlaskForm):  # type: ignore[misc]
    """The address of a robot as WeCom or DingTalk gives it out."""

    name = StringField(
        _l("群的名称"),
        validators=[DataRequired(_l("请给这个群写一个名称。")), Length(max=40)],
    )
    address = StringField(
        _l("机器人的地址"),
        description=_l("在群里添加机器人以后，复制它的 Webhook 地址，粘贴到这里"),
        validators=[DataRequired(_l("请粘贴机器人的地址。")), Length(max=300)],
        render_kw={"autocomplete": "off", "inputmode": "url", "spellcheck": "false"},
    )
    secret = PasswordField(
        _l("加签密钥（只有钉钉要填）"),
        description=_l("在钉钉机器人的安全设置里选“加签”，复制以 SEC 开头的密钥"),
        validators=[Length(max=200)],
        render_kw={"autocomplete": "off"},
    )


class OneRobotForm(FlaskForm):  # type: ignore[misc]
    """Which robot to try or to remove."""

    robot = IntegerField(validators=[InputRequired(_l("没有这个群机器人，可能已经删去。"))])


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the token that shows that the page is ours."""
