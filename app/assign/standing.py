"""Where the affairs of a unit lie once it has been merged or closed; pure.

A merged unit's affairs go to the unit it was merged into, those of a closed one to the unit above
it, however often; each from the day of the merger or closing on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Place:
    """A unit in the tree: the one above, the day it was closed, and what it was merged into."""

    id: int
    parent_id: int | None
    closed_on: date | None = None
    merged_into_id: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A unit saw to some affairs from day `since` to `until`, the first day it did no more."""

    unit_id: int
    since: date
    until: date | None


class Standing:
    """The tree as it is, asked for who took over from whom."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places: Mapping[int, Place] = {place.id: place for place in places}

    def seats(self, unit_id: int) -> tuple[Seat, ...]:
        """Return the units that saw to the affairs of a unit, in time order, without overlap.

        The last one has no end when there is a unit that still sees to them.
        """
        found, since, seen = [], date.min, set[int]()
        place = self._places.get(unit_id)
        while place is not None and place.id not in seen:
            seen.add(place.id)
            until = None if place.closed_on is None else max(since, place.closed_on)
            if until is None or since < until:
                found.append(Seat(place.id, since, until))
            if until is None:
                break
            since, place = until, self._after(place)
        return tuple(found)

    def now(self, unit_id: int) -> int | None:
        """Return the unit that sees to the affairs of a unit today, None when there is none."""
        seats = self.seats(unit_id)
        return seats[-1].unit_id if seats and seats[-1].until is None else None

    def is_within(self, unit_id: int | None, ancestor_id: int) -> bool:
        """Say whether a unit is another or lies below it; never for no unit."""
        return ancestor_id in self.chain(unit_id)

    def chain(self, unit_id: int | None) -> tuple[int, ...]:
        """Return the unit and all above it, the nearest first."""
        found: list[int] = []
        place = self._places.get(unit_id) if unit_id is not None else None
        while place is not None and place.id not in found:
            found.append(place.id)
            place = self._places.get(place.parent_id) if place.parent_id is not None else None
        return tuple(found)

    def seen_to_within(self, ancestor_id: int | None) -> frozenset[int]:
        """Return the units whose affairs lie with a unit or below it, itself included.

        Nothing (None) means everywhere: all units, also those nobody took over from.
        """
        if ancestor_id is None:
            return frozenset(self._places)
        return frozenset(one for one in self._places if self.is_within(self.now(one), ancestor_id))

    def taken_over(self, unit_id: int) -> frozenset[int]:
        """Return the units whose affairs lie with exactly this unit, itself included if open."""
        return frozenset(one for one in self._places if self.now(one) == unit_id)

    def _after(self, place: Place) -> Place | None:
        heir = place.merged_into_id if place.merged_into_id is not None else place.parent_id
        return self._places.get(heir) if heir is not None else None
