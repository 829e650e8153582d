"""The words and days of a duty or an item of a plan; pure."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.assign.audience import Audience
from app.assign.period import Period, check_days
from app.base.errors import Invalid

EVERYBODY = Audience()  # of the unit
LONGEST_TITLE, LONGEST_MEASURE, LONGEST_REASON = 100, 1000, 1000


@dataclass(frozen=True, slots=True)
class Wording:
    """What is to be done, how one sees that it is, for whom, from when to when."""

    title: str
    measure: str
    starts_on: date
    due_on: date
    audience: Audience = EVERYBODY


def check_wording(wording: Wording, period: Period | None = None) -> Wording:
    """Return the wording without spaces around it; raise Invalid, naming the field, for a bad one.

    `period` is that of the plan it stands in.
    """
    title, measure = wording.title.strip(), wording.measure.strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        message = _("请写明要做的事，最多 %(n)s 个字。", n=LONGEST_TITLE)
        raise Invalid(message, title=message)
    if len(measure) > LONGEST_MEASURE:
        message = _("衡量标准最多 %(n)s 个字。", n=LONGEST_MEASURE)
        raise Invalid(message, measure=message)
    if period is None and not measure:
        message = _("请写明衡量标准：怎样算做到了。")
        raise Invalid(message, measure=message)
    check_days(wording.starts_on, wording.due_on, period)
    return Wording(title, measure, wording.starts_on, wording.due_on, wording.audience)


def check_reason(text: str) -> str:
    """Return a reason without spaces around it; raise Invalid when there is none."""
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_REASON:
        message = _("请写明原因或说明，最多 %(n)s 个字。", n=LONGEST_REASON)
        raise Invalid(message, text=message)
    return text
