"""Whom a paper is for once units have been merged, and whose own questions it may ask them."""

from app.bank.queries import PUBLIC, has_own_questions
from app.org import queries as org


def standing_unit(unit_id: int | None) -> int | None:
    """Return the unit whose people a paper is for: what took over when its own was merged."""
    return None if unit_id is None else org.find_successor(unit_id)


def shelf_of(unit_id: int | None) -> frozenset[int]:
    """Return the units whose own questions a paper for a unit may ask: it and those above.

    Everybody the paper is for may meet these. One for everybody (None) asks the public bank only.
    """
    if unit_id is None or not has_own_questions():
        return PUBLIC
    chain = [unit.id for unit in org.chain_of(org.find_successor(unit_id))]
    return frozenset((*chain, *(unit.id for unit in org.list_merged(chain))))
