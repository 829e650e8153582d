"""The audit says what it knows, and never takes "could not be told" for good."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from tests import audit
from tests.audit import NotAudited, read_pins, speaks_of

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 25, tzinfo=UTC)
PINS = {"flask": Version("3.1.3"), "jinja2": Version("3.1.6")}
# Versions in which faults that are known were mended; what is pinned must never go below.
FLOORS = {
    "authlib": ("1.3.1", "CVE-2024-37568"),
    "babel": ("2.9.1", "CVE-2021-42771"),
    "certifi": ("2023.7.22", "CVE-2023-37920"),
    "cryptography": ("41.0.6", "CVE-2023-49083"),
    "flask": ("2.3.2", "CVE-2023-30861"),
    "httpx": ("0.23.0", "CVE-2021-41945"),
    "idna": ("3.7", "CVE-2024-3651"),
    "jinja2": ("3.1.3", "CVE-2024-22195"),
    "mako": ("1.2.2", "CVE-2022-40023"),
    "markdown-it-py": ("2.2.0", "CVE-2023-26302"),
    "openpyxl": ("2.4.1", "CVE-2017-5992"),
    "pillow": ("10.0.1", "PYSEC-2023-175"),
    "pygments": ("2.15.1", "CVE-2022-40896"),
    "pyopenssl": ("17.5.0", "CVE-2018-1000807"),
    "pyyaml": ("5.4", "CVE-2020-14343"),
    "sqlalchemy": ("1.2.18", "CVE-2019-7164"),
    "werkzeug": ("3.0.1", "CVE-2023-46136"),
}


def write(folder: Path, name: str = "flask", **changed: Any) -> None:
    """Write an advisory against a package."""
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.2"}]}]
    told = {
        "id": "X-1",
        "modified": (NOW - timedelta(days=1)).isoformat(),
        "affected": [{"package": {"name": name, "ecosystem": "PyPI"}, "ranges": ranges}],
    }
    (folder / f"{name}.json").write_text(json.dumps({**told, **changed}, default=str))


def run(folder: Path, oldest: int = 30) -> list[str]:
    """Audit and return what is known."""
    return [found.id for found in audit.audit(PINS, folder, NOW, oldest)]


def test_what_is_known_is_found_under_any_spelling(tmp_path: Path) -> None:
    write(tmp_path, "Flask")
    assert run(tmp_path) == ["X-1"]
    write(tmp_path, "Flask", withdrawn=NOW)
    assert run(tmp_path) == []
    write(tmp_path, "somebody-elses")
    (tmp_path / "Flask.json").unlink()
    assert run(tmp_path) == []


@pytest.mark.parametrize("days", [31, 800])
def test_old_advisories_are_no_audit(tmp_path: Path, days: int) -> None:
    write(tmp_path, "other", modified=(NOW - timedelta(days=days)).isoformat())
    with pytest.raises(NotAudited, match="too old"):
        run(tmp_path)


def test_none_at_all_are_no_audit(tmp_path: Path) -> None:
    with pytest.raises(NotAudited, match="too old"):
        run(tmp_path)
    with pytest.raises(NotAudited, match="no folder"):
        run(tmp_path / "none")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "id: X", "affected: []", '{"id": "", "affected": []}']
)
def test_what_is_no_advisory_is_no_audit(tmp_path: Path, text: str) -> None:
    write(tmp_path)
    (tmp_path / "odd.yaml").write_text(text)
    with pytest.raises(NotAudited, match="no advisory"):
        run(tmp_path)


def test_a_version_nobody_can_read_is_no_audit(tmp_path: Path) -> None:
    with pytest.raises(NotAudited):
        read_pins(["flask==three \\\n"])
    with pytest.raises(NotAudited):
        read_pins(["# nothing"])
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "three"}]}]
    write(tmp_path, affected=[{"package": {"name": "flask"}, "ranges": ranges}])
    with pytest.raises(NotAudited):
        run(tmp_path)


@pytest.mark.parametrize(
    ("version", "covered"),
    [("0.9", False), ("1.0", True), ("1.4", True), ("1.5", False), ("2.0", True), ("2.1", False)],
)
def test_ranges_are_walked_as_they_are_written(version: str, covered: bool) -> None:
    events = [{"introduced": "1.0"}, {"fixed": "1.5"}, {"introduced": "2.0"}]
    affected = {"ranges": [{"type": "ECOSYSTEM", "events": [*events, {"last_affected": "2.0"}]}]}
    assert speaks_of(affected, Version(version)) is covered
    assert not speaks_of({"ranges": [{"type": "GIT", "events": events}]}, Version(version))
    assert speaks_of({"versions": [version]}, Version(version))


def test_the_command_says_so_in_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert audit.main([]) == 2
    assert "could not be audited" in capsys.readouterr().err
    write(tmp_path, "other", modified=datetime.now(UTC).isoformat())
    assert audit.main(["--advisories", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["audited"] is True
    events = [{"introduced": "0"}]
    affected = [{"package": {"name": "flask"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}]
    write(tmp_path, "flask", affected=affected)
    assert audit.main(["--advisories", str(tmp_path)]) == 1


def test_nothing_is_pinned_below_its_floor() -> None:
    pins = read_pins([(audit.ROOT / "requirements.txt").read_text()])
    assert set(FLOORS) <= set(pins)
    low = {name for name, (floor, _id) in FLOORS.items() if pins[name] < Version(floor)}
    assert low == set()
