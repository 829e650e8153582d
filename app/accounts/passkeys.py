"""Passkeys (WebAuthn): what a browser is asked, and whether what it answers is true; pure.

The library is imported when it is needed: most people never sign in this way.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CHALLENGE = 32  # bytes
SITE = "学记"
LONGEST = 1023  # bytes of a credential's id, as the standard has it


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made: its id and public half as text, and how often it was used."""

    credential_id: str
    public_key: str
    uses: int


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key as it is kept."""

    credential_id: str
    public_key: str
    uses: int


def rp_id(origin: str) -> str | None:
    """Return the name keys are bound to, None where an address can have none (no name, no TLS)."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    named = bool(host) and not host.replace(".", "").isdigit() and ":" not in host
    safe = parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")
    return host if named and safe else None


def encode(raw: bytes) -> str:
    """Return bytes as text, the way browsers write them."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the bytes of such a text."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def ask_to_make(
    origin: str, challenge: bytes, user_id: int, name: str, known: Iterable[str]
) -> dict[str, Any]:
    """Return the options for making a key that also works without a name or password."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_registration_options(
        rp_id=rp_id(origin) or "",
        rp_name=SITE,
        user_id=str(user_id).encode(),
        user_name=name,
        challenge=challenge,
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(decode(k)) for k in known],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def ask_to_show(origin: str, challenge: bytes, known: Iterable[str], alone: bool) -> dict[str, Any]:
    """Return the options for showing a key; `alone` it must also know its owner (a PIN, a face)."""
    import webauthn
    from webauthn.helpers import structs

    wish = structs.UserVerificationRequirement
    options = webauthn.generate_authentication_options(
        rp_id=rp_id(origin) or "",
        challenge=challenge,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(decode(k)) for k in known],
        user_verification=wish.REQUIRED if alone else wish.PREFERRED,
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def read_new(credential: str, origin: str, challenge: bytes) -> NewKey | None:
    """Return the key that a browser made for this challenge and site, None for anything else."""
    import webauthn
    from webauthn.helpers import exceptions

    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id(origin) or "",
            expected_origin=origin,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError):
        return None
    if len(made.credential_id) > LONGEST:
        return None
    return NewKey(encode(made.credential_id), encode(made.credential_public_key), made.sign_count)


def name_in(credential: str) -> tuple[str, int] | None:
    """Return which key of whose (when it says) a browser claims to show; nothing is proved yet."""
    try:
        told = json.loads(credential)
        handle = decode(told["response"].get("userHandle") or "").decode()
        return str(told["id"])[:1400], int(handle) if handle.isdigit() else 0
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def uses_shown(
    credential: str, known: KnownKey, origin: str, challenge: bytes, alone: bool
) -> int | None:
    """Return how often the key says it was used, None unless it answered this challenge here.

    A key whose count goes back is refused: somebody may have copied it.
    """
    import webauthn
    from webauthn.helpers import exceptions

    try:
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id(origin) or "",
            expected_origin=origin,
            credential_public_key=decode(known.public_key),
            credential_current_sign_count=known.uses,
            require_user_verification=alone,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return shown.new_sign_count
