"""The regular work of study: papers taken into the memory, and what people are to recall."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.base.jobs import Daily, Kind, Task
from app.study.actions import catch_up_all, fit_units, fold_recall


def _fold(_task: Task, now: datetime) -> str:
    return f"汇总了 {fold_recall(now)} 条各单位各章的预计记得。"


def _fit(_task: Task, now: datetime) -> str:
    return f"按作答拟合了 {fit_units(now)} 组记忆参数。"


def _catch_up(_task: Task, now: datetime) -> str:
    members, taken = catch_up_all(now)
    return f"{members} 人的 {taken} 份答卷和作答计入了学习。"


KINDS = (
    Kind("study.catch_up", _l("把已结束的试卷计入学习"), _catch_up, Daily(4, 10)),
    Kind("study.fit", _l("按作答拟合记忆参数"), _fit, Daily(4, 15)),
    Kind("study.fold_recall", _l("汇总各单位预计记得多少"), _fold, Daily(4, 20)),
)
