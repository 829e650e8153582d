"""What reports on units need and no answer changes at once: folded at night into few rows.

A report then reads the rows of one unit, however many people and units are below it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert

from app.assess.figures import DAYS_COUNTED, HELP_SHARE, LEAST_ASKED, is_weak
from app.assess.models import UnitQuestionRow, WeakRow
from app.base.clock import study_day
from app.base.db import transaction
from app.org import queries as org
from app.study.queries import UnitCount, list_member_recalls, list_unit_counts

EVERYBODY = org.Scope(None)


@dataclass(frozen=True, slots=True)
class Folded:
    """How many rows of units, and how many people who surely recall little."""

    rows: int
    weak: int


def fold_reports(now: datetime) -> Folded:
    """Count anew how units recall each question, and who surely recalls little."""
    since = study_day(now) - timedelta(days=DAYS_COUNTED)
    counts = add_up(list_unit_counts(since), _list_chains())
    found = list_member_recalls(org.select_scope_ids(EVERYBODY), LEAST_ASKED, HELP_SHARE)
    weak = [
        {"member_id": member, "delayed": asked, "recalled": right}
        for member, asked, right in found
        if is_weak(right, asked)
    ]
    with transaction() as session:
        for table, rows in ((UnitQuestionRow, counts), (WeakRow, weak)):
            session.execute(delete(table))
            if rows:
                session.execute(insert(table), rows)
    return Folded(len(counts), len(weak))


def add_up(
    counts: Iterable[UnitCount], chains: Mapping[int, tuple[int, ...]]
) -> list[dict[str, object]]:
    """Return a row for each unit and question, with what the units below count added.

    `chains` gives the units that a unit's answers count for, itself or its heir and all above.
    """
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in counts:
        for unit_id in chains.get(one.unit_id, (one.unit_id,)):
            held = sums[unit_id, one.question_id]
            held[0] += one.asked
            held[1] += one.right
            held[2] += one.people
    return [
        {"unit_id": unit, "question_id": question, "asked": n, "right": right, "people": people}
        for (unit, question), (n, right, people) in sums.items()
    ]


def _list_chains() -> dict[int, tuple[int, ...]]:
    """Return unit → its heir when it was merged, else itself, and all units above that."""
    units = {unit.id: unit for unit in (*org.list_units(EVERYBODY), *org.list_closed(EVERYBODY))}
    found = {}
    for unit in units.values():
        heir, seen = unit, {unit.id}
        while heir.merged_into_id in units and heir.merged_into_id not in seen:
            heir = units[heir.merged_into_id]
            seen.add(heir.id)
        found[unit.id] = tuple(int(step) for step in heir.path.strip("/").split("/"))
    return found
