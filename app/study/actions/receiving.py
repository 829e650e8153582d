"""What a phone has sent, made ready before anything is written: marked, and its times settled."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from app.bank.kinds import KINDS
from app.base.errors import XuejiError
from app.base.sql import Row, as_text
from app.study.actions.writing import ENCODE, milliseconds
from app.study.arrival import Arrival, settle_times
from app.study.card import Review
from app.study.delivery import Item
from app.study.log import MAX_ELAPSED_MS
from app.study.memory import AGAIN, GOOD, HARD
from app.study.queries.queue import WAYS
from app.study.queries.shelf import Luggage
from app.study.queries.summaries import Chapter

Outcome = Literal["ok", "duplicate", "rejected"]
Facts = tuple[int, int]


class Result(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What became of one item; `reason` is a sentence when it was rejected."""

    id: str
    outcome: Outcome
    reason: str = ""


class Kept(msgspec.Struct, frozen=True, gc=False):
    """An item as it is to be taken in; `handshake_ms` is None when the phone cannot prove one."""

    item: Item
    handshake_ms: int | None


class Marked(msgspec.Struct, frozen=True, gc=False):
    """What the bank says of an answer: its chapter, canonical response and whether it is right.

    `right` is None while a paper holds the question back: then nothing may tell of the key.
    """

    chapter: Chapter
    response: Any
    right: bool | None


class Received(msgspec.Struct, frozen=True, gc=False):
    """An item made ready; `marked` is a sentence when it cannot be marked.

    It is None where nothing is answered, only taken back.
    """

    place: int  # among the items as they were sent
    item: Item
    time: Arrival
    arrived_ms: int
    marked: Marked | str | None


def receive(
    member_id: int, phone_now_ms: int, items: Sequence[Kept], now: datetime
) -> list[Received]:
    """Return the items of a delivery made ready, in the order they were made in."""
    arrived_ms = milliseconds(now)
    luggage = Luggage(member_id)
    order = sorted(range(len(items)), key=[kept.item.sequence for kept in items].__getitem__)
    claims = [(items[n].item.at, items[n].handshake_ms) for n in order]
    times = settle_times(claims, phone_now_ms, arrived_ms)
    return [
        Received(n, items[n].item, time, arrived_ms, mark_item(luggage, items[n].item))
        for n, time in zip(order, times, strict=True)
    ]


def mark_item(luggage: Luggage, item: Item) -> Marked | str | None:
    """Return the mark of an answer, or a sentence why it cannot be marked.

    What is no longer asked since the phone took it along still counts: it was asked then. So does
    what belongs to a unit the member has left, and what a paper has reserved: that once it is over.
    """
    if item.question is None:
        return None
    try:
        question, held = luggage.find(item.question, item.revision)
        kind, content = KINDS[question.kind], question.content
        response = kind.accept(content, item.response)
    except XuejiError as error:
        return str(error.message)
    chapter = question.subject, question.chapter_id
    return Marked(chapter, response, None if held else kind.mark(content, response).right)


def are_plain(received: Iterable[Received]) -> bool:
    """Say whether all are answers that can count at once, and nothing is taken back."""
    return all(
        one.item.question
        and not one.item.voids
        and (isinstance(one.marked, str) or (one.marked and one.marked.right is not None))
        for one in received
    )


def rating_of(item: Item, right: bool) -> int:
    """Return the rating that counts: wrong is Again, right what the member said, else Good."""
    return (item.rating if item.rating >= HARD else GOOD) if right else AGAIN


def way_of(item: Item) -> str:
    """Return the way in that is written down."""
    return item.way if item.way in WAYS else "due"


def phone_row(
    member_id: int, device: str, one: Received, review: Review, unit_id: int, facts: Facts = (0, 0)
) -> Row:
    """Return what the log keeps of a marked answer that a phone sent, in the order of its columns.

    `facts` are the state of the card before it, and its tally.
    """
    assert isinstance(one.marked, Marked)
    item, (before, tally) = one.item, facts
    return (
        member_id,
        item.id,
        item.question,
        item.revision,
        review.at_ms,
        as_text(review.day),
        review.rating,
        int(review.right),
        before,
        ENCODE(one.marked.response).decode(),
        min(item.elapsed, MAX_ELAPSED_MS),
        way_of(item),
        device,
        one.arrived_ms,
        item.at,
        int(one.time.disputed),
        unit_id,
        tally,
    )
