"""What is asked and of whom, made into the lines of people and of groups; pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.assign.digest import BEFORE, GroupLine, Kind, Line, is_told, sort_lines


@dataclass(frozen=True, slots=True)
class Asked:
    """Something asked of people until a day.

    `missing` are those of `asked` who have still to do it. An affair of a unit (`of_unit`) is
    asked of the one who answers for it, and told to a group without a count.
    """

    kind: Kind
    ref: int
    title: str
    due_on: date
    opens_on: date | None
    asked: frozenset[int]
    missing: frozenset[int]
    before: tuple[int, ...] = BEFORE
    of_unit: int | None = None

    def is_told(self, today: date) -> bool:
        """Say whether it is a day to be reminded of it."""
        return is_told(today, self.due_on, self.opens_on, self.before)

    def opens(self, today: date) -> bool:
        """Say whether it begins today and is not due at once."""
        return self.opens_on == today and self.due_on != today


def lines_of_people(
    asked: Iterable[Asked], cards: Mapping[int, int], today: date
) -> dict[int, tuple[Line, ...]]:
    """Return member → lines of those who have something to be told today.

    `cards` holds how many questions are due for those who want to know.
    """
    found: dict[int, list[Line]] = {}
    for one in asked:
        if one.is_told(today):
            opens = one.opens(today)
            day = today if opens else one.due_on
            line = Line(one.kind, one.title, one.ref, day, opens)
            for member_id in one.missing:
                found.setdefault(member_id, []).append(line)
    for member_id, count in cards.items():
        if count:
            found.setdefault(member_id, []).append(Line("cards", "", 0, today, count=count))
    return {member_id: sort_lines(lines) for member_id, lines in found.items()}


def lines_of_unit(
    asked: Iterable[Asked], people: Collection[int], unit_id: int, today: date
) -> list[GroupLine]:
    """Return what the group of a unit with these people is told today: counts, no names."""
    inside, found = frozenset(people), []
    for one in asked:
        if not one.is_told(today):
            continue
        opens = one.opens(today)
        day = today if opens else one.due_on
        missing = len(one.missing & inside)
        if one.of_unit == unit_id:
            found.append(GroupLine(one.kind, one.title, day, opens))
        elif one.of_unit is None and missing:
            total = len(one.asked & inside)
            found.append(GroupLine(one.kind, one.title, day, opens, total, missing))
    return found
