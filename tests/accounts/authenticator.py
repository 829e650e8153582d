"""A security key made of software: it answers what a site asks as a real one would."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 1, 4, 64  # bits of what the key saw


def encode(raw: bytes) -> str:
    """Return bytes as browsers write them."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the bytes of such a text."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftKey:
    """One key, at one site; `verifies` is whether it knows its owner, `uses` what it counts."""

    origin: str
    verifies: bool = True
    uses: int = 0
    handle: bytes = b""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any]) -> str:
        """Return what a browser sends after making this key."""
        self.handle = decode(options["user"]["id"])
        point = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        credential = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        about = self._about(options["rp"]["id"], ATTESTED) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
        told = {"attestationObject": encode(attestation)}
        return self._answer("webauthn.create", options, told)

    def show(self, options: dict[str, Any]) -> str:
        """Return what a browser sends after showing this key."""
        self.uses += 1
        about = self._about(options["rpId"], 0)
        client = self._client("webauthn.get", options)
        signed = about + hashlib.sha256(client).digest()
        told = {
            "authenticatorData": encode(about),
            "signature": encode(self.private.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": encode(self.handle),
        }
        return self._answer("webauthn.get", options, told)

    def _about(self, rp_id: str, more: int) -> bytes:
        seen = PRESENT | more | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([seen]) + self.uses.to_bytes(4)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(told).encode()

    def _answer(self, kind: str, options: dict[str, Any], response: dict[str, str]) -> str:
        response = {"clientDataJSON": encode(self._client(kind, options)), **response}
        return json.dumps(
            {
                "id": encode(self.id),
                "rawId": encode(self.id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
