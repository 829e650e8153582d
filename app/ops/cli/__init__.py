"""Commands for the operator, in chapters: set-up, operating, people."""

from app.ops.cli import people
from app.ops.cli.jobs import group as jobs_group
from app.ops.cli.operating import group
from app.ops.cli.setup import demo_group, schema_group, setup

__all__ = ["demo_group", "group", "jobs_group", "people", "schema_group", "setup"]
