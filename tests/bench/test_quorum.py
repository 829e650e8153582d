"""The primary of three PostgreSQL servers dies under load and nothing acknowledged is lost."""

import pytest

from tests.bench.quorum import Member, gap_after, measure

pytestmark = pytest.mark.once


def test_a_killed_primary_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XUEJI_DATABASE_URL", "XUEJI_DATA"):
        monkeypatch.delenv(name, raising=False)
    found = measure(kills=1, seconds=1.0)
    assert found["acknowledged"] > 10
    wrong = {name: found[name] for name in ("lost", "doubled", "drifted", "unexpected")}
    assert wrong == {"lost": 0, "doubled": 0, "drifted": 0, "unexpected": []}
    assert 0 < found["gaps_s"][0] < 30  # how long is the command's business, on a quiet machine


def test_the_gap_is_the_longest_time_without_an_answer() -> None:
    one = Member(1, iter(()), moments=[1.0, 2.0, 2.1, 3.5])
    other = Member(2, iter(()), moments=[2.05, 3.6])
    assert gap_after([one, other], 2.0) == pytest.approx(1.4)
    assert gap_after([one], 9.0) == float("inf")
