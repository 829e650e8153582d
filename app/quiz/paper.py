"""A paper: what is asked, how it is marked, when it can be taken; pure."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.quiz.blueprint import Rule
from app.quiz.window import Window, week_window

MODES = ("exam", "practice", "challenge", "weekly")
KEY_SHOWN = ("submission", "closing")
IN_ORDER = ("single", "multiple", "truefalse", "blank", "order")  # how kinds follow on a paper
POOL_TIMES = 3  # a reserved pool drawn from per person is up to so many papers large


class Item(msgspec.Struct, frozen=True, array_like=True):
    """A question of a published paper; in a pool drawn from, `points` is 0: the rule decides."""

    question_id: str
    revision: int
    points: int


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a paper is made of: rules, or questions picked by hand with points for each kind."""

    rules: tuple[Rule, ...] = ()
    picked: tuple[str, ...] = ()
    points: dict[str, int] = {}


class Correction(msgspec.Struct, frozen=True):
    """A question marked anew: by a later revision's key, or with full points for everybody."""

    turn: int
    revision: int
    full: bool
    reason: str


class Move(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change of a published paper's time: when, what it was before, and why.

    `kept_until` is how long those go on who had begun, when that is beyond the new closing;
    `ended` says that everything was ended by hand at that moment.
    """

    at: int
    opens_at: int | None
    closes_at: int | None
    reason: str
    kept_until: int | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything a trainer decides about a paper besides its questions; times in epoch seconds.

    `attempts_allowed` 0 means any number, `pass_percent` is 0…100.
    """

    title: str
    mode: str
    unit_id: int | None
    per_person: bool = False
    partial: bool = True
    duration_s: int | None = None
    opens_at: int | None = None
    closes_at: int | None = None
    attempts_allowed: int = 1
    pass_percent: int = 60
    key_shown: str = "closing"
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it stands."""

    id: int
    terms: Terms
    plan: Plan
    state: str
    unit_name: str | None = None
    items: tuple[Item, ...] = ()
    corrections: dict[str, Correction] = field(default_factory=dict)
    closed_at: int | None = None
    longest_extra_s: int = 0
    moves: tuple[Move, ...] = ()

    @property
    def window(self) -> Window:
        """When it can be taken at all."""
        terms, kept = self.terms, [m.kept_until for m in self.moves if m.kept_until is not None]
        return Window(
            terms.opens_at,
            terms.closes_at,
            self.closed_at,
            self.longest_extra_s,
            max(kept, default=None),
        )

    @property
    def is_drawn(self) -> bool:
        """Whether each person gets questions of their own."""
        return self.terms.mode in ("challenge", "weekly") or self.terms.per_person

    def window_of(self, number: int) -> Window:
        """Return when attempt `number` could be taken: for a weekly paper, within its week."""
        return week_window(number, self.window) if self.terms.mode == "weekly" else self.window


def encode(value: Any) -> str:
    """Return the JSON that a column holds."""
    return msgspec.json.encode(value, order="deterministic").decode()


def decode_plan(text: str) -> Plan:
    """Return the plan of a column."""
    return msgspec.json.decode(text, type=Plan)


def decode_items(text: str) -> tuple[Item, ...]:
    """Return the items of a column."""
    return msgspec.json.decode(text, type=tuple[Item, ...])


def decode_corrections(text: str) -> dict[str, Correction]:
    """Return the corrections of a column, by question id."""
    return msgspec.json.decode(text, type=dict[str, Correction])


def decode_moves(text: str) -> tuple[Move, ...]:
    """Return the changes of time of a column, in the order they were made."""
    return msgspec.json.decode(text, type=tuple[Move, ...])
