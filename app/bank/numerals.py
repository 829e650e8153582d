"""Chinese numerals for article numbers; pure."""

import re

_DIGITS = "零一二三四五六七八九"


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
