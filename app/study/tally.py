"""What each answer adds to the summaries of members and units; pure.

An answer's tally is kept with it as a set of flags and worked out anew whenever the card's log
changes, so that summaries are moved by differences and can always be counted again.
"""

import operator
from collections.abc import Iterable
from datetime import date

import msgspec

from app.study.card import Review

COUNTED, FIRST, DELAYED = 1, 2, 4
SELF_RATED = "anki"  # the way of answers that people judged themselves, away from the site


class Counts(msgspec.Struct, frozen=True):
    """Sums over answers; what people judged themselves stands apart in the last three.

    `met` counts first answers to a question, `reviews` all answers the site marked. Of these
    `delayed` are the first of their card on a study day, at least one day after the one before,
    and `recalled` those among them that were right.
    """

    met: int = 0
    reviews: int = 0
    delayed: int = 0
    recalled: int = 0
    self_rated: int = 0
    self_delayed: int = 0
    self_recalled: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return the sum, field by field."""
        return Counts(*map(operator.add, FIELDS_OF(self), FIELDS_OF(other)))

    def __sub__(self, other: "Counts") -> "Counts":
        """Return the difference, field by field."""
        return Counts(*map(operator.sub, FIELDS_OF(self), FIELDS_OF(other)))

    def times(self, number: int) -> "Counts":
        """Return the counts of `number` such answers."""
        return Counts(*(number * n for n in FIELDS_OF(self)))


FIELDS_OF = operator.attrgetter(*Counts.__struct_fields__)
NOTHING = Counts()


def tally_after(last_day: date | None, day: date) -> int:
    """Return the tally of an answer on `day` to a card last answered on `last_day` (None: never).

    Both are study days.
    """
    if last_day is None:
        return COUNTED | FIRST
    return COUNTED | DELAYED if day > last_day else COUNTED


def tally_log(reviews: Iterable[Review]) -> dict[str, int]:
    """Return answer id → tally for the counted reviews of one card, in any order."""
    last_day, tallies = None, {}
    for review in sorted(reviews, key=lambda r: (r.at_ms, r.answer_id)):
        tallies[review.answer_id] = tally_after(last_day, review.day)
        last_day = max(last_day or review.day, review.day)
    return tallies


def counts_of(tally: int, right: bool, way: str) -> Counts:
    """Return what one answer with this tally adds."""
    if not tally & COUNTED:
        return NOTHING
    met, delayed = int(bool(tally & FIRST)), int(bool(tally & DELAYED))
    told = (1, delayed, delayed * int(right))
    return Counts(met, 0, 0, 0, *told) if way == SELF_RATED else Counts(met, *told)


def month_of(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)
