"""What is wrong with the files of the bank, and what to do about it; pure."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.bank.folding import fold
from app.bank.kinds import KINDS, Multiple, Single
from app.bank.kinds.kind import key_of
from app.bank.source import SOURCES, Bank, Chapter, Edition, Entry, Finding, kind_of

LONG_KEY = 1.5
CATCH_ALL = ("以上都是", "以上都对", "以上都不是", "以上都不对", "以上皆是", "以上皆非")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a check found, and how many questions there are by kind and by provision."""

    questions: int
    kinds: dict[str, int]
    documents: dict[str, dict[str, Any]]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> list[Finding]:
        """What keeps the bank from being published."""
        return [f for f in self.findings if f.level == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """What should be looked at."""
        return [f for f in self.findings if f.level == "warning"]


def check_bank(bank: Bank) -> Summary:
    """Return everything found in `bank`, in the order of its files."""
    findings = [*bank.findings, *_check_sources(bank), *_check_repeats(bank.entries)]
    editions = {
        e.id: (d.subject, set(provisions_of(e))) for d in bank.sources.document for e in d.edition
    }
    for entry in bank.entries:
        findings += _check_entry(entry, editions)
    findings.sort(key=lambda f: (f.file, f.level))
    kinds = {name: sum(kind_of(e.item) == name for e in bank.entries) for name in KINDS}
    return Summary(len(bank.entries), kinds, _count(bank), tuple(findings))


def provisions_of(edition: Edition) -> dict[str, Chapter]:
    """Return the chapter of every provision of an edition, by provision id."""
    return {i: c for c in edition.chapter for i, _label in c.list_provisions()}


def _check_entry(entry: Entry, editions: dict[str, tuple[str, set[str]]]) -> Iterator[Finding]:
    """Yield what is wrong with one question by itself."""
    item = entry.item
    subject, provisions = editions.get(entry.edition, ("", set()))
    if entry.edition not in editions:
        yield _at(entry, "unknown-edition", f"sources.toml 里没有版本 {entry.edition}，请改正。")
    else:
        if entry.file.split("/")[0] != subject:
            yield _at(entry, "wrong-folder", f"这一版本属于 {subject}，请把文件移到该文件夹。")
        if item.provision not in provisions:
            message = f"版本 {entry.edition} 里没有条款 {item.provision}，请改正 provision。"
            yield _at(entry, "unknown-provision", message)
    if not item.stem.strip():
        yield _at(entry, "missing-stem", "缺少题干，请补写 stem。")
    if not item.explanation.strip():
        yield _at(entry, "missing-explanation", "缺少解析，请补写 explanation，说明依据和理由。")
    if item.replaces == item.id:
        yield _at(entry, "replaces-itself", "replaces 写成了本题，请改为被取代的旧题编号或删去。")
    for rule, message in KINDS[kind_of(item)].list_faults(item):
        yield _at(entry, rule, message)
    if isinstance(item, Single | Multiple):
        yield from _check_options(entry, item)


def _check_options(entry: Entry, item: Single | Multiple) -> Iterator[Finding]:
    """Yield options that are the same, give the key away, or say "all of the above"."""
    folded = [text.strip() for text in item.options]
    for text in sorted({t for t in folded if t and folded.count(t) > 1}):
        yield _at(entry, "same-options", f"有两个相同的选项“{text}”，请改写其中一个。")
    for text in item.options:
        if fold(text).startswith(CATCH_ALL):
            message = f"选项“{text}”在打乱次序后没有意义，请改写。"
            yield _at(entry, "catch-all", message, "warning")
    keys = [len(item.options[n]) for n in key_of(item.answer) if 0 <= n < len(item.options)]
    if keys and statistics.mean(keys) > LONG_KEY * statistics.median(map(len, item.options)):
        message = "正确选项明显比其他选项长，容易被猜中，请使各选项长短相近。"
        yield _at(entry, "long-key", message, "warning")


def _check_repeats(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Yield ids and stems used twice, and replaced questions that are still there."""
    ids: dict[str, Entry] = {}
    stems: dict[str, Entry] = {}
    for entry in entries:
        first = ids.setdefault(entry.item.id, entry)
        if first is not entry:
            message = f"编号与 {first.file} 里的一题相同，请换一个从未用过的编号。"
            yield _at(entry, "same-id", message)
        stem = fold(entry.item.stem)
        first = stems.setdefault(stem, entry)
        if stem and first is not entry:
            yield _at(entry, "same-stem", f"题干与 {first.item.id} 相同，请改写或删去一题。")
    for entry in entries:
        if entry.item.replaces in ids and entry.item.replaces != entry.item.id:
            message = f"被取代的 {entry.item.replaces} 还在题库里，请删去旧题。"
            yield _at(entry, "replaced-still-there", message, "warning")


def _check_sources(bank: Bank) -> Iterator[Finding]:
    """Yield ids used twice and chapters without a sensible range in sources.toml."""
    documents = bank.sources.document
    editions = [edition for document in documents for edition in document.edition]
    names = [("文件", d.id) for d in documents] + [("版本", e.id) for e in editions]
    for what, name in sorted({n for n in names if names.count(n) > 1}):
        yield _source(name, "same-id", f"{what}编号 {name} 用了两次，请改其中一个。")
    for edition in editions:
        chapters = [chapter.id for chapter in edition.chapter]
        for name in sorted({c for c in chapters if chapters.count(c) > 1}):
            yield _source(edition.id, "same-id", f"章编号 {name} 用了两次，请改其中一个。")
        held: list[str] = []
        for chapter in edition.chapter:
            ranges = [r for r in (chapter.paragraphs, chapter.articles) if r]
            if any(not 1 <= first <= last <= 999 for first, last in ranges):
                message = f"{chapter.title} 的 paragraphs 或 articles 要写成 [起, 止]，起不大于止。"
                yield _source(edition.id, "bad-range", message)
            elif not ranges and not chapter.named:
                message = f"{chapter.title} 没有条款，请写上 paragraphs、articles 或 named。"
                yield _source(edition.id, "no-provisions", message)
            else:
                held += [i for i, _label in chapter.list_provisions()]
        for name in sorted({p for p in held if held.count(p) > 1}):
            message = f"条款 {name} 属于两章，请改正 articles 或 paragraphs。"
            yield _source(edition.id, "same-provision", message)


def _count(bank: Bank) -> dict[str, dict[str, Any]]:
    """Return for each document its newest edition with questions by provision."""
    found = {}
    for document in bank.sources.document:
        if not document.edition:
            continue
        edition = max(document.edition, key=lambda e: e.in_force)
        provisions = dict.fromkeys(provisions_of(edition), 0)
        for entry in bank.entries:
            if entry.edition == edition.id and entry.item.provision in provisions:
                provisions[entry.item.provision] += 1
        found[document.id] = {
            "edition": edition.id,
            "questions": sum(provisions.values()),
            "provisions": provisions,
        }
    return found


def _at(entry: Entry, rule: str, message: str, level: str = "error") -> Finding:
    """Return a finding about a question."""
    return Finding(level, rule, entry.file, entry.item.id, message)


def _source(item: str, rule: str, message: str) -> Finding:
    """Return a finding about sources.toml."""
    return Finding("error", rule, SOURCES, item, message)
