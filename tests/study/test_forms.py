"""What answer pages send is taken in the shape it has, and nothing else is."""

import pytest

from app.study.forms import AnswerSent, RateSent, UndoSent, read_sent
from app.study.queries import WAYS

pytestmark = pytest.mark.pure
ID = "x" * 22
ANSWER = {"answer_id": ID, "question_id": "q", "revision": "1", "version": "0"}


def test_text_is_read_as_numbers() -> None:
    found = read_sent(AnswerSent, {**ANSWER, "elapsed_ms": "4000", "choice": "ignored"})
    assert found == AnswerSent(
        answer_id=ID, question_id="q", revision=1, version=0, elapsed_ms=4000
    )


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_is_taken(way: str) -> None:
    found = read_sent(UndoSent, {"answer_id": ID, "way": way, "since": "7"})
    assert found is not None
    assert (found.way, found.since) == (way, 7)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("answer_id", "short"),
        ("answer_id", "x" * 23),
        ("question_id", ""),
        ("question_id", "q" * 61),
        ("revision", "0"),
        ("revision", "one"),
        ("revision", ""),
        ("version", "-1"),
        ("version", "1e99"),
        ("elapsed_ms", str(2**41)),
        ("way", "simulated"),
        ("way", "anki"),
        ("subject", "s" * 61),
        ("since", "-1"),
    ],
)
def test_what_does_not_fit_is_nothing(name: str, value: str) -> None:
    assert read_sent(AnswerSent, ANSWER) is not None
    assert read_sent(AnswerSent, {**ANSWER, name: value}) is None
    assert read_sent(AnswerSent, {k: v for k, v in ANSWER.items() if k != "version"}) is None


@pytest.mark.parametrize("rating", ["1", "5", "2.5", "good"])
def test_only_three_ratings_are_given(rating: str) -> None:
    shape = {"answer_id": ID, "new_id": ID}
    assert read_sent(RateSent, {**shape, "rating": "3"}) is not None
    assert read_sent(RateSent, {**shape, "rating": rating}) is None
