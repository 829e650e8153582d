"""Before the key may be shown, no byte of any page depends on it.

The same walk is taken twice: with the bank as it is, and with every key and explanation changed
while all that may be seen stays the same. Whatever could tell right from wrong would differ.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.bank.kinds import KINDS, Blank, Content, Multiple, Order, Single, TrueFalse
from app.bank.kinds.kind import LETTERS
from app.bank.models import PublicationRow, QuestionRow, RevisionRow
from app.bank.queries import get_question, list_question_ids
from app.bank.source import encode
from app.base.db import db, transaction
from app.ops.queries import get_everything
from app.quiz.models import AttemptRow, SlotRow
from tests.quiz.conftest import Room, right_response

PER_PAGE = re.compile(r'name="(?:answer_id|csrf_token)" value="[^"]*"')


def another_key(content: Content) -> Content:
    """Return a question that looks the same but has another key and another explanation."""
    changed: dict[str, Any] = {"explanation": "另一番道理"}
    if isinstance(content, Single | Multiple):
        others = [c for c in LETTERS[: len(content.options)] if c not in content.answer]
        changed["answer"] = others[0] + (content.answer[1:] if len(content.answer) > 1 else "")
        changed["answer"] = "".join(sorted(changed["answer"]))
    elif isinstance(content, TrueFalse):
        changed["answer"] = not content.answer
    elif isinstance(content, Blank):
        changed["answers"] = tuple(("另一个",) for _group in content.answers)
    elif isinstance(content, Order):
        changed["items"] = content.items[1:] + content.items[:1]
    return msgspec.structs.replace(content, **changed)


def shown(content: Content, kind: str, seed: str) -> list[str]:
    """Return the texts a page shows, in order."""
    return [option.text for option in KINDS[kind].present(content, seed).options]


def change_every_key(paper_id: int) -> None:
    """Replace the bank's keys, and seeds where the order of the file is the key."""
    with transaction() as session:
        for question_id in list_question_ids():
            question = get_question(question_id, 1)
            text, digest = encode(question.edition_id, another_key(question.content))
            session.add(
                RevisionRow(
                    question_id=question_id, revision=2, content=text, digest=digest, created_at=0
                )
            )
        session.execute(update(QuestionRow).values(revision=2))
        session.execute(update(PublicationRow).values(token="another-publication---"))
    with transaction() as session:
        for slot in session.scalars(db.select(SlotRow).where(SlotRow.paper_id == paper_id)):
            old, new = (get_question(slot.question_id, n) for n in (1, 2))
            before = shown(old.content, old.kind, slot.seed)
            slot.revision = 2
            slot.seed = next(
                seed
                for seed in [slot.seed, *map(str, range(2000))]
                if shown(new.content, new.kind, seed) == before
            )


def pages(client: FlaskClient, paper_id: int, forms: list[dict[str, Any]]) -> Iterator[str]:
    """Walk through everything a member can reach, before and after handing in."""
    base = f"/papers/{paper_id}"
    attempt = f"{base}/attempts/1"
    for path in ("/papers", base, f"{attempt}/review", attempt):
        yield client.get(path, follow_redirects=True).text
    for slot, form in enumerate(forms, 1):
        path = f"{attempt}/{slot}"
        page = client.get(path).text
        yield page
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        bad = client.post(path, data={**hidden, "choice": "77", "blank-0": "x" * 101})
        yield f"{bad.status_code} {bad.text}"
        reply = client.post(path, data={**hidden, **form, "goto": str(slot)})
        yield f"{reply.status_code} {reply.location}"
        yield client.get(path).text
    yield client.post(f"{attempt}/submit").location or ""
    for path in (attempt, "/papers", base, f"{attempt}/1", f"{attempt}/review"):
        yield client.get(path, follow_redirects=True).text


def first_choices(room: Room, paper_id: int) -> list[dict[str, Any]]:
    """Return forms that give the right answer to the bank as it is."""
    from app.quiz.sheet import fields_of

    forms = []
    for slot in room.slots(paper_id):
        question = get_question(slot.question_id, 1)
        response = right_response(question)
        forms.append(fields_of(question.kind, question.content, slot.seed, response))
    return forms


def reopen(paper_id: int) -> None:
    """Put the attempt back to where the walk began."""
    blank = {"response": None, "answer_id": None, "answered_at": None, "version": 0}
    marks = {"right": None, "mark": None, "marked_revision": None}
    with transaction() as session:
        session.execute(
            update(SlotRow).where(SlotRow.paper_id == paper_id).values(**blank, **marks)
        )
        session.execute(
            update(AttemptRow)
            .where(AttemptRow.paper_id == paper_id)
            .values(state="open", submitted_at=None, score=None)
        )


def test_no_page_depends_on_the_key_before_it_may_be_shown(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    client, forms = room.cast.sign_in("甲"), first_choices(room, paper_id)
    client.get("/papers")  # a first visit brings the style sheets along
    first = [PER_PAGE.sub("", page) for page in pages(client, paper_id, forms)]
    assert room.attempt(paper_id).score == 24.0
    seeds = [slot.seed for slot in room.slots(paper_id)]
    reopen(paper_id)
    change_every_key(paper_id)
    second = [PER_PAGE.sub("", page) for page in pages(client, paper_id, forms)]
    assert (room.attempt(paper_id).score or 0) < 12.0
    assert len(first) == len(second) == 4 + 4 * 12 + 1 + 5
    assert first == second
    together = "".join(first)
    explanations = [get_question(i, n).explanation for i in list_question_ids() for n in (1, 2)]
    assert not [text for text in explanations if text in together]
    assert not [seed for seed in seeds if seed in together]
    assert not [i for i in list_question_ids() if i in together]


def test_once_it_may_be_shown_pages_do_depend_on_it(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    client, forms = room.cast.sign_in("甲"), first_choices(room, paper_id)
    walked = list(pages(client, paper_id, forms))
    room.clock.move(days=2)
    page = client.get(f"/papers/{paper_id}/attempts/1").text
    assert page not in walked
    assert all(get_question(i).explanation in page for i in list_question_ids())
    assert "24 / 24 分" in page


@pytest.mark.parametrize("key_shown", ["submission", "closing"])
def test_a_challenge_tells_no_more_than_that_one_goes_on(room: Room, key_shown: str) -> None:
    from app.quiz.paper import Plan
    from tests.quiz.conftest import rule

    plan = Plan(rules=(rule(6, 1),))
    paper_id = room.make(plan, mode="challenge", key_shown=key_shown, attempts_allowed=0)
    room.start(paper_id)
    client = room.cast.sign_in("甲")
    room.answer(paper_id, 1)
    slots = room.slots(paper_id)
    for path in ("", "/1", "/2", "/6", "/review"):
        page = client.get(f"/papers/{paper_id}/attempts/1{path}", follow_redirects=True).text
        questions = [get_question(slot.question_id) for slot in slots]
        assert not [q for q in questions if q.explanation in page]
        assert not [q for q in [questions[0], *questions[2:]] if q.stem.split("___")[0] in page]
    room.answer(paper_id, 2, right=False)
    page = client.get(f"/papers/{paper_id}/attempts/1").text
    seen = [q.id for q in questions if q.explanation in page]
    assert seen == ([q.id for q in questions[:2]] if key_shown == "submission" else [])


def test_ones_own_data_tell_nothing_before_the_key_does(room: Room) -> None:
    """Who asks for their data in the middle, or before the end, gets neither seeds nor marks."""
    paper_id = room.make(key_shown="closing")
    room.start(paper_id)
    room.answer(paper_id, 1)

    def taken(name: str) -> dict[str, Any]:
        return get_everything(room.member.id, room.clock())["tables"][name][0]

    for hand_in in (False, True):
        if hand_in:
            room.submit(paper_id)
        slot, attempt = taken("quiz_slot"), taken("quiz_attempt")
        assert "seed" not in slot
        assert "seed" not in attempt
        assert slot["answered_at"]
        telling = ("response", "right", "mark", "marked_revision")
        assert [slot[name] for name in telling] == [None] * 4
        assert attempt["score"] is None
    room.clock.move(hours=25)
    assert taken("quiz_slot")["right"] is True
    assert taken("quiz_slot")["response"]
    assert taken("quiz_attempt")["score"] == 2.0
