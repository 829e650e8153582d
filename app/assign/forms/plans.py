"""Shape of what pages of plans send."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.assign.actions.plans import LONGEST_TITLE
from app.assign.period import FIRST_YEAR, LAST_YEAR
from app.org.forms import CHINESE

QUARTER_NAMES = {
    0: _l("全年"),
    1: _l("一季度"),
    2: _l("二季度"),
    3: _l("三季度"),
    4: _l("四季度"),
}


class TitleForm(FlaskForm):  # type: ignore[misc]
    """What a plan is called."""

    title = StringField(
        _l("计划名称"),
        validators=[DataRequired(_l("请给计划写一个名称。")), Length(max=LONGEST_TITLE)],
        render_kw=CHINESE,
    )


class PlanForm(TitleForm):
    """A new plan of a unit."""

    unit = SelectField(_l("单位"), render_kw=CHINESE, validate_choice=False, coerce=int)
    year = IntegerField(
        _l("年份"),
        validators=[
            InputRequired(_l("请填写年份。")),
            NumberRange(FIRST_YEAR, LAST_YEAR, _l("请填写年份。")),
        ],
    )
    quarter = SelectField(
        _l("期间"),
        choices=[SelectChoice(str(number), name) for number, name in QUARTER_NAMES.items()],
        default="0",
    )
