"""Sentences about what was asked of a member by name or as one of many, for the record; pure."""

from datetime import date

from flask_babel import gettext as _

from app.assess.explain.numbers import percent
from app.assign.goal import goal_day
from app.assign.load import Load
from app.assign.queries import Task
from app.assign.taking import Progress
from app.base.clock import from_epoch, study_day


def end_of(task: Task) -> date:
    """Return the last day of what was asked: a goal's day, or the day a paper closes."""
    closes_at = task.terms.closes_at
    return goal_day(closes_at) if task.terms.goal else study_day(from_epoch(closes_at))


def kind_of(task: Task) -> str:
    """Return what sort of thing was asked."""
    return str(_("学习目标") if task.terms.goal else _("试卷"))


def of_task(task: Task) -> str:
    """Return how far a member is with what was asked: completed, overdue, or still open."""
    if task.exempt:
        return str(_("不作要求"))
    if task.progress is not None:
        return _of_paper(task.progress, task.over)
    goal = task.terms.goal
    return _of_goal(task.load, goal.percent if goal else 0, task.over)


def _of_paper(progress: Progress, over: bool) -> str:
    if progress.state == "handed_in":
        told = [str(_("逾期完成") if progress.late else _("已完成"))]
        if progress.passed is not None:
            told.append(str(_("合格") if progress.passed else _("未合格")))
        return "，".join(told)
    if over:
        return str(_("逾期"))
    words: dict[str, str] = {"later": _("还没到开始时间"), "begun": _("正在答")}
    return str(words.get(progress.state, _("还没有开始")))


def _of_goal(load: Load | None, want: int, over: bool) -> str:
    if load is None:
        return str(_("还没有算过"))
    reached = load.now * 100 >= want
    state = _("已完成") if reached else _("逾期") if over else _("正在学")
    told = _("平均记得 %(now)s，目标 %(want)s%%", now=percent(load.now), want=want)
    return f"{state}，{told}"
