"""Shape of what trainers and administrators send: people, posts, rosters, units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.accounts import names
from app.org.actions import KINDS
from app.org.party import POST_NAMES, STANDING_NAMES, STATUS_NAMES
from app.org.queries import Unit
from app.org.roles import ROLE_NAMES

CHINESE = {"lang": "zh-CN"}  # names of units, whatever the language of the page
KIND_NAMES = {
    "党委": _l("党委"),
    "党总支": _l("党总支"),
    "党支部": _l("党支部"),
    "党小组": _l("党小组"),
}


def offer(choices: Mapping[str, Any]) -> list[SelectChoice]:
    """Return codes and names as choices."""
    return [SelectChoice(code, name) for code, name in choices.items()]


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people of a list are asked for; whatever makes no sense asks for all of them."""

    text: str
    unit: int  # 0: of every unit within reach
    status: str

    @classmethod
    def read(cls, sent: Mapping[str, str], units: Iterable[Unit]) -> "PeopleFilter":
        """Return what the address asks for, of units within reach only."""
        wanted, status = sent.get("unit", ""), sent.get("status", "")
        unit = next((one.id for one in units if str(one.id) == wanted), 0)
        return cls(sent.get("q", "").strip()[:40], unit, status if status in STATUS_NAMES else "")


class PersonForm(FlaskForm):  # type: ignore[misc]
    """One person to invite."""

    name = StringField(_l("姓名"), validators=[DataRequired(_l("请填写姓名。")), Length(max=40)])
    phone = StringField(
        _l("手机号"),
        description=_l("有重名时必须填写"),
        validators=[Length(max=30)],
        render_kw={"inputmode": "tel"},
    )
    unit = SelectField(_l("单位"), render_kw=CHINESE)
    role = SelectField(_l("权限"))
    status = SelectField(_l("人员类别"), choices=offer(STATUS_NAMES), default="unknown")


class EditForm(PersonForm):
    """What is recorded about a person; `seen` tells an old form from a new one."""

    standing = SelectField(_l("学习要求"), choices=offer(STANDING_NAMES))
    seen = HiddenField(validators=[DataRequired()])


class IdentityForm(FlaskForm):  # type: ignore[misc]
    """By what name the organisation's own sign-in knows a person."""

    identifier = StringField(
        _l("单位账号"),
        description=_l("与单位登录服务里登记的完全一致，例如邮箱；留空表示没有"),
        validators=[Length(max=200)],
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )


class PostForm(FlaskForm):  # type: ignore[misc]
    """A post a person holds."""

    post = SelectField(_l("职务"), choices=offer(POST_NAMES))
    unit = SelectField(_l("单位"), render_kw=CHINESE)
    since = DateField(_l("任职日期"), validators=[InputRequired(_l("请填写日期。"))])
    until = DateField(_l("离任日期"), description=_l("还在任就空着"), validators=[Optional()])


class EndForm(FlaskForm):  # type: ignore[misc]
    """On what day a post ends."""

    until = DateField(
        _l("离任日期"),
        description=_l("与任职日期相同，表示登记有误，会删去这一条"),
        validators=[InputRequired(_l("请填写日期。"))],
    )


class RosterForm(FlaskForm):  # type: ignore[misc]
    """A file, and the unit for rows that name none."""

    file = FileField(_l("名册（.xlsx 或 .csv）"), validators=[FileRequired(_l("请选择文件。"))])
    unit = SelectField(_l("没有写明单位的人归入"), render_kw=CHINESE)


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """What was recognised, signed so that it comes back as it was shown."""

    roster = HiddenField(validators=[DataRequired()])


class RenameForm(FlaskForm):  # type: ignore[misc]
    """Name and kind of a unit."""

    name = StringField(_l("名称"), validators=[DataRequired(_l("请填写名称。")), Length(max=80)])
    kind = SelectField(
        _l("类别"), choices=[SelectChoice(k, KIND_NAMES[k]) for k in KINDS], default="党支部"
    )


class UnitForm(RenameForm):
    """A new unit."""

    code = StringField(
        _l("代码"),
        description=_l("名册里可以用代码写单位，定了不再改"),
        validators=[DataRequired(_l("请填写代码。")), Length(max=40)],
    )
    parent = SelectField(_l("上级"), render_kw=CHINESE)


class MoveForm(FlaskForm):  # type: ignore[misc]
    """The unit to move below."""

    parent = SelectField(_l("移到哪个单位之下"), render_kw=CHINESE)


class MergeForm(FlaskForm):  # type: ignore[misc]
    """The unit to merge into."""

    into = SelectField(_l("并入哪个单位"), render_kw=CHINESE)


def unit_choices(units: Iterable[Unit], whole_tree: bool) -> list[SelectChoice]:
    """Return the units to choose from, indented as a tree; "" (no unit) for the whole tree."""
    none: list[SelectChoice] = [SelectChoice("", _l("（无）"))] if whole_tree else []
    return none + [SelectChoice(str(unit.id), "　" * unit.depth + unit.name) for unit in units]


def role_choices(role: str, fresh: bool) -> list[SelectChoice]:
    """Return the roles that somebody with `role` may grant; only to learn, unless just proved."""
    given = (code for code in ROLE_NAMES if names.may_grant(role, code))
    return offer({code: ROLE_NAMES[code] for code in given if fresh or code == "member"})


def chosen_unit(text: str) -> int | None:
    """Return the unit id of a choice made from `unit_choices`."""
    return int(text) if text else None
