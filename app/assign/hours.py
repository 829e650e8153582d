"""Hours of collective study (学时): what may be recorded, and what is asked of whom; pure.

Hours are recorded by trainers with evidence and never inferred from time online (党员教育管理工作
条例, 2019, art. 20). What is asked is configuration; the figures here are what holds until a unit
sets its own, each with where it comes from.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.base.errors import Invalid

STEP = 0.5
MOST_HOURS = 10.0  # of one gathering: a long day
MOST_A_DAY = 12.0  # of one person
LONGEST_SUBJECT, LONGEST_TEXT = 100, 1000
MOST_TARGET = 500
EXEMPT = "exempt"

# Names of documents and figures as they are cited; they stay Chinese in every language.
_RULES = (
    "《中国共产党党员教育管理工作条例》（2019 年）第二十条：党员每年集中学习培训一般不少于 32 学时"
)
_PLAN = (
    "《2019—2023年全国党员教育培训工作规划》：基层党组织书记和班子成员每年不少于 56 学时"
    "（规划期已过，请对照现行要求核对）"
)
_ADMISSION = "《中国共产党发展党员工作细则》：发展对象短期集中培训不少于三天或 24 学时"


@dataclass(frozen=True, slots=True)
class Target:
    """Hours asked in a year of those with a status or post, and where the figure comes from."""

    hours: float
    source: str


DEFAULTS: Mapping[str, Target] = {
    "full": Target(32, _RULES),
    "probationary": Target(32, _RULES),
    "development": Target(24, _ADMISSION),
    "secretary": Target(56, _PLAN),
    "deputy": Target(56, _PLAN),
    "organisation": Target(56, _PLAN),
    "publicity": Target(56, _PLAN),
    "discipline": Target(56, _PLAN),
}


def target_of(
    status: str, posts: Iterable[str], standing: str, targets: Mapping[str, Target]
) -> Target | None:
    """Return the highest target that a person's status or posts ask for, None for nothing asked.

    Of the frail and seriously ill nothing rigid is asked (党员教育管理工作条例, art. 23).
    """
    if standing == EXEMPT:
        return None
    asked = [targets[key] for key in (status, *posts) if key in targets]
    return max((one for one in asked if one.hours > 0), key=lambda one: one.hours, default=None)


def check_hours(hours: float) -> None:
    """Raise Invalid unless the hours are a multiple of a half between a half and a long day."""
    if not STEP <= hours <= MOST_HOURS or (hours / STEP) % 1:
        message = _("学时要在 0.5 到 %(most)g 之间，可以有半个学时。", most=MOST_HOURS)
        raise Invalid(message, hours=message)


def check_day(day: date, today: date) -> None:
    """Raise Invalid for a day to come or one before last year."""
    if day > today:
        message = _("还没有到这一天，学习以后再登记。")
        raise Invalid(message, day=message)
    if day.year < today.year - 1:
        message = _("只能登记今年和去年的学习。")
        raise Invalid(message, day=message)


def check_attendance(present: Collection[int], roster: Collection[int]) -> None:
    """Raise Invalid when nobody was there, somebody is named twice or is not on the roster."""
    if not present:
        message = _("请勾选到场的人。")
        raise Invalid(message, present=message)
    if len(set(present)) != len(present):
        message = _("有人被登记了两次，没有保存。")
        raise Invalid(message, present=message)
    if not set(present) <= set(roster):
        message = _("名单里有人不在这个单位，没有保存。请重新打开这一页。")
        raise Invalid(message, present=message)


def check_target(hours: float, source: str) -> None:
    """Raise Invalid for a target without a source, or an absurd one."""
    if not 0 <= hours <= MOST_TARGET or (hours / STEP) % 1:
        message = _("学时要求要在 0 到 %(most)s 之间。", most=MOST_TARGET)
        raise Invalid(message, hours=message)
    if not 1 <= len(source.strip()) <= LONGEST_TEXT:
        message = _("请写明依据（哪个文件、哪一条）。")
        raise Invalid(message, source=message)
