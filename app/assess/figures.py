"""The figures of a report on a unit, as plain values; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.assess.distribution import Comparison
from app.assess.intervals import MASTERED_CHANCE, chance_at_least

DAYS_COUNTED = 90  # how far back provisions are counted, every night
HELP_SHARE = 0.7  # who surely recalls less than this after a day or more may need help
LEAST_ASKED = 10  # answers after a day or more before anything is said of a person or provision


def is_weak(recalled: int, delayed: int) -> bool:
    """Say whether somebody surely recalls less than HELP_SHARE of what was asked a day later."""
    return chance_at_least(HELP_SHARE, recalled, delayed) <= 1 - MASTERED_CHANCE


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """A paper in a unit: how many it was asked of, who handed in, is overdue, passed.

    `shares` holds the share (0…1) of the full mark of each one's first attempt.
    """

    title: str
    ended: bool
    meant: int
    submitted: int
    overdue: int
    passed: int
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DemandFigures:
    """A paper or a goal asked of `asked` people: until which day, how many are done or overdue."""

    title: str
    is_goal: bool
    ends_on: date
    asked: int
    done: int
    overdue: int


@dataclass(frozen=True, slots=True)
class DutyFigures:
    """Duties, or the items of plans, that fell due or will: open in time, late, done."""

    in_plans: bool
    open: int
    late: int
    done: int


@dataclass(frozen=True, slots=True)
class ChapterFigures:
    """A chapter: `right` of `asked` answers after a day or more; the mean recall (0…1) that was
    expected last night over `people`, None before the first night."""

    subject: str
    chapter: str
    right: int
    asked: int
    recall: float | None
    people: int


@dataclass(frozen=True, slots=True)
class ProvisionFigures:
    """A provision: `right` of `asked` answers after a day or more by `people`."""

    document: str
    provision: str
    asked: int
    right: int
    people: int


@dataclass(frozen=True, slots=True)
class Helped:
    """Somebody who may need help: papers missed, and how little was recalled (0 of 0: enough)."""

    name: str
    unit: str
    missed: tuple[str, ...]
    recalled: int
    delayed: int


@dataclass(frozen=True, slots=True)
class Below:
    """A unit directly below, with all below it: people, papers asked and handed in, recall."""

    unit_id: int
    name: str
    people: int
    asked: int
    submitted: int
    delayed: int
    recalled: int


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Everything a report on a unit says, from the month `since` begins to `day`.

    `people` counts by standing; `months` holds (first day, right, asked); `days` is how far back
    provisions are counted.
    """

    unit_id: int
    unit_name: str
    day: date
    since: date
    people: Mapping[str, int]
    papers: tuple[PaperFigures, ...]
    demands: tuple[DemandFigures, ...]
    duties: tuple[DutyFigures, ...]
    chapters: tuple[ChapterFigures, ...]
    months: tuple[tuple[date, int, int], ...]
    weakest: tuple[ProvisionFigures, ...]
    days: int
    helped: tuple[Helped, ...]
    more_helped: bool
    below: tuple[Below, ...]
    comparison: Comparison | None
