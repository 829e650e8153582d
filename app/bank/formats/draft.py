"""A question on its way between a file and the bank, and what a file was taken for; pure."""

from dataclasses import dataclass

MOST_QUESTIONS = 20_000  # in one file


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as read: `row` as people count (sheet row, line or item), `where` the sheet.

    `kind` is a name in KINDS; `answer` holds letters, `truth` a judgement, `blanks` the accepted
    variants of each ___, `items` the right order. `difficulty` is know, understand, apply or "";
    `source` the chapter or provision as written; `id` only when the file holds one of the bank.
    """

    row: int
    kind: str
    stem: str
    options: tuple[str, ...] = ()
    answer: str = ""
    truth: bool | None = None
    blanks: tuple[tuple[str, ...], ...] = ()
    items: tuple[str, ...] = ()
    explanation: str = ""
    difficulty: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    id: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A question that was not understood or is not usable, and why.

    `draft` is what was understood of it, None when that is not enough to tell kind and key.
    """

    row: int
    reason: str
    where: str = ""
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was made of a file; `recognised` says in a sentence what it was taken for."""

    recognised: str
    drafts: tuple[Draft, ...] = ()
    refused: tuple[Refused, ...] = ()


def parsed(recognised: str, found: list[Draft | Refused]) -> Parsed:
    """Return `found` as drafts and refusals, each in the order of the file."""
    drafts = tuple(one for one in found if isinstance(one, Draft))
    refused = tuple(one for one in found if isinstance(one, Refused))
    return Parsed(recognised, drafts, refused)
