"""What makes a question easy to guess, hard to read or out of date; pure."""

import re
import statistics
from collections.abc import Iterator, Sequence

from app.bank.folding import fold
from app.bank.kinds import Blank, Content, Multiple, Order, Single, TrueFalse
from app.bank.kinds.blank import MARK
from app.bank.kinds.kind import key_of
from app.bank.numerals import split_number

LONG_KEY = 1.5
CATCH_ALL = ("以上都是", "以上都对", "以上都不是", "以上都不对", "以上皆是", "以上皆非")
NEGATIVE = re.compile(r"(不[^，。；（「]{1,8}|错误|有误|除外)的(一项|一组|选项)?(是|有|为)?（")
TITLE = re.compile(r"《[^》]*》(（[^）]*）)?")
AFTER_BLANK = 25  # characters that may follow the last blank
COMMON_PART = 5  # characters of the stem that may not stand in the key alone
NOTHING_NEW = 0.9  # share of an explanation that the stem and the key already say

Weakness = tuple[str, str]


def list_weaknesses(item: Content, old_words: Sequence[str]) -> Iterator[Weakness]:
    """Yield (rule, message) of what is weak; `old_words` exist only in superseded editions."""
    if isinstance(item, Single | Multiple):
        yield from _options(item)
    if isinstance(item, Blank):
        yield from _blanks(item)
    yield from _explanation(item)
    yield from _old_words(item, old_words)


def key_texts(item: Content) -> list[str]:
    """Return the texts of the right answer; none for a statement to judge."""
    if isinstance(item, Single | Multiple):
        return [item.options[n] for n in key_of(item.answer) if 0 <= n < len(item.options)]
    if isinstance(item, Blank):
        return [variants[0] for variants in item.answers if variants]
    return list(item.items) if isinstance(item, Order) else []


def _options(item: Single | Multiple) -> Iterator[Weakness]:
    """Yield what is weak about options that are chosen from."""
    keys = key_texts(item)
    lengths = [len(text) for text in item.options]
    if keys and statistics.mean(map(len, keys)) > LONG_KEY * statistics.median(lengths):
        yield "long-key", "正确选项明显比其他选项长，容易被猜中，请使各选项长短相近。"
    for text in item.options:
        if fold(text).startswith(CATCH_ALL):
            yield "catch-all", f"选项“{text}”在打乱次序后没有意义，请改写。"
    if NEGATIVE.search(item.stem) and "「" not in item.stem:
        yield "negative-stem", "题干是反着问的，容易看漏，请改成正面提问，或把“不”写成「不」。"
    for one, other in _contained(item.options):
        yield "contained-option", f"选项“{one}”包含在“{other}”之中，请改写其中一个。"
    if _is_unordered(item.options):
        yield "unordered-numbers", "选项是数字却没有从小到大排列，请调整次序。"
    hint = _shared_only_with_key(item, keys)
    if hint:
        yield "hint-in-stem", f"题干里的“{hint}”只在正确选项里出现，会泄露答案，请改写。"


def _is_unordered(options: Sequence[str]) -> bool:
    """Say whether options that differ in one number only are not in its order."""
    parts = [split_number(text) for text in options]
    numbers = [part[0] for part in parts if part]
    alike = len(numbers) == len(options) and len({part[1] for part in parts if part}) == 1
    return alike and numbers != sorted(numbers)


def _contained(options: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of options of which the first is part of the second."""
    plain = [fold(text) for text in options]
    for n, one in enumerate(plain):
        for m, other in enumerate(plain):
            if n != m and one and one != other and one in other:
                yield options[n], options[m]


def _shared_only_with_key(item: Single | Multiple, keys: Sequence[str]) -> str:
    """Return the longest part of the stem that stands in a key and in no other option."""
    others = [fold(text) for text in item.options if text not in keys]
    stem, best = fold(TITLE.sub("", item.stem)), ""
    for key in map(fold, keys):
        for start in range(len(key)):
            end = start + max(COMMON_PART, len(best) + 1)
            while end <= len(key) and key[start:end] in stem:
                if not any(key[start : start + COMMON_PART] in other for other in others):
                    best = key[start:end]
                end += 1
    return best


def _blanks(item: Blank) -> Iterator[Weakness]:
    """Yield a blank that is followed by too much to read on."""
    if len(item.stem) - item.stem.rfind(MARK) - len(MARK) > AFTER_BLANK and MARK in item.stem:
        yield "early-blank", "空后面还有很长的文字，请把要填的词移到句末附近。"


def _explanation(item: Content) -> Iterator[Weakness]:
    """Yield an explanation that only says the key again."""
    said = fold(item.explanation)
    pairs = [said[n : n + 2] for n in range(len(said) - 1)]
    known = fold(item.stem) + "\n" + "\n".join(map(fold, key_texts(item)))
    if pairs and sum(pair in known for pair in pairs) / len(pairs) >= NOTHING_NEW:
        yield "empty-explanation", "解析只是重复答案，请写明为什么，以及容易和什么混淆。"


def _old_words(item: Content, old_words: Sequence[str]) -> Iterator[Weakness]:
    """Yield words of a superseded edition in what is asked or held right.

    A question about the amendment names the year of the old edition, and may quote it; wrong
    options, statements that are false, and explanations may as well.
    """
    if re.search(r"20(17|12|07)年", item.stem) or (isinstance(item, TrueFalse) and not item.answer):
        return
    said = "\n".join([item.stem, *key_texts(item)])
    for word in old_words:
        if word in said:
            yield "superseded-word", f"“{word}”只见于旧版本，请对照现行文本改写。"
