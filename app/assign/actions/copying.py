"""Plans and duties passed down: each unit below gets its own copy, linked to the one above.

Copying adds what is missing and touches nothing that is there: copies are the business of the
unit that has them. The topmost link is held, so that two who copy at once add nothing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.assign.actions.duties import add_duty, charge_below, wording_of
from app.assign.actions.steps import (
    check_unit,
    find_held_duty,
    find_term,
    hold_plan,
    reach_of,
    tell,
)
from app.assign.models.duties import DutyRow, PostTermRow
from app.assign.models.plans import PlanRow
from app.assign.progress import WITHDRAWN
from app.assign.queries.standing import load_standing
from app.assign.standing import Standing
from app.base.clock import epoch, study_day
from app.base.db import transaction
from app.base.errors import Invalid, NotFound

MOST_UNITS = 300


@dataclass(frozen=True, slots=True)
class Copied:
    """How many plans and items were added."""

    plans: int
    items: int


def copy_plan(by: Viewer | None, plan_id: int, unit_ids: Sequence[int], now: datetime) -> Copied:
    """Give units below their own copy of a plan, or what their copy lacks.

    Whoever reaches the units may do it, with a plan of their own or of a unit above.
    """
    with transaction() as session:
        plan = session.get(PlanRow, plan_id, with_for_update=True, populate_existing=True)
        standing = load_standing()
        if plan is None or not _is_offered(by, plan.unit_id, standing):
            raise NotFound(_("没有这份计划。"))
        _check_targets(by, plan.unit_id, unit_ids, standing)
        _hold_lineage(session, PlanRow, plan.lineage_id)
        plans = items = 0
        for unit_id in unit_ids:
            copy = _find_copy(session, plan, unit_id, standing)
            if copy is None:
                copy = _add_copy(session, by, plan, unit_id, now)
                plans += 1
            items += _add_items(session, by, plan, copy, now, standing)
        return Copied(plans, items)


def pull_plan(by: Viewer | None, plan_id: int, now: datetime) -> int:
    """Add to a copy what was added above since; return how many items that were."""
    with transaction() as session:
        copy = hold_plan(session, by, plan_id)
        source = session.get(PlanRow, copy.source_id) if copy.source_id is not None else None
        if source is None:
            raise Invalid(_("这份计划不是从上级来的。"))
        _hold_lineage(session, PlanRow, copy.lineage_id)
        return _add_items(session, by, source, copy, now, load_standing())


def copy_duty(by: Viewer | None, duty_id: int, unit_ids: Sequence[int], now: datetime) -> int:
    """Pass a duty down to units below; return how many did not have it yet."""
    with transaction() as session:
        row, standing = find_held_duty(session, duty_id), load_standing()
        reached = row is not None and _is_offered(by, row.unit_id, standing)
        if row is None or not reached or row.plan_id is not None:
            raise NotFound(_("没有这项责任。"))
        if row.state == WITHDRAWN:
            raise Invalid(_("这一项已经取消，不能再传给下级。"))
        _check_targets(by, row.unit_id, unit_ids, standing)
        _hold_lineage(session, DutyRow, row.lineage_id)
        added = 0
        for unit_id in unit_ids:
            if not _has_copy(session, row, standing.taken_over(unit_id)):
                _copy(session, by, row, unit_id, None, now)
                added += 1
        return added


def _hold_lineage(
    session: Session, table: type[PlanRow] | type[DutyRow], lineage_id: int | None
) -> None:
    """Let those wait who copy from another link of the same lineage."""
    session.get(table, lineage_id, with_for_update=True)


def _is_offered(by: Viewer | None, unit_id: int, standing: Standing) -> bool:
    """Say whether something of a unit may be copied: it lies within reach, or above it."""
    scope, home_id = reach_of(by), standing.now(unit_id)
    if scope.unit_id is None:
        return True
    return standing.is_within(home_id, scope.unit_id) or home_id in standing.chain(scope.unit_id)


def _check_targets(
    by: Viewer | None, unit_id: int, targets: Sequence[int], standing: Standing
) -> None:
    """Raise Invalid unless units are named, each open, reached, and below the one above."""
    home_id = standing.now(unit_id)
    if not targets or home_id is None:
        message = _("请选择下级单位。")
        raise Invalid(message, units=message)
    if len(targets) > MOST_UNITS:
        message = _("一次最多选 %(n)s 个单位。", n=MOST_UNITS)
        raise Invalid(message, units=message)
    for target in targets:
        check_unit(by, target)
        if target == home_id or not standing.is_within(target, home_id):
            message = _("只能抄给下级单位。")
            raise Invalid(message, units=message)


def _find_copy(session: Session, plan: PlanRow, unit_id: int, standing: Standing) -> PlanRow | None:
    """Return the plan of this lineage that a unit has, made for it or for what it took over."""
    units = standing.taken_over(unit_id)
    found = select(PlanRow).where(PlanRow.lineage_id == plan.lineage_id, PlanRow.unit_id.in_(units))
    return session.scalars(found.order_by(PlanRow.unit_id != unit_id, PlanRow.id)).first()


def _add_copy(
    session: Session, by: Viewer | None, plan: PlanRow, unit_id: int, now: datetime
) -> PlanRow:
    copy = PlanRow(
        unit_id=unit_id,
        source_id=plan.id,
        lineage_id=plan.lineage_id,
        title=plan.title,
        year=plan.year,
        quarter=plan.quarter,
        created_at=epoch(now),
    )
    session.add(copy)
    session.flush()
    told = {"title": plan.title, "unit": unit_id}
    tell(session, now, by, "assign.copy_plan", f"plan:{copy.id}", details=told)
    return copy


def _add_items(
    session: Session,
    by: Viewer | None,
    plan: PlanRow,
    copy: PlanRow,
    now: datetime,
    standing: Standing,
) -> int:
    """Add the items a copy lacks; not what was withdrawn or was due before today."""
    wanted = select(DutyRow).where(
        DutyRow.plan_id == plan.id,
        DutyRow.state != WITHDRAWN,
        DutyRow.due_on >= study_day(now),
    )
    units = frozenset({copy.unit_id})
    home_id = standing.now(copy.unit_id)
    if home_id is not None:
        units |= standing.taken_over(home_id)
    added = 0
    for row in session.scalars(wanted.order_by(DutyRow.due_on, DutyRow.id)).all():
        if not _has_copy(session, row, units):
            _copy(session, by, row, copy.unit_id, copy.id, now)
            added += 1
    return added


def _has_copy(session: Session, row: DutyRow, units: frozenset[int]) -> bool:
    found = select(DutyRow.id).where(
        DutyRow.lineage_id == row.lineage_id, DutyRow.unit_id.in_(units)
    )
    return session.scalar(found.limit(1)) is not None


def _copy(
    session: Session,
    by: Viewer | None,
    row: DutyRow,
    unit_id: int,
    plan_id: int | None,
    now: datetime,
) -> None:
    term = find_term(session, row.id)
    post = term.post if isinstance(term, PostTermRow) else None
    add_duty(session, by, unit_id, wording_of(row), charge_below(post), now, plan_id, row)
