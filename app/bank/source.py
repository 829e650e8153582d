"""The bank's TOML files decoded strictly: unknown keys and wrong types are errors; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

DIGITS = "零一二三四五六七八九"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all kinds of questions have."""

    id: str
    provision: str
    difficulty: Literal["know", "understand", "apply"]
    stem: str
    explanation: str
    reviewed: str
    facts: tuple[str, ...] = ()
    replaces: str = ""
    tags: tuple[str, ...] = ()


class Single(Entry, frozen=True, forbid_unknown_fields=True, tag="single", kw_only=True):
    """One right option."""

    options: tuple[str, ...]
    answer: str


class Multiple(Entry, frozen=True, forbid_unknown_fields=True, tag="multiple", kw_only=True):
    """Several right options."""

    options: tuple[str, ...]
    answer: str


class TrueFalse(Entry, frozen=True, forbid_unknown_fields=True, tag="truefalse", kw_only=True):
    """A statement."""

    answer: bool


class Blank(Entry, frozen=True, forbid_unknown_fields=True, tag="blank", kw_only=True):
    """A stem with ___ for each blank, and accepted variants for each."""

    answers: tuple[tuple[str, ...], ...]


class Order(Entry, frozen=True, forbid_unknown_fields=True, tag="order", kw_only=True):
    """Items in their right order."""

    items: tuple[str, ...]


AnyEntry = Single | Multiple | TrueFalse | Blank | Order


class QuestionFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of questions on one edition."""

    edition: str
    question: tuple[AnyEntry, ...]


class ChapterSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A chapter with a range of articles or paragraphs."""

    id: str
    title: str
    articles: tuple[int, int] | None = None
    paragraphs: tuple[int, int] | None = None

    def provisions(self) -> Iterator[tuple[str, str]]:
        """Yield (id, label): a5 第五条, p3 总纲第3自然段."""
        if self.paragraphs:
            for n in range(self.paragraphs[0], self.paragraphs[1] + 1):
                yield f"p{n}", f"{self.title}第{n}自然段"
        if self.articles:
            for n in range(self.articles[0], self.articles[1] + 1):
                yield f"a{n}", f"第{chinese(n)}条"


class EditionSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An edition of a document."""

    id: str
    label: str
    short: str
    adopted: date
    in_force: date
    chapter: tuple[ChapterSource, ...] = ()


class DocumentSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document with its editions."""

    id: str
    title: str
    short: str
    subject: str
    edition: tuple[EditionSource, ...] = ()


class SourcesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file sources.toml."""

    document: tuple[DocumentSource, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A question with the file it stands in."""

    file: str
    edition: str
    entry: AnyEntry


@dataclass(frozen=True, slots=True)
class Bank:
    """The whole bank as read; `unreadable` names files with what is wrong with them."""

    documents: tuple[DocumentSource, ...]
    items: tuple[Item, ...]
    unreadable: tuple[tuple[str, str], ...]


def decode(files: dict[str, bytes]) -> Bank:
    """Return the bank from file contents by name (sources.toml and any number of others)."""
    documents: tuple[DocumentSource, ...] = ()
    items: list[Item] = []
    broken: list[tuple[str, str]] = []
    for name, data in sorted(files.items()):
        try:
            if name == "sources.toml":
                documents = msgspec.toml.decode(data, type=SourcesFile).document
            else:
                read = msgspec.toml.decode(data, type=QuestionFile)
                items += [Item(name, read.edition, entry) for entry in read.question]
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            broken.append((name, str(error)))
    return Bank(documents, tuple(items), tuple(broken))


def kind_of(entry: AnyEntry) -> str:
    """Return the kind's name."""
    return str(entry.__struct_config__.tag)


def chinese(number: int) -> str:
    """Return 1…99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else DIGITS[tens] + "十")
    return head + (DIGITS[ones] if ones or not tens else "")
