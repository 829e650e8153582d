"""What the pages of study put where: the shape of each and its values, for `web.stencil`.

A shape is what the template asks "is there" and "how many" about; everything else is a value.
"""

from collections.abc import Hashable
from datetime import datetime
from typing import Any

import msgspec
from markupsafe import Markup

from app.bank.kinds import KINDS, Blank, Presented
from app.bank.kinds.kind import LETTERS
from app.bank.queries import Question
from app.base.ids import new_timed_id
from app.study import queries
from app.study.memory import EASY, GOOD, HARD, REVIEW
from app.study.views.way import NEXT, next_url
from app.web.format import when
from app.web.pens import Pen

MAYBE = ("marks.note", "way.subject", "way.chapter", "way.since", "progress.1")
Shape = dict[str, Hashable]
Values = dict[str, Any]
BLANK_LINE = "（　　）"
OPTION = "presented.options.{}.{}"
SHUFFLED = [[OPTION.format(n, name) for name in ("index", "text")] for n in range(len(LETTERS))]
PLACED = [[OPTION.format(n, name) for name in ("value", "letter")] for n in range(len(LETTERS))]
TO_RATE = (HARD, GOOD, EASY)
NO_PANELS = Markup("")


class Seat(msgspec.Struct, frozen=True):
    """Where the member is: their marks on the question, the way in, and how far along it."""

    marks: queries.Marks
    way: queries.Way
    progress: tuple[int, int]


def show_question(
    pen: Pen, asked: Question, answer_id: str, seat: Seat, last: str | None, undone: bool = False
) -> bytes:
    """Return the page that asks a question; `undone` when its answer was just taken back."""
    presented = KINDS[asked.kind].present(asked.content, answer_id)
    shape, values = _seated(seat)
    values["answer_id"], values["marks.version"] = answer_id, seat.marks.version
    shape["problem"], shape["sent"], shape["undone"] = "", None, undone
    (values if last else shape)["last"] = last or ""
    for (index, text), choice in zip(SHUFFLED, presented.options, strict=False):
        values[index], values[text] = choice.index, choice.text

    def say() -> Values:
        return _question(asked) | _places(presented)

    about = asked.id, asked.revision
    blanks = len(asked.content.answers) if isinstance(asked.content, Blank) else 0
    shape["question.kind"], shape["question.content.answers"] = asked.kind, (None,) * blanks
    if not presented.options:
        shape["presented.options"] = ()
    return pen.show_about("study/question.html", about, shape, say, values)


def show_next(pen: Pen, asked: queries.Next, _now: datetime) -> bytes:
    """Return the page of the question that is due."""
    seat = Seat(asked.marks, queries.Way(), asked.progress)
    return show_question(pen, asked.question, new_timed_id(), seat, asked.last)


def show_feedback(pen: Pen, shown: queries.Feedback, seat: Seat) -> bytes:
    """Return the page that says whether an answer is right, and why."""
    asked, rating = shown.question, shown.right and not shown.voided
    presented = KINDS[asked.kind].present(asked.content, shown.answer_id)
    shape, values = _seated(seat)
    values |= _question(asked)
    shape |= {"question.kind": asked.kind, "right": shown.right, "voided": shown.voided}
    values |= {
        "answer_id": shown.answer_id,
        "question.explanation": asked.explanation,
        "question.document_title": asked.document_title,
        "question.provision_label": asked.provision_label,
        "choices": _choices(pen, presented, shown.response),
        "next_url": f"{pen.root}{NEXT}" if seat.way == queries.Way() else next_url(seat.way),
    }
    _put("question.edition_short", asked.edition_short, shape, values)
    if not presented.options or asked.kind == "order":
        kind = KINDS[asked.kind]
        given = kind.describe_response(asked.content, shown.response)
        values |= {"given": given, "key": kind.describe_key(asked.content)}
    if rating:
        response = msgspec.json.encode(shown.response).decode()
        values |= {"new_id": new_timed_id(), "response": response}
        for place, opinion in enumerate(TO_RATE):
            values[f"waits.{place}"] = _wait_words(pen, *shown.waits[opinion])
    return pen.show("study/feedback.html", shape, values)


def show_answered(pen: Pen, told: tuple[queries.Feedback, Seat], _now: datetime) -> bytes:
    """Return the page that follows an answer on the usual way in."""
    return show_feedback(pen, *told)


def show_today(pen: Pen, today: queries.Today, now: datetime, panels: Markup = NO_PANELS) -> bytes:
    """Return the home page of a member; `panels` are what other rooms say there."""
    todo, soon = today.due + today.new, today.next_due_at
    shape: Shape = {
        "begun": bool(today.done),
        "first": bool(todo and not today.done and not today.due and not soon),
        "todo": 0,
    }
    values: Values = {"done": today.done, "panels": panels, "most": (today.done + todo) or 1}
    if todo:
        minutes = max(1, round(today.seconds / 60))
        values |= {"todo": todo, "due": today.due, "new": today.new, "minutes": minutes}
        del shape["todo"]
    else:
        _put("next_due", when(soon, now) if soon else "", shape, values)
    return pen.show("study/today.html", shape, values)


def _question(asked: Question) -> Values:
    """Return what is always the same about a question."""
    return {
        "question.id": asked.id,
        "question.revision": asked.revision,
        "question.stem": asked.stem.replace("___", BLANK_LINE),
    }


def _places(presented: Presented) -> Values:
    """Return what stands at the places of options, whatever comes to stand there."""
    told: Values = {}
    for (value, letter), choice in zip(PLACED, presented.options, strict=False):
        told |= {value: choice.value, letter: choice.letter}
    return told


def _seated(seat: Seat) -> tuple[Shape, Values]:
    """Return what a question's page and its feedback say of where the member is."""
    marks, way = seat.marks, seat.way
    shape: Shape = {
        "marks.leech": marks.leech,
        "marks.starred": marks.starred,
        "marks.suspended": marks.suspended,
        "way.name": way.name,
    }
    values: Values = {"progress.0": seat.progress[0]}
    told = (marks.note, way.subject, way.chapter, way.since, seat.progress[1])
    for name, value in zip(MAYBE, told, strict=True):
        (values if value else shape)[name] = value
    return shape, values


def _put(name: str, value: Any, shape: Shape, values: Values) -> None:
    """Let a value that may be missing or 0 be part of the shape when it is."""
    (values if value else shape)[name] = value


def _choices(pen: Pen, presented: Presented, response: Any) -> Markup:
    """Return the options as they were shown, with what was chosen and what is right."""
    if isinstance(response, bool):
        response = [0 if response else 1]
    lines = []
    for choice in presented.options:
        shape = {"is_key": choice.index in presented.key, "chosen": choice.index in response}
        told = {"letter": choice.letter, "text": choice.text}
        lines.append(pen.part("study/_choice.html", shape, told))
    return Markup("\n".join(lines))


def _wait_words(pen: Pen, state: int, wait: int) -> Markup:
    """Return when a question comes again: in days while reviewing, in minutes while learning."""
    in_days = state == REVIEW
    number = wait if in_days else round(wait / 60)
    return pen.part("study/_wait.html", {"in_days": in_days}, {"n": number})
