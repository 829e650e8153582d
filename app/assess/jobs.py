"""The regular work of assessment: forecasts every night, files that were fetched taken away."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.accounts.queries import get_viewer
from app.assess.actions import (
    PUBLISH,
    fold_reports,
    publish_scheme,
    refit_forecasts,
    sweep_files,
)
from app.base.jobs import Daily, Hourly, Kind, Task


def _refit(_task: Task, now: datetime) -> str:
    folded, made = fold_reports(now), refit_forecasts(now)
    told = f"按 {made.samples} 次作答重算了预计，统计了 {made.questions} 道题。"
    told += f"单位报告 {folded.rows} 行。"
    return told + (f"另有模拟作答 {made.simulated} 次。" if made.simulated else "")


def _publish(task: Task, now: datetime) -> str:
    by = get_viewer(task.member_id)
    count = publish_scheme(by, int(task.arguments["scheme_id"]), now, task)
    return f"已公布 {count} 人的考评。"


def _sweep(_task: Task, now: datetime) -> str:
    sweep_files(now)
    return "一小时以前排好的文件已清理。"


KINDS = (
    Kind("assess.refit", _l("重算预计分数和题目分析"), _refit, Daily(4, 50)),
    Kind(PUBLISH, _l("公布考评"), _publish, longest=4 * 3600),
    Kind("assess.sweep", _l("清理排好的文件"), _sweep, Hourly(25)),
)
