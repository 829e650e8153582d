"""The tree of units, asked for where the affairs of merged and closed ones lie today."""

from app.assign.standing import Place, Standing
from app.base.clock import from_epoch, study_day
from app.org import queries as org

EVERYWHERE = org.Scope(None)


def load_standing() -> Standing:
    """Return the whole tree, closed units too."""
    return Standing(
        Place(
            unit.id,
            unit.parent_id,
            None if unit.closed_at is None else study_day(from_epoch(unit.closed_at)),
            unit.merged_into_id,
        )
        for unit in (*org.list_units(EVERYWHERE), *org.list_closed(EVERYWHERE))
    )


def reaches(standing: Standing, scope: org.Scope, unit_id: int) -> bool:
    """Say whether the affairs of a unit lie within the scope."""
    return scope.unit_id is None or standing.is_within(standing.now(unit_id), scope.unit_id)
