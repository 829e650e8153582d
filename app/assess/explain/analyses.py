"""The analysis of a paper's questions as a report, the same figures as on its page; pure."""

from collections.abc import Callable

from flask_babel import gettext as _

from app.assess.distribution import LEAST_PEOPLE
from app.assess.explain.items import definitions, list_told, of_distribution, of_paper
from app.assess.explain.numbers import correlation, percent
from app.assess.item_analysis import ItemFigures
from app.assess.options import GROUP
from app.assess.queries.items import ItemLine, PaperAnalysis
from app.assess.report import Report, Table, table
from app.bank.kinds.kind import LETTERS
from app.bank.queries import Question

NOTHING = "—"
Texts = Callable[[Question], tuple[str, ...]]
Name = Callable[[str], str]


def as_report(found: PaperAnalysis, texts: Texts, kind_name: Name) -> Report:
    """Return the analysis of a paper as a report; `texts` gives what stands at the options."""
    words = definitions()
    facts = [(str(_("交卷的人")), str(found.people))]
    if found.whole is None:
        few = _("交卷的人还不到 %(n)s 人，人数够了才显示。", n=LEAST_PEOPLE)
        return Report(str(_("题目分析")), found.title, (*facts, (str(_("说明")), str(few))), ())
    which = words["first"] if found.firsts else _("每次交卷都算。")
    facts += [(str(_("算哪些作答")), str(which)), (str(_("全卷")), of_paper(found.whole))]
    if found.marks is not None:
        facts.append((str(_("得分分布")), of_distribution(found.marks)))
    if found.whole.reliability is not None:
        facts += [(str(_("信度")), words["reliability"]), (str(_("测量标准误")), words["sem"])]
    tables = [_questions(found.lines, words, kind_name), _options(found.lines, words, texts)]
    return Report(str(_("题目分析")), found.title, tuple(facts), tuple(tables))


def _questions(lines: tuple[ItemLine, ...], words: dict[str, str], kind_name: Name) -> Table:
    rows = [
        [str(place), line.question.stem, _source(line, kind_name), *_figures(line.figures)]
        for place, line in enumerate(lines, 1)
    ]
    heads = [_("序号"), _("题目"), _("题型和出处"), _("作答"), _("得分率"), _("乱答")]
    heads += [_("区分度"), _("区分效率"), _("点二列相关"), _("有效权重"), _("要看一看的")]
    names = ("facility", "guess", "discrimination", "efficiency", "point_biserial", "weight")
    note = "\n".join(words[name] for name in names)
    return table(str(_("每道题")), list(map(str, heads)), rows, note, [1, 2], long=[1, 10])


def _source(line: ItemLine, kind_name: Name) -> str:
    question = line.question
    return f"{kind_name(question.kind)} · {question.document_short} {question.provision_label}"


def _figures(f: ItemFigures | None) -> list[str]:
    """Return the figures of a question; of one that few met only that they are few."""
    if f is None:
        return [str(_("不到 5 次")), *[NOTHING] * 6, str(_("人数不够，不显示。"))]
    return [
        str(f.answers),
        NOTHING if f.facility is None else percent(f.facility),
        percent(f.guess),
        *map(correlation, (f.discrimination, f.efficiency, f.point_biserial)),
        NOTHING if f.weight is None else percent(f.weight),
        "\n".join(list_told(f)),
    ]


def _options(lines: tuple[ItemLine, ...], words: dict[str, str], texts: Texts) -> Table:
    rows = []
    for place, line in enumerate(lines, 1):
        for one in line.figures.options if line.figures else ():
            text = texts(line.question)[one.index] or (_("对"), _("错"))[one.index]
            told = _("答案") if one.is_key else _("无效干扰项") if one.is_idle else ""
            shares = [percent(share) for share in (one.share, one.strong, one.weak)]
            rows.append(
                [str(place), LETTERS[one.index], str(text), str(told), str(one.count), *shares]
            )
    heads = [_("序号"), _("选项"), _("内容"), _("说明"), _("人数"), _("占")]
    heads += [
        _("其余得分最高的 %(p)s", p=percent(GROUP)),
        _("其余得分最低的 %(p)s", p=percent(GROUP)),
    ]
    note = words["idle"]
    empty = _("没有可选的题，或人数不够。")
    return table(str(_("每个选项有谁选")), list(map(str, heads)), rows, note, [2], empty=str(empty))
