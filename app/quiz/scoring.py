"""Scoring: what an answer is worth, in half points, and the rule in words; pure."""

import math
from collections.abc import Iterable
from typing import Any

from app.bank.kinds import KINDS, Content, Mark
from app.base.words import gettext as _

IN_PART = frozenset({"multiple", "blank"})  # kinds of which a part can be right
MOST_POINTS = 100  # for one question


def points_for(kind: str, mark: Mark, points: int, partial: bool) -> float:
    """Return what a mark is worth of `points`: a multiple of 0.5, so that sums are exact.

    With `partial`, kinds in IN_PART earn their share (0…1), rounded down to half a point;
    otherwise only a right answer earns anything.
    """
    if mark.right:
        return float(points)
    if not partial or kind not in IN_PART:
        return 0.0
    return math.floor(2 * points * mark.share + 1e-9) / 2


def mark_response(
    kind: str, content: Content, response: Any, points: int, partial: bool
) -> tuple[bool, float]:
    """Return (right, points earned) of a canonical response; None, not answered, earns nothing."""
    if response is None:
        return False, 0.0
    mark = KINDS[kind].mark(content, response)
    return mark.right, points_for(kind, mark, points, partial)


def has_passed(score: float, full: float, pass_percent: int) -> bool:
    """Say whether `score` of `full` points reaches the pass mark, in percent (0…100)."""
    return 100 * score >= pass_percent * full


def rule_words(kind: str, points: Iterable[int], partial: bool) -> str:
    """Return how a kind is marked, in a sentence for members; `points` are those that occur."""
    worth = _("每题 %(points)s 分", points="、".join(map(str, sorted(set(points)))))
    return f"{worth}{_('：')}{_how(kind, partial)}"


def _how(kind: str, partial: bool) -> str:
    """Return when an answer of a kind earns its points."""
    if kind == "multiple" and partial:
        return str(
            _(
                "全部选对得满分；选了任何一个错项不得分；"
                "少选的，按选对的项数占应选项数的比例得分，不足 0.5 分的舍去。"
            )
        )
    if kind == "blank" and partial:
        return str(_("每空按比例得分，不足 0.5 分的舍去。"))
    words: dict[str, str] = {
        "single": _("选对得分。"),
        "truefalse": _("判断对得分。"),
        "multiple": _("全部选对才得分。"),
        "blank": _("每空都对才得分。"),
        "order": _("次序全对才得分。"),
    }
    return words[kind]
