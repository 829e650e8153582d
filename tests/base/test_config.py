"""Settings come from the environment, and everything written lies in one folder."""

import stat
from pathlib import Path

import pytest

from app.base import config

pytestmark = pytest.mark.pure


def test_defaults_lie_in_var() -> None:
    found = config.load({})
    assert found["DATA"] == config.ROOT / "var"
    assert found["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{config.ROOT / 'var' / 'xueji.sqlite3'}"
    assert found["SESSION_COOKIE_SECURE"] is False
    assert found["SESSION_COOKIE_NAME"] == "session"


def test_the_environment_moves_the_folder_and_the_database(tmp_path: Path) -> None:
    environ = {
        "XUEJI_DATA": str(tmp_path),
        "XUEJI_DATABASE_URL": "postgres://h/x",
        "XUEJI_HTTPS": "1",
    }
    found = config.load(environ)
    assert found["DATA"] == tmp_path
    assert found["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://h/x"
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["SESSION_COOKIE_NAME"] == "__Host-session"


def test_the_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    key = config.secret_key(tmp_path / "data")
    assert len(key) == 64
    assert config.secret_key(tmp_path / "data") == key
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
