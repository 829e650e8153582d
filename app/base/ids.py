"""Random ids and secret tokens."""

import hashlib
import re
import secrets

_ID = re.compile(r"[A-Za-z0-9_-]{22}")


def new_id() -> str:
    """Return a random 128-bit id as 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


def is_id(text: str) -> bool:
    """Say whether `text` has the form of an id made by `new_id`."""
    return _ID.fullmatch(text) is not None


def new_token() -> str:
    """Return a secret of 256 bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the SHA-256 of a secret in hexadecimal: what is kept in place of the secret."""
    return hashlib.sha256(token.encode()).hexdigest()
