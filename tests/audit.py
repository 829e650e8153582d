"""`./xueji audit --advisories FOLDER`: is anything the site is built from known to be faulty?

FOLDER holds advisories in the OSV form, as the Python Packaging Advisory Database publishes them
(`vulns/<package>/<id>.yaml` or `.json`), fetched on a machine that has a network. What cannot be
told is never passed off as good: no folder, an old one, an unreadable file or an unreadable version
each end in "could not be audited" and exit code 2. Found advisories are exit code 1.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parents[1]
OLDEST = 30  # days since the newest advisory; the database gets several a week
PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([^\s;]+)", re.MULTILINE)


class NotAudited(Exception):
    """Nothing can be said; the message says why."""


@dataclass(frozen=True)
class Found:
    """An advisory that speaks of a pinned version."""

    package: str
    version: str
    id: str


def canonical(name: str) -> str:
    """Return a package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_pins(texts: Iterable[str]) -> dict[str, Version]:
    """Return package → pinned version; raise NotAudited when there is none or one is unreadable."""
    found = {}
    for name, version in (match for text in texts for match in PIN.findall(text)):
        try:
            found[canonical(name)] = Version(version)
        except InvalidVersion as error:
            raise NotAudited(f"the version of {name} cannot be read") from error
    if not found:
        raise NotAudited("nothing is pinned")
    return found


def read_advisories(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield every advisory below a folder; raise NotAudited for a file that is none."""
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml", ".json")):
        try:
            told = yaml.load(path.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            if not isinstance(told, dict) or not told["id"] or "affected" not in told:
                raise ValueError
        except (ValueError, KeyError, OSError, yaml.YAMLError) as error:
            raise NotAudited(f"{path.name} is no advisory") from error
        yield told


def speaks_of(affected: Mapping[str, Any], version: Version) -> bool:
    """Say whether one entry of an advisory covers a version: by its list or by its ranges."""
    if str(version) in map(str, affected.get("versions") or ()):
        return True
    ranges = (r for r in affected.get("ranges") or () if r.get("type") in ("ECOSYSTEM", "SEMVER"))
    return any(_within(found["events"], version) for found in ranges)


def _within(events: Iterable[Mapping[str, str]], version: Version) -> bool:
    """Walk the events of a range in their order: introduced opens, fixed or last_affected close."""
    inside = False
    for event in events:
        try:
            if "introduced" in event:
                start = str(event["introduced"])
                inside = inside or start == "0" or version >= Version(start)
            elif "fixed" in event:
                inside = inside and version < Version(str(event["fixed"]))
            elif "last_affected" in event:
                inside = inside and version <= Version(str(event["last_affected"]))
        except InvalidVersion as error:
            raise NotAudited(f"a version in an advisory cannot be read: {event}") from error
    return inside


def audit(pins: Mapping[str, Version], folder: Path, now: datetime, oldest: int) -> list[Found]:
    """Return what is known against the pins; raise NotAudited when that cannot be told."""
    if not folder.is_dir():
        raise NotAudited("there is no folder of advisories")
    found, newest = [], datetime.min.replace(tzinfo=UTC)
    for advisory in read_advisories(folder):
        newest = max(newest, _moment(advisory))
        for affected in advisory["affected"]:
            name = canonical(affected.get("package", {}).get("name", ""))
            if advisory.get("withdrawn") or name not in pins:
                continue
            if speaks_of(affected, pins[name]):
                found.append(Found(name, str(pins[name]), str(advisory["id"])))
    if now - newest > timedelta(days=oldest):
        days = "for ever" if newest.year == 1 else f"{(now - newest).days} days old"
        raise NotAudited(f"the advisories are too old ({days}); fetch them anew")
    return found


def _moment(advisory: Mapping[str, Any]) -> datetime:
    told = advisory.get("modified")
    try:
        moment = told if isinstance(told, datetime) else datetime.fromisoformat(str(told))
    except ValueError as error:
        raise NotAudited(f"{advisory['id']} says no day") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def main(words: list[str] | None = None) -> int:
    """Print one JSON object; return 0, 1 (something is known) or 2 (could not be audited)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--advisories", type=Path, default=Path("no-such-folder"))
    parser.add_argument("--oldest", type=int, default=OLDEST, help="days")
    choice = parser.parse_args(words)
    files = ("requirements.txt", "requirements-dev.txt")
    try:
        pins = read_pins((ROOT / name).read_text() for name in files)
        found = audit(pins, choice.advisories, datetime.now(UTC), choice.oldest)
    except NotAudited as error:
        print(json.dumps({"audited": False, "why": str(error)}))
        print(f"The dependencies could not be audited: {error}.", file=sys.stderr)
        return 2
    print(json.dumps({"audited": True, "pins": len(pins), "found": [vars(f) for f in found]}))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
