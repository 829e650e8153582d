"""Answers that a phone kept: taken in exactly once each, in whatever order they arrive.

A delivery is made ready (`receiving`), then taken in: answers alone at once (`following`), anything
else one after another (`replaying`).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.study.actions.following import take_plain
from app.study.actions.receiving import Kept, Received, Result, are_plain, receive
from app.study.actions.replaying import list_released, take_any, take_waiting


def absorb_answers(
    member_id: int, device: str, phone_now_ms: int, items: Sequence[Kept], now: datetime
) -> list[Result]:
    """Take in what a phone kept and return what became of each item, in the order given.

    An answer counts once, however often and in whatever order it is sent; its card is then the
    replay of all counted answers by time. A version of the card that the phone has not seen
    refuses nothing. What is taken back (`voids`) before it arrives does not count when it does.
    """
    received = receive(member_id, phone_now_ms, items, now)
    take = take_plain if are_plain(received) else take_any
    try:
        results = take(member_id, device, received)
    except IntegrityError:  # another delivery of the same at the same instant: it is stored by now
        results = take(member_id, device, received)
    return _in_places(received, results)


def absorb_plain(
    member_id: int, device: str, phone_now_ms: int, items: Sequence[Kept], now: datetime
) -> list[Result] | None:
    """Take in plain answers as `absorb_answers` does, also within `reading_to_write`.

    None, and nothing is taken in, when there is anything else among them.
    """
    received = receive(member_id, phone_now_ms, items, now)
    if not are_plain(received):
        return None
    return _in_places(received, take_plain(member_id, device, received))


def _in_places(received: Sequence[Received], results: Sequence[Result]) -> list[Result]:
    """Return the results in the order in which the items were sent."""
    told = {one.place: result for one, result in zip(received, results, strict=True)}
    return [told[place] for place in range(len(received))]


def absorb_waiting(member_id: int, now: datetime) -> int:
    """Take in the answers that waited for the end of a paper; return how many there were."""
    items = list_released(member_id)
    return take_waiting(member_id, items) if items else 0
