"""How people want to be reminded: what they tick, their letters, the address of their calendar."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.assign.letter import read_mailbox
from app.assign.models.reminders import FeedRow, WishRow
from app.assign.queries.reminders import is_confirming
from app.base import jobs
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import NotFound, TooMany
from app.base.ids import digest, new_token

AGAIN = 60  # seconds between two letters that ask for confirmation
CONFIRM = "assign.confirm"


def save_wish(member_id: int, cards: bool, mail: bool) -> None:
    """Keep whether to be told of due questions, and whether by letters."""
    with transaction() as session:
        row = _row(session, member_id)
        row.cards, row.mail = cards, mail


def ask_for_mail(member_id: int, email: str, now: datetime) -> None:
    """Keep an address, and have a letter sent there whose link shows that it is theirs."""
    found = read_mailbox(email)
    with transaction() as session:
        row = _row(session, member_id)
        if row.asked_at is not None and epoch(now) - row.asked_at < AGAIN:
            raise TooMany(_("刚才已经发过一封确认邮件，请过一分钟再试。"))
        row.email, row.confirmed_at, row.mail = found, None, True
        row.token_hash, row.asked_at = None, epoch(now)
        key = f"{CONFIRM}:{member_id}:{epoch(now)}"
        jobs.add_in(session, CONFIRM, now, key=key, member_id=member_id)


def confirm_mail(member_id: int, token: str, now: datetime) -> None:
    """Take the address as the person's own; raise NotFound for a link that does not hold."""
    if not is_confirming(member_id, token, now):
        raise NotFound(_("没有这个页面。"))
    with transaction() as session:
        row = _row(session, member_id)
        row.confirmed_at, row.token_hash = epoch(now), None


def stop_mail(member_id: int) -> None:
    """Send no more letters and forget the address."""
    with transaction() as session:
        row = session.get(WishRow, member_id)
        if row is not None:
            row.mail, row.email, row.confirmed_at, row.token_hash = False, None, None, None


def renew_feed(member_id: int, now: datetime) -> str:
    """Return a new secret for a person's calendar; the address with the old one is dead."""
    token = new_token()
    with transaction() as session:
        session.merge(FeedRow(member_id=member_id, token_hash=digest(token), made_at=epoch(now)))
    return token


def stop_feed(member_id: int) -> None:
    """Let a person's calendar be nowhere."""
    with transaction() as session:
        row = session.get(FeedRow, member_id)
        if row is not None:
            session.delete(row)


def _row(session: Session, member_id: int) -> WishRow:
    row = session.get(WishRow, member_id)
    if row is None:
        row = WishRow(member_id=member_id, cards=False, mail=False)
        session.add(row)
    return row
