"""How Alembic reaches the site's database: the application's own engine, one transaction a run."""

from alembic import context
from flask import current_app

from app.base.db import db


def run() -> None:
    """Bring the database of the running application to the wanted revision."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
