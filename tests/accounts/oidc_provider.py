"""A small, real OpenID provider on this machine's own loopback, for signing in against.

It does what the standard says of a code flow: it checks client, address, PKCE and single use of
codes itself, signs with its own key, and publishes description and keys. A test may tell it to
misbehave (`lie`): the claims it then signs are wrong in one way.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "xueji", "provider-secret-canary"
BACK = "https://xueji.example/sign-in/organisation/back"


@dataclass
class Provider:
    """The provider: who is signed in there, what it was asked, and how it lies."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    other: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    person: dict[str, Any] = field(default_factory=dict)
    at: float = field(default_factory=time.time)
    lie: dict[str, Any] = field(default_factory=dict)  # claims or description told wrongly
    forged: bool = False  # sign with a key that is not published
    unsigned: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: int = 0

    def describe(self) -> dict[str, Any]:
        """Return the published description."""
        base = self.issuer
        told = {"issuer": base, "authorization_endpoint": f"{base}/authorize"}
        told |= {"token_endpoint": f"{base}/token", "jwks_uri": f"{base}/keys"}
        return {**told, **self.lie.get("description", {})}

    def authorize(self, asked: dict[str, str]) -> str:
        """Return where the browser is sent back to, as the person at the provider agreed."""
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == BACK
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{BACK}?{urlencode(back)}"

    def exchange(self, sent: dict[str, str], basic: str) -> tuple[int, dict[str, Any]]:
        """Return the tokens for a code, once, to who proves to have begun."""
        asked = self.codes.pop(sent.get("code", ""), None)
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        shown = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(shown).rstrip(b"=").decode()
        if basic != f"Basic {wanted}":
            return 401, {"error": "invalid_client"}
        if asked is None or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if sent.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        self.tokens += 1
        told = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer"}
        return 200, {**told, "id_token": self._identity(asked["nonce"])}

    def _identity(self, nonce: str) -> str:
        at = int(self.at)
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": nonce}
        claims |= self.person | self.lie.get("claims", {})
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.unsigned:
            parts = ({"alg": "none"}, claims)
            plain = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts]
            return b".".join([*plain, b""]).decode()
        key = self.other if self.forged else self.key
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)


@contextmanager
def serve() -> Iterator[Provider]:
    """Run a provider on a free port of the loopback for as long as the block lasts."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/.well-known/openid-configuration":
                self._send(200, provider.describe())
            elif path == "/keys":
                self._send(200, {"keys": [provider.key.as_dict(private=False)]})
            else:
                self._send(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(*provider.exchange(sent, self.headers.get("Authorization", "")))

        def _send(self, status: int, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
