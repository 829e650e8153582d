"""Shape of what trainers send: one person, a roster, a unit."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from app.org.actions import KINDS
from app.org.queries import Unit

CHINESE = {"lang": "zh-CN"}  # names of units, whatever the language of the page
KIND_NAMES = {
    "党委": _l("党委"),
    "党总支": _l("党总支"),
    "党支部": _l("党支部"),
    "党小组": _l("党小组"),
}
ROLE_NAMES = {"member": _l("学员"), "trainer": _l("党务工作者"), "admin": _l("管理员")}


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
    role = SelectField(_l("身份"))


class RosterForm(FlaskForm):  # type: ignore[misc]
    """A file, and the unit for rows that name none."""

    file = FileField(_l("名册（.xlsx 或 .csv）"), validators=[FileRequired(_l("请选择文件。"))])
    unit = SelectField(_l("没有写明单位的人归入"), render_kw=CHINESE)


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """What was recognised, signed so that it comes back as it was shown."""

    roster = HiddenField(validators=[DataRequired()])


class UnitForm(FlaskForm):  # type: ignore[misc]
    """A new unit."""

    code = StringField(_l("代码"), validators=[DataRequired(_l("请填写代码。")), Length(max=40)])
    name = StringField(_l("名称"), validators=[DataRequired(_l("请填写名称。")), Length(max=80)])
    kind = SelectField(
        _l("类别"), choices=[SelectChoice(k, KIND_NAMES[k]) for k in KINDS], default="党支部"
    )
    parent = SelectField(_l("上级"), render_kw=CHINESE)


def unit_choices(units: Iterable[Unit], whole_tree: bool) -> list[SelectChoice]:
    """Return the units to choose from, indented as a tree; "" (no unit) for the whole tree."""
    none: list[SelectChoice] = [SelectChoice("", _l("（无）"))] if whole_tree else []
    return none + [SelectChoice(str(unit.id), "　" * unit.depth + unit.name) for unit in units]


def role_choices(role: str) -> list[SelectChoice]:
    """Return the roles that somebody with `role` may grant."""
    ranks = list(ROLE_NAMES)
    return [SelectChoice(name, ROLE_NAMES[name]) for name in ranks[: ranks.index(role) + 1]]


def chosen_unit(text: str) -> int | None:
    """Return the unit id of a choice made from `unit_choices`."""
    return int(text) if text else None
