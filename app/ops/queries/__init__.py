"""Everything operating the site reads, in chapters: copies, the doctor."""

from app.ops.queries.copies import Copy, find_newest_copy, hash_postgresql
from app.ops.queries.doctor import Finding, list_findings

__all__ = ["Copy", "Finding", "find_newest_copy", "hash_postgresql", "list_findings"]
