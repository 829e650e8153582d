"""Everything there is to say about the files of the bank: errors, weaknesses, balance; pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.bank.balance import Balance, list_faults, measure
from app.bank.kinds import KINDS
from app.bank.numerals import chinese, cited_articles, cited_paragraphs
from app.bank.similarity import list_twins
from app.bank.source import ALLOWED, Bank, Edition, Entry, Finding, kind_of
from app.bank.validity import list_errors, provisions_of
from app.bank.weakness import list_weaknesses


@dataclass(frozen=True, slots=True)
class Summary:
    """What a check found, and how many questions there are by kind and by provision."""

    questions: int
    kinds: dict[str, int]
    documents: dict[str, dict[str, Any]]
    findings: tuple[Finding, ...]
    balance: Balance

    @property
    def errors(self) -> list[Finding]:
        """What keeps the bank from being published."""
        return [f for f in self.findings if f.level == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """What should be looked at."""
        return [f for f in self.findings if f.level == "warning"]


def check_bank(bank: Bank) -> Summary:
    """Return everything found in `bank`, in the order of its files.

    More warnings of a rule than the bank allows are an error, so that they cannot grow unnoticed.
    """
    balance = measure([entry.item for entry in bank.entries])
    findings = [*list_errors(bank), *_weaknesses(bank), *_twins(bank), *_replaced(bank)]
    findings += [Finding("warning", rule, "", "", text) for rule, text in list_faults(balance)]
    if bank.allowed is not None:
        findings += _grown(findings, bank.allowed)
    findings.sort(key=lambda f: (f.file, f.level))
    kinds = {name: sum(kind_of(e.item) == name for e in bank.entries) for name in KINDS}
    return Summary(len(bank.entries), kinds, _count(bank), tuple(findings), balance)


def _weaknesses(bank: Bank) -> Iterator[Finding]:
    """Yield what is weak about each question by itself, and citations that do not fit."""
    editions = {e.id: e for d in bank.sources.document for e in d.edition}
    for entry in bank.entries:
        edition = editions.get(entry.edition)
        for rule, message in list_weaknesses(
            entry.item, edition.superseded_words if edition else ()
        ):
            yield _warning(entry, rule, message)
        if edition:
            yield from _citations(entry, edition)


def _citations(entry: Entry, edition: Edition) -> Iterator[Finding]:
    """Yield articles named in the stem that the edition has not, or that are not the one cited."""
    held = provisions_of(edition)
    stem = entry.item.stem
    named = [(f"a{n}", f"第{chinese(n)}条") for n in cited_articles(stem) if 0 < n < 1000]
    named += [(f"p{n}", f"总纲第{n}自然段") for n in cited_paragraphs(stem)]
    if not any(name.startswith(("a", "p")) for name in held):
        return
    for name, label in named:
        if name not in held:
            yield _warning(entry, "no-such-provision", f"这一版本没有{label}，请核对条号。")
    if named and entry.item.provision not in dict(named):
        yield _warning(
            entry, "other-provision", f"题干写的是{named[0][1]}，provision 却是别的，请核对。"
        )


def _twins(bank: Bank) -> Iterator[Finding]:
    """Yield stems that nearly repeat another one of the same kind."""
    for kind in KINDS:
        entries = {e.item.id: e for e in bank.entries if kind_of(e.item) == kind}
        for name, other, share in list_twins({i: e.item.stem for i, e in entries.items()}):
            message = f"题干与 {other} 有 {share:.0%} 相同，请改写或删去一题。"
            yield _warning(entries[name], "near-twin", message)


def _replaced(bank: Bank) -> Iterator[Finding]:
    """Yield questions that replace one which is still there."""
    ids = {entry.item.id for entry in bank.entries}
    for entry in bank.entries:
        if entry.item.replaces in ids and entry.item.replaces != entry.item.id:
            message = f"被取代的 {entry.item.replaces} 还在题库里，请删去旧题。"
            yield _warning(entry, "replaced-still-there", message)


def _grown(findings: list[Finding], allowed: Mapping[str, int]) -> Iterator[Finding]:
    """Yield an error for every rule of which there are more warnings than are borne."""
    counts = Counter(f.rule for f in findings if f.level == "warning")
    for rule, number in sorted(counts.items()):
        if number > allowed.get(rule, 0):
            message = f"提醒 {rule} 有 {number} 处，多于 {allowed.get(rule, 0)} 处，请改好新增的。"
            yield Finding("error", "more-warnings", ALLOWED, rule, message)


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


def _warning(entry: Entry, rule: str, message: str) -> Finding:
    """Return a warning about a question."""
    return Finding("warning", rule, entry.file, entry.item.id, message)
