"""The organisation's own sign-in service, spoken to by OpenID Connect: code flow with PKCE.

Only addresses of its own host, as its published description names them, are called; no redirect
is followed; a slow or broken service ends in a sentence. Libraries are imported when needed.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 10  # seconds for each call
LARGEST = 512 * 1024  # bytes of an answer
LEEWAY = 60  # seconds that two clocks may differ
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
# A name may link a person only when the service has proved it; others are the service's own.
SCOPES = {"email": "openid email", "phone_number": "openid phone"}
PROVED_BY = {"email": "email_verified", "phone_number": "phone_number_verified"}


class NotVouched(Exception):
    """The service did not vouch for anybody; the message is for the journal, not for people."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator has set: whose service, who we are to it, which claim names people."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    back: str  # our own address that the browser returns to


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the service vouches for: its own id for them, and their name when that is proved."""

    issuer: str
    subject: str
    identifier: str | None


def fold_identifier(text: str, claim: str) -> str:
    """Return a name as it is compared: without spaces around it, addresses without capitals."""
    return text.strip().casefold() if claim == "email" else text.strip()


def is_trusted(address: str, issuer: str) -> bool:
    """Say whether an address belongs to the issuer's own host, over HTTPS or on this machine."""
    wanted, found = urlsplit(issuer), urlsplit(address)
    here = found.hostname in ("127.0.0.1", "localhost", "::1")
    safe = found.scheme == "https" or (found.scheme == "http" and here)
    return safe and found.netloc == wanted.netloc and not found.username


def begin(settings: Settings) -> tuple[str, dict[str, str]]:
    """Return where to send the browser, and what must be remembered until it comes back."""
    kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    with _session() as session:
        where = _describe(session, settings)
        address, _state = _client(session, settings).create_authorization_url(
            where["authorization_endpoint"],
            state=kept["state"],
            code_verifier=kept["verifier"],
            nonce=kept["nonce"],
        )
    return str(address), kept


def finish(
    settings: Settings, kept: Mapping[str, str], returned: Mapping[str, str], now: datetime
) -> Vouched:
    """Return whom the service vouches for, after checking all it sent; raise NotVouched."""
    _check_return(settings, kept, returned)
    with _session() as session:
        where = _describe(session, settings)
        token = _fetch(session, settings, where, kept, returned["code"])
        keys = _get(session, where["jwks_uri"])
    claims = _read(settings, token, keys, kept["nonce"], now)
    proof = PROVED_BY.get(settings.claim)
    named = claims.get(settings.claim)
    proved = isinstance(named, str) and (proof is None or claims.get(proof) is True)
    identifier = fold_identifier(str(named), settings.claim) if proved else None
    return Vouched(settings.issuer, str(claims["sub"]), identifier)


def _check_return(settings: Settings, kept: Mapping[str, str], returned: Mapping[str, str]) -> None:
    """Refuse an answer to another question, of another service (RFC 9207), or none at all."""
    if not secrets.compare_digest(returned.get("state", "").encode(), kept["state"].encode()):
        raise NotVouched("another state")
    if returned.get("iss", settings.issuer) != settings.issuer:
        raise NotVouched("another issuer")
    if "error" in returned or not returned.get("code"):
        raise NotVouched("no code")


def _read(
    settings: Settings, token: Mapping[str, Any], keys: Any, nonce: str, now: datetime
) -> Mapping[str, Any]:
    """Return the claims of the identity token after checking signature, issuer, us, nonce, time."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    wanted = {"iss": settings.issuer, "aud": settings.client_id, "nonce": nonce}
    essential = {name: {"essential": True, "value": value} for name, value in wanted.items()}
    try:
        found = jwt.decode(token["id_token"], KeySet.import_key_set(keys), list(ALGORITHMS))
        params = {
            "nonce": nonce,
            "client_id": settings.client_id,
            "access_token": token.get("access_token"),
        }
        claims = CodeIDToken(found.claims, found.header, essential, params)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotVouched(f"token refused: {type(error).__name__}") from error
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise NotVouched("nobody named")
    return dict(claims)


def _session() -> Any:
    import httpx

    # No proxies or certificates from the environment, no redirects, no waiting for ever.
    return httpx.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False)


def _client(session: Any, settings: Settings) -> Any:
    from authlib.oauth2.client import OAuth2Client

    return OAuth2Client(
        session,
        client_id=settings.client_id,
        client_secret=settings.client_secret or None,
        scope=SCOPES.get(settings.claim, "openid profile"),
        redirect_uri=settings.back,
        code_challenge_method="S256",
    )


def _describe(session: Any, settings: Settings) -> dict[str, str]:
    """Return the service's own description, when it speaks of that service and its own host."""
    found = _get(session, settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if found.get("issuer") != settings.issuer:
        raise NotVouched("described as another issuer")
    if not all(is_trusted(str(found.get(name, "")), settings.issuer) for name in names):
        raise NotVouched("described with foreign addresses")
    return {name: found[name] for name in names}


def _get(session: Any, address: str) -> dict[str, Any]:
    import httpx

    try:
        reply = session.get(address)
        if reply.status_code != 200 or len(reply.content) > LARGEST:
            raise NotVouched(f"answered {reply.status_code}")
        found = reply.json()
    except (httpx.HTTPError, ValueError) as error:
        raise NotVouched(f"not reached: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise NotVouched("answered something else")
    return found


def _fetch(
    session: Any, settings: Settings, where: Mapping[str, str], kept: Mapping[str, str], code: str
) -> Mapping[str, Any]:
    """Return the tokens for the code the browser brought."""
    import httpx
    from authlib.common.errors import AuthlibBaseError

    own = settings.client_id, settings.client_secret
    try:
        token: Mapping[str, Any] = _client(session, settings).fetch_token(
            where["token_endpoint"],
            grant_type="authorization_code",
            auth=httpx.BasicAuth(*own) if own[1] else httpx.Auth(),
            code=code,
            code_verifier=kept["verifier"],
            **({} if own[1] else {"client_id": own[0]}),
        )
    except (httpx.HTTPError, AuthlibBaseError, ValueError) as error:
        raise NotVouched(f"no token: {type(error).__name__}") from error
    return token
