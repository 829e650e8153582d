"""Chinese text in lines that neither begin with a closing mark nor end with an opening; pure."""

import re
from collections.abc import Callable

CLOSING = "，。、；：？！）》〉」』】〕”’％℃…—·,.;:?!)]}%"
OPENING = "（《〈「『【〔“‘([{"
_UNIT = re.compile(r"（\s*）|（\d+ 分）|[A-Za-z0-9]+|_+|\s|.", re.DOTALL)


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Return `text` in lines no wider than `width`, in whatever unit `measure` returns.

    Words of Latin letters, numbers, points, empty brackets and blanks stay whole unless they are
    wider than a line.
    """
    lines, line = [], ""
    for unit in _units(text):
        if line and measure(line + unit.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line = line + unit if line else unit.lstrip()
        while measure(line.rstrip()) > width and len(line) > 1:
            fit = next(
                n for n in range(len(line) - 1, 0, -1) if n == 1 or measure(line[:n]) <= width
            )
            lines.append(line[:fit])
            line = line[fit:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _units(text: str) -> list[str]:
    """Return the pieces between which a line may break."""
    found: list[str] = []
    for piece in _UNIT.findall(text):
        glued = found and (piece in CLOSING or found[-1][-1] in OPENING)
        if glued:
            found[-1] += piece
        else:
            found.append(piece)
    return found
