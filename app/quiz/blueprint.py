"""A blueprint: so many questions of each sort, drawn from a pool by a seed; pure.

Which items can be drawn together is a transversal matroid (items on one side, places under rules
on the other), so taking items greedily in the order of preference, moving earlier ones from rule
to rule where that makes room, gives the most preferred set there is; nothing is refused that
could have been drawn. (Edmonds 1971, "Matroids and the greedy algorithm".)
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from app.base.errors import Invalid
from app.base.words import gettext as _

MOST_RULES = 20
MOST_QUESTIONS = 200  # of one paper


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """So many questions of a sort, each worth `points`; an empty field means any."""

    count: int
    points: int
    kind: str = ""
    subject: str = ""
    chapter: str = ""
    difficulty: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be drawn, with what rules look at."""

    question_id: str
    revision: int
    kind: str
    subject: str
    chapter: str
    difficulty: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question on the paper and what it is worth."""

    question_id: str
    revision: int
    points: int


@dataclass(frozen=True, slots=True)
class Lack:
    """Rule `number` (from 1) wants more than is there: `found` fit it, `missing` cannot be had."""

    number: int
    wanted: int
    found: int
    missing: int


def fits(rule: Rule, candidate: Candidate) -> bool:
    """Say whether a candidate is of the sort a rule asks for."""
    return (
        rule.kind in ("", candidate.kind)
        and rule.subject in ("", candidate.subject)
        and rule.chapter in ("", candidate.chapter)
        and rule.difficulty in ("", candidate.difficulty)
    )


def draw(
    rules: Sequence[Rule], pool: Sequence[Candidate], seed: str, met: Mapping[str, int]
) -> tuple[Drawn, ...]:
    """Return what the rules ask for, in their order; the same arguments always give the same.

    `met` says how often a question was met (0 when absent): those met least are preferred, the
    seed decides among equals. Raises Invalid naming each rule that lacks items, and how many.
    """
    order = sorted(pool, key=lambda c: (met.get(c.question_id, 0), _chance(seed, c.question_id)))
    held = _seat(rules, order)
    if any(len(own) < rule.count for own, rule in zip(held, rules, strict=True)):
        lacks = list_lacks(rules, pool)
        raise Invalid("".join(lack_words(lack) for lack in lacks))
    places = {candidate: place for place, candidate in enumerate(order)}
    return tuple(
        Drawn(c.question_id, c.revision, rule.points)
        for rule, own in zip(rules, held, strict=True)
        for c in sorted(own, key=places.__getitem__)
    )


def list_lacks(rules: Sequence[Rule], pool: Sequence[Candidate]) -> list[Lack]:
    """Return the rules that cannot be filled when each is served before those after it."""
    found: list[Lack] = []
    served = 0
    for number, rule in enumerate(rules, 1):
        most = sum(map(len, _seat(rules[:number], pool)))
        missing = rule.count - (most - served)
        served = most
        if missing:
            fitting = sum(fits(rule, candidate) for candidate in pool)
            found.append(Lack(number, rule.count, fitting, missing))
    return found


def lack_words(lack: Lack) -> str:
    """Return a sentence about a rule that lacks items."""
    values = {"n": lack.number, "wanted": lack.wanted, "found": lack.found, "m": lack.missing}
    if lack.missing == lack.wanted - lack.found:
        words = _("第 %(n)s 条要 %(wanted)s 题，题库里只有 %(found)s 题，缺 %(m)s 题。", **values)
    else:
        words = _(
            "第 %(n)s 条要 %(wanted)s 题，符合的 %(found)s 题里有的要留给前面各条，缺 %(m)s 题。",
            **values,
        )
    return str(words)


def draw_pool(
    rules: Sequence[Rule], pool: Sequence[Candidate], seed: str, times: int
) -> tuple[Drawn, ...]:
    """Return a pool up to `times` as large as one paper, as large as there are items for.

    Raises Invalid as `draw` does when there are not even enough for one paper.
    """
    for factor in range(times, 1, -1):
        larger = [msgspec.structs.replace(rule, count=rule.count * factor) for rule in rules]
        if not list_lacks(larger, pool):
            return draw(larger, pool, seed, {})
    return draw(rules, pool, seed, {})


def _seat(rules: Sequence[Rule], order: Sequence[Candidate]) -> list[list[Candidate]]:
    """Return the candidates under each rule, taking them in `order` while they fit."""
    held: list[list[Candidate]] = [[] for _rule in rules]
    full: set[tuple[int, ...]] = set()  # once no place can be made for a sort, none ever can
    for candidate in order:
        sort = _sort(rules, candidate)
        if sort and sort not in full and not _make_place(rules, held, candidate, sort):
            full.add(sort)
    return held


def _sort(rules: Sequence[Rule], candidate: Candidate) -> tuple[int, ...]:
    """Return the places of the rules a candidate fits."""
    return tuple(n for n, rule in enumerate(rules) if fits(rule, candidate))


def _make_place(
    rules: Sequence[Rule],
    held: list[list[Candidate]],
    candidate: Candidate,
    sort: tuple[int, ...],
) -> bool:
    """Put a candidate under a rule, moving others along where needed; say whether it worked."""
    came: dict[int, tuple[int | None, Candidate]] = dict.fromkeys(sort, (None, candidate))
    waiting = list(sort)
    for n in waiting:  # grows while it is walked: breadth first
        if len(held[n]) < rules[n].count:
            _move(held, came, n)
            return True
        for other in held[n]:
            for m in _sort(rules, other):
                if m not in came:
                    came[m] = (n, other)
                    waiting.append(m)
    return False


def _move(
    held: list[list[Candidate]], came: dict[int, tuple[int | None, Candidate]], last: int
) -> None:
    """Walk the way back from the rule with room, moving one candidate a step."""
    n: int | None = last
    while n is not None:
        source, candidate = came[n]
        held[n].append(candidate)
        if source is not None:
            held[source].remove(candidate)
        n = source


def _chance(seed: str, question_id: str) -> bytes:
    """Return what decides among equals, the same in every Python for ever."""
    return hashlib.sha256(f"{seed}/{question_id}".encode()).digest()
