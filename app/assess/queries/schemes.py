"""Assessment schemes and published scores as they are kept: what was decided, what came of it."""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.queries import Viewer, listing
from app.assess.models import CertificateRow, SchemeRow, ScoreRow
from app.assess.scheme import Asked, Part, Plan
from app.base.clock import study_day
from app.base.db import db
from app.base.errors import NotFound
from app.org import queries as org

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


def list_schemes(viewer: Viewer) -> list[Scheme]:
    """Return the schemes of the units within reach, the latest period first."""
    scope = org.scope_of(viewer)
    query = select(SchemeRow).order_by(SchemeRow.ends_on.desc(), SchemeRow.id.desc())
    if scope.unit_id is not None:
        inside = [unit.id for unit in org.list_units_below(scope.unit_id)]
        query = query.where(SchemeRow.unit_id.in_(inside))
    return [scheme_of(row) for row in db.session.scalars(query)]


def get_scheme(viewer: Viewer, scheme_id: int) -> Scheme:
    """Return a scheme of a unit within reach; raise NotFound for any other."""
    row = db.session.get(SchemeRow, scheme_id)
    if row is None or not org.reaches(org.scope_of(viewer), row.unit_id):
        raise NotFound(_("没有这个考评方案。"))
    return scheme_of(row)


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
    return [_score(row, "", code, scheme_of(scheme)) for row, scheme, code in rows]


def list_published_ids() -> list[int]:
    """Return the ids of all published schemes."""
    query = select(SchemeRow.id).where(SchemeRow.state == PUBLISHED).order_by(SchemeRow.id)
    return list(db.session.scalars(query))


def encode(value: object) -> str:
    """Return the JSON that a column holds, the same for equal values."""
    return msgspec.json.encode(value, order="deterministic").decode()


def scheme_of(row: SchemeRow) -> Scheme:
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
