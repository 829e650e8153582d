"""Sentences about questions and papers: definitions beside numbers, flags in words; pure."""

from flask_babel import gettext as _

from app.assess.distribution import LEAST_PEOPLE, Comparison, Distribution
from app.assess.explain.numbers import correlation, number, percent
from app.assess.item_analysis import Analysis, ItemFigures
from app.assess.options import (
    ENOUGH,
    GROUP,
    GUESSED,
    IDLE,
    IDLE_OPTION,
    LOW_DISCRIMINATION,
    NEGATIVE,
    STRONG_CHOSE,
    TOO_EASY,
    TOO_HARD,
    Flag,
    OptionFigures,
)
from app.bank.kinds.kind import LETTERS


def definitions() -> dict[str, str]:
    """Return the definition of each figure of item analysis, by its name in the code."""
    return {
        "facility": _("得分率：平均得分 ÷ 满分。越低越难。"),
        "guess": _("猜测得分率：什么都不会、按题型规则乱答时的平均得分 ÷ 满分。"),
        "discrimination": _(
            "区分度：本题得分与同卷其余得分的相关系数，−1 到 1，越大越能分清会与不会。"
        ),
        "efficiency": _(
            "区分效率：本题得分与其余得分的协方差 ÷ 两者各自排序后的协方差，"
            "即达到了可能区分度的几成。"
        ),
        "point_biserial": _("点二列相关：本题是否全对与全卷得分率（含本题）的相关系数。"),
        "weight": _(
            "有效权重：√（本题得分与总分的协方差，负数按 0）÷ 各题此数之和，"
            "即本题实际左右总分的份量。"
        ),
        "reliability": _(
            "信度 α = k ÷（k − 1）×（1 − 各题得分方差之和 ÷ 总分方差），k 是题数；"
            "每题非对即错时就是 KR-20。所有人答同一份卷才有。"
        ),
        "sem": _(
            "测量标准误 = 总分标准差 × √（1 − α），单位是分：真实水平多半在得分上下一个标准误之内。"
        ),
        "idle": _("无效干扰项：选的人不到 %(share)s 的错误选项。", share=percent(IDLE)),
        "first": _("只算每人第一次作答，因为后来的作答已经看过答案。"),
    }


def of_item(figures: ItemFigures) -> str:
    """Return the figures of one question in one sentence, with the number of answers."""
    if figures.facility is None:
        return str(_("本题不计分，没有数据。"))
    return str(
        _(
            "%(n)s 次作答：得分率 %(facility)s（乱答约 %(guess)s），区分度 %(discrimination)s，"
            "区分效率 %(efficiency)s，点二列相关 %(biserial)s，有效权重 %(weight)s。",
            n=figures.answers,
            facility=percent(figures.facility),
            guess=percent(figures.guess),
            discrimination=correlation(figures.discrimination),
            efficiency=correlation(figures.efficiency),
            biserial=correlation(figures.point_biserial),
            weight="—" if figures.weight is None else percent(figures.weight),
        )
    )


def of_option(option: OptionFigures) -> str:
    """Return who chose an option."""
    words = {
        "letter": LETTERS[option.index],
        "count": option.count,
        "share": percent(option.share),
        "strong": percent(option.strong),
        "weak": percent(option.weak),
        "group": percent(GROUP),
    }
    if option.is_key:
        return str(
            _(
                "%(letter)s（答案）：%(count)s 人选，占 %(share)s；"
                "其余得分最高的 %(group)s 中 %(strong)s，最低的 %(group)s 中 %(weak)s。",
                **words,
            )
        )
    return str(
        _(
            "%(letter)s：%(count)s 人选，占 %(share)s；"
            "其余得分最高的 %(group)s 中 %(strong)s，最低的 %(group)s 中 %(weak)s。",
            **words,
        )
    )


def flag_words(flag: Flag) -> str:
    """Return what a flag says to a trainer."""
    letter = "" if flag.option is None else LETTERS[flag.option]
    sentences: dict[str, str] = {
        STRONG_CHOSE: _("能力强的人多选 %(letter)s：请核对答案。", letter=letter),
        NEGATIVE: _("得分高的人反而更容易答错：请核对答案，看题干有没有歧义。"),
        LOW_DISCRIMINATION: _("区分度低：会的和不会的人答得差不多，请看选项和题干。"),
        TOO_EASY: _("几乎人人答对：可以用来打底，分不出会与不会。"),
        TOO_HARD: _("答对的人很少：请看是不是超出了所学，或题干难懂。"),
        GUESSED: _("得分率和乱答差不多：请看是不是没有学过，或答案有误。"),
        IDLE_OPTION: _("几乎没有人选 %(letter)s：请换一个更像的干扰项。", letter=letter),
    }
    return sentences[flag.rule]


def of_few(answers: int) -> str:
    """Return why a question has no flags yet."""
    return str(_("只有 %(n)s 次作答，满 %(least)s 次才提示。", n=answers, least=ENOUGH))


def list_told(figures: ItemFigures) -> list[str]:
    """Return what is to be looked at in a question, or why nothing is said yet."""
    if figures.answers < ENOUGH:
        return [of_few(figures.answers)]
    return [flag_words(flag) for flag in figures.flags]


def of_paper(analysis: Analysis) -> str:
    """Return the figures of a whole paper in one sentence."""
    if analysis.mean is None:
        return str(_("还没有答卷。"))
    if analysis.reliability is None or analysis.sem is None or analysis.maximum is None:
        return str(
            _(
                "%(n)s 份答卷，平均得分率 %(mean)s。各人的题目不全相同，或得分没有差别，"
                "不能算信度。",
                n=analysis.attempts,
                mean=percent(analysis.mean),
            )
        )
    return str(
        _(
            "%(n)s 份答卷，%(items)s 题，满分 %(maximum)s 分，平均得分率 %(mean)s，"
            "乱答约 %(guess)s；"
            "信度 %(name)s = %(alpha)s，测量标准误 %(sem)s 分。",
            n=analysis.attempts,
            items=len(analysis.items),
            maximum=number(analysis.maximum),
            mean=percent(analysis.mean),
            guess=percent(analysis.guess or 0.0),
            name="KR-20" if analysis.is_kr20 else "α",
            alpha=number(analysis.reliability, 2),
            sem=number(analysis.sem),
        )
    )


def of_distribution(found: Distribution | None) -> str:
    """Return a distribution of marks in one sentence."""
    if found is None:
        return str(_("还没有得分。"))
    return str(
        _(
            "%(people)s 人：一半的人得分率在 %(lower)s 到 %(upper)s 之间，中位数 %(median)s，"
            "平均 %(mean)s。",
            people=found.people,
            lower=percent(found.lower),
            upper=percent(found.upper),
            median=percent(found.median),
            mean=percent(found.mean),
        )
    )


def of_hidden(comparison: Comparison) -> str:
    """Return how many units are left out of a comparison and why; nothing when none is."""
    if not comparison.hidden:
        return ""
    return str(
        _(
            "有 %(n)s 个单位没有显示：少于 %(least)s 人的单位不显示，也不让人从合计里倒算出来。",
            n=comparison.hidden,
            least=LEAST_PEOPLE,
        )
    )
