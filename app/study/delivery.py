"""What a phone sends when it has a network again: answers and takings back, read; pure.

One that cannot be read does not keep the others from being read. Fields that are not known are
passed over, because a phone may run an older or newer page than the server.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

MOST = 100  # items in one delivery
LARGEST = 256 * 1024  # bytes of one delivery
Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22}\Z")]
Moment = Annotated[int, msgspec.Meta(ge=0, le=2**52)]  # ms since 1970; JSON keeps it exactly


class Item(msgspec.Struct, frozen=True):
    """One thing a member did: an answer, the taking back of one (`voids`), or both.

    Both is the same answer again with another rating. Without `question` it is a taking back only.
    `sequence` counts what the phone recorded; `stamp` is the handshake it had before.
    """

    id: Id
    sequence: Annotated[int, msgspec.Meta(ge=0, le=2**52)]
    at: Moment
    stamp: Annotated[str, msgspec.Meta(max_length=60)] = ""
    question: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    revision: Annotated[int, msgspec.Meta(ge=1, le=10**6)] = 1
    response: Any = None
    rating: Annotated[int, msgspec.Meta(ge=0, le=4)] = 0
    elapsed: Annotated[int, msgspec.Meta(ge=0, le=2**52)] = 0
    way: Annotated[str, msgspec.Meta(max_length=20)] = "due"
    voids: Id | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery of one phone; `items` are read items, or the id (or "") of what is unreadable."""

    account: int
    device: str
    now_ms: int
    items: tuple[Item | str, ...]


class _Envelope(msgspec.Struct):
    account: int
    device: Id
    now: Moment
    items: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=MOST)]


class _Named(msgspec.Struct):
    id: Id


def read_delivery(body: bytes) -> Delivery | None:
    """Return the delivery in a JSON `body`, None when it is none at all."""
    try:
        read = msgspec.json.decode(body, type=_Envelope)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    items = tuple(_read_item(raw) for raw in read.items)
    return Delivery(read.account, read.device, read.now, items)


def _read_item(raw: msgspec.Raw) -> Item | str:
    """Return an item, or what names it when it cannot be read."""
    try:
        item = msgspec.json.decode(raw, type=Item)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _name(raw)
    empty = not item.question and not item.voids
    return item.id if empty or item.voids == item.id else item


def _name(raw: msgspec.Raw) -> str:
    """Return the id of an unreadable item, "" when even that is unreadable."""
    try:
        return msgspec.json.decode(raw, type=_Named).id
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
