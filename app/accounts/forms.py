"""Shape of what people send: lengths and choices, no rules of the domain."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

TEXT_SIZES = {18: _l("标准"), 22: _l("大"), 26: _l("特大"), 30: _l("最大")}
THEMES = {"auto": _l("跟随系统"), "light": _l("浅色"), "dark": _l("深色")}
LANGUAGES = {"zh": "中文", "en": "English"}


def _offer(choices: dict[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in choices.items()]


def _new_password(label: str) -> PasswordField:
    return PasswordField(
        label,
        description=_l("至少 10 个字符，可以是一句话"),
        validators=[InputRequired(_l("请填写密码。")), Length(max=200)],
        render_kw={"autocomplete": "new-password"},
    )


def _again() -> PasswordField:
    return PasswordField(
        _l("再输入一次"),
        validators=[EqualTo("password", _l("两次输入的密码不一样。"))],
        render_kw={"autocomplete": "new-password"},
    )


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Who, and their password; `next` is where they wanted to go."""

    login = StringField(
        _l("姓名或手机号"),
        validators=[DataRequired(_l("请填写姓名或手机号。")), Length(max=100)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        _l("密码"),
        validators=[InputRequired(_l("请填写密码。")), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField(default="")


class KeyForm(FlaskForm):  # type: ignore[misc]
    """What a script writes: a passkey's answer."""

    credential = HiddenField(default="", validators=[Length(max=8000)])
    next = HiddenField(default="")


class NewKeyForm(KeyForm):
    """A new passkey, and what to call it."""

    name = StringField(
        _l("给它起个名字"),
        description=_l("例如：我的手机"),
        validators=[Length(max=40)],
        render_kw={"autocomplete": "off"},
    )


class ProofForm(KeyForm):
    """Whatever a person shows to prove who they are: a code, a key or the password."""

    code = StringField(
        _l("验证码"),
        description=_l("验证器应用里的 6 位数字，或一个恢复码"),
        validators=[Length(max=60)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters"},
    )
    password = PasswordField(
        _l("密码"),
        validators=[Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The first code of an authenticator app."""

    code = StringField(
        _l("验证码"),
        description=_l("应用里显示的 6 位数字"),
        validators=[DataRequired(_l("请填写验证码。")), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class InviteForm(FlaskForm):  # type: ignore[misc]
    """One's own password, twice."""

    password = _new_password(_l("设置密码"))
    again = _again()


class SetupForm(FlaskForm):  # type: ignore[misc]
    """The first administrator."""

    name = StringField(
        _l("姓名"),
        validators=[DataRequired(_l("请填写姓名。")), Length(max=40)],
        render_kw={"autocomplete": "name"},
    )
    password = _new_password(_l("设置密码"))
    again = _again()


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The old password and, twice, the new one."""

    old = PasswordField(
        _l("原密码"),
        validators=[InputRequired(_l("请填写原密码。"))],
        render_kw={"autocomplete": "current-password"},
    )
    password = _new_password(_l("新密码"))
    again = _again()


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """How the person wants pages to look and speak."""

    text_size = RadioField(_l("字号"), choices=_offer(TEXT_SIZES), coerce=int)
    theme = RadioField(_l("配色"), choices=_offer(THEMES))
    language = RadioField(_l("语言"), choices=_offer(LANGUAGES))
    shortcuts = BooleanField(_l("使用键盘快捷键"))
