"""The tables of the database, brought from one revision to another by the files in migrations/.

Alembic is imported only when there is something to do: it is a third of what starting costs.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from app.base.config import ROOT
from app.base.db import db

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = ROOT / "migrations"


def newest_revision(folder: Path = FOLDER) -> str:
    """Return the revision that the files lead to: the number their names begin with."""
    return max(path.name.split("_")[0] for path in (folder / "versions").glob("[0-9]*_*.py"))


def current_revision() -> str | None:
    """Return the revision the database is at, None when it has no tables of ours."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def upgrade_schema(revision: str = "head") -> None:
    """Bring the database up to `revision`; nothing happens when it is there already."""
    if revision == "head" and current_revision() == newest_revision():
        return
    from alembic import command

    command.upgrade(_config(), revision)


def downgrade_schema(revision: str) -> None:
    """Bring the database down to `revision`; "base" takes all tables away."""
    from alembic import command

    command.downgrade(_config(), revision)


def stamp_schema(revision: str = "head") -> None:
    """Say that the database is at `revision`, whatever its tables are."""
    from alembic import command

    command.stamp(_config(), revision)


def write_revision(message: str) -> None:
    """Write a migration from what the models have and the database has not."""
    from alembic import command

    number = f"{int(newest_revision()) + 1:04d}"
    command.revision(_config(), message, autogenerate=True, rev_id=number)


def _config() -> "Config":
    """Return what Alembic wants to know."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
