"""The regular work of study: what people are expected to recall, for the units' reports."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.base.jobs import Daily, Kind, Task
from app.study.actions import fold_recall


def _fold(_task: Task, now: datetime) -> str:
    return f"汇总了 {fold_recall(now)} 条各单位各章的预计记得。"


KINDS = (Kind("study.fold_recall", _l("汇总各单位预计记得多少"), _fold, Daily(4, 20)),)
