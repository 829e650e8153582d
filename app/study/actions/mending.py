"""What the doctor can put right: cards and summaries made again from the answers."""

from app.base.db import transaction
from app.study.actions.summaries import mend_member_summaries
from app.study.actions.writing import rewrite_card
from app.study.queries.cards import list_drifted


def mend_cards(member_id: int) -> int:
    """Make a member's cards and summaries again where they are not what the answers give.

    Returns how many cards were made again. Summaries of units are mended apart, all at once.
    """
    drifted = list_drifted(member_id)
    with transaction() as session:
        for question_id in drifted:
            rewrite_card(session, member_id, question_id)
    mend_member_summaries(member_id)
    return len(drifted)
