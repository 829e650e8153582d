"""Sentences about schemes and scores: each part with its inputs, the sum with its formula; pure."""

from flask_babel import gettext as _

from app.assess.explain.numbers import number, percent
from app.assess.scheme import DUTIES, HOURS, PAPERS, PLANS, RECALL, Part, Plan


def component_name(name: str) -> str:
    """Return what a component is called."""
    names: dict[str, str] = {
        RECALL: _("记得多少"),
        PAPERS: _("试卷"),
        PLANS: _("计划事项"),
        HOURS: _("学时"),
        DUTIES: _("责任"),
    }
    return names[name]


def of_part(part: Part) -> str:
    """Return how the value of a part came about."""
    if part.value is None:
        return str(_("没有要求，不计此项，其余各项按比例分摊权重。"))
    b = part.basis
    sentences: dict[str, str] = {
        RECALL: _(
            "考评期最后一天，%(total)s 题里学过 %(seen)s 题，各题记得的可能相加是 %(known)s 题；"
            "没学过的按不会计算。95%% 区间 %(low)s 到 %(high)s。",
            total=number(b.get("total", 0)),
            seen=number(b.get("seen", 0)),
            known=number(b.get("known", 0)),
            low=percent(b.get("low", 0)),
            high=percent(b.get("high", 0)),
        ),
        PAPERS: _(
            "要求的 %(asked)s 份试卷答了 %(taken)s 份，"
            "第一次的得分率相加是 %(sum)s，没答的按 0 算。",
            asked=number(b.get("asked", 0)),
            taken=number(b.get("taken", 0)),
            sum=number(b.get("sum", 0), 3),
        ),
        HOURS: _(
            "登记的集体学习 %(hours)s 学时，全年要求按考评期折算是 %(target)s 学时，超出的不多算。",
            hours=number(b.get("hours", 0)),
            target=number(b.get("target", 0)),
        ),
        PLANS: _(
            "到期的计划事项 %(due)s 项，按时完成 %(done)s 项。",
            due=number(b.get("due", 0)),
            done=number(b.get("done", 0)),
        ),
        DUTIES: _(
            "到期的责任 %(due)s 项，按时完成 %(done)s 项。",
            due=number(b.get("due", 0)),
            done=number(b.get("done", 0)),
        ),
    }
    return sentences[part.name]


def of_score(score: float | None, parts: tuple[Part, ...]) -> str:
    """Return the formula of a score with its numbers."""
    counted = [part for part in parts if part.value is not None]
    if score is None or not counted:
        return str(_("不计分：免于硬性要求，或期内没有要求做的事。"))
    terms = " + ".join(f"{part.weight} × {number(part.value or 0, 4)}" for part in counted)
    whole = sum(part.weight for part in counted)
    return str(
        _(
            "100 ×（%(terms)s）÷ %(whole)s = %(score)s 分",
            terms=terms,
            whole=whole,
            score=number(score, 2),
        )
    )


def of_plan(plan: Plan) -> str:
    """Return what a plan counts."""
    told = [f"{component_name(name)} {weight}" for name, weight in plan.weights.items()]
    return str(
        _(
            "%(weights)s；个人 %(bar)s 分达标，单位有 %(share)s%% 的人达标算达标。",
            weights=" + ".join(told),
            bar=plan.person_bar,
            share=plan.unit_share,
        )
    )


def barred() -> str:
    """Return what may not count, and why."""
    return str(
        _(
            "登录次数、在线时间、答题多少和积分不能作为考评依据（国办函〔2026〕12号），所以这里没有这些选项。"
        )
    )
