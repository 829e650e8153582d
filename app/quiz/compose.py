"""What goes onto a paper and onto each person's copy, in which order; pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from app.base.errors import Invalid
from app.base.words import gettext as _
from app.quiz.blueprint import Candidate, Drawn, draw, draw_pool, fits
from app.quiz.paper import IN_ORDER, POOL_TIMES, Item, Paper


def freeze(paper: Paper, bank: Sequence[Candidate], seed: str) -> tuple[Item, ...]:
    """Return the items a paper is published with: its questions, or the pool drawn from.

    `bank` holds everything active. Raises Invalid when there is nothing to ask, a picked question
    is no longer active, or the rules lack items.
    """
    by_id = {candidate.question_id: candidate for candidate in bank}
    if not paper.plan.rules:
        return _picked(paper, by_id)
    if not paper.is_drawn:
        drawn = draw(paper.plan.rules, bank, seed, {})
        return tuple(Item(d.question_id, d.revision, d.points) for d in by_kind(drawn, by_id))
    if paper.terms.reserved:
        pool = draw_pool(paper.plan.rules, bank, seed, POOL_TIMES)
        return tuple(Item(d.question_id, d.revision, 0) for d in pool)
    draw(paper.plan.rules, bank, seed, {})  # are there enough?
    fitting = [c for c in bank if any(fits(rule, c) for rule in paper.plan.rules)]
    return tuple(Item(c.question_id, c.revision, 0) for c in fitting)


def freeze_apart(
    paper: Paper, bank: Sequence[Candidate], seed: str, clashing: Sequence[Paper]
) -> tuple[Item, ...]:
    """Return `freeze` without what `clashing`, papers at the same time, keep to themselves.

    Rules leave such questions out; when too few are left, or one was picked by hand, Invalid says
    so.
    """
    if not paper.plan.rules:
        check_shared(paper.plan.picked, clashing)
        return freeze(paper, bank, seed)
    held = {item.question_id for other in clashing for item in other.items}
    free = [candidate for candidate in bank if candidate.question_id not in held]
    try:
        return freeze(paper, free, seed)
    except Invalid as error:
        if len(free) == len(bank):
            raise
        hint = _("有 %(n)s 题正为别的试卷保留，没有算在内。", n=len(bank) - len(free))
        raise Invalid(error.message + hint) from error


def check_shared(asked: Iterable[str], clashing: Sequence[Paper]) -> None:
    """Raise Invalid when papers at the same time, of which one is reserved, share questions."""
    wanted = set(asked)
    for other in clashing:
        shared = wanted.intersection(item.question_id for item in other.items)
        if shared:
            raise Invalid(
                _(
                    "与《%(title)s》时间重叠，又有 %(n)s 道相同的保留题：先答完的人会知道。"
                    "请换题或错开时间。",
                    title=other.terms.title,
                    n=len(shared),
                )
            )


def copy_for(
    paper: Paper, pool: Sequence[Candidate], seed: str, met: Mapping[str, int]
) -> tuple[Drawn, ...]:
    """Return the questions of one copy of a published paper, in order.

    `pool` are the paper's items as candidates. The same seed and `met` give the same copy.
    """
    if paper.plan.rules and paper.is_drawn:
        drawn = draw(paper.plan.rules, pool, seed, met)
    else:
        drawn = tuple(Drawn(i.question_id, i.revision, i.points) for i in paper.items)
    if paper.terms.mode == "challenge":
        return shuffled(drawn, seed)
    return by_kind(drawn, {candidate.question_id: candidate for candidate in pool})


def by_kind(drawn: Sequence[Drawn], known: Mapping[str, Candidate]) -> tuple[Drawn, ...]:
    """Return questions of a kind together, kinds in their usual order, else as they were."""
    return tuple(sorted(drawn, key=lambda d: IN_ORDER.index(known[d.question_id].kind)))


def shuffled(drawn: Sequence[Drawn], seed: str) -> tuple[Drawn, ...]:
    """Return questions in an order drawn from the seed, the same in every Python for ever."""
    return tuple(
        sorted(drawn, key=lambda d: hashlib.sha256(f"{seed}:{d.question_id}".encode()).digest())
    )


def _picked(paper: Paper, by_id: Mapping[str, Candidate]) -> tuple[Item, ...]:
    """Return the questions picked by hand, worth what their kind is worth."""
    plan = paper.plan
    if not plan.picked:
        raise Invalid(_("试卷里还没有题。请先选题，或写下组卷规则。"))
    gone = sum(question_id not in by_id for question_id in plan.picked)
    if gone:
        message = _("选中的题里有 %(n)s 道已经停用，或是别的单位自编的，请移出后再发布。", n=gone)
        raise Invalid(message)
    drawn = [Drawn(i, by_id[i].revision, plan.points.get(by_id[i].kind, 1)) for i in plan.picked]
    return tuple(Item(d.question_id, d.revision, d.points) for d in by_kind(drawn, by_id))
