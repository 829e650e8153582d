"""The people on record that a roster is compared with."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select, true

from app.accounts import queries as accounts
from app.base.db import db
from app.org.models import PostRow
from app.org.plan import Entry, Known
from app.org.queries.people import SOURCE, STATUS, may_govern, people
from app.org.queries.profiles import still_held
from app.org.queries.units import below, scope_to_change


def list_known(viewer: accounts.Viewer, entries: Sequence[Entry], day: date) -> tuple[Known, ...]:
    """Return everybody within the viewer's reach, and who elsewhere has a phone or name of theirs.

    The posts are those held on `day` or later: nobody is given one again that is to come.
    """
    scope = scope_to_change(viewer)
    reached = true() if scope.unit_id is None else below(scope.unit_id)
    inside = select(people.id).select_from(SOURCE).where(reached)
    elsewhere = or_(
        people.phone.in_({entry.phone for entry in entries if entry.phone}),
        people.phone.is_(None) & people.name.in_({entry.name for entry in entries}),
    )
    rows = db.session.execute(
        select(
            people.id,
            people.name,
            people.phone,
            people.role,
            people.unit_id,
            people.state,
            STATUS.label("status"),
            people.id.in_(inside).label("reached"),
        )
        .select_from(SOURCE)
        .where(or_(people.id.in_(inside), elsewhere))
        .order_by(people.id)
    ).all()
    held: dict[int, set[tuple[int, str]]] = {}
    for member_id, unit_id, post in db.session.execute(
        select(PostRow.member_id, PostRow.unit_id, PostRow.post).where(
            PostRow.member_id.in_(inside), still_held(day)
        )
    ):
        held.setdefault(member_id, set()).add((unit_id, post))
    return tuple(
        Known(
            id=row.id,
            name=row.name,
            phone=row.phone,
            unit_id=row.unit_id,
            role=row.role,
            disabled=row.state == "disabled",
            reached=bool(row.reached),
            governed=may_govern(viewer, row.id, row.role),
            status=row.status,
            posts=frozenset(held.get(row.id, ())),
        )
        for row in rows
    )
