"""Putting right what the doctor finds in study: everything there can be counted again."""

from sqlalchemy import select

from app.accounts.queries import listing
from app.base.db import db
from app.study.actions import mend_cards, mend_unit_summaries


def mend_study() -> int:
    """Make the cards and summaries of everybody again from their answers; return the cards made.

    One transaction a member, so that others can answer in between, and one for all units.
    """
    ids = list(db.session.scalars(select(listing.c.id).order_by(listing.c.id)))
    mended = sum(mend_cards(member_id) for member_id in ids)
    mend_unit_summaries()
    return mended
