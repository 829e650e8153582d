"""What a phone sends when it has a network again: answers and takings back, read; pure.

One that cannot be read does not keep the others from being read. Fields that are not known are
passed over, because a phone may run an older or newer page than the server.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from app.base.ids import are_ids

MOST = 100  # items in one delivery
LARGEST = 256 * 1024  # bytes of one delivery
Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22}\Z")]
Long = Annotated[str, msgspec.Meta(min_length=22, max_length=22)]  # its letters are looked at later
Moment = Annotated[int, msgspec.Meta(ge=0, le=2**52)]  # ms since 1970; JSON keeps it exactly


class Item(msgspec.Struct, frozen=True, gc=False):
    """One thing a member did: an answer, the taking back of one (`voids`), or both.

    Both is the same answer again with another rating. Without `question` it is a taking back only.
    `sequence` counts what the phone recorded; `stamp` is the handshake it had before.
    """

    id: Long
    sequence: Annotated[int, msgspec.Meta(ge=0, le=2**52)]
    at: Moment
    stamp: Annotated[str, msgspec.Meta(max_length=60)] = ""
    question: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    revision: Annotated[int, msgspec.Meta(ge=1, le=10**6)] = 1
    response: Any = None
    rating: Annotated[int, msgspec.Meta(ge=0, le=4)] = 0
    elapsed: Annotated[int, msgspec.Meta(ge=0, le=2**52)] = 0
    way: Annotated[str, msgspec.Meta(max_length=20)] = "due"
    voids: Long | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery of one phone; `items` are read items, or the id (or "") of what is unreadable."""

    account: int
    device: str
    now_ms: int
    items: tuple[Item | str, ...]


class _Sent(msgspec.Struct):
    account: int
    device: Id
    now: Moment


class _Whole(_Sent):
    items: Annotated[list[Item], msgspec.Meta(max_length=MOST)]


class _InParts(_Sent):
    items: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=MOST)]


class _Named(msgspec.Struct):
    id: Id


WHOLE, IN_PARTS = msgspec.json.Decoder(_Whole), msgspec.json.Decoder(_InParts)
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)


def read_delivery(body: bytes) -> Delivery | None:
    """Return the delivery in a JSON `body`, None when it is none at all."""
    try:
        whole = WHOLE.decode(body)
    except UNREADABLE:
        return _read_in_parts(body)
    plain = all(item.question and not item.voids for item in whole.items)
    if not plain or not are_ids([item.id for item in whole.items]):
        return _read_in_parts(body)
    return Delivery(whole.account, whole.device, whole.now, tuple(whole.items))


def _read_in_parts(body: bytes) -> Delivery | None:
    """Return a delivery of which something is no plain answer."""
    try:
        read = IN_PARTS.decode(body)
    except UNREADABLE:
        return None
    items = tuple(_read_item(raw) for raw in read.items)
    return Delivery(read.account, read.device, read.now, items)


def _read_item(raw: msgspec.Raw) -> Item | str:
    """Return an item, or what names it when it cannot be read."""
    try:
        item = msgspec.json.decode(raw, type=Item)
    except UNREADABLE:
        return _name(raw)
    empty = not item.question and not item.voids
    wrong = not are_ids([item.id, item.voids or ""])
    return _name(raw) if empty or wrong or item.voids == item.id else item


def _name(raw: msgspec.Raw) -> str:
    """Return the id of an unreadable item, "" when even that is unreadable."""
    try:
        return msgspec.json.decode(raw, type=_Named).id
    except UNREADABLE:
        return ""
