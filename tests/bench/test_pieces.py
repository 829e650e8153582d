"""Pieces of a long proof add up, and no piece counts twice."""

import pytest

from tests.bench.pieces import add_up

pytestmark = pytest.mark.pure


def test_numbers_add_lists_join_and_words_must_agree() -> None:
    one = {"engine": "sqlite", "seed": 1, "kills": 2, "lost": 0, "left": ["a"], "seconds": 1.2}
    other = {**one, "seed": 2, "lost": 1, "left": ["b"], "worker": 3}
    assert add_up([one, other]) == {
        "pieces": 2,
        "engine": "sqlite",
        "kills": 4,
        "lost": 1,
        "left": ["a", "b"],
        "worker": 3,
        "seconds": 2.4,
    }
    assert one["left"] == ["a"]


@pytest.mark.parametrize("changed", [{"seed": 1}, {"seed": 2, "engine": "postgresql"}])
def test_no_piece_counts_twice_and_proofs_are_not_mixed(changed: dict[str, object]) -> None:
    one = {"engine": "sqlite", "seed": 1, "kills": 2}
    with pytest.raises(ValueError, match="piece"):
        add_up([one, {**one, **changed}])
