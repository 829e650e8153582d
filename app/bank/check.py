"""What makes a bank unfit to publish (errors) or worth a second look (warnings); pure."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Literal

from app.bank.source import AnyEntry, Bank, Blank, Item, Multiple, Order, Single

LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, with a Chinese sentence that says what to do."""

    level: Literal["error", "warning"]
    rule: str
    file: str
    item: str
    message: str


def check(bank: Bank) -> list[Finding]:
    """Return every finding over the whole bank."""
    found = [
        Finding("error", "unreadable", name, "", f"文件读不出来：{reason}。请改正后再检查。")
        for name, reason in bank.unreadable
    ]
    known = provisions(bank)
    for item in bank.items:
        found += _check_item(item, known)
    found += _repeated(bank, "duplicate-id", lambda i: i.entry.id, "编号重复，请换一个新编号。")
    found += _repeated(
        bank, "duplicate-stem", lambda i: folded(i.entry.stem), "题干和别的题相同，请改写或删去一题。"
    )
    return found


def provisions(bank: Bank) -> dict[str, dict[str, str]]:
    """Return edition id → provision id → label."""
    return {
        edition.id: {p: label for chapter in edition.chapter for p, label in chapter.provisions()}
        for document in bank.documents
        for edition in document.edition
    }


def folded(text: str) -> str:
    """Return `text` without spaces and punctuation, for comparing stems and options."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in wide if unicodedata.category(c)[0] not in "PZC")


def _check_item(item: Item, known: dict[str, dict[str, str]]) -> Iterator[Finding]:
    """Yield the findings on one question."""
    entry = item.entry

    def finding(rule: str, message: str, level: Literal["error", "warning"] = "error") -> Finding:
        return Finding(level, rule, item.file, entry.id, message)

    if item.edition not in known:
        yield finding("unknown-edition", f"sources.toml 里没有版本 {item.edition}，请改正或补上。")
    elif entry.provision not in known[item.edition]:
        yield finding("unknown-provision", f"{item.edition} 没有条款 {entry.provision}，请改正出处。")
    if not entry.explanation.strip():
        yield finding("no-explanation", "缺少解析，请写明为什么对、容易错在哪里。")
    if not entry.stem.strip():
        yield finding("no-stem", "缺少题干，请补上。")
    for rule, message in _check_content(entry):
        yield finding(rule, message)
    for rule, message in _warn_content(entry):
        yield finding(rule, message, "warning")


def _check_content(entry: AnyEntry) -> Iterator[tuple[str, str]]:
    """Yield (rule, message) for what a kind cannot be asked without."""
    if isinstance(entry, Single | Multiple):
        yield from _check_options(entry)
    elif isinstance(entry, Blank):
        if entry.stem.count("___") != len(entry.answers) or not entry.answers:
            yield "blank-count", "题干里 ___ 的个数和 answers 的个数不同，请改成一样多。"
        if any(not v or any(not folded(text) for text in v) for v in entry.answers):
            yield "blank-empty", "有一个空没有可接受的答案，请补上。"
    elif isinstance(entry, Order):
        if not 3 <= len(entry.items) <= 6:
            yield "order-length", "排序题要有 3 到 6 项，请增减。"
        if len({folded(text) for text in entry.items}) < len(entry.items):
            yield "identical-items", "排序题有两项相同，请改写其中一项。"


def _check_options(entry: Single | Multiple) -> Iterator[tuple[str, str]]:
    """Yield (rule, message) for options and key."""
    allowed = LETTERS[: len(entry.options)]
    if not 2 <= len(entry.options) <= 8:
        yield "option-count", "选项要有 2 到 8 个，请增减。"
    if len({folded(text) for text in entry.options}) < len(entry.options):
        yield "identical-options", "有两个选项相同，请改写其中一个。"
    if any(letter not in allowed for letter in entry.answer) or not entry.answer:
        yield "answer-not-among-options", f"答案“{entry.answer}”不在选项 {allowed} 里，请改正。"
    elif len(set(entry.answer)) < len(entry.answer):
        yield "answer-repeated", f"答案“{entry.answer}”里有重复的字母，请删去。"
    elif isinstance(entry, Single) and len(entry.answer) != 1:
        yield "single-many", "单选题只能有一个答案，请改成多选或删去多余的。"
    elif isinstance(entry, Multiple) and len(entry.answer) < 2:
        yield "multiple-one", "多选题至少有两个答案，请改成单选或补上。"


def _warn_content(entry: AnyEntry) -> Iterator[tuple[str, str]]:
    """Yield (rule, message) for what gives the key away."""
    if not isinstance(entry, Single | Multiple):
        return
    if any(w in o for o in entry.options for w in ("以上都", "以上皆", "都不对", "都不是")):
        yield "all-of-the-above", "选项里有“以上都……”，请换成一个具体的选项。"
    if isinstance(entry, Single) and entry.answer in LETTERS[: len(entry.options)] and entry.answer:
        key = entry.options[LETTERS.index(entry.answer)]
        if len(key) > 1.5 * median(len(o) for o in entry.options):
            yield "long-key", "正确选项明显比别的长，请把各选项写得一样长。"


def _repeated(
    bank: Bank, rule: str, of: Callable[[Item], str], message: str
) -> Iterator[Finding]:
    """Yield a finding for each item whose `of` value stands more than once."""
    counts = Counter(of(item) for item in bank.items)
    for item in bank.items:
        if counts[of(item)] > 1:
            yield Finding("error", rule, item.file, item.entry.id, message)
