"""Columns of a table without titles, told by what stands in them; pure."""

from collections.abc import Sequence

from app.bank.formats.wording import read_kind, read_letters, read_truth

SAMPLE = 200  # rows
SHARE = 0.7


def guess_columns(rows: Sequence[Sequence[str]]) -> dict[str, list[int]] | None:
    """Return the columns of stem, answer, kind and options, or None when they cannot be told.

    The answer column holds letters or judgements, the stem column the longest texts, options
    stand between or beside them; a column of kinds holds words such as 单选题.
    """
    sample = [row for row in rows[:SAMPLE] if sum(bool(cell.strip()) for cell in row) > 1]
    width = max((len(row) for row in sample), default=0)
    columns = [[row[n].strip() if n < len(row) else "" for row in sample] for n in range(width)]
    kinds = [n for n in range(width) if _share(columns[n], lambda c: bool(read_kind(c)[0])) > SHARE]
    keys = [n for n in range(width) if n not in kinds and _share(columns[n], _is_key) > SHARE]
    if not keys:
        return None
    answer = max(keys, key=lambda n: (sum(map(bool, columns[n])), n))
    others = [n for n in range(width) if n not in (*kinds, *keys) and any(columns[n])]
    stem = max(others, key=lambda n: _mean_length(columns[n]), default=None)
    if stem is None or _mean_length(columns[stem]) < 6:
        return None
    found = {"stem": [stem], "answer": [answer]} | ({"kind": kinds[:1]} if kinds else {})
    options = [n for n in others if stem < n and (n < answer or answer < stem)]
    if answer == stem + 1:
        options = [n for n in others if n > answer]
    for number, place in enumerate(options[:8], 1):
        found[f"option {number}"] = [place]
    rest = [n for n in others if n > max([answer, *options]) and n != stem]
    if rest:
        found["explanation"] = rest[:1]
    return found


def _is_key(text: str) -> bool:
    return (bool(read_letters(text)) and len(text) <= 16) or read_truth(text) is not None


def _share(column: list[str], test: object) -> float:
    """Return which share of the filled cells passes."""
    filled = [cell for cell in column if cell]
    return sum(map(test, filled)) / len(filled) if filled else 0.0  # type: ignore[arg-type,call-overload,no-any-return]


def _mean_length(column: list[str]) -> float:
    return sum(map(len, column)) / max(1, sum(map(bool, column)))
