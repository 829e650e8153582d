"""Reviews made elsewhere, set against a member's log: which of them it has already; pure.

A review is the same when it is of the same question in the same millisecond. Anki can hold only
one review a millisecond, so an export moves the second of two on by one or a few; such a one is
known by the review of ours just before it.
"""

import hashlib
from base64 import urlsafe_b64encode
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.base.clock import from_epoch, study_day
from app.study.card import Review
from app.study.memory import AGAIN

SHIFT_MS = 50  # nobody answers one question twice within so little


@dataclass(frozen=True, slots=True)
class Outside:
    """A review that a member made and rated elsewhere; `at_ms` since 1970, `rating` 1…4."""

    question_id: str
    at_ms: int
    rating: int
    elapsed_ms: int

    @property
    def review(self) -> Review:
        """The review with an id that is the same whenever and however it comes."""
        name = f"anki\0{self.question_id}\0{self.at_ms}".encode()
        answer_id = urlsafe_b64encode(hashlib.sha256(name).digest()[:16]).decode().rstrip("=")
        day = study_day(from_epoch(self.at_ms // 1000))
        return Review(answer_id, self.at_ms, day, self.rating, self.rating > AGAIN)


@dataclass(frozen=True, slots=True)
class Stored:
    """When a member reviewed a question, in milliseconds, and whether that was on the site."""

    at_ms: int
    here: bool


def list_new(reviews: Iterable[Outside], stored: Mapping[str, Sequence[Stored]]) -> list[Outside]:
    """Return the reviews that are not stored, each once; `stored` is by question, in any order."""
    exact = {(question, one.at_ms) for question, rows in stored.items() for one in rows}
    here = {
        question: sorted(one.at_ms for one in rows if one.here) for question, rows in stored.items()
    }
    found = []
    for review in reviews:
        key = review.question_id, review.at_ms
        if key not in exact and not _is_shifted(review, here.get(review.question_id, [])):
            exact.add(key)
            found.append(review)
    return found


def _is_shifted(review: Outside, moments: Sequence[int]) -> bool:
    """Say whether a review is one of ours that an export moved on; `moments` in order."""
    place = bisect_left(moments, review.at_ms)
    return place > 0 and review.at_ms - moments[place - 1] <= SHIFT_MS
