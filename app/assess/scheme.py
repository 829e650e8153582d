"""An assessment scheme: what counts how much, and how a score comes of it; pure.

Only what people know and have done may count. Sign-ins, time online, the number of answers and
points are barred as a basis of assessment (国办函〔2026〕12号): there is no way to name them here.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
from flask_babel import gettext as _

from app.assess.intervals import jeffreys
from app.base.errors import Invalid

RECALL, PAPERS, PLANS, HOURS, DUTIES = "recall", "papers", "plans", "hours", "duties"
COMPONENTS = (RECALL, PAPERS, PLANS, HOURS, DUTIES)
YEAR = 365  # days, by which the hours asked of a year are shared out over a period
WHOLE = 100  # what the weights add up to
LONGEST_DAYS = 366


class Plan(msgspec.Struct, frozen=True):
    """What counts: weights (whole, adding up to 100) by component, subjects whose recall counts
    (none named: all), and the bars for recognition.

    A person meets the bar with a score of at least `person_bar`; a unit when at least `unit_share`
    percent of its people do.
    """

    weights: dict[str, int]
    subjects: tuple[str, ...] = ()
    person_bar: int = 80
    unit_share: int = 80


class Part(msgspec.Struct, frozen=True):
    """One component of a score: its value (0…1), None when nothing of it was asked of the person,
    and what it was worked out from."""

    name: str
    weight: int
    value: float | None
    basis: dict[str, float]


class Asked(msgspec.Struct, frozen=True):
    """What was asked of a person in the period, frozen with the score.

    Ids of papers, hours of study, and of each duty and plan item that fell due whether it was done
    in time, as (id, in time): what becomes of duties is recorded by people, not worked out.
    """

    papers: tuple[int, ...] = ()
    hours: float = 0.0
    plans: tuple[tuple[int, bool], ...] = ()
    duties: tuple[tuple[int, bool], ...] = ()
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a person is known to have shown: recall (0…1) of each question of `questions`, by id;
    shares (0…1) of papers handed in, by id; hours attended."""

    questions: tuple[str, ...]
    recall: Mapping[str, float]
    papers: Mapping[int, float]
    hours: float


def check_plan(plan: Plan) -> None:
    """Raise Invalid for weights that name what may not count, or do not add up to 100."""
    barred = sorted(set(plan.weights) - set(COMPONENTS))
    if barred:
        message = _(
            "只能计入记得多少、试卷、计划事项、学时和责任；登录、在线时间、答题多少和积分不能作为考评依据。"
        )
        raise Invalid(message, weights=message)
    if any(weight < 0 for weight in plan.weights.values()) or sum(plan.weights.values()) != WHOLE:
        message = _("各项权重要是 0 以上的整数，合计 %(n)s。", n=WHOLE)
        raise Invalid(message, weights=message)
    if not 0 < plan.person_bar <= 100 or not 0 < plan.unit_share <= 100:
        raise Invalid(_("达标线要在 1 到 100 之间。"))


def check_period(starts_on: date, ends_on: date) -> None:
    """Raise Invalid for a period that runs backwards or is longer than a year."""
    if not timedelta(0) <= ends_on - starts_on < timedelta(LONGEST_DAYS):
        message = _("考评期最长一年，结束不能早于开始。")
        raise Invalid(message, ends_on=message)


def parts_of(plan: Plan, asked: Asked, evidence: Evidence) -> tuple[Part, ...]:
    """Return the parts of a score, in the order of COMPONENTS, of those that carry weight."""
    makers = {
        RECALL: _recall,
        PAPERS: _papers,
        PLANS: _plans,
        HOURS: _hours,
        DUTIES: _duties,
    }
    return tuple(
        Part(name, plan.weights[name], *makers[name](asked, evidence))
        for name in COMPONENTS
        if plan.weights.get(name)
    )


def score_of(parts: Sequence[Part]) -> float | None:
    """Return 100 · Σ weight · value / Σ weight over the parts that have a value; None without."""
    counted = [(part.weight, part.value) for part in parts if part.value is not None]
    whole = sum(weight for weight, _value in counted)
    if not whole:
        return None
    return 100 * math.fsum(weight * value for weight, value in counted) / whole


def has_met(score: float | None, bar: int) -> bool:
    """Say whether a score reaches the bar."""
    return score is not None and score >= bar


def unit_has_met(met: int, counted: int, share: int) -> bool:
    """Say whether `met` of `counted` people are at least `share` percent; never of nobody."""
    return counted > 0 and 100 * met >= share * counted


def period_before(starts_on: date, ends_on: date) -> tuple[date, date]:
    """Return the period of the same length that ended the day before."""
    length = ends_on - starts_on
    return starts_on - timedelta(1) - length, starts_on - timedelta(1)


Made = tuple[float | None, dict[str, float]]


def _recall(_asked: Asked, evidence: Evidence) -> Made:
    """Return the share of the questions that is known on the last day; never met counts as 0."""
    total = len(evidence.questions)
    if not total:
        return None, {}
    met = [evidence.recall[i] for i in evidence.questions if i in evidence.recall]
    known = min(math.fsum(met), float(len(met)))
    sure = jeffreys(known, total)
    basis = {"known": known, "seen": len(met), "total": total, "low": sure.low, "high": sure.high}
    return known / total, basis


def _papers(asked: Asked, evidence: Evidence) -> Made:
    """Return the mean share of the full mark; a paper that was asked and not taken counts as 0."""
    if not asked.papers:
        return None, {}
    shares = [evidence.papers.get(one, 0.0) for one in asked.papers]
    taken = sum(one in evidence.papers for one in asked.papers)
    basis = {"sum": math.fsum(shares), "taken": taken, "asked": len(shares)}
    return math.fsum(shares) / len(shares), basis


def _hours(asked: Asked, evidence: Evidence) -> Made:
    """Return the share of the hours asked that was attended; more than all does not count."""
    if asked.hours <= 0:
        return None, {}
    basis = {"hours": evidence.hours, "target": asked.hours}
    return min(1.0, evidence.hours / asked.hours), basis


def _plans(asked: Asked, _evidence: Evidence) -> Made:
    """Return the share of the plan items due in the period that was done in time."""
    return _done(asked.plans)


def _duties(asked: Asked, _evidence: Evidence) -> Made:
    """Return the share of the other duties due in the period that was done in time."""
    return _done(asked.duties)


def _done(due: tuple[tuple[int, bool], ...]) -> Made:
    if not due:
        return None, {}
    done = sum(in_time for _id, in_time in due)
    return done / len(due), {"done": done, "due": len(due)}


def hours_for(yearly: float, starts_on: date, ends_on: date) -> float:
    """Return the part of the hours asked of a year that falls on a period, to half an hour."""
    days = (ends_on - starts_on).days + 1
    return round(2 * yearly * days / YEAR) / 2
