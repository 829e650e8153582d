"""The regular work of assign: what goals take, and what is due, told to people and groups."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.assign.actions import (
    deliver,
    refresh_everybody,
    remind,
    send_confirmation,
    send_letters,
)
from app.base.jobs import Daily, Kind, Task


def _refresh(task: Task, now: datetime) -> str:
    return f"重新算了 {refresh_everybody(now, task.progress)} 份学习目标的每日任务。"


KINDS = (
    Kind("assign.loads", _l("算学习目标每天要学多少"), _refresh, Daily(4, 30)),
    Kind("assign.remind", _l("每天的提醒"), remind, Daily(7, 30)),
    Kind("assign.deliver", _l("发群消息"), deliver, limit=5, longest=120),
    Kind("assign.mail", _l("发提醒邮件"), send_letters, limit=5),
    Kind("assign.confirm", _l("发确认邮件"), send_confirmation, limit=5, longest=300),
)
