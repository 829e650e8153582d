"""FSRS-6 fitted to the people of units at night, and judged on what they answered later."""

from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import delete, insert

from app.base.clock import epoch, study_day
from app.base.db import transaction
from app.org.queries import Scope, Unit, list_units
from app.study.actions.erasure import LEAST_PEOPLE
from app.study.fitting import LEAST, fit
from app.study.models import FitRow
from app.study.queries.fits import EVERYBODY, count_delayed, list_courses

LATER = timedelta(days=28)  # the last so many days judge what was learned before
MOST_UNITS = 40  # the largest; a fit takes some seconds
MOST_ANSWERS = 40_000  # read for one fit, about


def fit_units(now: datetime) -> int:
    """Fit the memory of each unit with enough answers, and of everybody; return how many fits.

    What was fitted before is replaced. Everything is read and computed before it is stored.
    """
    since = study_day(now) - LATER
    found = [row for one in _wanted() if (row := _row(*one, since, now)) is not None]
    with transaction() as session:
        session.execute(delete(FitRow))
        if found:
            session.execute(insert(FitRow), found)
    return len(found)


def _wanted() -> list[tuple[int, list[int] | None, int]]:
    """Return (unit, it and those below, answers) of the largest units, everybody first."""
    alone = count_delayed()
    units = list_units(Scope(None))
    sums = [(unit, _below(unit, units)) for unit in units]
    counted = [(unit.id, ids, sum(alone.get(i, 0) for i in ids)) for unit, ids in sums]
    enough = [one for one in counted if one[2] >= LEAST]
    largest = sorted(enough, key=lambda one: (-one[2], one[0]))[:MOST_UNITS]
    return [(EVERYBODY, None, sum(alone.values())), *largest]


def _below(unit: Unit, units: tuple[Unit, ...]) -> list[int]:
    return [other.id for other in units if other.path.startswith(unit.path)]


def _row(
    unit_id: int, ids: list[int] | None, answers: int, since: date, now: datetime
) -> dict[str, object] | None:
    """Return the row of a fit, None with too few answers or people."""
    studied = list(list_courses(ids, -(-answers // MOST_ANSWERS) or 1))
    people = len({one.member_id for one in studied})
    if people < LEAST_PEOPLE:
        return None
    found = fit([one.course for one in studied], since.toordinal())
    if found is None:
        return None
    return {
        "unit_id": unit_id,
        "fitted_at": epoch(now),
        "since": since,
        "people": people,
        "learned": found.learned,
        "judged": found.judged,
        "log_loss": found.log_loss,
        "default_log_loss": found.default_log_loss,
        "better": found.better,
        "parameters": msgspec.json.encode(found.parameters).decode(),
    }
