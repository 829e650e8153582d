"""A person's digest as a plain letter; pure.

Its Message-ID follows from whose and which day's it is, so that even a second copy would be known
as the same letter.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from flask_babel import gettext as _

from app.base.errors import Invalid

LONGEST = 254  # characters of an address (RFC 5321, 4.5.3.1.3)
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")


def read_mailbox(text: str) -> str:
    """Return the address that was typed; raise Invalid for what is none."""
    found = text.strip()
    if len(found) > LONGEST or not ADDRESS.fullmatch(found) or ".." in found:
        message = _("这不像一个邮箱地址，请再看一看。")
        raise Invalid(message, email=message)
    return found


def message_id(parts: str, sender: str) -> str:
    """Return the Message-ID of the letter that `parts` (whose, which day, which site) name."""
    host = sender.rsplit("@", 1)[-1].strip("<> ")
    return f"<{hashlib.sha256(parts.encode()).hexdigest()[:32]}@{host}>"


def write_letter(
    *,
    to: str,
    sender: str,
    subject: str,
    lines: Sequence[str],
    identity: str,
    now: datetime,
    unsubscribe: str = "",
) -> EmailMessage:
    """Return a letter of plain lines; `unsubscribe` is where to leave off."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = identity
    letter["Auto-Submitted"] = "auto-generated"  # no answers from absent people (RFC 3834)
    if unsubscribe:
        letter["List-Unsubscribe"] = f"<{unsubscribe}>"
    letter.set_content("\n".join(lines) + "\n", cte="base64")
    return letter
