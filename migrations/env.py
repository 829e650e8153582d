"""How Alembic reaches the site's database: the application's own engine, one transaction a run."""

from alembic import context

from app.base.db import db

with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        compare_type=True,
        render_as_batch=True,  # SQLite cannot change a column in place
    )
    with context.begin_transaction():
        context.run_migrations()
