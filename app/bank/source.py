"""The files of the bank, decoded; a file or item that cannot be read becomes a finding; pure.

`sources.toml` lists documents, editions, chapters and the provisions they hold;
`<subject>/<chapter>.toml` holds questions of one edition.
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from app.bank.kinds import Content
from app.bank.numerals import chinese

SOURCES = "sources.toml"
ALLOWED = "warnings.toml"


class Chapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A chapter: first and last paragraph or article, both included, or provisions by name.

    `named` holds (id, label) pairs, for documents whose parts carry no running number.
    """

    id: str
    title: str
    paragraphs: tuple[int, int] | None = None
    articles: tuple[int, int] | None = None
    named: tuple[tuple[str, str], ...] = ()

    def list_provisions(self) -> list[tuple[str, str]]:
        """Return (id, label) of what the chapter holds, in order."""
        found = []
        if self.paragraphs:
            first, last = self.paragraphs
            found += [(f"p{n}", f"{self.title}第{n}自然段") for n in range(first, last + 1)]
        if self.articles:
            first, last = self.articles
            found += [(f"a{n}", f"第{chinese(n)}条") for n in range(first, last + 1)]
        return found + list(self.named)


class Edition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A dated text of a document.

    `superseded_words` stand only in editions before it; `amends` names the edition before it and
    `changed` the provisions of that edition which read differently now.
    """

    id: str
    label: str
    short: str
    adopted: date
    in_force: date
    chapter: tuple[Chapter, ...]
    superseded_words: tuple[str, ...] = ()
    amends: str = ""
    changed: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document with its editions."""

    id: str
    title: str
    short: str
    subject: str
    edition: tuple[Edition, ...]


class Sources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All documents, in bank order."""

    document: tuple[Document, ...] = ()


class Published(msgspec.Struct, frozen=True):
    """What a revision keeps: the edition and the question, without the editors' notes."""

    edition: str
    item: Content


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right: `level` error or warning; `item` "" when it is the whole file."""

    level: str
    rule: str
    file: str
    item: str
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One decoded question and where it was read."""

    file: str
    edition: str
    item: Content


@dataclass(frozen=True, slots=True)
class Bank:
    """Everything read from a folder; `findings` are what could not be read.

    `allowed` says how many warnings of each rule are borne; None, without such a file, any number.
    """

    sources: Sources
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    allowed: dict[str, int] | None = None


def read_bank(folder: Path) -> Bank:
    """Return the bank in `folder`: every file that can be read, and a finding for each other."""
    findings: list[Finding] = []
    sources = Sources()
    raw = _read(folder, folder / SOURCES, findings)
    if raw is not None:
        try:
            sources = msgspec.convert(raw, Sources)
        except msgspec.ValidationError as error:
            findings.append(_error("unreadable", SOURCES, "", _explain(str(error))))
    entries: list[Entry] = []
    for path in sorted(folder.glob("*/*.toml"), key=_natural):
        raw = _read(folder, path, findings)
        if raw is not None:
            entries += _decode_file(path.relative_to(folder).as_posix(), raw, findings)
    allowed = _read_allowed(folder, findings)
    return Bank(sources, tuple(entries), tuple(findings), allowed)


def _read_allowed(folder: Path, findings: list[Finding]) -> dict[str, int] | None:
    """Return how many warnings of each rule are borne, None when nobody has written that down."""
    if not (folder / ALLOWED).exists():
        return None
    try:
        return msgspec.convert(_read(folder, folder / ALLOWED, findings), dict[str, int])
    except msgspec.ValidationError:
        findings.append(_error("unreadable", ALLOWED, "", "每一行要写成 规则 = 个数，请改正。"))
        return None


def kind_of(item: Content) -> str:
    """Return the name of the kind of a decoded question."""
    return str(type(item).__struct_config__.tag)


def encode(edition: str, item: Content) -> tuple[str, str]:
    """Return (JSON, SHA-256) of what members see and are marked by; editors' notes stay out."""
    plain = msgspec.structs.replace(item, reviewed="", facts=(), tags=())
    content = msgspec.json.encode(Published(edition, plain), order="deterministic")
    return content.decode(), hashlib.sha256(content).hexdigest()


def decode(content: str) -> Published:
    """Return what `encode` wrote."""
    return msgspec.json.decode(content, type=Published)


def _read(folder: Path, path: Path, findings: list[Finding]) -> dict[str, Any] | None:
    """Return the TOML of a file, or None and a finding."""
    name = path.relative_to(folder).as_posix()
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = "没有这个文件，请建立它，或检查题库文件夹的位置。"
    except OSError as error:
        message = f"文件打不开（{error.strerror}），请检查权限。"
    except UnicodeDecodeError:
        message = "文件不是 UTF-8 编码，请另存为 UTF-8。"
    except tomllib.TOMLDecodeError as error:
        message = f"TOML 格式有误，请改正：{error}"
    findings.append(_error("unreadable", name, "", message))
    return None


def _decode_file(name: str, raw: dict[str, Any], findings: list[Finding]) -> list[Entry]:
    """Return the questions of one file; one that cannot be decoded does not hide the others."""
    edition, items = raw.get("edition"), raw.get("question", [])
    unknown = sorted(set(raw) - {"edition", "question"})
    if unknown:
        findings.append(
            _error("unreadable", name, "", f"不认识的字段 {'、'.join(unknown)}，请删去或改名。")
        )
    if not isinstance(edition, str) or not isinstance(items, list):
        message = '文件开头要有 edition = "…"，题目要写在 [[question]] 之下。'
        findings.append(_error("unreadable", name, "", message))
        return []
    entries = []
    for number, item in enumerate(items, 1):
        try:
            entries.append(Entry(name, edition, msgspec.convert(item, Content)))
        except msgspec.ValidationError as error:
            label = str(item.get("id", f"#{number}")) if isinstance(item, dict) else f"#{number}"
            findings.append(_error("unreadable", name, label, _explain(str(error))))
    return entries


def _explain(error: str) -> str:
    """Return a decoder's message as a sentence that says what to do."""
    if found := re.search(r"missing required field `(\w+)`", error):
        return f"缺少 {found[1]}，请补上。"
    if found := re.search(r"contains unknown field `([^`]+)`", error):
        return f"不认识的字段 {found[1]}，请删去或改名。"
    if found := re.search(r"Invalid value '?\"?([^'\"]*)'?\"? - at `\$\.kind`", error):
        return f"不认识的题型 {found[1]}，请用 single、multiple、truefalse、blank 或 order。"
    where = found[1] if (found := re.search(r"at `\$\.?([^`]+)`", error)) else ""
    return f"{where or '内容'} 的值不合格式，请改正（{error}）。"


def _error(rule: str, file: str, item: str, message: str) -> Finding:
    """Return a finding that keeps the bank from being published."""
    return Finding("error", rule, file, item, message)


def _natural(path: Path) -> list[tuple[int, int, str]]:
    """Sort ch2 before ch10."""
    parts = re.findall(r"\d+|\D+", path.as_posix())
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts]
