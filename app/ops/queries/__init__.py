"""Everything operating the site reads, in chapters: copies, the doctor, readiness."""

from app.ops.queries.copies import Copy, find_newest_copy, hash_postgresql
from app.ops.queries.doctor import Finding, list_findings
from app.ops.queries.readiness import Readiness, get_readiness

__all__ = [
    "Copy",
    "Finding",
    "Readiness",
    "find_newest_copy",
    "get_readiness",
    "hash_postgresql",
    "list_findings",
]
