"""What a phone takes along: the cards of the next seven days, to be studied without a network.

A pack carries the answers. It is made from the member's own cards and the questions that study
may ask; papers have their questions elsewhere, and nothing of them comes in.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.bank.kinds import KINDS, Blank
from app.bank.queries import Question, get_questions
from app.base.clock import day_start, epoch, study_day
from app.base.db import db
from app.study.log import card_of
from app.study.memory import Memory
from app.study.models import CardRow, NoteRow
from app.study.queries.queue import get_standing, list_unmet_ids
from app.study.queries.selects import select_askable

DAYS = 7
MOST_CARDS = 400  # due ones are never left out, new ones only as far as they fit


@dataclass(frozen=True, slots=True)
class PackCard:
    """A question with its answer and what the member remembers; `due` in epoch seconds.

    `options` are in file order, for an ordering in the right order; `key` are the indexes of the
    right ones; `answers` are the variants accepted for each blank.
    """

    id: str
    revision: int
    version: int
    kind: str
    stem: str
    options: tuple[str, ...]
    key: tuple[int, ...]
    answers: tuple[tuple[str, ...], ...]
    explanation: str
    source: str
    memory: Memory | None
    due: int | None
    leech: bool
    note: str


@dataclass(frozen=True, slots=True)
class Pack:
    """What a member can study until epoch second `until`; `done` and `new_left` are of `day`."""

    account: int
    day: date
    until: int
    done: int
    answers_per_day: int
    new_left: int
    new_per_day: int
    cards: tuple[PackCard, ...]


def get_pack(member_id: int, now: datetime) -> Pack:
    """Return the pack of a member: due cards by time, then new ones in bank order."""
    day = study_day(now)
    standing = get_standing(member_id, day)
    settings, new_left = standing.settings, standing.new_room
    until = epoch(day_start(day + timedelta(days=DAYS)))
    due = select_askable(member_id, None).where(CardRow.due_at < until)
    rows = list(db.session.scalars(due.order_by(CardRow.due_at, CardRow.question_id)))
    wanted = new_left + (DAYS - 1) * settings.new_per_day
    new = list_unmet_ids(member_id, day, settings, min(wanted, max(0, MOST_CARDS - len(rows))))
    known = {row.question_id: row for row in rows}
    questions = get_questions([*known, *(i for i in new if i not in known)])
    notes = _notes(member_id)
    cards = (_card(q, known.get(i), notes.get(i, "")) for i, q in questions.items())
    return Pack(
        account=member_id,
        day=day,
        until=until,
        done=standing.done,
        answers_per_day=settings.answers_per_day,
        new_left=new_left,
        new_per_day=settings.new_per_day,
        cards=tuple(cards),
    )


def _card(question: Question, row: CardRow | None, note: str) -> PackCard:
    """Return what the phone needs of one question."""
    content = question.content
    presented = KINDS[question.kind].present(content, "")
    card = card_of(row)
    due = card.due_at if card else None
    if row is not None and row.buried_until and due is not None:
        due = max(due, epoch(day_start(row.buried_until)))
    return PackCard(
        id=question.id,
        revision=question.revision,
        version=row.version if row else 0,
        kind=question.kind,
        stem=question.stem,
        options=tuple(c.text for c in sorted(presented.options, key=lambda c: c.index)),
        key=presented.key,
        answers=content.answers if isinstance(content, Blank) else (),
        explanation=question.explanation,
        source=_source(question),
        memory=card.memory if card else None,
        due=due,
        leech=card.is_leech if card else False,
        note=note,
    )


def _source(question: Question) -> str:
    """Return where a question comes from; a unit's own have no edition."""
    edition = f"（{question.edition_short}）" if question.edition_short else ""
    return f"《{question.document_title}》{edition}{question.provision_label}"


def _notes(member_id: int) -> dict[str, str]:
    """Return the member's notes by question."""
    query = select(NoteRow.question_id, NoteRow.text).where(NoteRow.member_id == member_id)
    return {row.question_id: row.text for row in db.session.execute(query)}
