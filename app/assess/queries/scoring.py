"""What a scheme gives everybody, read from the log: tried, counted for good, counted again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import msgspec
from flask_babel import gettext as _
from sqlalchemy import select

from app.assess.distribution import LEAST_PEOPLE, Distribution, distribution
from app.assess.models import SchemeRow, ScoreRow
from app.assess.queries.evidence import code_version, list_plan_questions, read_evidence
from app.assess.queries.schemes import PUBLISHED, Scheme, encode, scheme_of
from app.assess.scheme import (
    Asked,
    Part,
    has_met,
    hours_for,
    parts_of,
    period_before,
    score_of,
)
from app.assign.queries.hours import get_total
from app.assign.queries.past import list_duties_due
from app.base.clock import day_start, epoch
from app.base.db import db
from app.base.errors import NotFound
from app.org import queries as org
from app.org.party import EXEMPT
from app.quiz.queries import list_ended_papers
from app.quiz.queries.audience import standing_unit

MOST_TRIED = 100  # people whom a trial reads, at some twenty milliseconds each


@dataclass(frozen=True, slots=True)
class Counted:
    """What a scheme gives a member: what was asked, the parts and the score."""

    member_id: int
    unit_id: int | None
    asked: Asked
    parts: tuple[Part, ...]
    score: float | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A scheme tried on a period: people counted, how many meet the bar, how scores spread.

    `whole` people belong to the unit; of many only MOST_TRIED are tried, evenly taken by name.
    """

    starts_on: date
    ends_on: date
    whole: int
    people: int
    exempt: int
    met: int
    spread: Distribution | None
    means: tuple[tuple[str, float, int], ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """A published scheme counted again: how many scores, and whose came out otherwise."""

    scheme_id: int
    scores: int
    differing: tuple[int, ...]
    same_code: bool


def try_scheme(scheme: Scheme) -> Trial:
    """Return what a scheme would have given for the period of the same length before it."""
    starts_on, ends_on = period_before(scheme.starts_on, scheme.ends_on)
    moment_ms = (epoch(day_start(ends_on)) + 86_400) * 1000
    everybody, questions = list_scored(scheme), list_plan_questions(scheme.plan)
    people = everybody[:: -(-len(everybody) // MOST_TRIED) or 1]
    counted = list(count_scores(scheme, people, (starts_on, ends_on), moment_ms, questions))
    scores = [one.score for one in counted if one.score is not None]
    values: dict[str, list[float]] = {}
    for one in counted:
        for part in one.parts:
            if part.value is not None:
                values.setdefault(part.name, []).append(part.value)
    shares = [score / 100 for score in scores]
    return Trial(
        starts_on=starts_on,
        ends_on=ends_on,
        whole=len(everybody),
        people=len(scores),
        exempt=sum(one.asked.exempt for one in counted),
        met=sum(has_met(score, scheme.plan.person_bar) for score in scores),
        spread=distribution(shares) if len(shares) >= LEAST_PEOPLE else None,
        means=tuple((name, sum(v) / len(v), len(v)) for name, v in values.items()),
    )


def list_scored(scheme: Scheme) -> tuple[org.Person, ...]:
    """Return the people whom a scheme gives a score or leaves out: its unit's and those below."""
    return org.list_members(org.Scope(scheme.unit_id))


def count_scores(
    scheme: Scheme,
    people: Iterable[org.Person],
    period: tuple[date, date],
    moment_ms: int,
    questions: tuple[str, ...],
) -> Iterator[Counted]:
    """Yield what a scheme gives people for a period, as the log was at a moment."""
    starts_on, ends_on = period
    since, until = epoch(day_start(starts_on)), epoch(day_start(ends_on)) + 86_400
    inside = {unit.id: unit.path for unit in org.list_units_below(scheme.unit_id)}
    chain = [unit.id for unit in org.chain_of(scheme.unit_id)]
    units = {*inside, *chain, *(unit.id for unit in org.list_merged({*inside, *chain}))}
    papers = [
        (p.id, standing_unit(p.terms.unit_id)) for p in list_ended_papers(units, since, until)
    ]
    duties = list_duties_due(sorted(inside), starts_on, ends_on, ends_on)
    for person in people:
        path = inside.get(person.unit_id or 0, "")
        own = tuple(i for i, home in papers if home is None or f"/{home}/" in path)
        target = get_total(person.id, ends_on.year, ends_on).target
        due = duties.get(person.id, ())
        asked = Asked(
            papers=own,
            hours=hours_for(target.hours if target else 0.0, starts_on, ends_on),
            plans=tuple((one.duty_id, one.in_time) for one in due if one.in_plan),
            duties=tuple((one.duty_id, one.in_time) for one in due if not one.in_plan),
            exempt=person.standing == EXEMPT,
        )
        yield count_again(scheme, person.id, person.unit_id, asked, period, moment_ms, questions)


def count_again(
    scheme: Scheme,
    member_id: int,
    unit_id: int | None,
    asked: Asked,
    period: tuple[date, date],
    moment_ms: int,
    questions: tuple[str, ...],
) -> Counted:
    """Return what a scheme gives one member; the exempt have neither parts nor score."""
    if asked.exempt:
        return Counted(member_id, unit_id, asked, (), None)
    evidence = read_evidence(member_id, questions, asked, period, moment_ms)
    parts = parts_of(scheme.plan, asked, evidence)
    return Counted(member_id, unit_id, asked, parts, score_of(parts))


def verify_scheme(scheme_id: int) -> Verified:
    """Return whether every published score comes out of the log again, equal bit by bit."""
    row = db.session.get(SchemeRow, scheme_id)
    if row is None or row.state != PUBLISHED or row.frozen_ms is None:
        raise NotFound(_("没有这个已公布的考评方案。"))
    scheme, differing, scores = scheme_of(row), [], 0
    stored = db.session.scalars(
        select(ScoreRow).where(ScoreRow.scheme_id == scheme_id).order_by(ScoreRow.member_id)
    ).all()
    for one in stored:
        asked = msgspec.json.decode(one.asked, type=Asked)
        period = scheme.starts_on, scheme.ends_on
        made = count_again(
            scheme, one.member_id, one.unit_id, asked, period, row.frozen_ms, scheme.questions
        )
        scores += 1
        if made.score != one.score or encode(made.parts) != one.parts:
            differing.append(one.member_id)
    return Verified(scheme_id, scores, tuple(differing), scheme.code == code_version())
