"""How a duty or an item of a plan stands on a day, and how many stand how; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

OPEN, DONE, WITHDRAWN = "open", "done", "withdrawn"  # as they are kept
SOON_DAYS = 7
PROGRESS_NAMES = {
    "open": _l("未到期"),
    "soon": _l("快到期"),
    "late": _l("逾期"),
    "done": _l("已完成"),
    "done_late": _l("逾期完成"),
    "withdrawn": _l("已取消"),
}
SIGNS = {"open": "○", "soon": "◔", "late": "!", "done": "✓", "done_late": "✓", "withdrawn": "–"}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many are still open in time, late, done, and how many of the open ones nobody owns."""

    open: int = 0
    late: int = 0
    done: int = 0
    unowned: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.open + other.open,
            self.late + other.late,
            self.done + other.done,
            self.unowned + other.unowned,
        )


def progress_of(state: str, due_on: date, settled_on: date | None, day: date) -> str:
    """Return open, soon, late, done, done_late or withdrawn, as it is on `day`.

    The day it is due is still in time; soon begins SOON_DAYS days before it.
    """
    if state == DONE and settled_on is not None:
        return "done_late" if settled_on > due_on else "done"
    if state != OPEN:
        return "withdrawn"
    if day > due_on:
        return "late"
    return "soon" if (due_on - day).days <= SOON_DAYS else "open"


def tally(standings: Iterable[tuple[str, bool]]) -> Tally:
    """Count (progress, is owned); what was withdrawn does not count."""
    total = Tally()
    for progress, owned in standings:
        done = progress in ("done", "done_late")
        going = progress in ("open", "soon", "late")
        total += Tally(
            open=int(progress in ("open", "soon")),
            late=int(progress == "late"),
            done=int(done),
            unowned=int(going and not owned),
        )
    return total
