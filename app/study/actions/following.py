"""Plain answers of a phone, nearly all of which follow what is known: one read, one write each.

Whatever a delivery needs to know is asked at once under the lock, every card is moved on in memory,
and all rows of a table are written at once, so that a hundred answers cost the database little more
than one. An answer that comes late among them has its card made again from the log.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from app.base.db import Place, writing
from app.base.sql import Row, Statement
from app.org.queries import Stay, list_stays, unit_at
from app.study.actions.receiving import (
    Marked,
    Received,
    Result,
    phone_row,
    rating_of,
    way_of,
)
from app.study.actions.summaries import Alike, Change, move_summaries
from app.study.actions.writing import ADD_REVIEW, ENCODE, KEEP_CARD, remake_card
from app.study.card import Review, after_review
from app.study.delivery import Item
from app.study.log import CARD, card_from, card_values
from app.study.queries.summaries import Chapter
from app.study.tally import tally_after

Kind = tuple[Chapter, int, date, bool, str, int, int]  # the fields of `Alike`
# a list goes to either database as JSON
LIST = "json_each(:ids)", "json_array_elements_text(CAST(:ids AS json))"
_KNOWN = Statement(  # SQLite goes by the list first, as it is told to by a cross join
    """SELECT answer_id, 0 FROM json_each(:ids) sent CROSS JOIN study_review r
    WHERE r.member_id = :member AND r.answer_id = sent.value
    UNION ALL SELECT answer_id, 0 FROM study_waiting WHERE member_id = :member
    UNION ALL SELECT answer_id, 1 FROM json_each(:ids) sent CROSS JOIN study_void v
    WHERE v.member_id = :member AND v.answer_id = sent.value""",
    for_postgresql=LIST,
)
_HOLD_CARDS = Statement(
    f"""SELECT {CARD}, question_id FROM study_card
    WHERE member_id = :member AND question_id IN (SELECT value FROM json_each(:ids))
    ORDER BY question_id""",
    locking=True,
    for_postgresql=LIST,
)


def take_plain(member_id: int, device: str, received: Sequence[Received]) -> list[Result]:
    """Take in answers in one transaction; return what became of each, in their order.

    None of them takes anything back, and none is held back by a paper.
    """
    stays = list_stays(member_id)
    with writing() as place:
        return _Following(place, member_id, device, stays).take(received)


class _Following:
    """One delivery being worked out: what is known, and the rows that are to be written."""

    def __init__(self, place: Place, member_id: int, device: str, stays: Sequence[Stay]) -> None:
        self.place, self.member_id, self.device, self.stays = place, member_id, device, stays
        self.rows: list[Row] = []
        self.counted: defaultdict[Kind, int] = defaultdict(int)
        self.moved: set[str] = set()
        self.late: set[str] = set()  # questions whose cards are to be made again

    def take(self, received: Sequence[Received]) -> list[Result]:
        """Take the answers in, in the order they were made in."""
        self._look([one.item for one in received])
        results = [self._take(one) for one in received]
        self._write()
        return results

    def _look(self, items: Iterable[Item]) -> None:
        """Read what is stored of the delivery: answers, takings back, cards, held from others."""
        ids, questions = _json([i.id for i in items]), _json({i.question for i in items})
        told = _KNOWN.run(self.place, member=self.member_id, ids=ids).fetchall()
        self.stored = {answer_id for answer_id, void in told if not void}
        self.voided = {answer_id for answer_id, void in told if void}
        held = _HOLD_CARDS.run(self.place, member=self.member_id, ids=questions).fetchall()
        self.cards = {row[-1]: card_from(row[:-1]) for row in held}  # None when only marked

    def _take(self, one: Received) -> Result:
        """Add one answer to the log, and move its card on when it comes after all others."""
        item, marked = one.item, one.marked
        if item.id in self.stored:
            return Result(item.id, "duplicate")
        if not isinstance(marked, Marked):
            return Result(item.id, "rejected", marked or "")
        self.stored.add(item.id)
        question_id, at_ms, right = item.question or "", one.time.at_ms, bool(marked.right)
        card, day = self.cards.get(question_id), one.time.day
        review = Review(item.id, at_ms, day, rating_of(item, right), right)
        unit_id = unit_at(self.stays, at_ms // 1000) or 0
        state = tally = 0
        late = question_id in self.late or (card is not None and at_ms <= card.last_at_ms)
        if late or item.id in self.voided:  # taken back before it came, it does not count
            self.late.add(question_id)
        else:
            state, last_day = (card.memory.state, card.memory.last_day) if card else (0, None)
            tally = tally_after(last_day, day)
            self.cards[question_id] = after_review(card, review)
            self.moved.add(question_id)
            self.counted[marked.chapter, unit_id, day, right, way_of(item), 0, tally] += 1
        told = phone_row(self.member_id, self.device, one, review, unit_id, (state, tally))
        self.rows.append(told)
        return Result(item.id, "ok")

    def _write(self) -> None:
        """Write all rows, in the order of their keys, and the summaries."""
        ADD_REVIEW.run_many(self.place, self.rows)
        moved = sorted(self.moved - self.late)
        KEEP_CARD.run_many(self.place, [self._row(question_id) for question_id in moved])
        changes: list[Change] = []
        for question_id in sorted(self.late):
            changes += remake_card(self.place, self.member_id, question_id)
        more = {Alike(*kind): number for kind, number in self.counted.items()}
        move_summaries(self.place, self.member_id, changes, more)

    def _row(self, question_id: str) -> Row:
        """Return the row of a card that has been moved on."""
        card = self.cards[question_id]
        assert card is not None
        return *card_values(card), self.member_id, question_id


def _json(words: Iterable[str | None]) -> str:
    """Return a list as either database takes it."""
    return ENCODE(list(words)).decode()
