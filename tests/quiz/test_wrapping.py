"""Lines fit, lose nothing, and begin and end with what may stand there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quiz.wrapping import CLOSING, OPENING, wrap

pytestmark = pytest.mark.pure

texts = st.text("党员中国，。（）《》“”A1_ 、", max_size=60)


def measure(text: str) -> float:
    """Measure as a printer does: letters half as wide."""
    return sum(0.5 if c.isascii() else 1.0 for c in text)


@given(texts, st.integers(4, 20))
def test_nothing_is_lost_and_every_line_fits(text: str, width: int) -> None:
    lines = wrap(text, width, measure)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(measure(line) <= width for line in lines)


def test_marks_stay_with_their_words() -> None:
    text = "中国共产党章程（2022年修改），是党的根本大法；《准则》“八项规定”等。"
    for width in range(8, 30):
        lines = wrap(text, width, measure)
        assert not [line for line in lines[1:] if line[0] in CLOSING], width
        assert not [line for line in lines[:-1] if line[-1] in OPENING], width
    assert wrap("一二三2022年", 4, measure) == ["一二三", "2022年"]
    assert wrap("一二三四五（2 分）", 7, measure) == ["一二三四五", "（2 分）"]


def test_an_empty_text_is_one_empty_line() -> None:
    assert wrap("", 10, measure) == [""]
