"""The regular work of operating: a proven copy every night, old records of jobs taken away."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.base.jobs import Daily, Kind, Task, forget_old
from app.ops.actions import make_backup


def _back_up(_task: Task, now: datetime) -> str:
    made = make_backup(now)
    return f"备份了 {made.tables} 张表、{made.rows} 行，已核对（{max(1, made.bytes >> 20)} MB）。"


def _forget(_task: Task, now: datetime) -> str:
    return f"清理了 {forget_old(now)} 条旧记录。"


KINDS = (
    Kind("ops.backup", _l("备份数据库"), _back_up, Daily(4, 10)),
    Kind("ops.forget_jobs", _l("清理后台任务的旧记录"), _forget, Daily(4, 40)),
)
