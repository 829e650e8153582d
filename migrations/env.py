"""How Alembic reaches the site's database: the application's own engine, one transaction a run."""

from alembic import context

from app.base.db import db

with db.engine.connect() as connection:
    raw = connection.connection.dbapi_connection
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite and raw is not None:
        # SQLite changes a column by making the table anew; what points to it must not notice.
        raw.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        compare_type=True,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite and raw is not None:
        dangling = raw.execute("PRAGMA foreign_key_check").fetchall()
        raw.execute("PRAGMA foreign_keys=ON")
        if dangling:
            raise RuntimeError(f"rows that point to nothing after the migration: {dangling[:5]}")
