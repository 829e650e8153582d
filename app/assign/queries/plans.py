"""Reads of study plans and of the items in them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, select

from app.accounts.queries import Viewer
from app.assign.audience import Who
from app.assign.models.duties import DutyRow
from app.assign.models.plans import PlanRow
from app.assign.period import Period
from app.assign.progress import WITHDRAWN, Tally
from app.assign.queries.audience import describe_person, meets
from app.assign.queries.duties import Due, Duty, list_due_duties, read_duties
from app.assign.queries.links import count
from app.assign.queries.standing import load_standing, reaches
from app.assign.standing import Standing
from app.assign.wording import EVERYBODY
from app.base.db import db
from app.base.errors import NotFound
from app.org import queries as org


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of a unit; `home_id` is the unit that sees to it today, None when there is none."""

    id: int
    unit_id: int
    unit_name: str
    home_id: int | None
    home_name: str | None
    source_id: int | None
    title: str
    period: Period
    tally: Tally

    @property
    def inherited(self) -> bool:
        """Whether it was made for a unit that another one took over from."""
        return self.home_id != self.unit_id


def list_plans(scope: org.Scope, day: date, year: int | None = None) -> tuple[Plan, ...]:
    """Return the plans of a scope, the latest period first, then by unit."""
    standing = load_standing()
    wanted: ColumnElement[bool] = PlanRow.unit_id.in_(standing.seen_to_within(scope.unit_id))
    if year is not None:
        wanted &= PlanRow.year == year
    return _read_plans(wanted, day, standing)


def get_plan(viewer: Viewer, plan_id: int, day: date) -> tuple[Plan, tuple[Duty, ...]]:
    """Return a plan of the viewer's reach and its items by due day; raise NotFound."""
    standing = load_standing()
    found = _read_plans(PlanRow.id == plan_id, day, standing)
    if not found or not reaches(standing, org.scope_of(viewer), found[0].unit_id):
        raise NotFound(_("没有这份计划。"))
    return found[0], read_duties(DutyRow.plan_id == plan_id, day, standing)


def list_offered(viewer: Viewer, day: date) -> tuple[Plan, ...]:
    """Return the plans of units above the viewer's, of this year on, that theirs has no copy of."""
    standing, unit_id = load_standing(), org.scope_of(viewer).unit_id
    if unit_id is None:
        return ()
    above = {u for one in standing.chain(unit_id)[1:] for u in standing.taken_over(one)}
    own = standing.taken_over(unit_id)
    copied = select(PlanRow.lineage_id).where(PlanRow.unit_id.in_(own))
    wanted = and_(
        PlanRow.unit_id.in_(above), PlanRow.year >= day.year, PlanRow.lineage_id.not_in(copied)
    )
    return _read_plans(wanted, day, standing)


def list_copies(plan_id: int, scope: org.Scope, day: date) -> tuple[Plan, ...]:
    """Return the copies of a plan below, however far, as far as the scope reaches."""
    below = select(PlanRow.id).where(PlanRow.source_id == plan_id).cte(recursive=True)
    below = below.union_all(select(PlanRow.id).where(PlanRow.source_id == below.c.id))
    standing = load_standing()
    found = _read_plans(PlanRow.id.in_(select(below.c.id)), day, standing)
    return tuple(plan for plan in found if reaches(standing, scope, plan.unit_id))


def count_missing(plan: Plan, day: date) -> int:
    """Return how many items of the plan above a copy lacks and would get by pulling on `day`."""
    if plan.source_id is None:
        return 0
    own = select(DutyRow.lineage_id).where(
        DutyRow.unit_id.in_(load_standing().taken_over(plan.home_id or plan.unit_id))
    )
    lacking = select(DutyRow.id).where(
        DutyRow.plan_id == plan.source_id,
        DutyRow.state != WITHDRAWN,
        DutyRow.due_on >= day,
        DutyRow.lineage_id.not_in(own),
    )
    return len(db.session.scalars(lacking).all())


def list_items_for(member_id: int, day: date) -> tuple[Duty, ...]:
    """Return the items of this year's plans that mean a person: of their unit and those above.

    What was copied from above and means them appears once, as their own unit has it.
    """
    who = describe_person(member_id, day)
    plans = select(PlanRow.id).where(PlanRow.unit_id.in_(who.chain), PlanRow.year == day.year)
    wanted = and_(DutyRow.plan_id.in_(plans), DutyRow.state != WITHDRAWN)
    standing = load_standing()
    found = [d for d in read_duties(wanted, day, standing) if _means(d, who)]
    nearest: dict[int, Duty] = {}
    for duty in sorted(found, key=lambda duty: len(standing.chain(duty.home_id))):
        nearest[duty.lineage_id] = duty
    return tuple(sorted(nearest.values(), key=lambda duty: (duty.due_on, duty.id)))


def list_due_items(
    since: date,
    until: date,
    day: date,
    *,
    unit_ids: Collection[int] | None = None,
    member_id: int | None = None,
) -> tuple[Due, ...]:
    """Return the items of plans that are open and due from `since` to the day before `until`.

    Given are the units that see to them today, or the person who is answerable on `day`.
    """
    return list_due_duties(since, until, day, unit_ids=unit_ids, member_id=member_id, plans=True)


def _means(duty: Duty, who: Who) -> bool:
    """Say whether an item means a person; one that narrows nothing down means the whole unit."""
    if duty.audience == EVERYBODY:
        return duty.unit_id in who.chain
    return meets(duty.audience, duty.unit_id, who)


def _read_plans(wanted: ColumnElement[bool], day: date, standing: Standing) -> tuple[Plan, ...]:
    order = (PlanRow.year.desc(), PlanRow.quarter, PlanRow.unit_id, PlanRow.id)
    rows = db.session.scalars(select(PlanRow).where(wanted).order_by(*order)).all()
    homes = {row.unit_id: standing.now(row.unit_id) for row in rows}
    names = org.list_names({*homes, *(home for home in homes.values() if home is not None)})
    items: dict[int | None, list[Duty]] = {}
    if rows:
        for duty in read_duties(DutyRow.plan_id.in_([row.id for row in rows]), day, standing):
            items.setdefault(duty.plan_id, []).append(duty)
    return tuple(
        Plan(
            id=row.id,
            unit_id=row.unit_id,
            unit_name=names[row.unit_id],
            home_id=(home := homes[row.unit_id]),
            home_name=None if home is None else names[home],
            source_id=row.source_id,
            title=row.title,
            period=Period(row.year, row.quarter),
            tally=count(items.get(row.id, ())),
        )
        for row in rows
    )
