"""Secrets that must be read again, kept so that the database alone does not give them.

AES-256-GCM under a key derived from the site's secret and the purpose; what the secret is of goes
into the seal, so that a row copied elsewhere does not open.
"""

import base64
import binascii
import hashlib
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes


def seal(plain: str, purpose: str, whose: str, secret: str) -> str:
    """Return `plain` sealed as text."""
    nonce = secrets.token_bytes(NONCE)
    closed = _cipher(purpose, secret).encrypt(nonce, plain.encode(), whose.encode())
    return base64.urlsafe_b64encode(nonce + closed).decode()


def unseal(sealed: str, purpose: str, whose: str, secret: str) -> str | None:
    """Return what was sealed, None when it was altered, is another's, or the site's key changed."""
    from cryptography.exceptions import InvalidTag

    try:
        whole = base64.urlsafe_b64decode(sealed)
        opened = _cipher(purpose, secret).decrypt(whole[:NONCE], whole[NONCE:], whose.encode())
    except (InvalidTag, binascii.Error, ValueError):
        return None
    return opened.decode()


def _cipher(purpose: str, secret: str) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # loaded for the first secret

    return AESGCM(hashlib.sha256(f"{purpose}\0{secret}".encode()).digest())
