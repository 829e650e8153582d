"""Who is meant, without a database."""

import pytest

from app.assign.audience import (
    MOST_PERSONS,
    MOST_UNITS,
    Audience,
    Who,
    decode,
    encode,
    is_meant,
    is_obliged,
    make_audience,
)
from app.base.errors import Invalid

pytestmark = pytest.mark.pure
WHO = Who(7, frozenset({3}), frozenset({1, 2, 3}), frozenset({"deputy"}), "full", "active")


@pytest.mark.parametrize(
    ("audience", "meant"),
    [
        (Audience(units=(3,)), True),
        (Audience(units=(1,)), True),
        (Audience(units=(1,), below=False), False),
        (Audience(units=(1, 3), below=False), True),
        (Audience(units=(4,)), False),
        (Audience(units=(4,), persons=(7,)), True),
        (Audience(persons=(7,)), True),
        (Audience(persons=(8,)), False),
        (Audience(posts=("secretary", "deputy")), True),
        (Audience(units=(1,), posts=("secretary",)), False),
        (Audience(units=(1,), posts=("secretary",), persons=(7,)), True),
        (Audience(statuses=("full", "probationary")), True),
        (Audience(statuses=("activist",)), False),
        (Audience(statuses=("full",), persons=(8,)), True),
        (Audience(), False),
    ],
)
def test_who_is_meant(audience: Audience, meant: bool) -> None:
    assert is_meant(audience, WHO) is meant


def test_an_audience_has_one_spelling() -> None:
    one = make_audience([3, 1, 3], True, ["deputy", "secretary"], ["probationary", "full"], [9, 2])
    assert one == make_audience(
        [1, 3], True, ["secretary", "deputy"], ["full", "probationary"], [2, 9]
    )
    assert one.posts == ("secretary", "deputy")
    assert decode(encode(one)) == one


def test_an_unknown_post_or_status_counts_as_none() -> None:
    assert make_audience([1], posts=["emperor"], statuses=["x"]) == Audience(units=(1,))


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({}, "units"),
        ({"posts": ["emperor"]}, "units"),
        ({"units": range(MOST_UNITS + 1)}, "units"),
        ({"persons": range(MOST_PERSONS + 1)}, "persons"),
    ],
)
def test_audiences_that_mean_nobody_or_too_many_are_refused(
    parts: dict[str, list[int]], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_audience(**parts)  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


def test_only_the_exempt_are_not_obliged() -> None:
    assert [is_obliged(one) for one in ("active", "away", "exempt")] == [True, True, False]
