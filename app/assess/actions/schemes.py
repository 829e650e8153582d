"""Writing, publishing and correcting assessment schemes; each is one transaction and on record."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.assess.models import CertificateRow, SchemeRow, ScoreRow, UnitCertificateRow
from app.assess.queries.evidence import code_version, list_plan_questions
from app.assess.queries.schemes import (
    DRAFT,
    PUBLISHED,
    Scheme,
    encode,
    get_scheme,
    may_publish,
)
from app.assess.queries.scoring import Counted, count_scores, list_scored
from app.assess.scheme import Plan, check_period, check_plan, has_met, unit_has_met
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import new_id
from app.base.jobs import Task, add_job, finish_in, list_own_jobs
from app.org import queries as org

LONGEST_TITLE, LONGEST_REASON = 80, 500
SETTLED_MS = 60_000  # answers under way at publication are left to the next period
AT_ONCE = 50  # people whose scores are counted while one waits, some twenty milliseconds each
PUBLISH = "assess.publish"  # the job
PUBLISHED_WORDS = "已公布 {} 人的考评，此后不再改动。"
LEAST_COUNTED = 3  # people of a unit before it can be recognised (a branch has three at least)


def make_scheme(
    by: Viewer, unit_id: int, title: str, starts_on: date, ends_on: date, plan: Plan, now: datetime
) -> int:
    """Write a draft for a unit within reach and return its id."""
    title = _checked(title, starts_on, ends_on, plan)
    org.get_reached_unit(org.scope_to_change(by), unit_id)
    with transaction() as session:
        row = _row(unit_id, title, starts_on, ends_on, plan, by, now)
        session.add(row)
        session.flush()
        record(session, now, by.id, "assess.make_scheme", f"scheme:{row.id}", None, _told(row))
        return row.id


def change_scheme(
    by: Viewer,
    scheme_id: int,
    title: str,
    starts_on: date,
    ends_on: date,
    plan: Plan,
    now: datetime,
) -> None:
    """Change a draft; what is published stays as it is."""
    title = _checked(title, starts_on, ends_on, plan)
    _own(by, scheme_id)
    with transaction() as session:
        row = _draft(session, scheme_id)
        row.title, row.starts_on, row.ends_on, row.plan = title, starts_on, ends_on, encode(plan)
        record(session, now, by.id, "assess.change_scheme", f"scheme:{row.id}", None, _told(row))


def discard_scheme(by: Viewer, scheme_id: int, now: datetime) -> None:
    """Take a draft away."""
    _own(by, scheme_id)
    with transaction() as session:
        row = _draft(session, scheme_id)
        record(session, now, by.id, "assess.discard_scheme", f"scheme:{row.id}", None, _told(row))
        session.execute(delete(SchemeRow).where(SchemeRow.id == scheme_id))


def ask_to_publish(by: Viewer, scheme_id: int, now: datetime) -> tuple[str | None, int]:
    """Publish a scheme of few people at once, that of many as a job; return (job, scores)."""
    scheme = _own(by, scheme_id)
    _check_over(scheme, now)
    if org.count_people(scheme.unit_id) <= AT_ONCE:
        return None, publish_scheme(by, scheme_id, now)
    going = [one for one in list_own_jobs(by.id) if one.kind == PUBLISH and not one.is_over]
    if going:
        return going[0].id, 0
    return add_job(PUBLISH, now, {"scheme_id": scheme_id}, member_id=by.id), 0


def publish_scheme(by: Viewer, scheme_id: int, now: datetime, task: Task | None = None) -> int:
    """Freeze a scheme whose period is over with everybody's score; return how many scores.

    Everything is counted from the log as it stood a minute ago, before the transaction, which also
    ends the task if there is one.
    """
    scheme = _own(by, scheme_id)
    _check_over(scheme, now)
    moment_ms = epoch(now) * 1000 - SETTLED_MS
    questions = list_plan_questions(scheme.plan)
    counted = list(_count(scheme, moment_ms, questions, task))
    with transaction() as session:
        row = _draft(session, scheme_id)
        period = scheme.starts_on, scheme.ends_on
        if row.plan != encode(scheme.plan) or (row.starts_on, row.ends_on) != period:
            raise Stale(_("方案刚才被别人改过，请重新看一遍再公布。"))
        row.state, row.inputs, row.code = PUBLISHED, encode(questions), code_version()
        row.frozen_ms, row.published_at, row.published_by = moment_ms, epoch(now), by.id
        _write_scores(session, scheme, counted, now)
        told = _told(row) | {"scores": len(counted)}
        record(session, now, by.id, "assess.publish_scheme", f"scheme:{scheme_id}", None, told)
        if task is not None:
            task.address = f"/schemes/{scheme_id}"
            finish_in(session, task, now, PUBLISHED_WORDS.format(len(counted)))
    return len(counted)


def _count(
    scheme: Scheme, moment_ms: int, questions: tuple[str, ...], task: Task | None
) -> Iterator[Counted]:
    """Yield everybody's score and say how far it is."""
    people, period = list_scored(scheme), (scheme.starts_on, scheme.ends_on)
    for number, one in enumerate(count_scores(scheme, people, period, moment_ms, questions)):
        if task is not None:
            task.progress(number, len(people))
        yield one


def _check_over(scheme: Scheme, now: datetime) -> None:
    """Refuse a scheme that is no draft or whose period is not over."""
    if not may_publish(scheme, now):
        raise Invalid(_("考评期结束以后的第二天起才能公布。"))


def correct_scheme(by: Viewer, scheme_id: int, reason: str, now: datetime) -> int:
    """Begin a new version of a published scheme; return its id. The old one stays as it was."""
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise Invalid(_("请写明为什么要更正。"), reason=_("请写明为什么要更正。"))
    scheme = _own(by, scheme_id)
    if scheme.state != PUBLISHED or scheme.replaced_by is not None:
        raise Stale(_("只能更正已公布的最新一版。"))
    with transaction() as session:
        period = scheme.starts_on, scheme.ends_on
        row = _row(scheme.unit_id, scheme.title, *period, scheme.plan, by, now)
        row.version, row.replaces_id, row.reason = scheme.version + 1, scheme_id, reason
        session.add(row)
        session.flush()
        told = _told(row) | {"replaces": scheme_id}
        record(session, now, by.id, "assess.correct_scheme", f"scheme:{row.id}", None, told)
        return row.id


def _write_scores(session: Session, scheme: Scheme, counted: list[Counted], now: datetime) -> None:
    """Store scores and the certificates of those who met the stated bars."""
    met: dict[int | None, int] = defaultdict(int)
    people: dict[int | None, int] = defaultdict(int)
    scores, certificates = [], []
    for one in counted:
        score = {"member_id": one.member_id, "scheme_id": scheme.id, "unit_id": one.unit_id}
        told = {"asked": encode(one.asked), "parts": encode(one.parts), "score": one.score}
        scores.append(score | told)
        if one.score is None:
            continue
        people[one.unit_id] += 1
        if has_met(one.score, scheme.plan.person_bar):
            met[one.unit_id] += 1
            own = {"member_id": one.member_id, "scheme_id": scheme.id}
            certificates.append(own | {"code": new_id(), "issued_at": epoch(now)})
    units = [
        {
            "unit_id": unit_id,
            "scheme_id": scheme.id,
            "code": new_id(),
            "met": met[unit_id],
            "counted": count,
            "share": scheme.plan.unit_share,
            "issued_at": epoch(now),
        }
        for unit_id, count in people.items()
        if unit_id is not None
        and count >= LEAST_COUNTED
        and unit_has_met(met[unit_id], count, scheme.plan.unit_share)
    ]
    for table, rows in ((ScoreRow, scores), (CertificateRow, certificates)):
        if rows:
            session.execute(insert(table), rows)
    if units:
        session.execute(insert(UnitCertificateRow), units)


def _row(
    unit_id: int, title: str, starts_on: date, ends_on: date, plan: Plan, by: Viewer, now: datetime
) -> SchemeRow:
    return SchemeRow(
        unit_id=unit_id,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        plan=encode(plan),
        state=DRAFT,
        version=1,
        reason="",
        inputs="[]",
        code="",
        created_by=by.id,
        created_at=epoch(now),
    )


def _checked(title: str, starts_on: date, ends_on: date, plan: Plan) -> str:
    """Return the title trimmed, or refuse what makes no sense or may not count."""
    title = title.strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        message = _("请写一个名称，最多 %(n)s 个字。", n=LONGEST_TITLE)
        raise Invalid(message, title=message)
    check_period(starts_on, ends_on)
    check_plan(plan)
    return title


def _own(by: Viewer, scheme_id: int) -> Scheme:
    """Return a scheme of a unit that somebody may change things in."""
    scheme = get_scheme(by, scheme_id)
    org.get_reached_unit(org.scope_to_change(by), scheme.unit_id)
    return scheme


def _draft(session: Session, scheme_id: int) -> SchemeRow:
    """Return the row of a draft; a published scheme cannot be changed."""
    row = session.get(SchemeRow, scheme_id)
    if row is None:
        raise NotFound(_("没有这个考评方案。"))
    if row.state != DRAFT:
        raise Stale(_("已公布的考评不能再改；要更正，请出一个新的版本。"))
    return row


def _told(row: SchemeRow) -> dict[str, object]:
    return {"unit_id": row.unit_id, "version": row.version}
