"""create_app: the one place that wires rooms, database and web together."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from app.base import config
from app.base.db import init_db


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Return the application; `overrides` replace settings (tests, benchmarks)."""
    app = Flask(
        "app",
        root_path=str(config.ROOT / "app"),
        static_folder=None,
        template_folder=str(config.ROOT / "templates"),
    )
    app.config.from_mapping(config.load())
    app.config.from_mapping(overrides or {})
    app.config.setdefault("SECRET_KEY", None)
    if not app.config["SECRET_KEY"]:
        app.config["SECRET_KEY"] = config.secret_key(app.config["DATA"])
    init_db(app)
    _add_rooms(app)
    return app


def _add_rooms(app: Flask) -> None:
    """Register every room's pages and commands, then close the doors (permissions, headers)."""
    from app.accounts import login as accounts_login
    from app.accounts import views as accounts
    from app.anki import cli as anki_cli
    from app.anki import views as anki
    from app.bank import cli as bank_cli
    from app.bank import views as bank
    from app.ops import cli as ops_cli
    from app.org import cli as org_cli
    from app.org import views as org
    from app.study import cli as study_cli
    from app.study import views as study
    from app.web import cli as web_cli
    from app.web.wiring import init_web

    accounts_login.init_login(app)
    for room in (accounts, bank, org, study, anki):
        app.register_blueprint(room.blueprint)
    for group in (
        bank_cli.group,
        org_cli.accounts_group,
        org_cli.group,
        study_cli.group,
        anki_cli.group,
        ops_cli.demo_group,
        ops_cli.schema_group,
        ops_cli.setup,
        web_cli.group,
        web_cli.icons,
    ):
        app.cli.add_command(group)
    init_web(app)
