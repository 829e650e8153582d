"""Who was answerable for what in a unit and below, in a period."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.accounts.queries import Viewer
from app.assign.queries.responsibility import Responsibility, list_responsibility
from app.org import queries as org


@dataclass(frozen=True, slots=True)
class Answerable:
    """The duties of a unit from `since` to `until`, by due day, and how many came out how."""

    unit_name: str
    since: date
    until: date
    rows: tuple[Responsibility, ...]
    outcomes: Mapping[str, int]


def get_responsibility(
    viewer: Viewer, unit_id: int, since: date, until: date, today: date
) -> Answerable:
    """Return who was answerable in a unit within reach; raise NotFound for any other."""
    unit = org.get_reached_unit(org.scope_of(viewer), unit_id)
    ids = [one.id for one in org.list_units_below(unit_id)]
    after = date.fromordinal(until.toordinal() + 1)
    rows = list_responsibility(ids, since, after, today)
    return Answerable(unit.name, since, until, rows, Counter(row.outcome for row in rows))
