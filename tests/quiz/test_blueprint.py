"""Whatever can be drawn is drawn, least met first; what cannot is named with how much it lacks."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.errors import Invalid
from app.quiz.blueprint import Candidate, Rule, draw, draw_pool, fits, list_lacks

pytestmark = pytest.mark.pure

KINDS = ["single", "multiple"]
CHAPTERS = ["c1", "c2"]


def pool_of(sorts: list[tuple[str, str]]) -> list[Candidate]:
    """Return candidates q0, q1, … of the given kinds and chapters."""
    return [Candidate(f"q{n}", 1, k, "s", c, "know") for n, (k, c) in enumerate(sorts)]


pools = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(CHAPTERS)), max_size=9).map(
    pool_of
)
rules_drawn = st.lists(
    st.builds(
        Rule,
        st.integers(1, 3),
        st.just(2),
        kind=st.sampled_from(["", *KINDS]),
        chapter=st.sampled_from(["", *CHAPTERS]),
    ),
    min_size=1,
    max_size=4,
)
seeds = st.text("ab", max_size=4)
counts = st.dictionaries(st.sampled_from([f"q{n}" for n in range(9)]), st.integers(0, 3))


def most(rules: list[Rule], pool: list[Candidate]) -> int:
    """Return how many places can be filled, by Hall's theorem (deficiency version)."""
    places = [rule for rule in rules for _n in range(rule.count)]
    worst = 0
    for size in range(len(rules) + 1):
        for chosen in combinations(rules, size):
            reach = {c.question_id for c in pool if any(fits(r, c) for r in chosen)}
            worst = max(worst, sum(r.count for r in chosen) - len(reach))
    return len(places) - worst


@given(rules_drawn, pools, seeds, counts)
def test_a_draw_fills_every_rule_or_none_could(
    rules: list[Rule], pool: list[Candidate], seed: str, met: dict[str, int]
) -> None:
    wanted = sum(rule.count for rule in rules)
    by_id = {c.question_id: c for c in pool}
    try:
        drawn = draw(rules, pool, seed, met)
    except Invalid:
        assert most(rules, pool) < wanted
        return
    assert most(rules, pool) == wanted == len({d.question_id for d in drawn})
    start = 0
    for rule in rules:
        for one in drawn[start : start + rule.count]:
            assert fits(rule, by_id[one.question_id])
            assert one.points == rule.points
        start += rule.count


@given(rules_drawn, pools)
def test_lacks_add_up_to_what_cannot_be_had(rules: list[Rule], pool: list[Candidate]) -> None:
    lacks = list_lacks(rules, pool)
    missing = sum(lack.missing for lack in lacks)
    assert missing == sum(rule.count for rule in rules) - most(rules, pool)
    for lack in lacks:
        rule = rules[lack.number - 1]
        assert (lack.wanted, lack.found) == (rule.count, sum(fits(rule, c) for c in pool))
        before = rules[: lack.number]
        served = most(before, pool) - most(before[:-1], pool)
        assert lack.missing == rule.count - served


@given(rules_drawn, pools, seeds, counts)
def test_no_other_draw_was_met_less(
    rules: list[Rule], pool: list[Candidate], seed: str, met: dict[str, int]
) -> None:
    try:
        drawn = draw(rules, pool, seed, met)
    except Invalid:
        return
    total = sum(met.get(d.question_id, 0) for d in drawn)
    by_id = {c.question_id: c for c in pool}
    best = min(
        sum(met.get(i, 0) for i in chosen)
        for chosen in combinations(by_id, len(drawn))
        if most(rules, [by_id[i] for i in chosen]) == len(drawn)
    )
    assert total == best


@given(rules_drawn, pools, counts)
def test_the_same_seed_draws_the_same(
    rules: list[Rule], pool: list[Candidate], met: dict[str, int]
) -> None:
    def outcome(candidates: list[Candidate]) -> object:
        try:
            return draw(rules, candidates, "x", met)
        except Invalid as error:
            return error.message

    assert outcome(pool) == outcome(list(pool)) == outcome(list(reversed(pool)))


def test_seeds_draw_differently() -> None:
    pool = pool_of([("single", "c1")] * 30)
    drawn = {draw([Rule(5, 1)], pool, str(n), {}) for n in range(20)}
    assert len(drawn) == 20


def test_each_lacking_rule_is_named_with_how_many() -> None:
    pool = pool_of([("single", "c1")] * 3 + [("multiple", "c1")] * 2)
    rules = [Rule(2, 1, kind="single"), Rule(5, 1, kind="multiple"), Rule(2, 1, kind="single")]
    with pytest.raises(Invalid) as caught:
        draw(rules, pool, "x", {})
    assert "第 1 条" not in caught.value.message
    assert "第 2 条要 5 题，题库里只有 2 题，缺 3 题。" in caught.value.message
    assert "第 3 条要 2 题，符合的 3 题里有的要留给前面各条，缺 1 题。" in caught.value.message


def test_a_pool_is_as_many_papers_large_as_there_are_items_for() -> None:
    pool = pool_of([("single", "c1")] * 7)
    assert len(draw_pool([Rule(2, 1)], pool, "x", 3)) == 6
    assert len(draw_pool([Rule(3, 1)], pool, "x", 3)) == 6
    assert len(draw_pool([Rule(5, 1)], pool, "x", 3)) == 5
    with pytest.raises(Invalid):
        draw_pool([Rule(8, 1)], pool, "x", 3)


def test_a_large_bank_is_drawn_from_in_a_moment() -> None:
    pool = pool_of([(KINDS[n % 2], CHAPTERS[n // 3 % 2]) for n in range(3000)])
    rules = [Rule(10, 1, kind=k, chapter=c) for k in ("", *KINDS) for c in ("", *CHAPTERS)]
    assert len(draw(rules, pool, "x", {})) == 90
