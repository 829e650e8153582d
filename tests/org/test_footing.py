"""What every visit asks of a person's standing is what the longer ways say."""

import random

import pytest

from app.base.clock import study_day
from app.base.db import db, transaction
from app.base.errors import NotFound
from app.org import queries
from tests.conftest import Cast, Clock

UNITS = ("A", "B", "C", "D", "E")


@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_the_longer_ways_say(cast: Cast, clock: Clock, seed: int) -> None:
    lot, day = random.Random(seed), study_day(clock())
    for place, code in enumerate(UNITS):
        cast.make_unit(code, parent=lot.choice(UNITS[:place]) if place else None)
    people = [cast.make_member(f"甲{n}", unit=lot.choice(UNITS)) for n in range(4)]
    people.append(cast.make_member("无"))
    ids = [cast.units[code] for code in UNITS]
    with transaction() as session:
        for one, into in ((ids[4], ids[3]), (ids[3], ids[1]))[: lot.randrange(3)]:
            merged = "UPDATE org_unit SET merged_into_id = :into WHERE id = :one"
            session.execute(db.text(merged), {"one": one, "into": into})
        for member_id in people[::2]:
            profile = "INSERT INTO org_profile VALUES (:m, 'probationary', 'exempt')"
            session.execute(db.text(profile), {"m": member_id})
        for member_id in people:
            values = {"m": member_id, "u": lot.choice(ids), "s": "2026-01-01"}
            values["e"] = lot.choice((None, "2026-06-30", str(day), "2030-01-01"))
            held = "INSERT INTO org_post VALUES (:m, :u, 'secretary', :s, :e)"
            session.execute(db.text(held), values)
    for member_id in people:
        found, profile = queries.find_footing(member_id, day), queries.get_profile(member_id, day)
        own = [] if profile.unit_id is None else [profile.unit_id]
        assert found.own == {*own, *(unit.id for unit in queries.list_merged(own))}
        assert found.chain == queries.units_of(member_id)
        assert found.posts == {held.post for held in profile.posts}
        assert (found.status, found.standing) == (profile.status, profile.standing)


def test_nobody_has_no_standing(cast: Cast, clock: Clock) -> None:
    with pytest.raises(NotFound):
        queries.find_footing(999, study_day(clock()))
