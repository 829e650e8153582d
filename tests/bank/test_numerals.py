"""Article numbers as the documents write them."""

import pytest

from app.bank.numerals import chinese, with_chinese_articles

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (55, "五十五"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (158, "一百五十八"),
    ],
)
def test_chinese_numerals(number: int, text: str) -> None:
    assert chinese(number) == text
    assert with_chinese_articles(f"第 {number} 条") == f"第{text}条"


@pytest.mark.parametrize("number", [0, 1000])
def test_other_numbers_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="999"):
        chinese(number)
