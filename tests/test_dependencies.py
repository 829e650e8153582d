"""What the site is built from: every file pinned by hash, every licence known and agreeable."""

import importlib.metadata
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure
ROOT = Path(__file__).parents[1]
PIN = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==(\S+)(?:\s*;\s*(.*?))?\s*\\?$")
VERSION = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
HASH = re.compile(r"\s+--hash=sha256:[0-9a-f]{64}\s*\\?")
# What may be combined with the site and run by anybody, as SPDX or as older packages say it.
AGREEABLE = re.compile(
    r"(MIT(-0|-CMU)?|MIT License|BSD(-[23]-Clause)?|BSD License|Apache-2\.0|PSF-2\.0|PSFL|ISC"
    r"|Apache Software License|MPL-2\.0|Mozilla Public License 2\.0 \(MPL 2\.0\)"
    r"|LGPL-3\.0-only|Python Software Foundation License)"
)


def pins(text: str) -> Iterator[tuple[str, int, bool]]:
    """Yield (name, hashes, everywhere?) of each pin in a requirements file."""
    for block in re.split(r"\n(?=\S)", text.strip()):
        first, *rest = block.splitlines()
        found = PIN.match(first)
        assert found, f"not a pin: {first}"
        assert all(HASH.fullmatch(line) for line in rest), first
        yield found[1].lower(), len(rest), not found[3]


def wanted(name: str) -> set[str]:
    """Return the packages a .in file asks for."""
    lines = (ROOT / name).read_text().splitlines()
    names = (re.split(r"[\[<>=;]", line)[0].strip().lower() for line in lines)
    return {n for n in names if n and not n.startswith("-")}


def licence(name: str) -> list[str]:
    """Return what a package says its licence is; more than one word for the same is usual."""
    about = importlib.metadata.metadata(name)
    told = about.get("License-Expression")
    if told:
        return re.split(r" AND | OR ", told)
    kinds = about.get_all("Classifier") or []
    named = [kind.split(" :: ")[-1] for kind in kinds if kind.startswith("License :: ")]
    return named or [about.get("License") or "nothing"]


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_pin_has_a_hash_and_every_wish_a_pin(name: str) -> None:
    found = list(pins((ROOT / f"{name}.txt").read_text()))
    assert [n for n, hashes, _everywhere in found if not hashes] == []
    assert wanted(f"{name}.in") - {n for n, *_rest in found} == set()


def test_what_is_served_is_what_is_tested() -> None:
    # ./xueji holds an environment with the second file to be one with the first.
    served, tested = (
        dict(VERSION.findall((ROOT / f"{name}.txt").read_text()))
        for name in ("requirements", "requirements-dev")
    )
    assert len(served) > 30
    assert served.items() <= tested.items()


def test_every_licence_is_known_and_agreeable() -> None:
    names = [
        n for n, _hashes, everywhere in pins((ROOT / "requirements.txt").read_text()) if everywhere
    ]
    assert len(names) > 30
    odd = {n: licence(n) for n in names if not all(map(AGREEABLE.fullmatch, licence(n)))}
    assert odd == {}


@pytest.mark.parametrize(
    "text", ["flask>=3.1", "flask==3.1.0 \\\n    --hash=md5:abc", "git+https://example.org/x"]
)
def test_the_check_finds_what_is_not_pinned(text: str) -> None:
    with pytest.raises(AssertionError):
        list(pins(text))


@pytest.mark.parametrize("told", ["GPL-3.0-only", "AGPL-3.0-or-later", "nothing", "Proprietary"])
def test_the_check_finds_a_licence_that_is_not_agreeable(told: str) -> None:
    assert not AGREEABLE.fullmatch(told)
