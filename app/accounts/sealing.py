"""Small secrets that must be read again, kept so that the database alone does not give them; pure.

AES-256-GCM under a key derived from the site's secret; whose secret it is goes into the seal, so
that a row copied to another person does not open.
"""

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes


def seal(plain: str, user_id: int, secret: str) -> str:
    """Return `plain` sealed for this person, as text."""
    nonce = secrets.token_bytes(NONCE)
    closed = _cipher(secret).encrypt(nonce, plain.encode(), str(user_id).encode())
    return base64.urlsafe_b64encode(nonce + closed).decode()


def unseal(sealed: str, user_id: int, secret: str) -> str | None:
    """Return what was sealed for this person, None when it was altered or is somebody else's."""
    whole = base64.urlsafe_b64decode(sealed)
    try:
        plain = _cipher(secret).decrypt(whole[:NONCE], whole[NONCE:], str(user_id).encode())
    except InvalidTag:
        return None
    return plain.decode()


def _cipher(secret: str) -> AESGCM:
    return AESGCM(hashlib.sha256(b"second factor\0" + secret.encode()).digest())
