"""When answers given without a network were given; pure.

A phone's clock may be wrong by days, so its own time counts only as a distance from the phone's
"now" when it sends. What cannot be is pulled back to what can: no answer is earlier than the last
word the phone had from the server before it (the handshake), none later than its receipt. All
times are milliseconds since 1970-01-01 UTC.
"""

import hmac
from collections.abc import Sequence
from datetime import date

import msgspec

from app.base.clock import study_day_at

TOLERANCE_MS = 2 * 60 * 1000  # what a slow line alone can shift a time by
LONGEST_MS = 60 * 24 * 3600 * 1000  # as long as a sign-in lasts; nobody is offline for longer


# What a phone says: its clock at the answer, and the handshake before it, None if unproven.
Claim = tuple[int, int | None]


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """The time that counts; `disputed` when it is not, within two minutes, what the phone said."""

    at_ms: int
    disputed: bool

    @property
    def day(self) -> date:
        """The study day of that time."""
        return study_day_at(self.at_ms // 1000)


def settle_times(claims: Sequence[Claim], phone_now_ms: int, receipt_ms: int) -> list[Arrival]:
    """Return the time of each claim; `claims` of one phone in the order they were made in.

    Each lies within [its handshake, receipt] and, while there is room, after the one before it,
    so that a clock put right between two answers does not turn them round.
    """
    ahead = phone_now_ms - receipt_ms
    floors = {shake: _floor(shake, receipt_ms) for shake in {shake for _at_ms, shake in claims}}
    times, ceiling = list[int](), receipt_ms
    for claimed_ms, shake in reversed(claims):
        at_ms, floor = claimed_ms - ahead, floors[shake]
        if at_ms > ceiling:
            at_ms = ceiling
        if at_ms < floor:
            at_ms = floor  # the ceiling of what came before stays below it
        else:
            ceiling = at_ms - 1
        times.append(at_ms)
    settled, last = list[Arrival](), times[-1] - 1 if times else 0
    for claimed_ms, shake in claims:
        at_ms = times.pop()
        if at_ms <= last:  # the floor has brought them together again
            at_ms = min(receipt_ms, last + 1)
        last = at_ms
        near = -TOLERANCE_MS <= at_ms - claimed_ms + ahead <= TOLERANCE_MS
        settled.append(Arrival(at_ms, shake is None or not near))
    return settled


def _floor(handshake_ms: int | None, receipt_ms: int) -> int:
    """Return the earliest possible time of what was done after a handshake, None if unproven."""
    return min(receipt_ms, max(handshake_ms or 0, receipt_ms - LONGEST_MS))


def make_stamp(member_id: int, at_ms: int, key: bytes) -> str:
    """Return a handshake that the phone keeps and gives back: its time, and proof that it is ours.

    The proof is an HMAC-SHA-256 of 80 bits over member and time, in hexadecimal.
    """
    told = f"{member_id}.{at_ms}".encode()
    return f"{at_ms}.{hmac.digest(key, told, 'sha256').hex()[:20]}"


def read_stamp(member_id: int, stamp: str, key: bytes) -> int | None:
    """Return the time of a stamp made for the member, or None when it was not made by us."""
    digits, _dot, _proof = stamp.partition(".")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        return None
    made = make_stamp(member_id, int(digits), key)
    return int(digits) if hmac.compare_digest(made.encode(), stamp.encode()) else None
