"""The nightly work of assessment."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.assess.actions import refit_forecasts
from app.base.jobs import Daily, Kind, Task


def _refit(_task: Task, now: datetime) -> str:
    made = refit_forecasts(now)
    told = f"按 {made.samples} 次作答重算了预计，统计了 {made.questions} 道题。"
    return told + (f"另有模拟作答 {made.simulated} 次。" if made.simulated else "")


KINDS = (Kind("assess.refit", _l("重算预计分数和题目分析"), _refit, Daily(4, 50)),)
