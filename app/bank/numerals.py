"""Numbers as documents and options write them, in Chinese numerals or digits; pure."""

import re

_DIGITS = "零一二三四五六七八九"
_TENS = {"十": 10, "百": 100}
_NUMBER = re.compile(r"[0-9]+|[零一二两三四五六七八九十百]+")
_ARTICLE = re.compile(r"第\s*([0-9]+|[零一二三四五六七八九十百]+)\s*条")
_PARAGRAPH = re.compile(r"总纲第\s*([0-9]+|[零一二三四五六七八九十百]+)\s*自然段")


def chinese(number: int) -> str:
    """Return `number` (1…999) as articles are numbered: 5 → 五, 12 → 十二, 105 → 一百零五."""
    if not 1 <= number <= 999:
        raise ValueError("article numbers lie in 1…999")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def with_chinese_articles(text: str) -> str:
    """Return `text` with 第7条 written 第七条, the way articles are labelled."""
    pattern = re.compile(r"第\s*([1-9][0-9]{0,2})\s*条")
    return pattern.sub(lambda found: f"第{chinese(int(found[1]))}条", text)


def number_of(text: str) -> int:
    """Return what a run of digits or of Chinese numerals (up to 999) stands for: 十二 → 12."""
    if text.isascii():
        return int(text)
    total = ones = 0
    for sign in text:
        if sign in _TENS:
            total += (ones or 1) * _TENS[sign]
            ones = 0
        else:
            ones = 2 if sign == "两" else _DIGITS.index(sign)
    return total + ones


def split_number(text: str) -> tuple[int, str] | None:
    """Return the only number in `text` and the rest ("六个月" → 6, "个月"), else None."""
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    return number_of(found[0]), text.replace(found[0], "", 1)


def cited_articles(text: str) -> list[int]:
    """Return the numbers of the articles that `text` names, in its order."""
    return [number_of(found) for found in _ARTICLE.findall(text)]


def cited_paragraphs(text: str) -> list[int]:
    """Return the numbers of the paragraphs of a general programme that `text` names."""
    return [number_of(found) for found in _PARAGRAPH.findall(text)]
