"""Writes about units: adding, renaming, moving, merging and closing them."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.accounts import names
from app.accounts import queries as people
from app.accounts.queries import Viewer
from app.base.audit import Act, record, record_all
from app.base.clock import epoch, study_day
from app.base.db import transaction
from app.base.errors import Invalid, NotFound
from app.base.ids import new_id
from app.org import queries
from app.org.actions.stays import note_stays
from app.org.models import PostRow, Unit
from app.org.queries.profiles import still_held

KINDS = ("党委", "党总支", "党支部", "党小组")
LONGEST_PATH = 255  # characters of "/1/4/", which bounds how deep a tree may go


def add_unit(
    code: str,
    name: str,
    kind: str = "党支部",
    parent_id: int | None = None,
    *,
    now: datetime,
    by: Viewer | None = None,
) -> int:
    """Add a unit below `parent_id` and return its id; raise Invalid for a taken code."""
    code = names.fold(code)
    name = _checked(name, kind)
    if not 1 <= len(code) <= 40:
        raise Invalid(_("请填写代码（最多 40 字）。"), code=_("请填写代码（最多 40 字）。"))
    with transaction() as database:
        _lock_tree(database)
        if database.scalar(select(Unit.id).where(Unit.code == code)):
            raise Invalid(_("这个单位代码已经有了。"), code=_("这个单位代码已经有了。"))
        parent = _find_parent(database, parent_id, by)
        unit = Unit(code=code, name=name, kind=kind, parent_id=parent_id, path=new_id())
        database.add(unit)
        database.flush()  # the id is part of the path
        unit.path = _path_below(parent, unit)
        _tell(database, now, by, "org.add_unit", unit.id, code=code, name=name, kind=kind)
        return unit.id


def rename_unit(unit_id: int, name: str, kind: str, now: datetime, by: Viewer | None) -> None:
    """Give a unit another name or kind; its code, by which rosters name it, stays."""
    name = _checked(name, kind)
    with transaction() as database:
        unit = _get_open(database, unit_id, by)
        if (unit.name, unit.kind) == (name, kind):
            return
        told = {"name": [unit.name, name], "kind": [unit.kind, kind]}
        unit.name, unit.kind = name, kind
        _tell(database, now, by, "org.rename_unit", unit_id, **told)


def move_unit(unit_id: int, parent_id: int | None, now: datetime, by: Viewer | None) -> None:
    """Put a unit, with all below it, below another parent (None: at the top)."""
    with transaction() as database:
        _lock_tree(database)
        unit = _get_open(database, unit_id, by)
        parent = _find_parent(database, parent_id, by)
        if unit.parent_id == parent_id:
            return
        told = {"from": unit.parent_id, "to": parent_id}
        _put_below(database, unit, parent)
        _tell(database, now, by, "org.move_unit", unit_id, **told)


def merge_units(unit_id: int, into_id: int, now: datetime, by: Viewer | None) -> None:
    """Move people, posts and children of a unit into another, and close it; nothing is lost."""
    with transaction() as database:
        _lock_tree(database)
        unit, into = _get_open(database, unit_id, by), _get_open(database, into_id, by)
        if into.path.startswith(unit.path):
            message = _("不能并入自己或自己的下级单位。")
            raise Invalid(message, into=message)
        children = database.scalars(select(Unit).where(Unit.parent_id == unit_id)).all()
        for child in children:
            _put_below(database, child, into)
        moved = _move_people(database, unit_id, into_id, now, by)
        posts = _move_posts(database, unit_id, into_id, study_day(now))
        unit.closed_at, unit.merged_into_id = epoch(now), into_id
        told = {"into": into_id, "people": moved, "posts": posts, "units": len(children)}
        _tell(database, now, by, "org.merge_units", unit_id, **told)


def close_unit(unit_id: int, now: datetime, by: Viewer | None) -> None:
    """Close a unit that has no people, no posts held and no open unit below it."""
    with transaction() as database:
        _lock_tree(database)
        unit = _get_open(database, unit_id, by)
        if people.list_ids_in_unit(unit_id):
            raise Invalid(_("这个单位还有人（包括已停用的），请先把他们移到别的单位。"))
        below = select(Unit.id).where(Unit.parent_id == unit_id, Unit.closed_at.is_(None))
        if database.scalar(below.limit(1)):
            raise Invalid(_("这个单位还有下级单位，请先移走或关闭下级。"))
        held = select(PostRow.post).where(PostRow.unit_id == unit_id, still_held(study_day(now)))
        if database.scalar(held.limit(1)):
            raise Invalid(_("还有人（包括已停用的）在这个单位任职，请先登记离任。"))
        unit.closed_at = epoch(now)
        _tell(database, now, by, "org.close_unit", unit_id)


def _checked(name: str, kind: str) -> str:
    name = names.fold(name)
    if not 1 <= len(name) <= 80:
        raise Invalid(_("请填写名称（最多 80 字）。"), name=_("请填写名称（最多 80 字）。"))
    if kind not in KINDS:
        raise Invalid(_("没有这种单位类别。"), kind=_("没有这种单位类别。"))
    return name


def _lock_tree(database: Session) -> None:
    """Let changes of the tree wait for each other: two moves at once could close a circle."""
    database.execute(select(Unit.id).order_by(Unit.id).with_for_update())
    database.expire_all()


def _get_open(database: Session, unit_id: int, by: Viewer | None) -> Unit:
    """Return an open unit within reach; raise NotFound, or Invalid when it is closed."""
    unit = database.get(Unit, unit_id)
    reached = by is None or queries.reaches(queries.scope_to_change(by), unit_id)
    if unit is None or not reached or (by is not None and by.role != "admin"):
        raise NotFound(_("没有这个单位。"))
    if unit.closed_at is not None:
        raise Invalid(_("这个单位已经关闭。"))
    return unit


def _find_parent(database: Session, parent_id: int | None, by: Viewer | None) -> Unit | None:
    """Return the open unit to put another below, None for the top, which not everybody may."""
    if parent_id is not None:
        return _get_open(database, parent_id, by)
    if by is not None and queries.scope_to_change(by).unit_id is not None:
        raise NotFound(_("没有这个上级单位。"))
    return None


def _put_below(database: Session, unit: Unit, parent: Unit | None) -> None:
    """Change the parent of a unit and the paths of all below it; raise Invalid for a circle."""
    if parent is not None and parent.path.startswith(unit.path):
        message = _("不能移到自己或自己的下级单位之下，否则上下级会成为一个圈。")
        raise Invalid(message, parent=message)
    old, new = unit.path, _path_below(parent, unit)
    unit.parent_id = parent.id if parent else None
    for row in database.scalars(select(Unit).where(Unit.path.startswith(old))):
        row.path = _within_limit(new + row.path.removeprefix(old))
    database.flush()


def _path_below(parent: Unit | None, unit: Unit) -> str:
    return _within_limit(f"{parent.path if parent else '/'}{unit.id}/")


def _within_limit(path: str) -> str:
    if len(path) > LONGEST_PATH:
        raise Invalid(_("单位的层级太深了。"), parent=_("单位的层级太深了。"))
    return path


def _move_people(
    database: Session, unit_id: int, into_id: int, now: datetime, by: Viewer | None
) -> int:
    """Move everybody of a unit, the disabled too, and tell each of them; return how many."""
    ids, told = people.list_ids_in_unit(unit_id), {"unit": [unit_id, into_id]}
    note_stays(database, ids, into_id, now)
    accounts.amend_users(database, "unit_id", dict.fromkeys(ids, into_id))
    acts = [Act("org.merge_person", f"user:{one}", one, told) for one in ids]
    record_all(database, now, by.id if by else None, acts)
    return len(ids)


def _move_posts(database: Session, unit_id: int, into_id: int, day: date) -> int:
    """End what is held in a unit on `day` and go on with it in the other; return how many.

    Who holds the same post there already, now or later, goes on with that one alone.
    """
    found = select(PostRow).where(PostRow.unit_id == unit_id, still_held(day))
    held = database.scalars(found).all()
    same = select(PostRow.member_id, PostRow.post).where(
        PostRow.unit_id == into_id, still_held(day)
    )
    there = {(row.member_id, row.post) for row in database.execute(same)}
    for row in held:
        since = max(row.since, day)
        if (row.member_id, row.post) not in there:
            own = {"member_id": row.member_id, "post": row.post}
            database.add(PostRow(unit_id=into_id, since=since, until=row.until, **own))
        if row.since >= day:  # it would have been held for no day at all
            database.delete(row)
        else:
            row.until = day
    database.flush()
    return len(held)


def _tell(
    database: Session,
    now: datetime,
    by: Viewer | None,
    action: str,
    unit_id: int,
    **details: object,
) -> None:
    record(database, now, by.id if by else None, action, f"unit:{unit_id}", details=details)
