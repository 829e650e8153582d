"""create_app: the one place that wires rooms, database and web together."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from app.base import config
from app.base.db import init_db
from app.web.site import Site


def create_app(overrides: Mapping[str, Any] | None = None, commands: bool = True) -> Flask:
    """Return the application; `overrides` replace settings (tests, benchmarks).

    A production server answers requests only: without commands it starts sooner.
    """
    app = Site(
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
    _add_jobs(app)
    _add_pages(app)
    if commands:
        _add_commands(app)
    return app


def _add_pages(app: Flask) -> None:
    """Register every room's pages, then close the doors (permissions, headers)."""
    from app.accounts import login as accounts_login
    from app.accounts import views as accounts
    from app.anki import views as anki
    from app.assess import views as assess
    from app.assign import views as assign
    from app.authoring import views as authoring
    from app.bank import views as bank
    from app.ops import views as ops
    from app.ops.metrics import init_metrics
    from app.org import views as org
    from app.quiz import views as quiz
    from app.study import views as study
    from app.web.journal import init_journal
    from app.web.wiring import init_web

    init_journal(app)
    init_metrics(app)
    accounts_login.init_login(app)
    for room in (accounts, bank, org, authoring, quiz, study, assign, anki, assess, ops):
        app.register_blueprint(room.blueprint)
    init_web(app)


def _add_jobs(app: Flask) -> None:
    """Make the regular and long work of every room known to pages and to the worker."""
    from app.assess import jobs as assess
    from app.assign import jobs as assign
    from app.base.jobs import register_job
    from app.ops import jobs as ops
    from app.study import jobs as study

    for kind in (*study.KINDS, *assign.KINDS, *assess.KINDS, *ops.KINDS):
        register_job(app, kind)


def _add_commands(app: Flask) -> None:
    """Register what can be done from the terminal."""
    from app.anki import cli as anki
    from app.assess import cli as assess
    from app.assign import cli as assign
    from app.authoring import cli as authoring
    from app.bank import cli as bank
    from app.ops import cli as ops
    from app.org import cli as org
    from app.quiz import cli as quiz
    from app.study import cli as study
    from app.web import cli as web

    for command in (authoring.import_file, authoring.export_file):
        bank.group.add_command(command)
    groups = (bank.group, org.accounts_group, org.group, quiz.group, study.group, anki.group)
    for group in (
        *groups,
        assign.group,
        assess.group,
        web.group,
        web.icons,
        ops.demo_group,
        ops.group,
        ops.jobs_group,
        ops.schema_group,
        ops.setup,
    ):
        app.cli.add_command(group)
