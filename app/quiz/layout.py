"""Lines on A4 pages: how much room each takes, and which stay together; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 20.0  # mm
TEXT = WIDTH - 2 * MARGIN
FOOT = 4.0  # mm kept free above the foot of a page
LEADING = 1.55  # line height over font size
MM = 25.4 / 72  # of a point


@dataclass(frozen=True, slots=True)
class Line:
    """A line: texts with the place each begins at, in mm from the margin; `above` is space.

    `rule` is how dark a hairline is under it, from 0 (none) to 1 (black).
    """

    parts: tuple[tuple[float, str], ...]
    size: float = 11.0  # points
    bold: bool = False
    above: float = 0.0
    centred: bool = False
    rule: float = 0.0

    @property
    def height(self) -> float:
        """How much of a page it takes, in mm."""
        return self.above + self.size * LEADING * MM


Block = list[Line]  # lines that stay on one page


def paginate(blocks: Sequence[Block], height: float) -> list[list[Line]]:
    """Return the lines of each page; a block moves on whole unless it is longer than a page."""
    pages: list[list[Line]] = [[]]
    left = height
    for block in blocks:
        if sum(line.height for line in block) > left and pages[-1]:
            pages.append([])
            left = height
        for line in block:
            if line.height > left and pages[-1]:
                pages.append([])
                left = height
            pages[-1].append(line)
            left -= line.height
    return pages
