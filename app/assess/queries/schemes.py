"""Assessment schemes and published scores: what was decided, what came of it, who met the bar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.queries import Viewer, listing
from app.assess.distribution import LEAST_PEOPLE, Distribution, distribution
from app.assess.models import CertificateRow, SchemeRow, ScoreRow, UnitCertificateRow
from app.assess.queries.evidence import code_version, list_plan_questions, read_evidence
from app.assess.scheme import (
    Asked,
    Part,
    Plan,
    has_met,
    hours_for,
    parts_of,
    period_before,
    score_of,
)
from app.assign.queries.hours import get_total
from app.assign.queries.past import list_duties_due
from app.base.clock import day_start, epoch, study_day
from app.base.db import db
from app.base.errors import NotFound
from app.org import queries as org
from app.org.party import EXEMPT
from app.quiz.queries import list_ended_papers
from app.quiz.queries.audience import standing_unit

DRAFT, PUBLISHED = "draft", "published"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme as it stands; `replaced_by` is the later version that corrects it."""

    id: int
    unit_id: int
    unit_name: str
    title: str
    starts_on: date
    ends_on: date
    plan: Plan
    state: str
    version: int
    replaces_id: int | None
    replaced_by: int | None
    reason: str
    questions: tuple[str, ...]
    code: str
    frozen_ms: int | None
    published_at: int | None


@dataclass(frozen=True, slots=True)
class Score:
    """A published score with the parts it was made of, and the certificate's code if any."""

    scheme: Scheme
    member_id: int
    name: str
    unit_id: int | None
    score: float | None
    asked: Asked
    parts: tuple[Part, ...]
    code: str | None


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
    """A scheme tried on a period: people counted, how many meet the bar, how scores spread."""

    starts_on: date
    ends_on: date
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


def list_schemes(viewer: Viewer) -> list[Scheme]:
    """Return the schemes of the units within reach, the latest period first."""
    scope = org.scope_of(viewer)
    query = select(SchemeRow).order_by(SchemeRow.ends_on.desc(), SchemeRow.id.desc())
    if scope.unit_id is not None:
        inside = [unit.id for unit in org.list_units_below(scope.unit_id)]
        query = query.where(SchemeRow.unit_id.in_(inside))
    return [_scheme(row) for row in db.session.scalars(query)]


def get_scheme(viewer: Viewer, scheme_id: int) -> Scheme:
    """Return a scheme of a unit within reach; raise NotFound for any other."""
    row = db.session.get(SchemeRow, scheme_id)
    if row is None or not org.reaches(org.scope_of(viewer), row.unit_id):
        raise NotFound(_("没有这个考评方案。"))
    return _scheme(row)


def list_scores(scheme: Scheme, limit: int, offset: int) -> tuple[list[Score], int]:
    """Return a page of published scores by unit and name, never by score, and how many."""
    query = (
        select(ScoreRow, listing.c.name, CertificateRow.code)
        .join(listing, listing.c.id == ScoreRow.member_id)
        .outerjoin(
            CertificateRow,
            (CertificateRow.member_id == ScoreRow.member_id)
            & (CertificateRow.scheme_id == ScoreRow.scheme_id),
        )
        .where(ScoreRow.scheme_id == scheme.id)
    )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(ScoreRow.unit_id, listing.c.name, ScoreRow.member_id)
    rows = db.session.execute(ordered.limit(limit).offset(offset)).all()
    return [_score(row, name, code, scheme) for row, name, code in rows], total


def list_own_scores(member_id: int) -> list[Score]:
    """Return a member's published scores, the latest first; corrected ones stay beside."""
    rows = db.session.execute(
        select(ScoreRow, SchemeRow, CertificateRow.code)
        .join(SchemeRow, SchemeRow.id == ScoreRow.scheme_id)
        .outerjoin(
            CertificateRow,
            (CertificateRow.member_id == ScoreRow.member_id)
            & (CertificateRow.scheme_id == ScoreRow.scheme_id),
        )
        .where(ScoreRow.member_id == member_id)
        .order_by(SchemeRow.ends_on.desc(), SchemeRow.id.desc())
    ).all()
    return [_score(row, "", code, _scheme(scheme)) for row, scheme, code in rows]


def try_scheme(scheme: Scheme) -> Trial:
    """Return what a scheme would have given for the period of the same length before it."""
    starts_on, ends_on = period_before(scheme.starts_on, scheme.ends_on)
    moment_ms = (epoch(day_start(ends_on)) + 86_400) * 1000
    counted = list(
        count_scores(scheme, starts_on, ends_on, moment_ms, list_plan_questions(scheme.plan))
    )
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
        people=len(scores),
        exempt=sum(one.asked.exempt for one in counted),
        met=sum(has_met(score, scheme.plan.person_bar) for score in scores),
        spread=distribution(shares) if len(shares) >= LEAST_PEOPLE else None,
        means=tuple((name, sum(v) / len(v), len(v)) for name, v in values.items()),
    )


def count_scores(
    scheme: Scheme, starts_on: date, ends_on: date, moment_ms: int, questions: tuple[str, ...]
) -> Iterator[Counted]:
    """Yield what a scheme gives everybody of its unit for a period, as the log was at a moment."""
    since, until = epoch(day_start(starts_on)), epoch(day_start(ends_on)) + 86_400
    inside = {unit.id: unit.path for unit in org.list_units_below(scheme.unit_id)}
    chain = [unit.id for unit in org.chain_of(scheme.unit_id)]
    units = {*inside, *chain, *(unit.id for unit in org.list_merged({*inside, *chain}))}
    papers = [
        (p.id, standing_unit(p.terms.unit_id)) for p in list_ended_papers(units, since, until)
    ]
    duties = list_duties_due(sorted(inside), starts_on, ends_on, ends_on)
    for person in org.list_members(org.Scope(scheme.unit_id)):
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
        period = starts_on, ends_on
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
    scheme, differing, scores = _scheme(row), [], 0
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


def list_published_ids() -> list[int]:
    """Return the ids of all published schemes."""
    query = select(SchemeRow.id).where(SchemeRow.state == PUBLISHED).order_by(SchemeRow.id)
    return list(db.session.scalars(query))


def encode(value: object) -> str:
    """Return the JSON that a column holds, the same for equal values."""
    return msgspec.json.encode(value, order="deterministic").decode()


def _scheme(row: SchemeRow) -> Scheme:
    later = select(SchemeRow.id).where(
        SchemeRow.replaces_id == row.id, SchemeRow.state == PUBLISHED
    )
    return Scheme(
        id=row.id,
        unit_id=row.unit_id,
        unit_name=org.get_unit(row.unit_id).name,
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        plan=msgspec.json.decode(row.plan, type=Plan),
        state=row.state,
        version=row.version,
        replaces_id=row.replaces_id,
        replaced_by=db.session.scalar(later.limit(1)),
        reason=row.reason,
        questions=msgspec.json.decode(row.inputs, type=tuple[str, ...]),
        code=row.code,
        frozen_ms=row.frozen_ms,
        published_at=row.published_at,
    )


def _score(row: ScoreRow, name: str, code: str | None, scheme: Scheme) -> Score:
    return Score(
        scheme=scheme,
        member_id=row.member_id,
        name=name,
        unit_id=row.unit_id,
        score=row.score,
        asked=msgspec.json.decode(row.asked, type=Asked),
        parts=msgspec.json.decode(row.parts, type=tuple[Part, ...]),
        code=code,
    )


def may_publish(scheme: Scheme, now: datetime) -> bool:
    """Say whether a draft's period is over, so that it can be published."""
    return scheme.state == DRAFT and study_day(now) > scheme.ends_on


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the page behind a certificate's code says: no more of a person than an initial."""

    code: str
    scheme: Scheme
    holder: str
    full_name: str
    is_unit: bool
    member_id: int | None
    issued_at: int

    @property
    def valid(self) -> bool:
        """Whether no correction has taken its place."""
        return self.scheme.replaced_by is None


def get_certificate(code: str) -> Certificate:
    """Return what a code stands for; raise NotFound for none."""
    own = db.session.scalars(select(CertificateRow).where(CertificateRow.code == code)).first()
    if own is not None:
        row = db.session.get_one(SchemeRow, own.scheme_id)
        name = org.list_names_of([own.member_id])[own.member_id]
        initial = name[:1] + "＊" * min(3, max(1, len(name) - 1))
        told = (initial, name, False, own.member_id, own.issued_at)
        return Certificate(code, _scheme(row), *told)
    unit = db.session.scalars(
        select(UnitCertificateRow).where(UnitCertificateRow.code == code)
    ).first()
    if unit is None:
        raise NotFound(_("没有这张证书。请核对证书上的网址。"))
    name = org.get_unit(unit.unit_id).name
    row = db.session.get_one(SchemeRow, unit.scheme_id)
    return Certificate(code, _scheme(row), name, name, True, None, unit.issued_at)


def list_unit_certificates(scheme: Scheme) -> Sequence[tuple[str, str, int, int]]:
    """Return (unit, code, people who met the bar, people counted) of a published scheme."""
    rows = db.session.scalars(
        select(UnitCertificateRow)
        .where(UnitCertificateRow.scheme_id == scheme.id)
        .order_by(UnitCertificateRow.unit_id)
    ).all()
    names = org.list_names(row.unit_id for row in rows)
    return [(names[row.unit_id], row.code, row.met, row.counted) for row in rows]
