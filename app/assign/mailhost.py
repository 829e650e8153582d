"""Where letters are handed over, as the operator writes it; pure."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PORTS = {"smtps": 465, "smtp": 587}


@dataclass(frozen=True, slots=True)
class MailHost:
    """A server that takes letters: `tls` from the first byte, or `upgrade` after a plain greeting.

    A machine takes letters from itself without either.
    """

    host: str
    port: int
    tls: bool
    upgrade: bool
    user: str = ""
    password: str = field(default="", repr=False)


def check_mail_settings(host: str, sender: str) -> None:
    """Raise ValueError when letters are to be sent and the settings for it make no sense."""
    if read_mail_host(host) is None and not sender:
        return
    _name, address = parseaddr(sender)
    if "@" not in address or any(ord(character) < 32 for character in sender):
        raise ValueError('XUEJI_MAIL_FROM must be an address, such as "学记 <xueji@example.org>"')


def read_mail_host(text: str) -> MailHost | None:
    """Return the server of "smtps://user:password@host:465" or "smtp://…:587"; "" is None.

    Signs in user and password that mean something in an address are percent-encoded. Raises
    ValueError, without quoting the password, for anything else.
    """
    if not text:
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("XUEJI_SMTP must be smtps://user:password@host:port") from None
    if parts.scheme not in PORTS or not host or parts.path not in ("", "/"):
        raise ValueError("XUEJI_SMTP must be smtps://user:password@host:port")
    tls = parts.scheme == "smtps"
    return MailHost(
        host,
        port or PORTS[parts.scheme],
        tls,
        not tls and host not in LOOPBACK,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
