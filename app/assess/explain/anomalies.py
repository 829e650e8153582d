"""Sentences about anomalies: the evidence, the yardstick, and what it does not prove; pure."""

from flask_babel import gettext as _

from app.assess.anomalies import ENOUGH_TIMES, FAR, Burst, FastAnswer, Hasty, SameWrong
from app.assess.explain.numbers import few, number, one_in, percent


def caution() -> str:
    """Return the sentence that stands above every list of anomalies."""
    return str(_("以下只是线索，供人核实；系统不据此扣分、处罚或下结论。"))


def of_fast(answer: FastAnswer) -> str:
    """Return one answer faster than reading."""
    return str(
        _(
            "用了 %(took)s 秒；大家的中位数是 %(median)s 秒，低于 %(limit)s 秒算读不完。",
            took=number(answer.elapsed_ms / 1000),
            median=number(answer.median_ms / 1000),
            limit=number(answer.fast_ms / 1000),
        )
    )


def of_hasty(found: Hasty) -> str:
    """Return how many of a member's answers were faster than reading, and the rule for it."""
    return str(
        _(
            "首次作答 %(answers)s 题，有 %(fast)s 题快得读不完题（%(share)s），"
            "其他人是 %(others)s。"
            "读不完：用时的对数低于中位数 %(far)s 个标准化绝对中位差；"
            "至少 %(least)s 人答过的题才算。"
            "也可能是早就熟悉，或点错了。",
            answers=found.answers,
            fast=len(found.fast),
            share=percent(len(found.fast) / found.answers),
            others=percent(found.others),
            far=number(FAR),
            least=ENOUGH_TIMES,
        )
    )


def of_same_wrong(found: SameWrong) -> str:
    """Return how far two members' wrong answers agree beyond chance."""
    return str(
        _(
            "两人都答错的有 %(both)s 题，其中 %(same)s 题错得一样；按别人错误答案的分布，"
            "碰巧一样的应有 %(expected)s 题，碰巧达到这么多的可能约为 %(chance)s。"
            "共比较了 %(pairs)s 对，碰巧会出现约 %(by_chance)s 对。也可能是一起学、记错了同一处。",
            both=found.both_wrong,
            same=found.same,
            expected=number(found.expected),
            chance=one_in(found.chance),
            pairs=found.pairs,
            by_chance=few(found.chance * found.pairs),
        )
    )


def of_burst(found: Burst) -> str:
    """Return how many answers came in how short a while."""
    return str(
        _(
            "%(took)s 分钟内答了 %(answers)s 题，"
            "这些题通常共需 %(usual)s 分钟（各题用时中位数之和）。"
            "也可能是离线作答后一起提交时手机时钟有误。",
            took=number(found.took_ms / 60_000),
            answers=found.answers,
            usual=number(found.usual_ms / 60_000),
        )
    )
