"""Article numbers as the documents write them."""

import pytest

from app.bank.numerals import (
    chinese,
    cited_articles,
    cited_paragraphs,
    number_of,
    split_number,
    with_chinese_articles,
)

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


@pytest.mark.parametrize("number", [1, 9, 10, 11, 20, 55, 100, 105, 110, 158, 999])
def test_numerals_are_read_as_they_are_written(number: int) -> None:
    assert number_of(chinese(number)) == number
    assert number_of(str(number)) == number


def test_two_is_read_both_ways() -> None:
    assert number_of("两") == number_of("二") == 2


@pytest.mark.parametrize(
    ("text", "parts"),
    [("六个月", (6, "个月")), ("3 名", (3, " 名")), ("党员", None), ("一年或两年", None)],
)
def test_the_only_number_of_an_option(text: str, parts: tuple[int, str] | None) -> None:
    assert split_number(text) == parts


def test_citations_are_found() -> None:
    assert cited_articles("按照党章第七条和第 12 条，以及第九十条之一") == [7, 12, 90]
    assert cited_paragraphs("党章总纲第11自然段，总纲第三自然段") == [11, 3]
