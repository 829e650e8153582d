"""A member's record as a report, the same figures as on its page; pure."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.assess.explain.knowledge import of_hours, of_mastery, of_recall
from app.assess.explain.numbers import number, percent
from app.assess.explain.schemes import component_name, of_part, of_score
from app.assess.explain.tasks import end_of, kind_of, of_task
from app.assess.mastery import state_name
from app.assess.queries.record import ChapterLine, Record
from app.assess.queries.schemes import Score
from app.assess.report import Report, Table, table
from app.assign.progress import PROGRESS_NAMES
from app.assign.queries import Task
from app.assign.queries.duties import Duty
from app.base.clock import SHANGHAI, from_epoch
from app.quiz.queries import Sat

NOTHING = "—"


def as_report(found: Record, scores: Sequence[Score], name: str) -> Report:
    """Return somebody's record as a report called by their name."""
    target = found.hours.target
    told = of_hours(found.hours.hours, target.hours if target else 0.0, found.today.year)
    facts = [(str(_("到哪一天")), found.today.isoformat())]
    if found.then != found.today:
        facts.append((str(_("预计到哪一天")), found.then.isoformat()))
    facts.append((str(_("学时")), told))
    if target:
        facts.append((str(_("依据：")).rstrip("：: "), target.source))
    rule = _("只看记得多少、考得怎样；登录次数、在线时间和答题多少都不算。")
    facts.append((str(_("说明")), str(rule)))
    tables = [_chapters(found), _papers(found.papers), _tasks(found.tasks)]
    tables += [_duties(found.duties), _scores(scores)]
    return Report(str(_("学习档案")), name, tuple(facts), tuple(tables))


def _chapters(found: Record) -> Table:
    heads = [_("文件"), _("章"), _("学过"), _("今天记得")]
    later = found.then != found.today
    if later:
        heads.append(_("%(day)s 记得", day=found.then.isoformat()))
    heads += [_("掌握"), _("掌握比例"), _("最低"), _("最高"), _("怎么算的")]
    rows = [
        _chapter(subject.title, line, later) for subject, lines in found.subjects for line in lines
    ]
    note = _("掌握比例和它的 95%% 区间；没学过的题按不会计算")
    empty = _("还没有可以学的题。")
    return table(
        str(_("各章掌握")),
        list(map(str, heads)),
        rows,
        str(note),
        [0, 1],
        empty=str(empty),
        long=[len(heads) - 1],
    )


def _chapter(subject: str, line: ChapterLine, later: bool) -> list[str]:
    m = line.today
    row = [subject, line.chapter.title, _met(m.seen, m.total), of_recall(line.recall, m.seen)]
    row += [of_recall(line.recall_then, m.seen)] if later else []
    shares = [percent(m.share), percent(m.low), percent(m.high)] if m.seen else [NOTHING] * 3
    return [*row, state_name(m.state), *shares, of_mastery(m) if m.seen else ""]


def _met(seen: int, total: int) -> str:
    return str(_("%(seen)s / %(total)s 题", seen=seen, total=total))


def _papers(papers: tuple[Sat, ...]) -> Table:
    rows = []
    for one in papers:
        handed = _("正在作答")
        if one.submitted_at is not None:
            day = from_epoch(one.submitted_at).astimezone(SHANGHAI).date()
            handed = day.isoformat()
        mark = [str(_("还没有公布")), NOTHING, ""]
        if one.score is not None:
            passed = _("合格") if one.passed else _("未合格")
            mark = [number(one.score), number(one.full), str(passed)]
        rows.append([one.title, str(one.number), str(handed), *mark])
    heads = [_("试卷"), _("第几次"), _("交卷"), _("得分"), _("满分"), _("结果")]
    empty = _("还没有答过试卷。")
    return table(str(_("试卷和分数")), list(map(str, heads)), rows, "", [0], empty=str(empty))


def _tasks(tasks: tuple[Task, ...]) -> Table:
    rows = [[t.terms.title, kind_of(t), end_of(t).isoformat(), of_task(t)] for t in tasks]
    heads = [str(_("布置")), str(_("类别")), str(_("到哪一天")), str(_("情况"))]
    empty = str(_("没有布置给本人的试卷和学习目标。"))
    return table(str(_("布置的试卷和学习目标")), heads, rows, "", [0], empty=empty)


def _duties(duties: tuple[Duty, ...]) -> Table:
    rows = []
    for one in duties:
        kind = str(_("计划事项") if one.plan_id else _("责任"))
        settled = one.settled_on.isoformat() if one.settled_on else NOTHING
        state = str(PROGRESS_NAMES[one.progress])
        rows.append([one.title, kind, one.due_on.isoformat(), settled, state])
    heads = [_("责任"), _("类别"), _("到期"), _("完成"), _("情况")]
    empty = str(_("今年没有由本人负责的责任和计划事项。"))
    return table(str(_("责任和计划事项")), list(map(str, heads)), rows, "", [0], empty=empty)


def _scores(scores: Sequence[Score]) -> Table:
    rows = []
    for one in scores:
        scheme = one.scheme
        title = f"{scheme.title}（{scheme.starts_on.isoformat()} – {scheme.ends_on.isoformat()}）"
        mark = str(_("不计分")) if one.score is None else number(one.score, 2)
        state = str(_("已被更正")) if scheme.replaced_by else ""
        parts = [f"{component_name(p.name)}：{of_part(p)}" for p in one.parts]
        rows.append([title, mark, state, "\n".join([of_score(one.score, one.parts), *parts])])
    heads = [str(_("考评")), str(_("得分")), str(_("更正")), str(_("怎么算的"))]
    empty = str(_("还没有公布的考评。"))
    return table(str(_("考评和证书")), heads, rows, "", [0], empty=empty, long=[3])
