"""Letters: the digest of a day to those who want it, and the one that asks for confirmation.

As with groups, a letter is marked as being sent before it leaves. When the server says that it has
not taken it, it is tried again or given up; when nobody can know, it is not sent again.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from email.message import EmailMessage
from typing import Literal

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import update

from app.accounts.queries import list_languages
from app.assign.digest import letter_lines
from app.assign.letter import message_id, write_letter
from app.assign.mailhost import MailHost, read_mail_host
from app.assign.models.reminders import DigestRow, WishRow
from app.assign.queries.reminders import Recipient, count_letters, get_wish, list_waiting
from app.base import clock
from app.base.clock import epoch, study_day
from app.base.db import transaction
from app.base.ids import digest, new_token
from app.base.jobs import Later, Task

Outcome = Literal["sent", "waiting", "refused", "unknown"]
PATIENCE = 30  # seconds
AGAIN = 300  # seconds until a server that was away is tried again
AT_ONCE = 100  # letters read from the database at a time
SETTINGS = "/reminders/settings"


def mail_host() -> MailHost | None:
    """Return where letters are handed over; None when the site sends none."""
    config = current_app.config
    if not config.get("ORIGIN") or not config.get("MAIL_FROM"):
        return None
    return read_mail_host(config.get("SMTP") or "")


def send_letters(task: Task, now: datetime) -> str:
    """Send the letters of today that are waiting; raise Later while some are put off."""
    host, day = mail_host(), date.fromisoformat(task.arguments["day"])
    _settle(day, "sending", "unknown")
    if host is None or day != study_day(now):
        _settle(day, "waiting", "refused")
        return "没有设置邮件服务器，或这一天已经过去：其余的没有发。"
    last, put_off = 0, False
    while waiting := list_waiting(day, last, AT_ONCE):
        with _connection(host) as line:
            for one in waiting:
                last, outcome = one.member_id, _send_one(line, one, day, clock.now())
                put_off |= outcome == "waiting"
                if outcome == "unknown":
                    break  # the line is broken: go on with another
        counts = count_letters(day)
        task.progress(counts.get("sent", 0), sum(counts.values()))
    if put_off:
        raise Later(AGAIN)
    told = count_letters(day)
    return "发出 {} 封，被拒 {} 封，不知结果 {} 封。".format(
        *(told.get(state, 0) for state in ("sent", "refused", "unknown"))
    )


def send_confirmation(task: Task, now: datetime) -> str:
    """Send the letter whose link shows that an address is somebody's own."""
    member_id = task.member_id
    host, wish = mail_host(), get_wish(member_id)
    language = list_languages([member_id]).get(member_id)
    if host is None or wish.email is None or wish.confirmed or language is None:
        return "不用确认了。"
    with _connection(host) as line:
        token = new_token()
        with transaction() as session:
            row = session.get(WishRow, member_id)
            if row is None or row.token_hash is not None:
                return "已经发过，没有再发。"
            row.token_hash = digest(token)
        with force_locale(language):
            outcome = _hand_over(line, _confirmation(member_id, wish.email, token, now))
    return "已发出。" if outcome == "sent" else "没有发成。"


def _send_one(line: smtplib.SMTP, one: Recipient, day: date, now: datetime) -> Outcome:
    """Send one person's letter of a day, at most once; none to who cannot or will not read it."""
    if not one.email or not one.language:
        _move(one.member_id, day, "waiting", "refused", now)
        return "refused"
    if not _move(one.member_id, day, "waiting", "sending", now):
        return "unknown"
    with force_locale(one.language):
        outcome = _hand_over(line, _digest(one, day, now))
    _move(one.member_id, day, "sending", outcome, now)
    return outcome


def _hand_over(line: smtplib.SMTP, letter: EmailMessage) -> Outcome:
    """Give a letter to the server and return what it said, "unknown" when the line broke."""
    try:
        line.send_message(letter)
        return "sent"
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        return "waiting" if all(400 <= code < 500 for code in codes) else "refused"
    except smtplib.SMTPResponseException as error:  # the sender, or the letter itself
        return "waiting" if 400 <= error.smtp_code < 500 else "refused"
    except (smtplib.SMTPException, OSError):
        return "unknown"


@contextmanager
def _connection(host: MailHost) -> Iterator[smtplib.SMTP]:
    """Yield a line to the server; raise Later when there is none, before anything was sent."""
    secure = ssl.create_default_context()
    try:
        if host.tls:
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                host.host, host.port, timeout=PATIENCE, context=secure
            )
        else:
            line = smtplib.SMTP(host.host, host.port, timeout=PATIENCE)
        if host.upgrade:
            line.starttls(context=secure)
        if host.user:
            line.login(host.user, host.password)
    except (smtplib.SMTPException, OSError) as error:
        current_app.logger.warning("no line to the mail server", exc_info=error)
        raise Later(AGAIN) from error
    try:
        yield line
    finally:
        with suppress(smtplib.SMTPException, OSError):
            line.quit()


def _settle(day: date, old: str, new: str) -> None:
    """Move all letters of a day from a state: nobody knows of those whose sending was killed."""
    with transaction() as session:
        found = DigestRow.day == day, DigestRow.mail_state == old
        session.execute(update(DigestRow).where(*found).values(mail_state=new))


def _move(member_id: int, day: date, old: str, new: str, now: datetime) -> bool:
    """Change the state of a letter if it is in the old one; say whether it was."""
    with transaction() as session:
        which = DigestRow.member_id == member_id, DigestRow.day == day, DigestRow.mail_state == old
        change = update(DigestRow).where(*which).values(mail_state=new, mail_at=epoch(now))
        moved: int = session.execute(change).rowcount  # type: ignore[attr-defined]
        return moved == 1


def _digest(one: Recipient, day: date, now: datetime) -> EmailMessage:
    assert one.email
    origin, sender = current_app.config["ORIGIN"], current_app.config["MAIL_FROM"]
    lines = [
        str(_("今天要留意的：")),
        "",
        *(f"- {line}" for line in letter_lines(one.lines, day)),
        "",
        str(_("到学记查看：%(address)s", address=f"{origin}/reminders")),
        str(_("不想再收邮件：%(address)s", address=origin + SETTINGS)),
    ]
    return write_letter(
        to=one.email,
        sender=sender,
        subject=str(_("学记提醒：%(n)s 项", n=len(one.lines))),
        lines=lines,
        identity=message_id(f"{origin}:{one.member_id}:{day}", sender),
        now=now,
        unsubscribe=origin + SETTINGS,
    )


def _confirmation(member_id: int, email: str, token: str, now: datetime) -> EmailMessage:
    origin, sender = current_app.config["ORIGIN"], current_app.config["MAIL_FROM"]
    lines = [
        str(_("有人在学记里填了这个邮箱，用来收学习提醒。是你本人，就打开下面的链接确认：")),
        "",
        f"{origin}/reminders/mail/{token}",
        "",
        str(_("链接三天内有效。不是你填的，不用理会，不会再收到邮件。")),
    ]
    return write_letter(
        to=email,
        sender=sender,
        subject=str(_("确认收学习提醒的邮箱")),
        lines=lines,
        identity=message_id(f"{origin}:{member_id}:{token}", sender),
        now=now,
    )
