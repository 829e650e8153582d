"""What keeps the files of the bank from being published, and what to do about it; pure."""

from collections.abc import Iterator, Sequence

from app.bank.folding import fold
from app.bank.kinds import KINDS, Multiple, Single
from app.bank.source import SOURCES, Bank, Chapter, Edition, Entry, Finding, kind_of


def list_errors(bank: Bank) -> list[Finding]:
    """Return every error in `bank`, in the order of its files."""
    findings = [*bank.findings, *_check_sources(bank), *_check_repeats(bank.entries)]
    editions = {
        e.id: (d.subject, set(provisions_of(e))) for d in bank.sources.document for e in d.edition
    }
    for entry in bank.entries:
        findings += _check_entry(entry, editions)
    return sorted(findings, key=lambda f: f.file)


def provisions_of(edition: Edition) -> dict[str, Chapter]:
    """Return the chapter of every provision of an edition, by provision id."""
    return {i: c for c in edition.chapter for i, _label in c.list_provisions()}


def _check_entry(entry: Entry, editions: dict[str, tuple[str, set[str]]]) -> Iterator[Finding]:
    """Yield what is wrong with one question by itself."""
    item = entry.item
    subject, provisions = editions.get(entry.edition, ("", set()))
    if entry.edition not in editions:
        yield error_at(
            entry, "unknown-edition", f"sources.toml 里没有版本 {entry.edition}，请改正。"
        )
    else:
        if entry.file.split("/")[0] != subject:
            yield error_at(entry, "wrong-folder", f"这一版本属于 {subject}，请把文件移到该文件夹。")
        if item.provision not in provisions:
            message = f"版本 {entry.edition} 里没有条款 {item.provision}，请改正 provision。"
            yield error_at(entry, "unknown-provision", message)
    if not item.stem.strip():
        yield error_at(entry, "missing-stem", "缺少题干，请补写 stem。")
    if not item.explanation.strip():
        yield error_at(
            entry, "missing-explanation", "缺少解析，请补写 explanation，说明依据和理由。"
        )
    if item.replaces == item.id:
        yield error_at(
            entry, "replaces-itself", "replaces 写成了本题，请改为被取代的旧题编号或删去。"
        )
    for rule, message in KINDS[kind_of(item)].list_faults(item):
        yield error_at(entry, rule, message)
    if isinstance(item, Single | Multiple):
        yield from _check_options(entry, item)


def _check_options(entry: Entry, item: Single | Multiple) -> Iterator[Finding]:
    """Yield options that are the same."""
    folded = [text.strip() for text in item.options]
    for text in sorted({t for t in folded if t and folded.count(t) > 1}):
        yield error_at(entry, "same-options", f"有两个相同的选项“{text}”，请改写其中一个。")


def _check_repeats(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Yield ids and stems used twice."""
    ids: dict[str, Entry] = {}
    stems: dict[str, Entry] = {}
    for entry in entries:
        first = ids.setdefault(entry.item.id, entry)
        if first is not entry:
            message = f"编号与 {first.file} 里的一题相同，请换一个从未用过的编号。"
            yield error_at(entry, "same-id", message)
        stem = fold(entry.item.stem)
        first = stems.setdefault(stem, entry)
        if stem and first is not entry:
            yield error_at(entry, "same-stem", f"题干与 {first.item.id} 相同，请改写或删去一题。")


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


def error_at(entry: Entry, rule: str, message: str) -> Finding:
    """Return an error in a question."""
    return Finding("error", rule, entry.file, entry.item.id, message)


def _source(item: str, rule: str, message: str) -> Finding:
    """Return an error in sources.toml."""
    return Finding("error", rule, SOURCES, item, message)
