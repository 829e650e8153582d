"""Which deck somebody wants, in a form that an address or a stored link can carry; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

LONGEST = 60  # characters of a subject or chapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A subject (or a chapter of it), a paper, a goal, what one marked, or the whole unit's deck.

    Exactly one of these is given; `progress` says whether the member's progress comes along, which
    never does with the unit's.
    """

    subject: str = ""
    chapter: str = ""
    paper: int = 0
    goal: int = 0
    marked: bool = False
    shared: bool = False
    progress: bool = False

    @property
    def words(self) -> dict[str, Any]:
        """What an address needs to mean the same."""
        given: dict[str, Any] = {"subject": self.subject, "chapter": self.chapter}
        flags = {"marked": self.marked, "shared": self.shared, "progress": self.progress}
        given |= {
            "paper": self.paper,
            "goal": self.goal,
            **{name: int(flag) for name, flag in flags.items()},
        }
        return {name: value for name, value in given.items() if value}

    @property
    def text(self) -> str:
        """The same as one line, to be stored."""
        return urlencode(self.words)

    @property
    def name(self) -> str:
        """What a file with it is called, in letters that every system bears."""
        if self.paper or self.goal:
            return f"paper-{self.paper}" if self.paper else f"goal-{self.goal}"
        parts = [self.subject, self.chapter] if self.subject else []
        return "-".join(p for p in parts if p) or ("unit" if self.shared else "marked")


def find_wanted(values: Mapping[str, str]) -> Wanted | None:
    """Return what an address or a form asks for, None when that is nothing or two things."""
    wanted = Wanted(
        subject=values.get("subject", "")[:LONGEST],
        chapter=values.get("chapter", "")[:LONGEST],
        paper=_number(values.get("paper", "")),
        goal=_number(values.get("goal", "")),
        marked=values.get("marked") == "1",
        shared=values.get("shared") == "1",
        progress=values.get("progress") == "1",
    )
    given = wanted.subject, wanted.paper, wanted.goal, wanted.marked, wanted.shared
    if sum(map(bool, given)) != 1 or (wanted.chapter and not wanted.subject):
        return None
    return None if wanted.shared and wanted.progress else wanted


def read_wanted(text: str) -> Wanted | None:
    """Return what `Wanted.text` says."""
    return find_wanted(dict(parse_qsl(text)))


def _number(text: str) -> int:
    """Return what a number in an address says, 0 when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
