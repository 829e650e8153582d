"""An answer to a question that a paper has reserved since its page was made: kept, not lost."""

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app.bank.kinds import KINDS
from app.base import clock
from app.base.errors import NotFound
from app.study import actions, queries
from app.study.delivery import Item
from app.study.forms import AnswerSent


def keep_answer(form: AnswerSent) -> str:
    """Keep the answer until the paper is over, as one that a phone has kept; tell nothing of it.

    Raises NotFound for a question that the member could never meet.
    """
    now = clock.now()
    asked, is_held = queries.find_kept(current_user.id, form.question_id, form.revision)
    if not is_held:
        raise NotFound(_("没有找到这道题。"))
    at_ms = int(now.timestamp() * 1000)
    item = Item(
        id=form.answer_id,
        sequence=0,
        at=at_ms,
        question=asked.id,
        revision=asked.revision,
        response=KINDS[asked.kind].read(
            request.form.to_dict(flat=False), asked.content, form.answer_id
        ),
        elapsed=form.elapsed_ms,
        way=form.way,
    )
    actions.absorb_answers(current_user.id, "", at_ms, [actions.Kept(item, at_ms)], now)
    return render_template("study/held.html", answer_id=item.id)
