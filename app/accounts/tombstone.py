"""What is kept of an erased person: that this id is never theirs, or anybody's, again; pure."""

import hashlib
import hmac


def tombstone(user_id: int, secret: str) -> str:
    """Return the HMAC-SHA-256 of the id under a key of the site's secret, in hexadecimal.

    Ids are small numbers: without the secret, which is not in the database, they cannot be guessed.
    """
    key = hashlib.sha256(b"tombstone\0" + secret.encode()).digest()
    return hmac.new(key, str(user_id).encode(), hashlib.sha256).hexdigest()
