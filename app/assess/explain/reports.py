"""A unit's figures as a report in words: the only place where they become text; pure."""

from collections.abc import Callable, Mapping
from datetime import date

from flask_babel import gettext as _

from app.assess.distribution import LEAST_PEOPLE, Comparison, distribution, may_show
from app.assess.explain.items import of_distribution, of_hidden
from app.assess.explain.numbers import percent
from app.assess.figures import (
    HELP_SHARE,
    Below,
    ChapterFigures,
    DemandFigures,
    DutyFigures,
    Helped,
    PaperFigures,
    UnitFigures,
)
from app.assess.intervals import jeffreys
from app.assess.mastery import from_answers, state_name
from app.assess.report import Report, Table, table
from app.org.party import EXEMPT, STANDING_NAMES

NOTHING = "—"
Link = Callable[[int], str]


def as_report(found: UnitFigures, link: Link) -> Report:
    """Return the report of a unit; `link` gives the address of the report on a unit below."""
    tables = [_papers(found.papers), _demands(found.demands), _duties(found.duties)]
    tables += [_chapters(found.chapters), _weakest(found)]
    tables += [_months(found.months), _helped(found.helped, found.more_helped)]
    if found.below:
        tables.append(_below(found.below, link))
    if found.comparison is not None:
        tables.append(_compared(found.comparison))
    span = f"{found.since.isoformat()} – {found.day.isoformat()}"
    facts = [(str(_("时间")), span), *_people(found.people)]
    return Report(str(_("单位报告")), found.unit_name, tuple(facts), tuple(tables))


def of_answers(right: int, asked: int) -> str:
    """Return a share of right answers with its interval and how many there were."""
    if not asked:
        return NOTHING
    sure = jeffreys(right, asked)
    return str(
        _(
            "%(p)s（%(low)s–%(high)s，%(n)s 次）",
            p=percent(right / asked),
            low=percent(sure.low),
            high=percent(sure.high),
            n=asked,
        )
    )


def _people(people: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return how many people there are by standing, the exempt named as left out."""
    counted = sum(count for standing, count in people.items() if standing != EXEMPT)
    facts = [(str(_("计入的人")), str(counted))]
    for standing, name in STANDING_NAMES.items():
        count = people.get(standing, 0)
        if count and standing == EXEMPT:
            facts.append((str(name), str(_("%(n)s 人，不计入任何分母", n=count))))
        elif count:
            facts.append((str(name), str(count)))
    return facts


def _papers(papers: tuple[PaperFigures, ...]) -> Table:
    rows = []
    for one in papers:
        spread = str(_("不到 %(n)s 人，不显示", n=LEAST_PEOPLE))
        if may_show(len(one.shares)):
            spread = of_distribution(distribution(one.shares))
        state = str(_("已截止") if one.ended else _("进行中"))
        counts = [one.meant, one.submitted, one.overdue, one.passed]
        rows.append([one.title, state, *map(str, counts), spread])
    heads = [_("试卷"), _("状态"), _("应答"), _("交卷"), _("逾期"), _("合格"), _("第一次得分")]
    note = _("应答不含免于硬性要求的人；逾期是截止后没有交卷的人；合格看每人最好的一次。")
    empty = _("这段时间没有要求大家答的试卷。")
    return table(str(_("试卷")), list(map(str, heads)), rows, str(note), [0], empty=str(empty))


def _demands(demands: tuple[DemandFigures, ...]) -> Table:
    rows = []
    for one in demands:
        kind = str(_("学习目标") if one.is_goal else _("试卷"))
        counts = map(str, (one.asked, one.done, one.overdue))
        rows.append([one.title, kind, one.ends_on.isoformat(), *counts])
    heads = [_("布置"), _("类别"), _("到哪一天"), _("应完成"), _("完成"), _("逾期")]
    note = _(
        "按截止日期排列。应完成不含免于硬性要求的人；试卷交了就算完成，"
        "学习目标看最后一次算时记得多少；逾期是截止时还没有完成的人。"
    )
    empty = _("这段时间没有布置试卷和学习目标。")
    return table(
        str(_("布置的试卷和学习目标")),
        list(map(str, heads)),
        rows,
        str(note),
        [0],
        empty=str(empty),
    )


def _duties(duties: tuple[DutyFigures, ...]) -> Table:
    rows = []
    for one in duties:
        name = str(_("计划事项") if one.in_plans else _("责任"))
        rows.append(
            [name, *map(str, (one.open + one.late + one.done, one.done, one.late, one.open))]
        )
    heads = [_("类别"), _("共几项"), _("完成"), _("逾期"), _("还没有到期")]
    note = _("这段时间到期和还没有到期的，取消的不算；谁负责什么另有一页。")
    empty = _("这段时间没有责任和计划事项。")
    return table(str(_("责任和计划事项")), list(map(str, heads)), rows, str(note), empty=str(empty))


def _chapters(chapters: tuple[ChapterFigures, ...]) -> Table:
    rows = []
    for one in chapters:
        recall = NOTHING
        if one.recall is not None:
            recall = _("%(p)s（%(n)s 人）", p=percent(one.recall), n=one.people)
        state = state_name(from_answers(one.right, one.asked).state) if one.asked else NOTHING
        answers = of_answers(one.right, one.asked)
        rows.append([one.subject, one.chapter, answers, state, str(recall)])
    heads = [_("文件"), _("章"), _("隔天以后还答对"), _("说明"), _("昨晚预计记得")]
    note = _(
        "隔了一天以上再问时答对的比例、95% 区间（杰弗里斯区间）和次数；"
        "答对比例不低于 80% 的把握达到 95% 才写“已经掌握”。"
        "预计记得是学过的题由记忆模型算出的平均可能。"
    )
    empty = _("还没有隔天以后的作答。")
    return table(
        str(_("各章掌握")), list(map(str, heads)), rows, str(note), [0, 1], empty=str(empty)
    )


def _weakest(found: UnitFigures) -> Table:
    rows = [
        [one.document, one.provision, of_answers(one.right, one.asked), str(one.people)]
        for one in found.weakest
    ]
    heads = [_("文件"), _("条款"), _("隔天以后还答对"), _("人数")]
    note = _("最近 %(n)s 天，每晚统计；不到 %(k)s 人答过的不显示。", n=found.days, k=LEAST_PEOPLE)
    empty = _("还没有足够的人答过，或昨晚还没有统计。")
    return table(
        str(_("最薄弱的条款")), list(map(str, heads)), rows, str(note), [0, 1], empty=str(empty)
    )


def _months(months: tuple[tuple[date, int, int], ...]) -> Table:
    rows = [
        [f"{month.year}-{month.month:02d}", of_answers(right, asked)]
        for month, right, asked in months
    ]
    heads = [str(_("月份")), str(_("隔天以后还答对"))]
    return table(str(_("逐月变化")), heads, rows, empty=str(_("还没有隔天以后的作答。")))


def _helped(people: tuple[Helped, ...], more: bool) -> Table:
    rows = []
    for one in people:
        reasons = [str(_("没有交卷：%(title)s", title=title)) for title in one.missed]
        if one.delayed:
            told = of_answers(one.recalled, one.delayed)
            reasons.append(str(_("隔天以后还答对 %(share)s", share=told)))
        rows.append([one.name, one.unit, "；".join(reasons)])
    heads = [str(_("姓名")), str(_("单位")), str(_("为什么"))]
    note = str(
        _(
            "按单位和姓名排列，不排名次；免于硬性要求的人不在内。"
            "隔天以后答对的比例低于 %(share)s 的把握达到 95%% 才列出。",
            share=percent(HELP_SHARE),
        )
    )
    if more:
        note += str(_("人数较多，只列出一部分，请到下级单位的报告里看。"))
    empty = str(_("没有人缺卷，也没有人明显记不住。"))
    return table(str(_("可能需要帮助的人")), heads, rows, note, [0, 1], empty=empty)


def _below(units: tuple[Below, ...], link: Link) -> Table:
    rows, links = [], []
    for one in units:
        handed = f"{one.submitted} / {one.asked}" if one.asked else NOTHING
        rows.append([one.name, str(one.people), handed, of_answers(one.recalled, one.delayed)])
        links.append(link(one.unit_id))
    heads = [_("单位"), _("计入的人"), _("交卷 / 应答"), _("隔天以后还答对")]
    note = str(_("按单位树的次序，不排名次。"))
    return table(str(_("下级单位")), list(map(str, heads)), rows, note, [0], links)


def _compared(found: Comparison) -> Table:
    rows = [[name, of_distribution(spread)] for name, spread in found.units.items()]
    heads = [str(_("单位")), str(_("每人隔天以后还答对的比例"))]
    note = f"{_('只比分布，按单位树的次序。')}{of_hidden(found)}"
    empty = str(_("没有人数足够的下级单位。"))
    return table(str(_("下级单位的分布")), heads, rows, note, [0], empty=empty)
