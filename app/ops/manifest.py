"""What is written beside a copy of the database: when, of what, and hashes to check it by; pure."""

import hashlib
import hmac
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.ops.snapshot import Tables

STAMP = "%Y%m%dT%H%M%SZ"
SUFFIXES = (".sqlite3", ".pgdump")


class Manifest(msgspec.Struct, frozen=True):
    """One copy; `format` says how its rows were hashed (`snapshot.PACKS`).

    `seal` is an HMAC over everything else with a key of the site's secret.
    """

    made_at: datetime
    engine: str
    revision: str
    bytes: int
    sha256: str
    tables: Tables
    format: int = 1
    seal: str = ""


def seal(manifest: Manifest, secret: str) -> Manifest:
    """Return the manifest with the seal of the site whose secret is given."""
    return msgspec.structs.replace(manifest, seal=_mac(manifest, secret))


def is_sealed_by(manifest: Manifest, secret: str) -> bool:
    """Say whether the manifest is as the site with this secret wrote it."""
    return hmac.compare_digest(manifest.seal, _mac(manifest, secret))


def encode(manifest: Manifest) -> bytes:
    """Return the file that lies beside the copy."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def decode(data: bytes) -> Manifest:
    """Return the manifest of such a file; raise msgspec.DecodeError for anything else."""
    return msgspec.json.decode(data, type=Manifest)


def stamp(moment: datetime) -> str:
    """Return the name of a copy made at `moment`: UTC, so that names sort by age."""
    return moment.astimezone(UTC).strftime(STAMP)


def manifest_of(copy: Path) -> Path:
    """Return where the manifest of a copy lies."""
    return copy.with_suffix(".json")


def list_copies(folder: Path) -> list[Path]:
    """Return the copies in a folder, the newest first; one without a manifest is none."""
    found = [p for p in folder.glob("*") if p.suffix in SUFFIXES and manifest_of(p).exists()]
    return sorted(found, key=lambda p: p.stem, reverse=True)


def made_at(copy: Path) -> datetime:
    """Return when a copy was made, by its name; raise ValueError for a foreign name."""
    return datetime.strptime(copy.stem, STAMP).replace(tzinfo=UTC)


def _mac(manifest: Manifest, secret: str) -> str:
    key = hashlib.sha256(b"backup\0" + secret.encode()).digest()
    told = msgspec.json.encode(msgspec.structs.replace(manifest, seal=""), order="deterministic")
    return hmac.new(key, told, hashlib.sha256).hexdigest()
