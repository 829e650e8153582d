"""What is read from a form and shown again is read as the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.kinds import KINDS, Blank, Content, Multiple, Order, Single, TrueFalse
from app.quiz.sheet import fields_of, is_empty

pytestmark = pytest.mark.pure

FIELDS: dict[str, Any] = {"id": "q", "provision": "a1", "difficulty": "know", "stem": "甲___乙___"}
texts = st.text("甲乙一", min_size=1, max_size=3).map(str.strip)
CASES: list[tuple[str, Content, Any]] = [
    (
        "single",
        Single(**FIELDS, options=("一", "二", "三"), answer="A"),
        st.integers(0, 2).map(lambda n: [n]),
    ),
    (
        "multiple",
        Multiple(**FIELDS, options=("一", "二", "三"), answer="AB"),
        st.sets(st.integers(0, 2), min_size=1).map(sorted),
    ),
    ("truefalse", TrueFalse(**FIELDS, answer=True), st.booleans()),
    ("blank", Blank(**FIELDS, answers=(("一",), ("二",))), st.lists(texts, min_size=2, max_size=2)),
    ("order", Order(**FIELDS, items=("一", "二", "三")), st.permutations([0, 1, 2])),
]


@pytest.mark.parametrize(("kind", "content", "responses"), CASES, ids=[c[0] for c in CASES])
@given(data=st.data(), seed=st.text("abc", max_size=4))
def test_a_saved_answer_survives_its_form(
    kind: str, content: Content, responses: Any, data: Any, seed: str
) -> None:
    response = data.draw(responses)
    fields = fields_of(kind, content, seed, response)
    assert not is_empty(fields)
    assert KINDS[kind].read(fields, content, seed) == response


def test_nothing_saved_fills_nothing() -> None:
    assert fields_of("single", CASES[0][1], "x", None) == {}


def test_what_counts_as_empty() -> None:
    assert is_empty({"answer_id": ["x"], "goto": ["2"], "blank-0": ["  "], "place-1": [""]})
    assert not is_empty({"choice": ["0"]})
    assert not is_empty({"blank-0": [""], "blank-1": ["一"]})
