"""A file that a member brings home from Anki: read in the limited child, refused in sentences."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.anki.package import LARGEST
from app.base import child
from app.base.errors import Invalid

MEMORY = 256 * 1024 * 1024  # bytes of address space
SECONDS = 4  # of processor time
FAULTS = {
    "damaged": _l("这个文件已经损坏，没有读取。请在 Anki 里重新导出再试。"),
    "foreign": _l("这不是 Anki 导出的文件。请上传 .apkg 或 .colpkg。"),
    "large": _l("这个文件太大，没有读取。导出时请只选“学记”牌组，不要包含媒体文件。"),
    "many": _l("这个文件里的复习记录太多，没有读取。"),
    "newer": _l("这个文件来自更新的 Anki。导出时请打开“支持旧版 Anki”，再试一次。"),
    "nothing": _l("这个文件里没有学记的题目。导出时请选“学记”牌组。"),
}
REASONS = {
    "shape": _l("不是一条复习记录"),
    "kind": _l("不认识的记录种类"),
    "rating": _l("评分不在 1 到 4 之间"),
    "future": _l("时间在将来，请检查那台设备的时钟"),
    "past": _l("时间早于 2020 年，请检查那台设备的时钟"),
    "many": _l("同一张卡片的记录太多"),
    "twice": _l("同一张卡片在同一时刻记了两次"),
}


class Reviewed(msgspec.Struct, frozen=True, array_like=True):
    """A review made in Anki; `at_ms` since 1970, `rating` 1…4, `took_ms` of thinking."""

    question_id: str
    at_ms: int
    rating: int
    took_ms: int


class RefusedRow(msgspec.Struct, frozen=True, array_like=True):
    """A row of the history that is not taken: its number among those of our cards, and why."""

    row: int
    reason: str

    @property
    def sentence(self) -> str:
        """Why, in words."""
        return str(REASONS.get(self.reason, REASONS["shape"]))


class Found(msgspec.Struct, frozen=True):
    """What a file tells of our cards; nothing else of it is kept."""

    layout: str
    cards: int
    decks: tuple[str, ...]
    reviews: tuple[Reviewed, ...]
    refused: tuple[RefusedRow, ...]


class _Told(msgspec.Struct):
    """What the child says."""

    layout: str
    cards: int
    decks: list[str]
    questions: list[str]
    reviews: list[tuple[int, int, int, int]]
    refused: list[RefusedRow]


def read_safely(data: bytes, known: Iterable[str], now: datetime) -> Found:
    """Return what a file tells of the questions in `known`; raise Invalid with a sentence.

    Reviews later than `now` (with two minutes' grace) are among the refused rows.
    """
    if len(data) > LARGEST:
        raise Invalid(FAULTS["large"])
    words = str(int(now.timestamp() * 1000)), "\n".join(known)
    try:
        told = child.run(
            "app.anki.package:read_for_parent", data, *words, memory=MEMORY, seconds=SECONDS
        )
    except Invalid as refusal:
        if refusal.message == child.BUSY:
            raise Invalid(_("正在处理别的文件，请过一会儿再试。")) from None
        raise Invalid(FAULTS["damaged"]) from None
    if isinstance(told, dict) and told.get("fault") in FAULTS:
        raise Invalid(FAULTS[told["fault"]])
    try:
        return _found(msgspec.convert(told, _Told))
    except (msgspec.ValidationError, IndexError):
        raise Invalid(FAULTS["damaged"]) from None


def _found(told: _Told) -> Found:
    """Return the frozen view, with the questions put back where the child wrote their places."""
    reviews = tuple(Reviewed(told.questions[n], *rest) for n, *rest in told.reviews)
    return Found(told.layout, told.cards, tuple(told.decks), reviews, tuple(told.refused))
