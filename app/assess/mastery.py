"""What a member knows of a chapter, with an interval and only four words for it; pure.

The share of a chapter that is known has the Jeffreys posterior of the seen questions, of which the
sum of recall probabilities counts as right. Questions never seen count as not known: studying made
the seen ones known, so they say nothing about the others. The posterior is a little wider than the
spread of independent recalls would be, which is the side to err on.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.assess.intervals import (
    LEVEL,
    MASTERED_CHANCE,
    MASTERED_SHARE,
    Interval,
    chance_at_least,
    jeffreys,
)

UNSEEN, NOT_YET, UNSURE, MASTERED = "unseen", "not-yet", "unsure", "mastered"


@dataclass(frozen=True, slots=True)
class Mastery:
    """What is known of `total` questions of which `seen` were met.

    `known` is the expected number known (0…seen); `share`, `low` and `high` are shares (0…1) of
    the whole chapter; `chance` is P(share ≥ 0.8); `state` is one of the four words.
    """

    seen: int
    total: int
    known: float
    share: float
    low: float
    high: float
    chance: float
    state: str

    @property
    def unseen(self) -> int:
        """How many questions were never met."""
        return self.total - self.seen


def from_recall(recall: Sequence[float], unseen: int, level: float = LEVEL) -> Mastery:
    """Return the mastery of a chapter from the recall (0…1) of each seen question.

    ValueError for a recall outside 0…1 or a negative number of unseen questions.
    """
    if unseen < 0 or any(not 0 <= r <= 1 for r in recall):
        raise ValueError("recall lies in 0…1, and fewer than no questions cannot be unseen")
    return _mastery(math.fsum(recall), len(recall), unseen, level)


def from_answers(right: int, asked: int, level: float = LEVEL) -> Mastery:
    """Return the mastery that `right` of `asked` answers to different questions show."""
    return _mastery(float(right), asked, 0, level)


def of_chapter(
    question_ids: Iterable[str], recall: Mapping[str, float], level: float = LEVEL
) -> Mastery:
    """Return the mastery of the chapter with these questions, given recall by question id."""
    ids = list(question_ids)
    seen = [recall[i] for i in ids if i in recall]
    return from_recall(seen, len(ids) - len(seen), level)


def state_name(state: str) -> str:
    """Return the word for members that stands for a state."""
    names: dict[str, str] = {
        UNSEEN: _("还没有学"),
        NOT_YET: _("还没有掌握"),
        UNSURE: _("还说不准"),
        MASTERED: _("已经掌握"),
    }
    return names[state]


def _mastery(known: float, seen: int, unseen: int, level: float) -> Mastery:
    """Return the mastery after `known` of `seen`, stretched over the unseen questions."""
    total, known = seen + unseen, min(known, float(seen))
    met = seen / total if total else 0.0
    ends = jeffreys(known, seen, level) if seen else Interval(0.0, 0.0)
    chance = chance_at_least(MASTERED_SHARE / met, known, seen) if met else 0.0
    return Mastery(
        seen=seen,
        total=total,
        known=known,
        share=known / total if total else 0.0,
        low=met * ends.low,
        high=met * ends.high,
        chance=chance,
        state=_state(seen, chance),
    )


def _state(seen: int, chance: float) -> str:
    """Return the word: sure of it, sure of the contrary, or not sure."""
    if not seen:
        return UNSEEN
    if chance >= MASTERED_CHANCE:
        return MASTERED
    return NOT_YET if chance <= 1 - MASTERED_CHANCE else UNSURE
