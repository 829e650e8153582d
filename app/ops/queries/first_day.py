"""What somebody who brings people to study has to do first, and what of it is done."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.queries import Viewer
from app.assign.queries import list_desk
from app.org import queries as org


@dataclass(frozen=True, slots=True)
class FirstDay:
    """Whether there is a branch, whether people were invited; the third step is always left."""

    unit_name: str | None
    people: int


def find_first_day(viewer: Viewer, now: datetime) -> FirstDay | None:
    """Return how far the first day is, None once something was assigned or for who assigns nothing.

    Costs two small reads for trainers who are past it, none for members.
    """
    if not org.may_change(viewer):
        return None
    if viewer.role != "admin" and viewer.unit_id is None:
        return None  # they reach nobody until an administrator gives them a unit
    _assigned, total = list_desk(viewer, "", "", "", now, 1, 0)
    if total:
        return None
    scope = org.scope_of(viewer)
    units = org.list_units(scope)
    return FirstDay(
        unit_name=units[0].name if units else None,
        people=max(0, org.count_people(scope.unit_id) - 1),
    )
