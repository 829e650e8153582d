"""A report as tables of words: the one thing that screen, Excel and PDF are made from; pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A table: every cell is the text that is shown; `han` are columns of Chinese content.

    `long` are columns that need room: on paper they stand below their row.
    `links` gives, row by row, where the first cell leads on the screen (None: nowhere).
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    han: frozenset[int] = frozenset()
    links: tuple[str | None, ...] = ()
    empty: str = ""
    long: frozenset[int] = frozenset()

    def link(self, row: int) -> str | None:
        """Return where a row leads."""
        return self.links[row] if self.links else None


@dataclass(frozen=True, slots=True)
class Report:
    """A report: whose it is, what it rests on, and its tables."""

    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(len(one.rows) for one in self.tables)


def table(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    note: str = "",
    han: Sequence[int] = (),
    links: Sequence[str | None] = (),
    empty: str = "",
    long: Sequence[int] = (),
) -> Table:
    """Return a table; ValueError for a row of another length than the heads."""
    if any(len(row) != len(heads) for row in rows):
        raise ValueError(f"a row of {title} does not fit its heads")
    fixed = tuple(map(tuple, rows))
    told = frozenset(han), tuple(links), empty, frozenset(long)
    return Table(title, tuple(heads), fixed, note, *told)
