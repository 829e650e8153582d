"""Sentences about what members know, what score to expect, and how forecasts fared; pure."""

from flask_babel import gettext as _

from app.assess.calibration import (
    ENOUGH_ANSWERS,
    ENOUGH_MEMBERS,
    ENOUGH_PAPERS,
    Bin,
    Calibration,
    Coverage,
)
from app.assess.expected import ENOUGH_SAMPLES, LEAST_MET, LEAST_QUESTIONS, Forecast
from app.assess.explain.numbers import number, percent
from app.assess.intervals import LEVEL, MASTERED_CHANCE, MASTERED_SHARE, jeffreys, wilson
from app.assess.mastery import UNSEEN, Mastery, state_name


def of_share(right: int, asked: int) -> str:
    """Return what a share of right answers means, with its Jeffreys and Wilson intervals."""
    if not asked:
        return str(_("还没有作答，什么也说明不了。"))
    one, other = jeffreys(right, asked), wilson(right, asked)
    return str(
        _(
            "%(asked)s 次作答，答对 %(right)s 次：%(right)s ÷ %(asked)s = %(share)s。"
            "真正掌握的比例有 %(level)s 的把握在 %(low)s 到 %(high)s 之间"
            "（杰弗里斯区间，即 Beta(%(right)s+½, %(wrong)s+½) 的分位数；"
            "威尔逊区间为 %(low2)s 到 %(high2)s）。",
            asked=asked,
            right=right,
            wrong=asked - right,
            share=percent(right / asked),
            level=percent(LEVEL),
            low=percent(one.low),
            high=percent(one.high),
            low2=percent(other.low),
            high2=percent(other.high),
        )
    )


def of_mastery(mastery: Mastery) -> str:
    """Return how the word for a chapter came about."""
    if mastery.state == UNSEEN:
        return str(_("共 %(total)s 题，还没有学过。", total=mastery.total))
    return str(
        _(
            "共 %(total)s 题，学过 %(seen)s 题，各题记得的可能相加是 %(known)s 题；"
            "没学过的 %(unseen)s 题按不会计算。掌握比例 = %(known)s ÷ %(total)s = %(share)s，"
            "有 %(level)s 的把握在 %(low)s 到 %(high)s 之间（杰弗里斯区间）。"
            "比例达到 %(bar)s 的可能是 %(chance)s；这个可能不低于 %(need)s 才算掌握，"
            "不高于 %(rest)s 算没有掌握，所以写“%(state)s”。",
            total=mastery.total,
            seen=mastery.seen,
            unseen=mastery.unseen,
            known=number(mastery.known),
            share=percent(mastery.share),
            level=percent(LEVEL),
            low=percent(mastery.low),
            high=percent(mastery.high),
            bar=percent(MASTERED_SHARE),
            chance=percent(mastery.chance),
            need=percent(MASTERED_CHANCE),
            rest=percent(1 - MASTERED_CHANCE),
            state=state_name(mastery.state),
        )
    )


def of_recall(share: float | None, seen: int) -> str:
    """Return the mean chance of recall over the questions met, with how many these are."""
    if share is None:
        return str(_("还没有学过"))
    return str(_("%(p)s（学过的 %(n)s 题平均）", p=percent(share), n=seen))


def of_sat(title: str, score: float | None, full: float) -> str:
    """Return a mark in words, as far as it may be told."""
    if score is None:
        return str(_("%(title)s：分数还没有公布", title=title))
    return str(
        _("%(title)s：%(score)s / %(full)s 分", title=title, score=number(score), full=number(full))
    )


def of_hours(hours: float, asked: float, year: int) -> str:
    """Return the hours of collective study recorded in a year beside what is asked (0: nothing)."""
    told = {"year": year, "hours": number(hours), "asked": number(asked)}
    if not asked:
        return str(_("%(year)s 年登记了 %(hours)s 学时，没有规定要求。", **told))
    return str(_("%(year)s 年登记了 %(hours)s 学时，要求 %(asked)s 学时。", **told))


def of_forecast(forecast: Forecast) -> str:
    """Return how an expected score came about."""
    return str(
        _(
            "共 %(questions)s 题、满分 %(maximum)s 分，其中没学过 %(unmet)s 题。"
            "每题答对的可能 = 猜对的可能 +（1 − 猜对的可能）× 会的可能；"
            "会的可能由记忆模型（FSRS）预计的回忆概率、间隔天数和难度，"
            "再加上本人和本题的偏差（答得少时向大家的平均靠拢）得出。"
            "各题分值 × 可能相加 = %(mean)s 分；"
            "得分有 %(chance)s 的把握在 %(low)s 到 %(high)s 分之间。"
            "部分答对按答错计。",
            questions=forecast.questions,
            maximum=forecast.maximum,
            unmet=forecast.unmet,
            mean=number(forecast.mean),
            chance=percent(forecast.chance),
            low=forecast.low,
            high=forecast.high,
        )
    )


def of_shortage(reason: str) -> str:
    """Return why there is no forecast, for a reason that `expected.shortages` gives."""
    sentences: dict[str, str] = {
        "samples": _("数据不够：全站至少要有 %(n)s 次作答才能预计。", n=ENOUGH_SAMPLES),
        "questions": _("数据不够：少于 %(n)s 题，得分多半凭运气。", n=LEAST_QUESTIONS),
        "unmet": _("数据不够：学过的题不到 %(share)s，预计会落空。", share=percent(LEAST_MET)),
    }
    return sentences[reason]


def of_calibration(found: Calibration | None) -> str:
    """Return how good single forecasts were, beside the constant."""
    if found is None:
        return str(
            _(
                "数据不够：预计之后要有 %(members)s 人的 %(answers)s 次作答，才能检验预计准不准。",
                members=ENOUGH_MEMBERS,
                answers=ENOUGH_ANSWERS,
            )
        )
    return str(
        _(
            "%(members)s 人在预计之后作答 %(answers)s 次，预计平均答对 %(forecast)s，"
            "实际 %(average)s。"
            "布里尔分 =（预计的可能 − 结果）² 的平均 = %(brier)s，总按平均数预计则是 %(constant)s；"
            "对数损失 = −ln（给实际结果的可能）的平均 = %(loss)s，"
            "总按平均数预计则是 %(constant2)s。"
            "两个数都是越小越准。",
            members=found.members,
            answers=found.answers,
            forecast=percent(found.forecast),
            average=percent(found.average),
            brier=number(found.brier, 4),
            constant=number(found.constant_brier, 4),
            loss=number(found.log_loss, 4),
            constant2=number(found.constant_log_loss, 4),
        )
    )


def of_bin(one: Bin) -> str:
    """Return one row of the reliability table in words."""
    around = {"low": percent(one.low), "high": percent(one.high)}
    if one.mean is None or one.right is None:
        return str(_("预计 %(low)s 到 %(high)s：没有作答。", **around))
    return str(
        _(
            "预计 %(low)s 到 %(high)s：%(count)s 次作答，平均预计 %(mean)s，实际答对 %(right)s"
            "（%(level)s 区间 %(from_)s 到 %(to)s）。",
            count=one.count,
            mean=percent(one.mean),
            right=percent(one.right),
            level=percent(LEVEL),
            from_=percent(one.sure.low),
            to=percent(one.sure.high),
            **around,
        )
    )


def of_coverage(found: Coverage | None) -> str:
    """Return how often the intervals of expected scores held."""
    if found is None:
        return str(
            _(
                "数据不够：要有 %(members)s 人的 %(papers)s 份答卷，才能检验得分区间。",
                members=ENOUGH_MEMBERS,
                papers=ENOUGH_PAPERS,
            )
        )
    return str(
        _(
            "%(papers)s 份答卷中，得分落在预计区间内的占 %(held)s"
            "（%(level)s 区间 %(low)s 到 %(high)s），应为 %(promised)s；"
            "预计平均偏差 %(bias)s 个百分点，区间平均宽 %(width)s 个百分点（满分为 100）。",
            papers=found.papers,
            held=percent(found.held),
            level=percent(LEVEL),
            low=percent(found.sure.low),
            high=percent(found.sure.high),
            promised=percent(found.promised),
            bias=number(100 * found.bias),
            width=number(100 * found.width),
        )
    )
